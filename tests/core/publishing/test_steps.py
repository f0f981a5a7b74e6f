"""The table of steps: a step that an app declares in one place is whole, with button, right, history and refusal."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.checks import run_checks
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partners.models import City, Theme
from tests.back_office import form_url, press, signed_in
from tests.factories import make_theme, make_user, publish
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.steps import PUBLISHING_STEPS, State, Step, table

pytestmark = pytest.mark.django_db

RATIFY = Step(
    name="ratify",
    right="ratify",
    begins=(State.DRAFT,),
    label="Ratify",
    done="Ratified",
    save_button="Save and ratify",
    refusal=lambda record, person: "Nothing is said of it yet." if not record.description else "",
)


def ratify(self, *, by, at, remark=""):
    """Note that the council has agreed."""
    with self.taking("ratify", by=by, at=at, remark=remark):
        self.summary = f"Ratified: {self.summary}"


@pytest.fixture
def declared(monkeypatch):
    """What an app writes: the step in its model's table, its method, and the right among the model's permissions."""
    monkeypatch.setattr(Theme, "steps", Theme.steps | table(RATIFY))
    monkeypatch.setattr(Theme, "ratify", ratify, raising=False)
    monkeypatch.setattr(Theme, "workflow_fields", (*Theme.workflow_fields, "summary"))
    monkeypatch.setattr(Theme._meta, "default_permissions", (*Theme._meta.default_permissions, "ratify"))


@pytest.fixture
def council(declared):
    """Somebody who may edit themes and ratify them."""
    kind = ContentType.objects.get_for_model(Theme)
    member = make_user("Twinning editor")
    right = Permission.objects.create(codename="ratify_theme", name="Can ratify theme", content_type=kind)
    member.user_permissions.add(right)
    return member


def test_step_has_a_button_a_right_and_a_line_in_the_history(council):
    theme, client = make_theme(description="<p>Cities plant trees.</p>"), signed_in(council)
    assert 'value="Save and ratify" name="_ratify"' in client.get(form_url(theme)).content.decode()
    assert press(client, theme, "_ratify").status_code == 302
    theme.refresh_from_db()
    assert theme.summary.startswith("Ratified:")
    event = HistoryEvent.objects.of(theme).first()
    assert (event.what, event.by, event.get_what_display()) == ("ratify", council, "Ratified")
    history = client.get(reverse("admin:partners_theme_history", args=[theme.pk])).content.decode()
    assert "<strong>Ratified</strong>" in history


def test_step_is_refused_where_it_cannot_begin_and_with_the_reason_that_it_declares(council):
    at = timezone.now()
    with pytest.raises(ValidationError) as refused:
        make_theme(description="").ratify(by=council, at=at)
    assert refused.value.messages == ["Nothing is said of it yet."]
    with pytest.raises(ValidationError) as refused:
        publish(make_theme("Sport", description="<p>Cities play.</p>")).ratify(by=council, at=at)
    assert refused.value.code == "not_possible_now"


def test_step_is_kept_from_those_without_the_right(declared, editor):
    theme = make_theme(description="<p>Cities plant trees.</p>")
    assert "_ratify" not in editor.get(form_url(theme)).content.decode()
    assert press(editor, theme, "_ratify").status_code == 403
    with pytest.raises(PermissionDenied):
        theme.ratify(by=make_user("Twinning editor"), at=timezone.now())


def test_step_is_offered_in_the_list_and_looked_over_first(council):
    ready, empty = make_theme(description="<p>Cities plant trees.</p>"), make_theme("Sport", description="")
    client, url = signed_in(council), reverse("admin:partners_theme_changelist")
    page = client.post(url, {"action": "ratify", "_selected_action": [ready.pk, empty.pk], "index": "0"})
    assert [choice["record"] for choice in page.context["possible"]] == [ready]
    assert [choice["why_not"] for choice in page.context["impossible"]] == ["Nothing is said of it yet."]
    client.post(url, {"_selected_action": [ready.pk], "_ratify": "on"})
    assert HistoryEvent.objects.filter(what="ratify").count() == 1


def test_no_other_kind_of_record_has_the_step(declared):
    assert "ratify" not in PUBLISHING_STEPS
    assert "ratify" not in City.steps


def test_check_finds_a_step_without_a_method_and_one_whose_right_nobody_can_have(monkeypatch):
    assert [message for message in run_checks() if message.id == "core.E001"] == []
    monkeypatch.setattr(Theme, "steps", Theme.steps | table(RATIFY))
    found = [message for message in run_checks() if message.id == "core.E001"]
    assert [message.obj for message in found] == [Theme, Theme]
    assert {word for message in found for word in ("method", "default_permissions") if word in message.msg} == {
        "method",
        "default_permissions",
    }
