"""Template filters: differences between clocks are told right for every zone."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partners.models import City
from twinning.core.templatetags.text import clock_difference

QUARTERS = {"¼": Fraction(1, 4), "½": Fraction(1, 2), "¾": Fraction(3, 4)}


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (0, "Same time"),
        (1, "1 hour ahead"),
        (-5, "5 hours behind"),
        (5.5, "5½ hours ahead"),
        (10.5, "10½ hours ahead"),
        (20.5, "20½ hours ahead"),
        (5.75, "5¾ hours ahead"),
        (0.5, "½ hours ahead"),
        (-3.5, "3½ hours behind"),
        (1 / 3, "0:20 hours ahead"),
    ],
)
def test_clock_difference_is_told_in_words(hours, words):
    assert clock_difference(hours) == words


def told(words: str) -> Fraction:
    """The hours that the words tell."""
    if words == "Same time":
        return Fraction(0)
    number, _hours, direction = words.split()
    whole, minutes = number.rstrip("¼½¾"), Fraction(0)
    if ":" in whole:
        whole, _colon, rest = whole.partition(":")
        minutes = Fraction(int(rest), 60)
    hours = int(whole or 0) + minutes + QUARTERS.get(number[-1], 0)
    return hours if direction == "ahead" else -hours


@given(
    st.sampled_from(sorted(available_timezones())),
    st.sampled_from(sorted(available_timezones())),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),
)
@settings(deadline=None, max_examples=500)
def test_every_zone_of_the_world_is_told_right_on_every_day(there, here, moment):
    at = moment.replace(tzinfo=UTC)
    offset = at.astimezone(ZoneInfo(there)).utcoffset() - at.astimezone(ZoneInfo(here)).utcoffset()
    assert told(clock_difference(offset.total_seconds() / 3600)) * 60 == offset / timedelta(minutes=1)


EVERYWHERE = [City(time_zone=zone) for zone in sorted(available_timezones())]


@pytest.mark.parametrize("day", range(0, 366, 6))
def test_every_zone_is_told_right_from_home(day, settings):
    at, home = datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(days=day), ZoneInfo(settings.TIME_ZONE)
    for city in EVERYWHERE:
        offset = at.astimezone(ZoneInfo(city.time_zone)).utcoffset() - at.astimezone(home).utcoffset()
        words = clock_difference(city.hours_ahead(at=at))
        assert told(words) * 60 == offset / timedelta(minutes=1), city.time_zone
