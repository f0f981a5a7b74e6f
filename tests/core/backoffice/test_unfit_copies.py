"""A working copy that no longer fits, because others have moved on meanwhile: nothing that was written is lost."""

import html

import pytest
from django.utils import timezone

from tests.back_office import sent_by_browser
from tests.core.backoffice.test_copies import copy_url, press_copy
from tests.factories import make_city, make_superuser, make_theme, publish, submit
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.workflow import State

pytestmark = pytest.mark.django_db


def keep(copy: WorkingCopy, **written) -> None:
    """Save something into a copy as its form does."""
    copy.keep(copy.snapshot | written, by=make_superuser(), at=timezone.now())


@pytest.mark.parametrize("field", ["name", "slug"])
def test_copy_can_be_mended_when_another_record_got_there_first(editor, field):
    theme = publish(make_theme())
    copy = begin(theme, by=make_superuser(), at=timezone.now())
    taken = getattr(make_theme("Sport"), field)
    keep(copy, fields=copy.snapshot["fields"] | {field: taken, "summary": "Long words."})
    response = editor.get(copy_url(theme))
    assert "already exists" in response.content.decode() or "has this address" in response.content.decode()
    assert response.context["adminform"].form["summary"].value() == "Long words."
    press_copy(editor, theme)
    fields = WorkingCopy.objects.get().snapshot["fields"]
    assert (fields[field], fields["summary"]) == (getattr(theme, field), "Long words.")


def test_copy_can_be_mended_when_something_that_it_names_is_gone(editor):
    city, theme = publish(make_city()), make_theme()
    copy = begin(city, by=make_superuser(), at=timezone.now())
    keep(
        copy, parts=copy.snapshot["parts"] | {"focuses": [{"pk": -1, "fields": {"theme": theme.pk, "note": "Choirs"}}]}
    )
    theme.delete()
    assert "named something that no longer exists" in editor.get(copy_url(city)).content.decode()
    press_copy(editor, city)
    assert WorkingCopy.objects.get().snapshot["parts"]["focuses"] == []


def test_copy_that_no_longer_fits_is_not_approved_and_the_form_says_why(approver):
    theme = publish(make_theme())
    copy = begin(theme, by=make_superuser(), at=timezone.now())
    keep(copy, fields=copy.snapshot["fields"] | {"slug": make_theme("Sport").slug})
    submit(copy)
    page = approver.get(copy_url(theme))
    assert page.context["lacks"]
    shown = approver.get(page.context["page_url"])
    assert (shown.status_code, shown.headers["X-Frame-Options"]) == (200, "SAMEORIGIN")
    assert page.context["lacks"][0] in html.unescape(shown.content.decode())
    assert approver.post(copy_url(theme), {"_approve": "on"}).status_code == 200
    read = sent_by_browser(page) | {"_approve": "now"}
    assert approver.post(copy_url(theme), read).status_code == 200
    assert WorkingCopy.objects.get().state(at=timezone.now()) == State.IN_REVIEW
