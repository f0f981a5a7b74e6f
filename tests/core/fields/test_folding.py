"""Folded texts: names are found and sorted as readers expect, the same on every database."""

from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from partners import queries
from partners.models import City, Memorandum, Milestone, Theme
from tests.factories import make_city, make_memorandum, make_release, make_theme, make_user, publish
from twinning.core.fields.folding import fill_folded, in_order, sort_key
from twinning.core.templatetags.text import by_name

OUR_MODELS = [model for model in apps.get_models() if model.__module__.startswith(("twinning.", "partners.", "news."))]
READERS_ORDER = ["Aachen", "Århus", "Azul", "Lille", "Łódź", "Lyon", "Ulm", "Úbeda", "Xi'an", "Xiang", "杭州"]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hafnarfjörður", "hafnarfjordur"),
        ("ÞÓRSHÖFN", "thorshofn"),
        ("Xi’an", "xian"),
        ("Nukuʻalofa", "nukualofa"),
        ("Đà Nẵng", "da nang"),
        ("İzmir", "izmir"),
        ("Chişinău", "chisinau"),
        ("Mdina-Rabat Ħamrun", "mdina-rabat hamrun"),
        ("L⁗Aquila", "laquila"),
    ],
)
def test_letters_that_people_cannot_type_are_folded(text, folded):
    assert sort_key(text) == folded


@given(st.text())
@example("⁗")
@example("｀")
def test_anything_can_be_folded_and_stays_folded(text):
    assert sort_key(sort_key(text)) == sort_key(text)


@pytest.mark.django_db
def test_cities_stand_where_a_reader_looks_for_them():
    for number, name in enumerate(reversed(READERS_ORDER)):
        make_city(name, slug=f"city-{number}")
    assert [city.name for city in City.objects.all()] == sorted(READERS_ORDER, key=sort_key)
    found = [city.name for city in City.objects.all()]
    assert found.index("Århus") < found.index("Azul") < found.index("Lille") < found.index("Łódź") < found.index("Lyon")


@pytest.mark.django_db
def test_folded_texts_follow_each_change_and_are_no_content_of_their_own():
    city = make_city("Århus", local_name="Aarhus")
    city.name = "Ærø"
    city.save()
    assert City.objects.get().folded == "aero\naarhus"


@pytest.mark.django_db
def test_upgrade_folds_what_is_there(monkeypatch):
    monkeypatch.setattr("twinning.core.fields.folding.BATCH", 1)
    make_city("Århus")
    make_city("Łódź")
    City.objects.update(folded="")
    fill_folded(apps, SimpleNamespace(connection=connection), names=("partners.City",))
    assert [city.folded for city in City.objects.all()] == ["arhus", "lodz"]


def nullable(model, entry) -> bool:
    name = entry.removeprefix("-") if isinstance(entry, str) else entry.expression.name
    return name != "pk" and model._meta.get_field(name).null


@pytest.mark.parametrize("model", OUR_MODELS, ids=lambda model: model.__name__)
def test_what_is_empty_has_a_place_in_every_order(model):
    """PostgreSQL puts it last, SQLite first, where nobody says."""
    unsaid = [
        entry
        for entry in model._meta.ordering
        if nullable(model, entry) and (isinstance(entry, str) or entry.nulls_first is entry.nulls_last is None)
    ]
    # The public reads releases with a moment only, by an index; the back office's list has an order of its own.
    assert unsaid == (["-issued_at"] if model.__name__ == "PressRelease" else [])


@pytest.mark.django_db
def test_proposed_city_without_a_beginning_stands_last():
    publish(make_city("Azul", since="", is_proposed=True))
    publish(make_city("Brno", since="1991"))
    publish(make_city("Århus", since="1969"))
    assert [city.name for city in queries.cities(at=timezone.now())] == ["Århus", "Brno", "Azul"]


@pytest.mark.django_db
def test_milestone_of_an_open_date_stands_first():
    city = make_city()
    for date in ("1949", "before 1949", "1948"):
        Milestone.objects.create(city=city, date=date, title=date)
    assert [milestone.title for milestone in city.milestones.all()] == ["before 1949", "1948", "1949"]


@pytest.mark.parametrize(
    ("model", "name", "column"),
    [
        (City, "name", "folded"),
        (City, "-name", "-folded"),
        (City, "kind", "kind"),
        (Memorandum, "title", "folded"),
        (Theme, "summary", "summary"),
    ],
)
def test_list_is_sorted_by_what_is_folded(model, name, column):
    assert in_order(model, name) == column


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("since", models.F("since_earliest").asc(nulls_first=True)),
        ("-since", models.F("since_earliest").desc(nulls_last=True)),
        ("publish_at", models.F("publish_at").asc(nulls_first=True)),
    ],
)
def test_list_is_sorted_by_dates_with_what_is_empty_at_the_same_end(name, order):
    assert in_order(City, name) == order


def test_chips_and_lists_of_rows_are_in_order():
    rows = [{"name": name} for name in ("Zürich", "Xi'an", "Úbeda", "Århus", "Aachen", "Ulm")]
    assert [row["name"] for row in by_name(rows)] == ["Aachen", "Århus", "Úbeda", "Ulm", "Xi'an", "Zürich"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("partners/city", "Hafnarfjordur"),
        ("partners/city", "xian"),
        ("partners/city", "州"),
        ("partners/city", '"arhus city"'),
        ("partners/memorandum", '"of arhus"'),
        ("partners/theme", "energia"),
        ("news/pressrelease", "hafnarfjordur"),
        ("core/user", "jozef"),
    ],
)
def test_list_of_the_back_office_finds_what_is_meant(root, path, query):
    city = make_city("Hafnarfjörður", other_names="Xi’an, 苏州市, Århus City")
    make_memorandum(city, title="An agreement")
    make_memorandum(title="Of Århus")
    make_theme("Energía", slug="energia-tema")
    make_release("Other", cities=[city])
    make_user(username="someone", first_name="Józef")
    response = root.get(f"/admin/{path}/", {"q": query})
    assert response.context["cl"].result_count == 1


@pytest.mark.django_db
def test_chooser_finds_what_is_meant_and_offers_it_in_order(root):
    for name in ("Lyon", "Łódź", "Lille", "Hafnarfjörður"):
        make_city(name, slug=name[:1].lower().replace("ł", "w") + name[-1:].lower().replace("ź", "z"))
    asked = {"app_label": "partners", "model_name": "memorandum", "field_name": "cities"}
    offered = root.get("/admin/autocomplete/", asked | {"term": "l"}).json()["results"]
    assert [one["text"] for one in offered] == ["Lille, Germany", "Łódź, Germany", "Lyon, Germany"]
    assert [one["text"] for one in root.get("/admin/autocomplete/", asked | {"term": "fjordur"}).json()["results"]] == [
        "Hafnarfjörður, Germany"
    ]
