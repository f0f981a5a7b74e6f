"""The lines of forms in the back office: the same HTML as in Django's template, at a fraction of its work."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.template import Context, Engine

from news.models import PressContact, PressRelease
from partners.models import City, Memorandum
from tests.back_office import edit_url, form_url
from twinning.core.models import Photo, User
from twinning.core.publishing.gate import Publishable

pytestmark = pytest.mark.django_db
PARTS = (
    "photos",
    "quotes",
    "release_contacts",
    "change_notes",
    "focuses",
    "milestones",
    "involvements",
    "signatories",
    "documents",
)
NO_PARTS = {f"{name}-{said}_FORMS": 0 for name in PARTS for said in ("TOTAL", "INITIAL")}
DJANGOS = Path(admin.__file__).parent / "templates/admin/includes/fieldset.html"


def written(template, fieldset) -> list[str]:
    """The tags and texts of a fieldset; blanks around tags say nothing there."""
    about = {"fieldset": fieldset, "heading_level": 4, "prefix": "part", "id_prefix": 0, "id_suffix": 1}
    html = " ".join(template.render(Context(about)).split())
    return [part.replace(" >", ">").strip() for part in re.split(r"(<[^>]*>)", html) if part.strip()]


BACK_TO_DRAFT = dict.fromkeys(("submitted_at", "submitted_by", "approved_at", "approved_by", "publish_at"))


def fieldsets(response):
    """All fieldsets of a form, also of its parts and of the part that is not there yet."""
    yield from response.context["adminform"]
    for inline in response.context["inline_admin_formsets"]:
        for part in inline:
            yield from part


@pytest.mark.parametrize("model", [PressRelease, PressContact, City, Memorandum, Photo, User])
def test_lines_are_written_as_by_django(demo, root, model):
    engine = Engine.get_default()
    ours, djangos = engine.get_template("admin/includes/fieldset.html"), engine.from_string(DJANGOS.read_text())
    draft = model.objects.order_by("-pk").first()
    if issubclass(model, Publishable):  # what is approved has no form
        model.objects.filter(pk=draft.pk).update(**BACK_TO_DRAFT)
    empty = form_url(model)
    answers = [root.get(edit_url(draft)), root.get(empty), root.post(empty, NO_PARTS)]
    for answer in answers:
        for fieldset in fieldsets(answer):
            assert written(ours, fieldset) == written(djangos, fieldset)
