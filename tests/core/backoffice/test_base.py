"""The back office: publishing from the form, and what lists and the front page offer."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from partners.models import Programme, Theme
from tests.back_office import errors, form_url, press, sent_by_browser, signed_in
from tests.factories import (
    hide,
    make_city,
    make_superuser,
    make_theme,
    make_user,
    publish,
    submit,
)
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.publishing.copies import begin
from twinning.core.publishing.steps import ALONE, PUBLISHING_STEPS, State

pytestmark = pytest.mark.django_db

ROLES = ["Twinning editor", "Press officer", "Approver", "Administrator"]
STATES = [state.value for state in State]
LONDON = ZoneInfo("Europe/London")


def theme_in(state: str) -> Theme:
    theme, now = make_theme(), timezone.now()
    return publish(theme, at=now - timedelta(days=1)) if state == "published" else hide(theme, state, now=now)


def buttons(response) -> set[str]:
    return set(response.context["visit"].offered)


# What is offered ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "state", "offered"),
    [
        ("Twinning editor", "draft", {"submit"}),
        ("Twinning editor", "in-review", set()),
        ("Twinning editor", "published", set()),
        ("Press officer", "draft", set()),
        ("Approver", "draft", {"publish_urgently"}),
        ("Approver", "in-review", {"approve", "send_back", "publish_urgently"}),
        ("Approver", "scheduled", {"reschedule", "send_back"}),
        ("Approver", "published", {"withdraw", "take_down"}),
        ("Approver", "withdrawn", {"take_down"}),
        ("Approver", "taken-down", set()),
        ("Administrator", "draft", {"submit", "publish_urgently"}),
    ],
)
def test_form_offers_the_steps_that_a_person_may_take_now(role, state, offered):
    response = signed_in(make_user(role)).get(form_url(theme_in(state)))
    assert buttons(response) == offered
    for step in PUBLISHING_STEPS:
        assert (f'name="_{step}"' in response.content.decode()) == (step in offered)


def test_form_says_where_the_record_stands(approver):
    theme, by = make_theme(), make_user(first_name="Ann", last_name="Approver")
    by.is_superuser = True
    submit(theme).approve(by=by, at=timezone.now(), publish_at=datetime(2127, 3, 6, 0, 1, tzinfo=LONDON))
    response = approver.get(form_url(theme))
    assert "Scheduled for Thursday 6 March 2127, 00:01 GMT, approved by Ann Approver." in response.content.decode()


@pytest.mark.parametrize(("state", "reachable"), [(s, s in ("published", "withdrawn")) for s in STATES])
def test_only_a_page_that_can_be_reached_is_linked(approver, state, reachable):
    theme = theme_in(state)
    linked = f'href="{theme.get_absolute_url()}"' in approver.get(form_url(theme)).content.decode()
    assert linked == reachable


# Steps ----------------------------------------------------------------------------------------------------------------


def test_a_step_saves_what_was_typed(editor):
    theme = make_theme()
    press(editor, theme, "_submit", summary="Typed a moment ago.")
    theme.refresh_from_db()
    assert theme.state(at=timezone.now()) == State.IN_REVIEW
    assert theme.summary == "Typed a moment ago."


def test_a_new_record_can_be_submitted_at_once(editor):
    press(editor, Theme, "_submit", name="Sport", slug="sport", summary="Cities play.")
    assert Theme.objects.get().submitted_by.groups.get().name == "Twinning editor"


def test_publishing_without_a_date_publishes_now(approver, client):
    theme = submit(make_theme())
    press(approver, theme, "_approve")
    assert client.get(theme.get_absolute_url()).status_code == 200


def test_publishing_date_is_london_time(approver):
    theme = submit(make_theme())
    press(approver, theme, "_approve", publish_at="2127-07-01T09:30")
    theme.refresh_from_db()
    assert theme.publish_at == datetime(2127, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC"))
    assert 'value="2127-07-01T09:30"' in approver.get(form_url(theme)).content.decode()


def test_sending_back_withdrawing_and_taking_down(approver):
    theme = theme_in("in-review")
    press(approver, theme, "_send_back", remark="Say more.")
    theme.refresh_from_db()
    submit(theme, at=timezone.now())
    for button, typed, state in [
        ("_approve", {}, State.PUBLISHED),
        ("_withdraw", {"withdrawal_reason": "It was wrong."}, State.WITHDRAWN),
        ("_take_down", {}, State.TAKEN_DOWN),
    ]:
        press(approver, theme, button, **typed)
        theme.refresh_from_db()
        assert theme.state(at=timezone.now()) == state
    assert theme.withdrawal_reason == "It was wrong."


def test_history_names_the_step(approver):
    theme = submit(make_theme())
    press(approver, theme, "_approve")
    history = approver.get(reverse("admin:partners_theme_history", args=[theme.pk])).content.decode()
    assert "<strong>Approved</strong>" in history
    assert "Public from" in history


@pytest.mark.parametrize(
    ("state", "button", "typed", "said"),
    [
        ("in-review", "_send_back", {}, "remark: Say what is to be done."),
        ("draft", "_publish_urgently", {}, "urgent_reason: Say why this cannot wait"),
        (
            "in-review",
            "_approve",
            {"publish_at": "2001-01-01T00:00"},
            "publish_at: The publication date lies in the past.",
        ),
        ("in-review", "_approve", {"publish_at": "soon"}, "publish_at: Enter a valid date/time."),
        ("draft", "_save", {"publish_at": "2127-07-01T09:30"}, "publish_at: This goes with “Save and approve”."),
        ("draft", "_save", {"urgent_reason": "Now"}, "urgent_reason: This goes with “Save and publish urgently”."),
        ("draft", "_approve", {}, "This is not possible now: the record is “Draft”."),
    ],
)
def test_refused_step_keeps_what_was_typed_and_saves_nothing(settings, state, button, typed, said):
    settings.FOUR_EYES = ALONE
    theme = theme_in(state)
    response = press(signed_in(make_superuser()), theme, button, summary="Typed.", description="<p>Too</p>", **typed)
    assert response.status_code == 200
    assert [error for error in errors(response) if error.startswith(said)]
    form = response.context["adminform"].form
    assert (form["summary"].value(), form["description"].value()) == ("Typed.", "<p>Too</p>")
    assert {name: form[name].value() for name in typed} == typed
    stored = Theme.objects.get()
    assert (stored.summary, stored.state(at=timezone.now()).value) == ("What cities do together.", state)


@pytest.mark.parametrize(
    ("state", "button", "typed", "said"),
    [
        ("published", "_withdraw", {}, "withdrawal_reason: Say why the page is withdrawn."),
        ("scheduled", "_reschedule", {"publish_at": "2001-01-01T00:00"}, "publish_at: The publication date lies"),
        ("scheduled", "_send_back", {}, "remark: Say what is to be done."),
    ],
)
def test_refused_step_with_what_is_approved_keeps_what_was_typed(state, button, typed, said):
    theme = theme_in(state)
    response = press(signed_in(make_superuser()), theme, button, **typed)
    assert response.status_code == 200
    assert [error for error in errors(response) if error.startswith(said)]
    [way] = [way for way in response.context["ways"] if way.is_wrong]
    assert {name: way.form[name].value() for name in typed} == typed
    assert Theme.objects.get().state(at=timezone.now()).value == state


@pytest.mark.parametrize("state", ["scheduled", "published", "withdrawn", "taken-down"])
def test_nobody_edits_what_is_approved(state):
    theme, root = theme_in(state), signed_in(make_superuser())
    assert 'name="summary"' not in root.get(form_url(theme)).content.decode()
    assert root.post(form_url(theme), {"summary": "Forged.", "_save": "on"}).status_code in (403, 200)
    assert root.post(form_url(theme), {"summary": "Forged.", "_withdraw": "on", "withdrawal_reason": "x"}).status_code
    assert Theme.objects.get().summary == "What cities do together."


def test_embargo_can_be_moved_and_lifted(approver, client):
    theme = theme_in("scheduled")
    press(approver, theme, "_reschedule", publish_at="2127-07-01T09:30")
    theme.refresh_from_db()
    assert theme.publish_at == datetime(2127, 7, 1, 8, 30, tzinfo=ZoneInfo("UTC"))
    sent = sent_by_browser(approver.get(form_url(theme)))
    approver.post(form_url(theme), sent | {"_reschedule": "now"})
    assert client.get(theme.get_absolute_url()).status_code == 200


def test_nobody_approves_their_own_submission():
    admin = make_user("Administrator")
    theme = make_theme()
    theme.submit(by=admin, at=timezone.now())
    page = signed_in(admin).get(form_url(theme)).content.decode()
    assert 'name="_approve"' not in page
    assert "You submitted this yourself. Somebody else has to approve it." in page
    response = press(signed_in(admin), theme, "_approve")
    assert errors(response) == ["You submitted this yourself. Somebody else has to approve it."]


def test_urgent_publication_is_approved_afterwards_by_somebody_else(client):
    first, second = make_user("Approver"), make_user("Approver")
    theme = make_theme()
    press(signed_in(first), theme, "_publish_urgently", urgent_reason="The mayor is on the radio.")
    assert client.get(theme.get_absolute_url()).status_code == 200
    assert "not approved by anybody else yet" in signed_in(first).get(form_url(theme)).content.decode()
    assert buttons(signed_in(first).get(form_url(theme))) == {"withdraw", "take_down"}
    press(signed_in(second), theme, "_confirm")
    theme.refresh_from_db()
    assert (theme.confirmed_by, theme.awaits_confirmation) == (second, False)


def test_refused_step_on_an_empty_form_adds_nothing(approver):
    typed = {"name": "Sport", "slug": "sport", "summary": "Cities play."}
    response = press(signed_in(make_superuser()), Theme, "_withdraw", **typed)
    assert errors(response) == ["This is not possible now: the record is “Draft”."]
    assert not Theme.objects.exists()


@pytest.mark.parametrize("button", [f"_{step}" for step in PUBLISHING_STEPS if step not in ("submit", "ask_back")])
@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_forged_step_is_forbidden_and_changes_nothing(editor, state, button):
    theme = theme_in(state)
    assert press(editor, theme, button, summary="Forged.", withdrawal_reason="Forged.").status_code == 403
    stored = Theme.objects.get()
    assert (stored.summary, stored.state(at=timezone.now()).value) == ("What cities do together.", state)


@pytest.mark.parametrize("state", ["scheduled", "published", "withdrawn"])
def test_what_is_approved_can_only_be_read_without_the_right_to_approve(editor, state):
    theme = theme_in(state)
    theme.description = "<p>Read <strong>me</strong></p>"
    theme.save()
    page = editor.get(form_url(theme))
    assert 'name="summary"' not in page.content.decode()
    assert f'<iframe src="{page.context["page_url"]}"' in page.content.decode()
    assert "<p>Read <strong>me</strong></p>" in editor.get(page.context["page_url"]).content.decode()
    assert editor.post(form_url(theme), {"summary": "Forged."}).status_code == 403


def test_a_save_keeps_an_approval_that_came_in_between(editor):
    theme = make_theme()
    sent = sent_by_browser(editor.get(form_url(theme))) | {"summary": "Late.", "description": "<p>Long.</p>"}
    publish(theme)
    response = editor.post(form_url(theme), sent | {"_save": "on"})
    assert response.status_code == 409
    assert [(kept.label, kept.text) for kept in response.context["typed"]] == [
        ("Summary", "Late."),
        ("Description", "Long."),
    ]
    theme.refresh_from_db()
    assert (theme.approved_at is not None, theme.summary) == (True, "What cities do together.")
    assert not HistoryEvent.objects.filter(what=EventKind.REFUSED).exists()


def test_forged_form_of_what_is_approved_is_refused_to_those_without_the_right():
    theme = publish(make_theme())
    stranger = signed_in(make_user("Press officer"))
    assert stranger.post(form_url(theme), {"summary": "Forged.", "_version": "1", "_save": "on"}).status_code == 403


# Lists ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_list_can_be_filtered_by_state(approver, state):
    now = timezone.now()
    for number, each in enumerate(STATES):
        theme = make_theme(f"Theme {number}")
        publish(theme) if each == "published" else hide(theme, each, now=now)
    response = approver.get(reverse("admin:partners_theme_changelist"), {"state": state})
    assert [theme.state(at=now) for theme in response.context["cl"].result_list] == [state]


def test_empty_list_invites_to_begin(editor):
    page = editor.get(reverse("admin:partners_theme_changelist")).content.decode()
    assert "There are no themes yet." in page
    assert "Nothing matches." in editor.get(reverse("admin:partners_theme_changelist"), {"q": "x"}).content.decode()


@pytest.mark.parametrize(
    ("role", "groups"),
    [
        ("Twinning editor", {"Partnerships": ["Cities", "Agreements", "Themes", "Introduction"], "Press": ["Press releases", "Press contacts", "Pre-election periods"], "Library": ["Photos", "Pages"]}),
        ("Administrator", {"Partnerships": ["Cities", "Agreements", "Themes", "Introduction"], "Press": ["Press releases", "Press contacts", "Pre-election periods", "Subscribers to alerts"], "Library": ["Photos", "Pages"], "People and roles": ["Accounts", "Roles", "History"]}),
    ],
)  # fmt: skip
def test_front_page_stands_in_the_order_of_the_work(role, groups):
    response = signed_in(make_user(role)).get(reverse("admin:index"))
    shown = [(app["name"], [model["name"] for model in app["models"]]) for app in response.context["app_list"]]
    assert shown == list(groups.items())


def test_table_of_a_text_that_is_only_read_scrolls_by_itself(approver):
    story = "<table><tr><td>Lille<td>1968<tr><td>Brno<td>2018</table>"
    introduction = Programme.objects.create(pk=1, headline="Friends", lead="Since long ago.", story=story)
    assert '<div class="scrolled" role="group"' in approver.get(form_url(introduction)).content.decode()


def test_writer_is_told_what_a_draft_still_lacks_to_be_public(editor):
    city = make_city(why="", since="")
    page = editor.get(form_url(city))
    assert page.context["lacks"] == ["Write why we are partners.", "Say since when. “1960s” is enough."]
    assert "Before this can be published" in page.content.decode()
    press(editor, city, why="<p>Peace.</p>", since="1969")
    page = editor.get(form_url(city))
    assert page.context["lacks"] == []
    assert "Before this can be published" not in page.content.decode()


def test_writer_of_a_working_copy_is_told_what_the_copy_lacks(editor, superuser):
    city = publish(make_city())
    begin(city, by=superuser, at=timezone.now())
    url = reverse("admin:partners_city_copy", args=[city.pk])
    editor.post(url, sent_by_browser(editor.get(url)) | {"why": "", "_save": "on"})
    assert editor.get(url).context["lacks"] == ["Write why we are partners."]
    assert editor.get(form_url(city)).context["lacks"] == []


def test_no_two_parts_of_an_admin_use_one_private_name():
    """Whoever writes a mixin does not know the helpers of the others: one name for two would call the wrong one."""
    clashes = []
    for office in map(type, admin.site._registry.values()):
        ours = [part for part in office.__mro__ if part.__module__.split(".")[0] in ("twinning", "partners", "news")]
        names = [name for part in ours for name in vars(part) if name.startswith("_") and not name.startswith("__")]
        clashes += [(office.__name__, name) for name in set(names) if names.count(name) > 1]
    assert clashes == []
