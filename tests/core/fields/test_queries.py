"""Queries that are compiled once: they answer as the queryset does, for whatever values."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from partners.models import City, Theme
from tests.factories import PAST, make_city, make_theme, publish
from twinning.core.fields.queries import compiled, local_day

pytestmark = pytest.mark.django_db


@compiled
def cities(at: datetime, slug: str):
    public = City.objects.published(at=at).order_by("slug")
    return public.filter(slug=slug) if slug else public


@compiled
def among(keys: list[int]):
    return City.objects.filter(pk__among=keys).order_by("slug")


def test_each_run_takes_its_own_values(compiled_anew):
    one, other = publish(make_city("Lille"), at=PAST), publish(make_city("Brno"), at=PAST + timedelta(days=9))
    assert cities(at=PAST) == [one]
    assert cities(at=PAST + timedelta(days=9)) == [other, one]
    assert cities(at=PAST - timedelta(seconds=1)) == []
    assert cities(at=timezone.now(), slug=one.slug) == [one]
    assert cities(at=timezone.now(), slug=other.slug) == [other]
    assert cities(at=timezone.now(), slug="' OR 1=1 --") == []


def test_sql_is_built_once(compiled_anew):
    built = []

    @compiled
    def themes(slug: str):
        built.append(slug)
        return Theme.objects.filter(slug=slug)

    theme = make_theme()
    assert [themes(slug=theme.slug), themes(slug="another"), themes(slug=theme.slug)] == [[theme], [], [theme]]
    assert len(built) == 1


def test_lists_of_any_length(compiled_anew):
    found = [make_city(name) for name in ("Brno", "Durban", "Lille")]
    keys = [city.pk for city in found]
    assert among(keys=keys[:1]) == found[:1]
    assert among(keys=keys[::-1]) == found
    assert among(keys=keys[1:2]) == found[1:2]
    assert among(keys=[]) == []


def test_records_are_whole(compiled_anew):
    publish(make_city("Lille"))
    (kept,), fresh = cities(at=timezone.now()), City.objects.get()
    assert {k: v for k, v in vars(kept).items() if k != "_state"} == {
        k: v for k, v in vars(fresh).items() if k != "_state"
    }
    kept.summary = "Saved as any other."
    kept.save()
    assert City.objects.get().summary == "Saved as any other."


@compiled
def to_review(at: datetime):
    today = local_day(at)
    return City.objects.filter(review_on__gte=today, review_on__lt=today + timedelta(days=2)).order_by("slug")


def test_place_of_a_moment_has_places_of_its_day_and_of_later_days(compiled_anew):
    lille, brno = make_city("Lille", review_on=date(2026, 8, 1)), make_city("Brno", review_on=date(2026, 8, 2))
    late_in_july = datetime.fromisoformat("2026-07-31T23:30:00+00:00")  # after midnight in Leeds
    assert to_review(at=late_in_july) == [brno, lille]
    assert to_review(at=late_in_july - timedelta(hours=1)) == [lille]
    assert to_review(at=late_in_july + timedelta(days=2)) == []


def test_day_of_a_moment_is_the_councils_own():
    assert local_day(datetime.fromisoformat("2026-07-31T23:30:00+00:00")) == date(2026, 8, 1)


@compiled
def names(at: datetime):
    return City.objects.published(at=at).order_by("slug").values_list("name", "since_earliest", "latitude")


@compiled
def slugs(at: datetime):
    return City.objects.published(at=at).order_by("slug").values_list("slug", flat=True)


def test_rows_of_values_are_those_of_django(compiled_anew):
    for name in ("Lille", "Brno"):
        publish(make_city(name))
    now = timezone.now()
    public = City.objects.published(at=now).order_by("slug")
    assert names(at=now) == list(public.values_list("name", "since_earliest", "latitude"))
    assert slugs(at=now) == list(public.values_list("slug", flat=True)) == ["brno", "lille"]
    assert slugs(at=PAST - timedelta(days=1)) == []
