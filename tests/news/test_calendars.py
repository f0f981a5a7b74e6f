"""Calendars for other programs: the public one, and those of persons at secret addresses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from news.models import CalendarLink, ReleaseContact
from tests.back_office import signed_in
from tests.factories import hide, make_city, make_contact, make_memorandum, make_release, make_user, publish
from twinning.core.history.events import HistoryEvent
from twinning.core.web.logs import _without_secrets

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def entries(response) -> list[tuple[str, str]]:
    """Day or moment and title of each event of a calendar."""
    events = Calendar.from_ical(response.content).walk("VEVENT")
    return [(event.decoded("dtstart").isoformat(), str(event["summary"])) for event in events]


def test_public_calendar_has_anniversaries_and_photo_calls_of_what_is_public(client, clock):
    lille = publish(make_city("Lille", since="15 October 1968"))
    publish(make_memorandum(lille, title="Charter; of a city, signed", signed="1 May 2017"))
    photo_call = {"kind": "photo-call", "event_what": "The gates open", "event_where": "Town Hall,\nLeeds"}
    call = make_release("Gates open", **photo_call, event_starts_at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    ReleaseContact.objects.create(release=call, contact=make_contact())
    publish(call)
    for unsaid in ("1966", "May 1967", "1960s"):  # no day is known
        publish(make_city(f"Since {unsaid}", since=unsaid))
    hide(make_city("Zanzimott", since="1 January 1967"), "scheduled", now=NOW)
    hide(make_release("Hidden", **photo_call, event_starts_at=NOW), "draft", now=NOW)
    response = client.get("/calendar.ics")
    assert entries(response) == [
        ("2026-12-01T09:00:00+00:00", "Gates open"),
        ("2027-05-01", "10 years since the signing of “Charter; of a city, signed”"),
        ("2028-10-15", "60 years with Lille"),
    ]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"].startswith("public")
    assert b"SUMMARY:60 years with Lille" in response.content
    clock.move_to(NOW + timedelta(hours=1), tick=False)
    assert client.get("/calendar.ics").content == response.content  # a cache can keep it


def test_person_gets_an_address_once_makes_it_anew_and_ends_it(client):
    officer = make_user("Twinning editor")
    city = make_city("Dortmund", owner=officer)
    make_memorandum(city, title="Five-year charter", ends="2031-02-03")
    make_memorandum(city, title="Renews itself", ends="2029-12-31", renewal_months=12, notice_days=30)
    make_memorandum(make_city("Lille"), title="Of others", ends="2031-02-03")
    desk, page = signed_in(officer), reverse("my_calendar")
    assert page in desk.get(reverse("mfa_index")).text
    answer = desk.post(page, {"make": ""})
    first = answer.context["address"]
    assert first in answer.text
    assert first not in desk.get(page).text
    response = client.get(first)
    assert entries(response) == [
        ("2029-12-01", "Last day for notice: Renews itself"),
        ("2031-02-03", "Ends: Five-year charter"),
    ]
    assert response["Cache-Control"] == "private, no-store"
    key = first.rpartition("/")[2].removesuffix(".ics")
    assert key not in str(list(CalendarLink.objects.values()))
    assert key not in _without_secrets(f"Not Found: {first}")
    second = desk.post(page, {"make": ""}).context["address"]
    assert [client.get(address).status_code for address in (first, second)] == [404, 200]
    desk.post(page, {"end": ""})
    assert client.get(second).status_code == 404
    told = [event.details["login"] for event in HistoryEvent.objects.of(officer) if "login" in event.details]
    assert told == ["calendar ended", "calendar made", "calendar made"]


def test_calendar_of_somebody_who_has_left_is_gone(client):
    officer = make_user("Twinning editor")
    address = reverse("news:person_calendar", args=[CalendarLink.issue(by=officer, at=NOW)])
    assert client.get(address).status_code == 200
    officer.is_active = False
    officer.save()
    assert client.get(address).status_code == 404
