"""Moments: printed with their zone, typed in local time, and asked about where the clocks change."""

from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from news.models import PressRelease, ReleaseContact
from partners.models import Theme
from tests.back_office import errors, form_url, press, signed_in
from tests.factories import hide, make_contact, make_release, make_theme, make_user, publish
from twinning.core.fields.moments import MomentField, meanings, moment_in_words

ZONES = ["Europe/London", "Africa/Johannesburg", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]
BST, GMT = "2026-10-25T01:30+01:00", "2026-10-25T01:30+00:00"
BEFORE, AFTER = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
NONSENSE = [
    *("x", "\x00", "x" * 9000, "-1", "2026-02-30T12:00", "2026-10-25T99:99", "12026-10-25T01:30", "9" * 400),
    *("0001-01-01T00:00", "0026-10-25T01:30", "9999-12-31T23:59", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"),
]


class Appointment(forms.Form):
    at = MomentField(required=False)


class Browser(HTMLParser):
    """What a page sends back when nobody touches it: fields, and the choices that are made."""

    def __init__(self, page):
        super().__init__()
        self.sent, self.offered = {}, []
        self.feed(str(page))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag != "input":
            return
        if attrs["type"] == "radio":
            self.offered.append(attrs["value"])
        if attrs["type"] != "radio" or "checked" in attrs:
            self.sent[attrs["name"]] = attrs.get("value", "")


def said(form) -> list[str]:
    return form.errors.get("at", [])


# In words -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "moment", "words"),
    [
        ("Europe/London", datetime(2027, 3, 4, 0, 1, tzinfo=UTC), "Thursday 4 March 2027, 00:01 GMT"),
        ("Europe/London", datetime(2027, 7, 4, 0, 1, tzinfo=UTC), "Sunday 4 July 2027, 01:01 BST"),
        ("Europe/London", BEFORE, "Sunday 25 October 2026, 01:30 BST"),
        ("Europe/London", AFTER, "Sunday 25 October 2026, 01:30 GMT"),
        ("America/New_York", AFTER, "Saturday 24 October 2026, 21:30 EDT"),
        ("Africa/Johannesburg", AFTER, "Sunday 25 October 2026, 03:30 SAST"),
        ("Europe/London", None, ""),
    ],
)
def test_moment_is_printed_with_its_zone(zone, moment, words):
    with timezone.override(zone):
        assert moment_in_words(moment) == words


@pytest.mark.django_db
def test_photo_call_in_an_hour_that_comes_twice_names_its_zone(client):
    event = {"kind": "photo-call", "event_what": "Owls", "event_where": "Roundhay Park"}
    release = make_release(event_starts_at=BEFORE, **event)
    ReleaseContact.objects.create(release=release, contact=make_contact())
    publish(release)
    assert "Sunday 25 October 2026, 01:30 BST<" in client.get(release.get_absolute_url()).content.decode()


# Typed ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2027-07-01T09:30", "2027-07-01 09:30", "01/07/2027 09:30"])
def test_typed_time_is_local_time(typed):
    form = Appointment({"at": typed})
    assert form.is_valid()
    assert form.cleaned_data["at"] == datetime(2027, 7, 1, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "typed", "why", "labels"),
    [
        (
            *("Europe/London", "2026-10-25T01:30", "On this day the clocks go back, and 01:30 comes twice."),
            [
                "Sunday 25 October 2026, 01:30 BST (before the clocks go back)",
                "Sunday 25 October 2026, 01:30 GMT (after the clocks go back)",
            ],
        ),
        (
            *("Europe/London", "2027-03-28T01:30", "On this day the clocks go forward, and 01:30 never comes."),
            [
                "Sunday 28 March 2027, 00:30 GMT (before the clocks go forward)",
                "Sunday 28 March 2027, 02:30 BST (after the clocks go forward)",
            ],
        ),
        (
            *("America/New_York", "2026-11-01T01:15", "On this day the clocks go back, and 01:15 comes twice."),
            [
                "Sunday 1 November 2026, 01:15 EDT (before the clocks go back)",
                "Sunday 1 November 2026, 01:15 EST (after the clocks go back)",
            ],
        ),
        (
            *("America/New_York", "2027-03-14T02:00", "On this day the clocks go forward, and 02:00 never comes."),
            [
                "Sunday 14 March 2027, 01:00 EST (before the clocks go forward)",
                "Sunday 14 March 2027, 03:00 EDT (after the clocks go forward)",
            ],
        ),
    ],
)
def test_time_that_the_clocks_leave_open_is_offered_as_two_moments(zone, typed, why, labels):
    with timezone.override(zone):
        form = Appointment({"at": typed})
        assert [error.startswith(why) for error in said(form)] == [True]
        page = str(form["at"])
        assert [page.count(label) for label in labels] == [1, 1]
        assert page.index(labels[0]) < page.index(labels[1])
        assert Browser(page).sent == {"at": typed}
        for label, choice in zip(labels, Browser(page).offered, strict=True):
            chosen = Appointment({"at": typed, "at_choice": choice})
            assert chosen.is_valid()
            assert label.startswith(moment_in_words(chosen.cleaned_data["at"]))


