"""The steps of the workflow for several records at once, from the list."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.messages import get_messages
from django.db import OperationalError, connection
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from partners.models import Theme
from tests.back_office import form_url, signed_in
from tests.factories import (
    hide,
    make_city,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    publish,
    submit,
)
from twinning.core.backoffice.bulk_steps import MOST_AT_ONCE
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.publishing.copies import begin
from twinning.core.publishing.steps import PUBLISHING_STEPS

pytestmark = pytest.mark.django_db

ROLES = ["Twinning editor", "Press officer", "Approver", "Administrator"]
APPROVERS = {
    "submit_again",
    "send_back",
    "approve",
    "reschedule",
    "confirm",
    "publish_urgently",
    "withdraw",
    "take_down",
}
OFFERED = {
    ("Twinning editor", Theme): {"submit", "ask_back"},
    ("Twinning editor", PressRelease): set(),
    ("Press officer", Theme): set(),
    ("Press officer", PressRelease): {"submit", "ask_back", "publish_urgently"},
    ("Approver", Theme): APPROVERS,
    ("Approver", PressRelease): APPROVERS | {"agree"},
    ("Administrator", Theme): set(PUBLISHING_STEPS) | {"delete_selected"},
    ("Administrator", PressRelease): set(PressRelease.steps) | {"delete_selected"},
}
FORBIDDEN = [
    (role, model, step) for (role, model), steps in OFFERED.items() for step in PUBLISHING_STEPS if step not in steps
]


def list_url(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def choose(client, step: str, *records, query: str = ""):
    """Tick records in their list and run a step."""
    keys = [record.pk for record in records]
    return client.post(list_url(type(records[0])) + query, {"action": step, "_selected_action": keys, "index": "0"})


def press(client, step: str, page, *, value: str = "on", **typed):
    """Press the button of the page that a step opened."""
    context = page.context
    sent = {context["checkbox_name"]: [choice["record"].pk for choice in context["possible"]]}
    sent |= {context["left_out_name"]: [choice["record"].pk for choice in context["impossible"]]}
    sent |= {f"version-{choice['record'].pk}": choice.get("version", "") for choice in context["possible"]}
    return client.post(page.request["PATH_INFO"], sent | typed | {f"_{step}": value})


def carry_out(client, step: str, *records, **typed):
    return press(client, step, choose(client, step, *records), **typed)


def theme_in(state: str, name: str) -> Theme:
    theme, now = make_theme(name), timezone.now()
    return publish(theme, at=now - timedelta(days=1)) if state == "published" else hide(theme, state, now=now)


def states(*records) -> list[str]:
    for record in records:
        record.refresh_from_db()
    return [record.state(at=timezone.now()).value for record in records]


def messages(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


# What is offered ------------------------------------------------------------------------------------------------------


def offered(client, model) -> list[tuple[str, str]]:
    form = client.get(list_url(model)).context["action_form"]
    return form.fields["action"].choices[1:] if form else []


@pytest.mark.parametrize(("role", "model"), OFFERED)
def test_list_offers_the_steps_to_which_a_person_has_the_right(role, model):
    (make_theme if model is Theme else make_release)()
    assert {name for name, _label in offered(signed_in(make_user(role)), model)} == OFFERED[role, model]


def test_steps_have_names_that_read_naturally_and_deleting_comes_last():
    make_theme()
    assert [str(label) for _name, label in offered(signed_in(make_superuser()), Theme)] == [
        "Submit",
        "Submit to a colleague",
        "Send back",
        "Ask for it back",
        "Approve",
        "Move or lift the embargo",
        "Publish urgently",
        "Approve afterwards",
        "Withdraw",
        "Take down",
        "Delete the chosen themes",
    ]


def test_form_offers_no_action_because_it_would_drop_what_was_typed():
    root, theme = signed_in(make_superuser()), make_theme()
    assert 'name="CHANGE_FORM-action"' not in root.get(form_url(theme)).content.decode()
    root.post(form_url(theme), {"CHANGE_FORM-action": "submit", "_selected_action": theme.pk})
    assert states(theme) == ["draft"]


@pytest.mark.parametrize(("role", "model", "step"), FORBIDDEN)
def test_forged_step_is_forbidden_and_changes_nothing(role, model, step):
    make = make_theme if model is Theme else make_release
    state = PUBLISHING_STEPS[step].begins[-1].value
    now = timezone.now()
    record = publish(make()) if state == "published" else hide(make(), state, now=now)
    user = make_user(role)
    client = signed_in(user)
    typed = {"remark": "Forged.", "withdrawal_reason": "Forged.", "urgent_reason": "Forged."}
    assert choose(client, step, record).status_code == 403
    forged = {"_selected_action": record.pk, f"version-{record.pk}": "1-1", f"_{step}": "on"}
    assert client.post(list_url(model), typed | forged).status_code == 403
    assert states(record) == [state]
    refusals = HistoryEvent.objects.filter(what=EventKind.REFUSED)
    assert [(event.by, event.details["asked"]) for event in refusals] == [(user, [f"_{step}"])] * 2


# Looking over ---------------------------------------------------------------------------------------------------------


def test_page_parts_what_is_possible_from_what_is_not_and_says_why():
    user = make_user("Administrator")
    ready, draft, own = submit(make_city("Lille")), make_city("Brno"), make_city("Siegen")
    own.submit(by=user, at=timezone.now())
    lacking = submit(make_city("Durban", why="", since=""))
    context = choose(signed_in(user), "approve", ready, draft, own, lacking).context
    assert [choice["record"] for choice in context["possible"]] == [ready]
    assert {choice["record"]: choice["why_not"] for choice in context["impossible"]} == {
        draft: "This is not possible now: the record is “Draft”.",
        own: "You submitted this yourself. Somebody else has to approve it.",
        lacking: "Write why we are partners. Say since when. “1960s” is enough.",
    }


def test_nothing_happens_before_the_button_is_pressed(approver):
    themes = [theme_in("in-review", "Climate"), theme_in("in-review", "Sport")]
    response = choose(approver, "approve", *themes)
    assert states(*themes) == ["in-review", "in-review"]
    page = response.content.decode()
    assert all(f'<a href="{form_url(theme)}">{theme.name}</a>' in page for theme in themes)


def test_page_has_no_button_when_nothing_is_possible(approver):
    page = choose(approver, "approve", theme_in("published", "Climate")).content.decode()
    assert "With none of what you chose is this possible now." in page
    assert 'name="_approve"' not in page


@pytest.mark.parametrize(
    ("step", "state", "asked"),
    [
        ("submit", "draft", ["remark"]),
        ("send_back", "in-review", ["remark*"]),
        ("approve", "in-review", ["publish_at", "remark"]),
        ("reschedule", "scheduled", ["publish_at*", "remark"]),
        ("publish_urgently", "draft", ["publish_at", "urgent_reason*", "remark"]),
        ("confirm", "published", ["remark"]),
        ("withdraw", "published", ["withdrawal_reason*", "remark"]),
        ("take_down", "published", ["remark"]),
    ],
)
def test_page_asks_for_what_the_step_needs(step, state, asked):
    form = choose(signed_in(make_superuser()), step, theme_in(state, "Climate")).context["form"]
    assert [name + "*" * field.required for name, field in form.fields.items()] == asked


def test_more_than_can_be_looked_over_is_refused(approver):
    themes = [make_theme(f"Theme {number}") for number in range(MOST_AT_ONCE + 1)]
    response = choose(approver, "publish_urgently", *themes)
    assert messages(response) == [f"Choose at most {MOST_AT_ONCE} at once. Nothing has been changed."]


# Taking the step ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "state", "typed", "after", "said"),
    [
        ("submit", "draft", {}, "in-review", "Submitted"),
        ("send_back", "in-review", {"remark": "Say more."}, "draft", "Sent back"),
        ("approve", "in-review", {}, "published", "Approved"),
        ("approve", "in-review", {"publish_at": "2127-07-01T09:30"}, "scheduled", "Approved"),
        ("reschedule", "scheduled", {"publish_at": "2127-07-01T09:30"}, "scheduled", "Publication moved"),
        ("reschedule", "scheduled", {"value": "now"}, "published", "Publication moved"),
        ("publish_urgently", "draft", {"urgent_reason": "Flood."}, "published", "Published urgently"),
        ("withdraw", "published", {"withdrawal_reason": "Wrong."}, "withdrawn", "Withdrawn"),
        ("take_down", "withdrawn", {}, "taken-down", "Taken down"),
    ],
)
def test_step_is_taken_with_every_record_and_reported(step, state, typed, after, said):
    themes = [theme_in(state, "Climate"), theme_in(state, "Sport")]
    response = carry_out(signed_in(make_superuser()), step, *themes, **{"remark": "Both."} | typed)
    assert response.url == list_url(Theme)
    assert states(*themes) == [after, after]
    (message,) = messages(response)
    assert message.startswith(f"{said}:")
    assert all(f'“<a href="{form_url(theme)}">{theme.name}</a>”: ' in message for theme in themes)
    remark = typed.get("remark", "Both.")
    assert [HistoryEvent.objects.of(theme).filter(what=step).get().remark for theme in themes] == [remark, remark]


def test_moment_is_london_time_and_stands_in_the_report(approver):
    theme = theme_in("in-review", "Climate")
    response = carry_out(approver, "approve", theme, publish_at="2127-07-01T09:30")
    theme.refresh_from_db()
    assert theme.publish_at == datetime(2127, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC"))
    assert "Scheduled for Tuesday 1 July 2127, 09:30 BST" in messages(response)[0]


def test_urgent_publications_are_approved_afterwards_by_somebody_else():
    first, second = make_user("Approver"), make_user("Approver")
    themes = [make_theme("Climate"), make_theme("Sport")]
    carry_out(signed_in(first), "publish_urgently", *themes, urgent_reason="The mayor is on the radio.")
    context = choose(signed_in(first), "confirm", *themes).context
    assert {choice["why_not"] for choice in context["impossible"]} == {
        "You published this yourself. Somebody else has to approve it."
    }
    carry_out(signed_in(second), "confirm", *themes)
    assert [theme.confirmed_by for theme in Theme.objects.all()] == [second, second]


def test_refused_record_leaves_the_others_done_and_each_is_reported(approver):
    first, second = theme_in("in-review", "Climate"), theme_in("in-review", "Sport")
    page = choose(approver, "approve", first, second)
    second.send_back(by=make_superuser(), at=timezone.now(), remark="Not yet.")
    response = press(approver, "approve", page)
    assert states(first, second) == ["published", "draft"]
    done, not_done = messages(response)
    assert "Climate" in done
    assert "Published on" in done
    assert "Sport" not in done
    assert f'“<a href="{form_url(second)}">Sport</a>”: This is not possible now: the record is “Draft”.' in not_done
    assert "Climate" not in not_done


def test_records_that_the_page_showed_as_impossible_stay_as_they_are(approver):
    possible, impossible = theme_in("published", "Climate"), theme_in("in-review", "Sport")
    page = choose(approver, "withdraw", possible, impossible)
    publish(impossible, at=timezone.now())
    press(approver, "withdraw", page, withdrawal_reason="Wrong.")
    assert states(possible, impossible) == ["withdrawn", "published"]


@contextmanager
def database_that_fails_for(record):
    """A database that cannot save one record, as if a lock had lasted too long."""

    def fail(execute, sql, params, many, context):
        if sql.startswith(f'UPDATE "{record._meta.db_table}"') and params[-1] == record.pk:
            raise OperationalError("canceling statement due to lock timeout")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


def test_record_that_cannot_be_saved_leaves_the_others_done(approver):
    themes = [theme_in("in-review", name) for name in ("Climate", "Sport", "Youth")]
    page = choose(approver, "approve", *themes)
    with database_that_fails_for(themes[1]):
        response = press(approver, "approve", page)
    assert states(*themes) == ["published", "in-review", "published"]
    assert "It could not be saved. Try again." in messages(response)[1]


def test_record_that_was_deleted_meanwhile_is_passed_over(approver):
    themes = [theme_in("in-review", "Climate"), theme_in("in-review", "Sport")]
    page = choose(approver, "approve", *themes)
    themes[0].delete()
    response = press(approver, "approve", page)
    assert "Sport" in messages(response)[0]
    themes[1].delete()
    assert messages(press(approver, "approve", page))[-1] == "None of them is there any more."


def test_own_submission_is_refused_even_if_it_is_sent():
    user = make_user("Administrator")
    theme = make_theme()
    theme.submit(by=user, at=timezone.now())
    sent = {"_selected_action": theme.pk, f"version-{theme.pk}": "1-1", "_approve": "on"}
    signed_in(user).post(list_url(Theme), sent)
    assert states(theme) == ["in-review"]


# The list -------------------------------------------------------------------------------------------------------------


def test_list_shows_working_copies_and_what_is_to_be_approved_afterwards(approver):
    urgent = make_theme("Sport")
    copy = begin(theme_in("published", "Climate"), by=make_superuser(), at=timezone.now())
    urgent.publish_urgently(by=make_superuser(), at=timezone.now(), reason="Flood.")
    page = approver.get(list_url(Theme)).content.decode()
    assert '<span class="state draft">Working copy: draft</span>' in page
    assert page.count("To be approved afterwards") == 1
    submit(copy)
    assert "Working copy: in review" in approver.get(list_url(Theme)).content.decode()


def test_list_takes_the_same_queries_with_one_working_copy_and_with_many(approver, django_assert_max_num_queries):
    begin(theme_in("published", "Climate"), by=make_superuser(), at=timezone.now())
    with django_assert_max_num_queries(30) as few:
        approver.get(list_url(Theme))
    for number in range(5):
        begin(theme_in("published", f"Theme {number}"), by=make_superuser(), at=timezone.now())
    with django_assert_max_num_queries(len(few)):
        approver.get(list_url(Theme))


def test_column_of_moments_names_the_zone(approver):
    release = submit(make_release())
    release.approve(
        by=make_superuser(), at=timezone.now(), publish_at=datetime(2127, 3, 4, 0, 1, tzinfo=ZoneInfo("UTC"))
    )
    assert "4 Mar 2127, 00:01 GMT" in approver.get(list_url(PressRelease)).content.decode()
