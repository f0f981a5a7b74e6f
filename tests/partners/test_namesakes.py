"""Two cities of one name are told apart wherever one of them is named or chosen."""

import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from partners.models import City
from partners.models.data_ids import new_data_id
from tests.back_office import form_url
from tests.factories import make_city, make_memorandum, make_release, publish
from twinning.core.search.results import Results
from twinning.core.search.triggers import lay_triggers

pytestmark = pytest.mark.django_db

ASKED = {"app_label": "partners", "model_name": "memorandum", "field_name": "cities"}


@pytest.fixture
def frankfurts():
    return [
        publish(make_city("Frankfurt (Oder)", slug="frankfurt-oder", latitude="52.3472", longitude="14.5506")),
        publish(
            make_city("Frankfurt (Kentucky)", slug="frankfurt-kentucky", country="US", time_zone="America/New_York")
        ),
    ]


def test_second_city_of_a_name_is_asked_for_what_tells_it_apart():
    make_city("Santiago", slug="santiago", country="CL")
    second = City.objects.get()
    second.pk, second.slug, second.country, second.data_id = None, "santiago-es", "ES", new_data_id()
    with pytest.raises(ValidationError, match="Write the country behind it") as refused:
        second.full_clean()
    assert list(refused.value.error_dict) == ["name"]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_city("Santiago", slug="santiago-es", country="ES")
    second.name = "Santiago (Spain)"
    second.full_clean()


def test_choosers_say_the_country(root, frankfurts):
    offered = root.get("/admin/autocomplete/", ASKED | {"term": "frankfurt"}).json()["results"]
    assert [one["text"] for one in offered] == [
        "Frankfurt (Kentucky), United States of America",
        "Frankfurt (Oder), Germany",
    ]


def test_what_was_chosen_says_the_country(root, frankfurts):
    agreement = make_memorandum(frankfurts[0])
    page = root.get(form_url(agreement)).content.decode()
    assert ">Frankfurt (Oder), Germany</option>" in page


@pytest.mark.parametrize("path", ["/", "/cities/", "/news/", "/agreements/", "/search/?q=frankfurt", "/news/both/"])
def test_public_pages_tell_them_apart(client, frankfurts, path):
    publish(make_memorandum(*frankfurts))
    publish(make_release("Both", slug="both", cities=frankfurts))
    page = re.sub("</?mark>", "", client.get(path).content.decode())
    assert "Frankfurt (Oder)" in page
    assert "Frankfurt (Kentucky)" in page
    assert page.count("Frankfurt") == page.count("Frankfurt (")


@pytest.fixture
def names_shared(transactional_db):
    """As before the upgrade: several cities can have one name."""
    field, free = City._meta.get_field("name"), models.CharField(max_length=100)
    free.set_attributes_from_name("name")
    free.model = City
    with connection.schema_editor() as schema_editor:
        schema_editor.alter_field(City, field, free)
    yield
    City.objects.all().delete()
    with connection.schema_editor() as schema_editor:
        schema_editor.alter_field(City, free, field)
    lay_triggers(using="default", plan=[])  # SQLite has built the table anew


def test_upgrade_tells_apart_what_shares_a_name(names_shared):
    for slug, country in (("a", "DE"), ("b", "US"), ("c", "US"), ("other", "CL")):
        publish(make_city("Santiago" if slug == "other" else "Frankfurt", slug=slug, country=country))
    Results("frankfurt", at=timezone.now())
    migration = import_module("partners.migrations.0008_tell_cities_apart")
    migration.tell_apart(apps, SimpleNamespace(connection=connection))
    assert [city.name for city in City.objects.order_by("slug")] == [
        "Frankfurt (Germany)", "Frankfurt (b)", "Frankfurt (c)", "Santiago",
    ]  # fmt: skip
    assert City.objects.get(slug="a").folded == "frankfurt (germany)"
    found = {hit.title for hit in Results("frankfurt", at=timezone.now())[:9]}
    assert found == {"Frankfurt (Germany)", "Frankfurt (b)", "Frankfurt (c)"}