@pytest.mark.parametrize("typed", ["2026-10-25T00:59", "2026-10-25T02:00", "2027-03-28T00:59", "2027-03-28T02:00"])
def test_times_around_a_change_are_not_asked_about(typed):
    form = Appointment({"at": typed})
    assert form.is_valid()
    assert Browser(form["at"]).offered == []


@pytest.mark.parametrize("typed", ["2026-10-25T01:30", "2027-03-28T01:30"])
def test_zone_without_changes_never_asks(typed):
    with timezone.override("Africa/Johannesburg"):
        form = Appointment({"at": typed})
        assert form.is_valid()
        assert Browser(form["at"]).offered == []


@pytest.mark.parametrize(
    "choice", ["2026-10-25T01:45+01:00", "2026-10-25T01:30+05:00", "2026-10-25T01:30", "x", "\x00", ""]
)
def test_choice_that_belongs_to_no_typed_time_is_asked_for_again(choice):
    form = Appointment({"at": "2026-10-25T01:30", "at_choice": choice})
    assert len(said(form)) == 1
    assert Browser(form["at"]).sent == {"at": "2026-10-25T01:30"}
    assert Browser(form["at"]).offered == [BST, GMT]


def test_time_that_was_changed_afterwards_wins_over_the_choice():
    form = Appointment({"at": "2026-10-25T03:00", "at_choice": GMT})
    assert form.is_valid()
    assert form.cleaned_data["at"] == datetime(2026, 10, 25, 3, 0, tzinfo=UTC)
    emptied = Appointment({"at": "", "at_choice": GMT})
    assert emptied.is_valid()
    assert emptied.cleaned_data["at"] is None


@pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland", "America/New_York"])
@pytest.mark.parametrize("typed", NONSENSE)
def test_nonsense_is_refused_with_the_remedy_and_kept(zone, typed):
    with timezone.override(zone):
        form = Appointment({"at": typed, "at_choice": typed}, initial={"at": BEFORE})
        assert said(form) == ["Enter a valid date/time. The year has to lie between 1900 and 2999."]
        assert form["at"].value() == typed
        assert form.has_changed()
        assert Browser(form["at"]).offered == []


@pytest.mark.parametrize("year", [1, 9999])
def test_stored_moment_at_the_end_of_all_years_breaks_no_form(year):
    for zone in ("Pacific/Auckland", "America/New_York"):
        with timezone.override(zone):
            for moment in (datetime(year, 1, 1, tzinfo=UTC), datetime(year, 12, 31, 23, 59, tzinfo=UTC)):
                assert str(year) in str(Appointment(initial={"at": moment})["at"])


# Read and sent back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
@pytest.mark.parametrize("zone", ["UTC", "Europe/London"])
def test_stored_moment_in_the_hour_that_comes_twice_stays_where_it_is(moment, zone):
    stored = {"at": moment.astimezone(ZoneInfo(zone))}
    sent = Browser(Appointment(initial=stored)["at"]).sent
    assert sent == {"at": "2026-10-25T01:30", "at_choice": BST if moment == BEFORE else GMT}
    unchanged = Appointment(sent, initial=stored)
    assert unchanged.is_valid()
    assert (unchanged.cleaned_data["at"], unchanged.has_changed()) == (moment, False)
    other = Appointment(sent | {"at_choice": GMT if moment == BEFORE else BST}, initial=stored)
    assert other.is_valid()
    assert other.cleaned_data["at"] == (AFTER if moment == BEFORE else BEFORE)
    assert other.has_changed()


