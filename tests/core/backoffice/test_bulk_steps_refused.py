"""Steps from the list that are not taken: somebody was faster, or something is missing; what was typed stays."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from partners.models import Theme
from tests.back_office import signed_in
from tests.core.backoffice.test_bulk_steps import carry_out, choose, list_url, messages, press, states, theme_in
from tests.factories import (
    make_superuser,
)

pytestmark = pytest.mark.django_db


# What has changed since -----------------------------------------------------------------------------------------------


def edit(theme: Theme) -> None:
    theme.summary = "Something else."
    theme.save()


def submit_anew(theme: Theme) -> None:
    by = make_superuser()
    theme.send_back(by=by, at=timezone.now(), remark="Once more.")
    theme.submit(by=by, at=timezone.now())


@pytest.mark.parametrize("meanwhile", [edit, submit_anew])
def test_what_was_changed_after_the_page_was_shown_is_not_approved(approver, meanwhile):
    changed, same = theme_in("in-review", "Climate"), theme_in("in-review", "Sport")
    page = choose(approver, "approve", changed, same)
    meanwhile(changed)
    response = press(approver, "approve", page)
    assert states(changed, same) == ["in-review", "published"]
    assert "Climate</a>”: Somebody has changed it since you looked." in messages(response)[1]


def test_who_is_told_of_a_change_can_look_and_approve_then(approver):
    theme = theme_in("in-review", "Climate")
    page = choose(approver, "approve", theme)
    edit(theme)
    told = press(approver, "approve", page, remark="Fine.")
    assert [choice["note"] for choice in told.context["possible"]] == [
        "Somebody has changed it since you looked. Look at it again."
    ]
    assert told.context["form"]["remark"].value() == "Fine."
    press(approver, "approve", told, remark="Fine.")
    assert states(theme) == ["published"]


def test_page_that_comes_back_for_another_reason_does_not_hide_a_change(approver):
    theme = theme_in("in-review", "Climate")
    page = choose(approver, "approve", theme)
    edit(theme)
    again = press(approver, "approve", page, publish_at="soon")
    press(approver, "approve", again)
    assert states(theme) == ["in-review"]


# What was typed -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "state", "typed", "wrong"),
    [
        ("send_back", "in-review", {"remark": "  "}, "remark"),
        ("withdraw", "published", {"remark": "Why?"}, "withdrawal_reason"),
        ("publish_urgently", "draft", {"remark": "Why?", "publish_at": "2127-07-01T09:30"}, "urgent_reason"),
        ("reschedule", "scheduled", {"remark": "When?"}, "publish_at"),
        ("approve", "in-review", {"remark": "Then.", "publish_at": "2001-01-01T00:00"}, "publish_at"),
        ("approve", "in-review", {"remark": "Then.", "publish_at": "soon"}, "publish_at"),
    ],
)
def test_refused_step_keeps_what_was_typed_and_changes_nothing(step, state, typed, wrong):
    possible, impossible = theme_in(state, "Climate"), theme_in("taken-down", "Sport")
    response = carry_out(signed_in(make_superuser()), step, possible, impossible, **typed)
    form = response.context["form"]
    assert list(form.errors) == [wrong]
    assert {name: form[name].value() for name in typed} == typed
    assert [choice["record"] for choice in response.context["possible"]] == [possible]
    assert [choice["record"] for choice in response.context["impossible"]] == [impossible]
    assert states(possible, impossible) == [state, "taken-down"]


def test_time_that_comes_twice_is_offered_as_two_choices(approver):
    theme = theme_in("in-review", "Climate")
    page = choose(approver, "approve", theme)
    again = press(approver, "approve", page, publish_at="2127-10-26T01:30")
    assert "01:30 BST" in again.content.decode()
    assert "01:30 GMT" in again.content.decode()
    chosen = {"publish_at": "2127-10-26T01:30", "publish_at_choice": "2127-10-26T01:30+00:00"}
    press(approver, "approve", again, **chosen)
    theme.refresh_from_db()
    assert theme.publish_at == datetime(2127, 10, 26, 1, 30, tzinfo=ZoneInfo("UTC"))


def test_what_was_typed_stays_if_somebody_else_was_faster(approver):
    theme = theme_in("published", "Climate")
    page = choose(approver, "withdraw", theme)
    theme.withdraw(by=make_superuser(), at=timezone.now(), reason="Faster.")
    response = press(approver, "withdraw", page, withdrawal_reason="A long reason.")
    assert "A long reason." in response.content.decode()
    assert [choice["why_not"] for choice in response.context["impossible"]] == [
        "This is not possible now: the record is “Withdrawn”."
    ]


def test_list_stays_filtered(approver):
    theme = theme_in("in-review", "Climate")
    page = choose(approver, "approve", theme, query="?state=in-review")
    keys = {"_selected_action": theme.pk, f"version-{theme.pk}": page.context["possible"][0]["version"]}
    response = approver.post(f"{list_url(Theme)}?state=in-review", keys | {"_approve": "on"})
    assert response.url == f"{list_url(Theme)}?state=in-review"


@pytest.mark.parametrize("key", ["x", "\x00", "99999999999999999999", "-1", ""])
def test_nonsense_gets_a_calm_answer(key):
    theme, root = theme_in("in-review", "Climate"), signed_in(make_superuser())
    for sent in ({"_selected_action": key}, {"left_out": key}, {}):
        assert root.post(list_url(Theme), sent | {"_approve": "on"}).status_code in (302, 400)
    forged = {"_selected_action": theme.pk, f"version-{theme.pk}": key, "_approve": "on"}
    assert root.post(list_url(Theme), forged).status_code == 200
    assert states(theme) == ["in-review"]
