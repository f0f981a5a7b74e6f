"""Many-to-many relations in forms: read as keys, and written where somebody changed them."""

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from news.models import PressRelease
from tests.factories import make_city, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def release() -> PressRelease:
    return make_release(cities=[make_city("Lille"), make_city("Brno")])


def test_form_begins_with_the_keys_of_what_is_named(release):
    keys = set(release.cities.values_list("pk", flat=True))
    assert set(model_to_dict(release)["cities"]) == keys
    assert model_to_dict(release)["themes"] == model_to_dict(PressRelease())["cities"] == []


def test_related_records_of_the_same_kind_are_told_apart(release):
    other = make_release()
    release.related.add(other)
    assert model_to_dict(release)["related"] == [other.pk]
    assert model_to_dict(other)["related"] == []


def test_what_is_named_as_before_is_not_written_again(release):
    field, cities = PressRelease._meta.get_field("cities"), list(release.cities.all())
    with CaptureQueriesContext(connection) as done:
        field.save_form_data(release, cities[::-1])
    assert [query["sql"].split()[0] for query in done.captured_queries] == ["SELECT"]
    field.save_form_data(release, cities[1:])
    assert list(release.cities.all()) == cities[1:]
    field.save_form_data(release, [])
    assert not release.cities.exists()
