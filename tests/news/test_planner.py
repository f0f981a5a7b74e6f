"""The calendar of the back office: what goes out when, for whoever may see it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from news.models import CalendarLink, PreElectionPeriod, ReleaseContact
from news.planner.finding import MOST, happenings
from news.planner.periods import Period, asked_for
from tests.back_office import signed_in
from tests.factories import (
    PAST,
    copy_releases,
    hide,
    make_city,
    make_contact,
    make_memorandum,
    make_release,
    make_superuser,
    make_user,
    publish,
    submit,
)
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOVEMBER = Period.month(date(2026, 11, 1))


@pytest.fixture(autouse=True)
def clock(time_machine):
    time_machine.move_to(NOW, tick=False)
    return time_machine


def at_hour(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def schedule(record, moment: datetime):
    submit(record)
    record.approve(by=make_user("Approver"), at=NOW, publish_at=moment)
    return record


def lines(by, period: Period = NOVEMBER) -> list[tuple]:
    """Day, name and kind of what a person sees in a period."""
    found = happenings(by=by, period=period, at=NOW)
    return [(one.day and one.day.day, one.name, one.kind) for one in found]


def make_month():
    """One of everything in November, and things of which nothing is said."""
    schedule(make_release("Under embargo"), at_hour(30, 7))
    publish(make_release("Out already"), at=at_hour(3))
    publish(make_release("Of October"), at=at_hour(3) - timedelta(days=10))
    publish(make_release("From the archive", first_issued="1998"), at=at_hour(4))
    hide(make_release("Taken down"), "taken_down", now=NOW)
    call = {"kind": "photo-call", "event_what": "The gates open", "event_where": "Town Hall"}
    ReleaseContact.objects.create(
        release=make_release("Gates open", **call, event_starts_at=at_hour(25)), contact=make_contact()
    )
    lille = publish(make_city("Lille", since="28 November 1966"))
    publish(make_city("Brno", since="November 1966"))
    make_memorandum(lille, title="Charter", ends="2026-11-29", signed="2020-01-01", in_force="2020-01-01")


def test_pre_election_periods_have_their_first_and_last_day():
    PreElectionPeriod.objects.create(election="Local elections", begins=date(2026, 10, 20), ends=date(2026, 11, 24))
    kind = "Pre-election period"
    assert lines(make_user("Twinning editor")) == [(24, "Last day: Local elections", kind)]
    assert lines(make_user()) == []
    october = Period.month(date(2026, 10, 1))
    assert lines(make_superuser(), october) == [(20, "First day: Local elections", kind)]


def test_month_has_what_goes_out_and_what_happens_in_its_order():
    make_month()
    seen = [
        (None, "60 years with Brno", "Anniversary"),
        (3, "Out already", "Press release"),
        (25, "Gates open", "Photo call, on the spot"),
        (28, "60 years with Lille", "Anniversary"),
        (29, "Ends: Charter", "To decide"),
        (30, "Under embargo", "Press release"),
    ]
    assert lines(make_user("Press officer")) == seen
    assert lines(make_user("Twinning editor"), Period.week(date(2026, 11, 25))) == seen[:1] + seen[2:5]
    assert lines(make_user("")) == []


def test_a_correction_that_is_scheduled_is_the_one_of_its_record():
    release = publish(make_release("Out already"), at=PAST)
    copy = begin(release, by=make_user("Press officer"), at=NOW)
    schedule(copy, at_hour(27))
    [(day, name, kind)] = lines(make_user("Press officer"))
    assert (day, name, kind) == (27, "Out already", "Working copy: press release")


def test_page_lists_days_below_weeks_and_leads_to_the_weeks_and_months_around():
    make_month()
    press = signed_in(make_user("Press officer"))
    page = press.get(reverse("office_calendar")).text
    for found in (
        "?month=2026-10", "?month=2026-12", "?week=2026-W47", "16 November 2026 to 22 November 2026", ">Under embargo</a>",
        '<h4 id="2026-11-30"', reverse("my_calendar"),
    ):  # fmt: skip
        assert found in page, found
    week = press.get(reverse("office_calendar"), {"week": "2026-W53"}).context
    assert [week["period"].first, week["period"].after.parameter] == [date(2026, 12, 28), "?week=2027-W01"]
    for wrong in ({"month": "2026-13"}, {"week": "next"}, {"month": "9999-12"}, {"week": "0001-W01"}):
        answer = press.get(reverse("office_calendar"), wrong)
        assert (answer.status_code, answer.context["period"]) == (200, NOVEMBER)
        assert "is no week or month" in answer.text
    assert reverse("office_calendar") in press.get(reverse("admin:index")).text


@pytest.mark.parametrize("day", [date(2024, 2, 29), date(2026, 12, 31), date(2027, 1, 1), date(2026, 11, 1)])
def test_periods_lie_side_by_side_and_their_weeks_cover_them(day):
    for period in (Period.week(day), Period.month(day)):
        assert day in period
        assert period.before.last + timedelta(days=1) == period.first
        assert period.end == period.after.begin
        days = [
            week.first + timedelta(days=n) for week in period.weeks() for n in range((week.last - week.first).days + 1)
        ]
        assert days == [period.first + timedelta(days=n) for n in range((period.last - period.first).days + 1)]
        query = dict([period.parameter.removeprefix("?").split("=")])
        assert asked_for(query, today=NOW.date()) == (period, "")


def test_number_of_queries_does_not_grow_and_much_at_once_is_cut(django_assert_max_num_queries):
    publish(make_release("First"), at=NOW - timedelta(hours=1))
    copy_releases(300)
    press = make_superuser()
    with django_assert_max_num_queries(16):
        found = happenings(by=press, period=NOVEMBER, at=NOW)
    assert len(found) == MOST
    assert "more than 200 of a sort" in signed_in(press).get(reverse("office_calendar")).text


def test_calendar_of_a_person_has_what_goes_out_as_far_as_that_person_may_see_it(client):
    make_month()

    def titles(role):
        address = reverse("news:person_calendar", args=[CalendarLink.issue(by=make_user(role), at=NOW)])
        events = Calendar.from_ical(client.get(address).content).walk("VEVENT")
        return {str(event["summary"]): event for event in events}

    found = titles("Press officer")
    told = {
        "Goes out: Under embargo",
        "Went out: Out already",
        "Went out: Of October",
        "Gates open",
        "60 years with Lille",
    }
    # The decision is for whoever is responsible, and this is nobody.
    assert {title for title in found if "Brno" not in title} == told
    assert found["Goes out: Under embargo"].decoded("dtstart") == at_hour(30, 7)
    assert "/admin/news/pressrelease/" in found["Goes out: Under embargo"]["url"]
    public = Calendar.from_ical(client.get("/calendar.ics").content).walk("VEVENT")
    assert str(found["60 years with Lille"]["uid"]) in {str(event["uid"]) for event in public}
