"""Cities: validation, database constraints and computed values."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from partners.models import City, Focus, Milestone, Programme
from tests.errors import refusal
from tests.factories import make_city, make_contact, make_release, make_theme, publish

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("latitude", "200", "max_value"),
        ("longitude", "-200", "min_value"),
        ("time_zone", "Europe/Leeds", "unknown_time_zone"),
        ("wikidata_id", "1295", "invalid"),
        ("local_language", "German", "invalid"),
        ("country", "XX", "invalid_choice"),
        ("hue", 13, "invalid_choice"),
    ],
)
def test_wrong_fact_is_refused_at_its_field(field, value, code):
    city = make_city()
    setattr(city, field, value)
    assert f"{field}: {code}" in refusal(city.full_clean)


@pytest.mark.parametrize("since", ["31 February 1969", "196?"])
def test_wrong_date_is_refused_at_its_field_and_quoted(since):
    city = make_city()
    city.since = since
    with pytest.raises(ValidationError) as refused:
        city.full_clean()
    assert f"“{since}”" in refused.value.message_dict["since"][0]


@pytest.mark.parametrize(
    "facts",
    [
        {"latitude": 200},
        {"longitude": -200},
        {"population": 600_000},
    ],
)
def test_database_refuses_what_cannot_be(facts):
    city = make_city()
    for name, value in facts.items():
        setattr(city, name, value)
    with pytest.raises(ValidationError):
        city.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        city.save()


def test_cities_sort_by_the_earliest_day_that_their_date_can_mean():
    for name, since in [("Brno", "1991"), ("Siegen", "196X"), ("Lille", "1968-10-15"), ("Durban", "")]:
        make_city(name, since=since)
    ordered = City.objects.exclude(since="").order_by("since_earliest")
    assert [city.name for city in ordered] == ["Siegen", "Lille", "Brno"]


def test_bounds_follow_when_the_date_changes():
    city = make_city(since="196X")
    city.since = "February 2021"
    city.save()
    city.refresh_from_db()
    assert (str(city.since_earliest), str(city.since_latest), str(city.since)) == (
        "2021-02-01",
        "2021-02-28",
        "February 2021",
    )


def test_partnership_is_published_with_its_reason_and_its_beginning():
    assert refusal(publish, make_city(why="", since="")) == ["why: no_reason", "since: no_beginning"]


def test_proposed_partnership_needs_no_beginning():
    publish(make_city(since="", is_proposed=True))


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("Europe/Berlin", 1),
        ("Asia/Shanghai", 8),
        ("Africa/Johannesburg", 2),
        ("Asia/Kolkata", 5.5),
        ("America/New_York", -5),
    ],
)
def test_clocks_are_compared_at_a_moment(zone, hours):
    assert make_city(time_zone=zone).hours_ahead(at=datetime(2026, 11, 21, 12, tzinfo=UTC)) == hours


def test_distance_is_measured_from_home():
    assert make_city(latitude=51.5136, longitude=7.4653).distance == pytest.approx(658, abs=2)


@pytest.mark.parametrize("name_it", [
    lambda city: make_release(cities=[city]),
    lambda city: make_contact().cities.add(city),
])  # fmt: skip
def test_city_in_use_is_not_deleted(name_it):
    city = make_city()
    name_it(city)
    with pytest.raises(ProtectedError):
        City.objects.filter(pk=city.pk).delete()


def test_theme_in_use_is_not_deleted_and_parts_go_with_their_city():
    city, theme = make_city(), make_theme()
    Focus.objects.create(city=city, theme=theme)
    Milestone.objects.create(city=city, date="1969", title="A letter")
    with pytest.raises(ProtectedError), transaction.atomic():
        theme.delete()
    city.delete()
    theme.delete()
    assert not Milestone.objects.exists()


def test_there_is_one_introduction():
    Programme.objects.create(pk=1, headline="Six cities", lead="Friends.")
    with pytest.raises(IntegrityError):
        Programme.objects.create(pk=2, headline="Seven cities", lead="Friends.")
