"""The history page of a record: its events in words, and two of its states compared."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import City, Focus, Milestone, Theme
from tests.back_office import signed_in
from tests.factories import hide, make_city, make_superuser, make_theme, make_user, publish
from twinning.core.backoffice import history_page
from twinning.core.history.events import EventKind, HistoryEvent, current_state, note, note_state
from twinning.core.models import PreviewLink
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db


def url(record, page: str = "history") -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk])


def page_of(client, record, **query) -> str:
    response = client.get(url(record), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def theme_with_states(*summaries) -> tuple[Theme, list[HistoryEvent]]:
    """A theme that had these summaries, one after the other, and its events, the oldest first."""
    theme, by = make_theme(summary=summaries[0]), make_user("Administrator", first_name="Ann", last_name="Editor")
    for summary in summaries:
        theme.summary = summary
        theme.save()
        note_state(theme, EventKind.CHANGE, by=by, at=timezone.now())
    return theme, list(HistoryEvent.objects.of(theme))[::-1]


def entries(client, record) -> list:
    return client.get(url(record)).context["entries"]


# Events ---------------------------------------------------------------------------------------------------------------


def test_event_says_who_did_what_when_and_which_fields_changed(root):
    theme, _events = theme_with_states("Old.", "New.")
    page = page_of(root, theme)
    assert "<strong>Changed</strong>" in page
    assert "GMT, Ann Editor" in page or "BST, Ann Editor" in page
    assert "<li>Summary</li>" in page


def test_changed_parts_have_lines_of_their_own(root):
    city = make_city()
    Milestone.objects.create(city=city, date="1969", title="Oath")
    current_state(city, at=timezone.now())
    Milestone.objects.update(source="The archive")
    Milestone.objects.create(city=city, date="1970", title="Charter")
    City.objects.update(summary="New.", why="")
    note_state(city, EventKind.CHANGE, by=None, at=timezone.now())
    assert entries(root, city)[0].changes == [
        "Summary, Why we are partners",
        "Milestone: Oath (Source)",
        "Milestone added: Charter",
    ]


def test_remark_is_shown_to_colleagues(root):
    theme = hide(make_theme(), "in-review", now=timezone.now())
    theme.send_back(by=make_superuser(), at=timezone.now(), remark="Say more.\nMuch more.")
    assert "Say more.<br>Much more." in page_of(root, theme)


def test_move_of_an_embargo_is_described_with_both_moments(root, superuser):
    now = timezone.now()
    theme = make_theme()
    theme.submit(by=make_superuser(), at=now)
    theme.approve(by=superuser, at=now, publish_at=now.replace(year=2127, month=3, day=4, hour=0, minute=1))
    theme.reschedule(by=superuser, at=now, publish_at=now.replace(year=2127, month=7, day=1, hour=8, minute=30))
    theme.reschedule(by=superuser, at=now)
    lifted, moved, approved = (one.details for one in entries(root, theme)[:3])
    assert approved == ["Public from Tuesday 4 March 2127, 00:01 GMT."]
    assert moved == ["Embargo moved from Tuesday 4 March 2127, 00:01 GMT to Tuesday 1 July 2127, 09:30 BST."]
    assert lifted == ["Embargo lifted; it was Tuesday 1 July 2127, 09:30 BST."]


def test_reasons_are_shown(root, superuser):
    now = timezone.now()
    theme = make_theme()
    theme.publish_urgently(by=superuser, at=now, reason="A flood.")
    theme.withdraw(by=superuser, at=now + timedelta(seconds=1), reason="It was wrong.")
    withdrawn, urgent = entries(root, theme)
    assert "Why it could not wait: A flood." in urgent.details
    assert withdrawn.details == ["Public reason: It was wrong."]


def test_links_are_shown_with_their_holders(root, superuser):
    theme = make_theme()
    link = PreviewLink(record=theme, recipient="Ann Writer", outlet="Evening paper")
    link.issue(by=superuser, at=timezone.now())
    link.note_opening(at=timezone.now(), file="scan.pdf")
    opened, made = entries(root, theme)
    assert made.details[0] == "For Ann Writer, Evening paper."
    assert made.details[1].startswith("Expires on ")
    assert (opened.person, opened.details) == (
        "whoever has the link",
        ["For Ann Writer, Evening paper.", "File: scan.pdf"],
    )


def test_holders_who_got_a_mail_or_are_to_be_called_are_named(root, superuser):
    theme = make_theme()
    to_call = [{"link": 1, "name": "Ben", "why": "no email"}]
    details = {"told": ["Ann"], "to_call": to_call, "was": "2127-03-04T00:01:00+00:00", "now": None}
    note(theme, EventKind.HOLDERS_TOLD, by=superuser, at=timezone.now(), **details)
    assert entries(root, theme)[0].details == [
        "No longer embargoed until Tuesday 4 March 2127, 00:01 GMT.",
        "Told by email: Ann",
        "To be called: Ben",
    ]


def test_published_copy_is_one_event_that_names_everybody(root):
    ann, ben = make_user("Administrator", first_name="Ann"), make_user("Approver", first_name="Ben")
    theme, now = publish(make_theme(summary="Old.")), timezone.now()
    copy = begin(theme, by=ann, at=now)
    copy.keep({**copy.snapshot, "fields": copy.snapshot["fields"] | {"summary": "New."}}, by=ann, at=now)
    copy.submit(by=ann, at=now, remark="Please look.")
    copy.approve(by=ben, at=now)
    [one] = [one for one in entries(root, theme) if one.event.what == EventKind.COPY_PUBLISHED]
    assert [line.partition(" on ")[0] + line.partition(" by ")[2] for line in one.details] == [
        "BegunAnn",
        "SubmittedAnn: Please look.",
        "ApprovedBen",
    ]
    assert one.changes == ["Summary"]


def test_password_and_refusal_are_described(root, superuser):
    user, now = make_user(), timezone.now()
    note(user, EventKind.CHANGE, by=superuser, at=now, login="new password")
    note(user, EventKind.REFUSED, by=superuser, at=now, path="/admin/x/", asked=["_publish_urgently"])
    refused, changed = (one.details for one in entries(root, user))
    assert changed == ["Password changed."]
    assert refused == ["Sent to /admin/x/ without the right to it.", "Asked for: publish urgently"]


def test_number_of_queries_does_not_grow_with_the_events(root, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(history_page, "EVENTS_A_PAGE", 50)
    city = make_city()
    for number in range(20):
        Focus.objects.create(city=city, theme=make_theme(f"Theme {number}"))
        note_state(city, EventKind.CHANGE, by=make_user("Approver"), at=timezone.now())
    root.get(url(city))
    with django_assert_max_num_queries(22):
        page = root.get(url(city))
    assert len(page.context["entries"]) == 20
    with django_assert_max_num_queries(22):
        root.get(url(city), {"from": page.context["states"][-1], "to": page.context["states"][0]})


def test_long_history_has_pages(root, monkeypatch):
    monkeypatch.setattr(history_page, "EVENTS_A_PAGE", 2)
    theme, events = theme_with_states("One.", "Two.", "Three.", "Four.", "Five.")
    second = root.get(url(theme), {"p": 2}).context["entries"]
    assert [one.event for one in second] == [events[2], events[1]]
    assert second[-1].changes == ["Summary"]
    assert root.get(url(theme), {"p": "x"}).context["page"].number == 1


def test_history_is_for_those_who_may_see_the_record():
    theme, _events = theme_with_states("Old.", "New.")
    assert signed_in(make_user()).get(url(theme)).status_code == 403
    assert signed_in(make_user("Press officer")).get(url(theme)).status_code == 200
    assert signed_in(make_user("Twinning editor")).get(url(make_user())).status_code == 403


# Comparing ------------------------------------------------------------------------------------------------------------


def test_any_two_states_are_shown_side_by_side(root):
    theme, events = theme_with_states("One.", "Two.", "Three.")
    page = page_of(root, theme, **{"from": events[0].pk, "to": events[2].pk})
    assert '<th role="rowheader" scope="row">Summary</th> <td role="cell">One.</td> <td role="cell">Three.</td>' in page
    assert "Two." not in page


def test_words_of_a_long_text_are_marked_for_screen_readers_too(root):
    long = "We have been friends for more than fifty years, and so it will stay."
    theme, events = theme_with_states(long, long.replace("fifty", "sixty"))
    page = page_of(root, theme, **{"from": events[0].pk, "to": events[1].pk})
    assert (
        '<del><span class="visually-hidden">(removed: </span>fifty<span class="visually-hidden"> end)</span></del>'
        in page
    )
    assert (
        '<ins><span class="visually-hidden">(added: </span>sixty<span class="visually-hidden"> end)</span></ins>'
        in page
    )


def test_equal_states_are_reported_as_the_same(root):
    theme, events = theme_with_states("One.", "Two.")
    assert "The two are the same." in page_of(root, theme, **{"from": events[0].pk, "to": events[0].pk})


def test_chosen_states_stay_chosen_on_another_page(root, monkeypatch):
    monkeypatch.setattr(history_page, "EVENTS_A_PAGE", 2)
    theme, events = theme_with_states("One.", "Two.", "Three.", "Four.")
    page = page_of(root, theme, **{"from": events[0].pk, "to": events[3].pk})
    assert f'name="from" value="{events[0].pk}" checked' in page
    assert f'name="to" value="{events[3].pk}" checked' in page
    assert f"?from={events[0].pk}&amp;to={events[3].pk}&amp;p=2" in page


@pytest.mark.parametrize("nonsense", ["", "x", "0", "-1", "99999999999999999999", "\x00", "1 OR 1"])
def test_nonsense_for_a_state_is_answered_without_an_error(root, nonsense):
    theme, events = theme_with_states("One.", "Two.")
    response = root.get(url(theme), {"from": nonsense, "to": events[0].pk})
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert "Choose two states of this record" in response.content.decode()
    assert root.post(url(theme), {"restore": nonsense}).status_code in (302, 400)


def test_states_of_other_records_are_not_compared(root):
    theme, events = theme_with_states("One.", "Two.")
    other = make_theme("Sport", summary="Hidden elsewhere.")
    state = current_state(other, at=timezone.now())
    assert "Hidden elsewhere." not in page_of(root, theme, **{"from": state.pk, "to": events[0].pk})
    other.delete()
    root.post(url(theme), {"restore": state.pk})
    theme.refresh_from_db()
    assert theme.name == "Climate"