def test_choice_is_kept_when_something_else_is_wrong():
    for typed, choice in [("2026-10-25T01:30", GMT), ("2027-03-28T01:30", "2027-03-28T01:30+01:00")]:
        sent = {"at": typed, "at_choice": choice}
        assert Browser(Appointment(sent)["at"]).sent == sent


@cache
def changes_of_the_clocks(zone: str) -> list[datetime]:
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(24 * 366)]
    offsets = [hour.astimezone(ZoneInfo(zone)).utcoffset() for hour in hours]
    return [hour for hour, before, after in zip(hours[1:], offsets, offsets[1:], strict=False) if before != after]


def moments(zone: str):
    """Moments from 1990 to 2060, half of them around a change of the clocks where there is one."""
    anywhen = st.datetimes(datetime(1990, 1, 1), datetime(2060, 12, 31), timezones=st.just(UTC))
    changes = changes_of_the_clocks(zone)
    if not changes:
        return anywhen
    seconds = st.integers(-7200, 7200)
    return anywhen | st.builds(lambda at, n: at + timedelta(seconds=n), st.sampled_from(changes), seconds)


@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_every_moment_survives_the_way_through_the_form(zone, data):
    moment = data.draw(moments(zone))
    with timezone.override(zone):
        form = Appointment(Browser(Appointment(initial={"at": moment})["at"]).sent, initial={"at": moment})
        assert form.is_valid()
        assert (form.cleaned_data["at"], form.has_changed()) == (moment.replace(microsecond=0), False)


@pytest.mark.parametrize("zone", ZONES)
@given(data=st.data())
def test_local_time_means_one_moment_or_is_asked_about(zone, data):
    local = data.draw(moments(zone)).replace(tzinfo=None, second=0, microsecond=0)
    with timezone.override(zone):
        meant = meanings(local)
        form = Appointment({"at": local.isoformat()})
        assert form.is_valid() == (len(meant) == 1)
        assert len(Browser(form["at"]).offered) == (0 if len(meant) == 1 else 2)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_read_or_refused_but_never_fails(typed, choice):
    form = Appointment({"at": typed, "at_choice": choice})
    form.is_valid()
    assert 'name="at"' in str(form["at"])


# In the back office ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_publication_in_an_hour_that_comes_twice_is_chosen_and_kept(time_machine):
    time_machine.move_to(datetime(2026, 9, 1, tzinfo=UTC))
    theme = hide(make_theme(), "in-review", now=timezone.now())
    approver = signed_in(make_user("Approver"))
    asked = press(approver, theme, "_approve", publish_at="2026-10-25T01:30", summary="Typed.")
    assert [error.partition(".")[0] for error in errors(asked)] == [
        "publish_at: On this day the clocks go back, and 01:30 comes twice"
    ]
    assert f'value="{GMT}"' in asked.content.decode()
    assert asked.context["adminform"].form["summary"].value() == "Typed."
    press(approver, theme, "_approve", publish_at="2026-10-25T01:30", publish_at_choice=GMT)
    assert Theme.objects.get().publish_at == AFTER
    assert "Scheduled for Sunday 25 October 2026, 01:30 GMT" in approver.get(form_url(theme)).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["event_starts_at", "pinned_until"])
def test_every_moment_of_a_record_is_asked_about(name):
    release, officer = make_release(), signed_in(make_user("Press officer"))
    asked = press(officer, release, **{name: "2027-03-28T01:30"})
    assert [error.partition(":")[0] for error in errors(asked)] == [name]
    press(officer, release, **{name: "2027-03-28T01:30", f"{name}_choice": "2027-03-28T01:30+01:00"})
    assert getattr(PressRelease.objects.get(), name) == datetime(2027, 3, 28, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_council_elsewhere_has_its_own_zone_and_its_own_changes(settings):
    settings.TIME_ZONE = "America/New_York"
    release, officer = make_release(), signed_in(make_user("Press officer"))
    asked = press(officer, release, event_starts_at="2026-11-01T01:15").content.decode()
    assert "When (New York time)" in asked
    assert "Sunday 1 November 2026, 01:15 EST (after the clocks go back)" in asked
    press(officer, release, event_starts_at="2026-10-25T01:30")
    assert PressRelease.objects.get().event_starts_at == datetime(2026, 10, 25, 5, 30, tzinfo=UTC)
