from io import StringIO

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.utils import timezone

from partners.models import City, Milestone
from tests.factories import make_city, make_release, publish
from twinning.core.management.commands import rebuild_search
from twinning.core.models import SearchEntry
from twinning.core.search.index import GATE
from twinning.core.search.results import Results

pytestmark = pytest.mark.django_db


def rebuild() -> str:
    output = StringIO()
    call_command("rebuild_search", stdout=output)
    return output.getvalue()


def titles(query: str) -> list[str]:
    return [hit.title for hit in Results(query, at=timezone.now())[:10]]


def test_it_writes_what_saving_would_have_written():
    city = publish(make_city("Brno"))
    Milestone.objects.create(city=city, date="2003", title="The memorandum", text="<p>Signed at last.</p>")
    publish(make_release("Brno signs"))
    columns = ("content_type", "object_id", "slug", "title", "text", "words", "title_words", *GATE)
    saved = list(SearchEntry.objects.order_by("slug").values(*columns))
    SearchEntry.objects.all().delete()
    assert titles("brno") == []
    rebuild()
    assert list(SearchEntry.objects.order_by("slug").values(*columns)) == saved
    assert sorted(titles("brno")) == ["Brno", "Brno signs"]


def test_what_was_written_past_the_models_is_found_afterwards():
    city = publish(make_city("Brno"))
    City.objects.filter(pk=city.pk).update(name="Lyon", summary="On the Rhône.")
    rebuild()
    assert titles("brno") == []
    assert titles("lyon") == ["Lyon"]


def test_entries_without_a_record_are_forgotten():
    kind = ContentType.objects.get_for_model(City)
    SearchEntry.objects.create(content_type=kind, object_id=4711, slug="left-over", title="Left over")
    rebuild()
    assert not SearchEntry.objects.exists()


def test_it_says_how_far_it_is(monkeypatch):
    monkeypatch.setattr(rebuild_search, "BATCH", 2)
    for name in ("Brno", "Durban", "Lille"):
        make_city(name)
    assert "  2 of 3 …\nCities: 3 indexed\n" in rebuild()


def test_it_asks_no_more_of_the_database_for_more_records(django_assert_max_num_queries):
    for number in range(12):
        make_release(f"Release {number}")
    with django_assert_max_num_queries(36):
        rebuild()
