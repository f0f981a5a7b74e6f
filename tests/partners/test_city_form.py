"""The form of a city: the place that its name means, and what is probably there already."""

import pytest
from django.urls import reverse

from partners.models import City, FormerName
from tests.back_office import form_url, press
from tests.errors import codes_in
from tests.factories import make_city

pytestmark = pytest.mark.django_db

BRASOV = {
    "name": "Brasov", "country": "RO", "latitude": "45.6486", "longitude": "25.6061", "time_zone": "Europe/Bucharest",
    "summary": "A friendship.", "since": "1990", "why": "<p>Peace.</p>",
}  # fmt: skip
DOUBLE = ["name: probable_double"]


def brasov(**fields) -> City:
    where = {name: BRASOV[name] for name in ("country", "latitude", "longitude", "time_zone")}
    return make_city("Brașov", slug="brasov-there", **where | fields)


# Proposals ------------------------------------------------------------------------------------------------------------


def proposals(client, **asked) -> dict:
    return client.get(reverse("admin:partners_city_proposals"), asked).json()


def test_name_proposes_places_with_all_that_is_known(editor):
    [place] = proposals(editor, q="Brasov")["places"]
    assert (place["name"], place["where"], place["people"], place["here"]) == (
        "Brașov", "Romania", "253,200 people", [],
    )  # fmt: skip
    assert place["fields"]["time_zone"] == "Europe/Bucharest"
    assert "253,200" in place["said"]


def test_proposal_says_what_is_probably_there_with_a_link(editor):
    city = brasov()
    [place] = proposals(editor, q="brasov")["places"]
    assert place["here"] == [{"name": "Brașov, Romania", "url": form_url(city)}]
    assert proposals(editor, q="brasov", but=city.pk)["places"][0]["here"] == []


@pytest.mark.parametrize(
    "asked", [{}, {"q": ""}, {"q": "qqqq"}, {"q": "|\x01"}, {"q": "brasov", "but": "9" * 18}, {"q": "x", "but": "-1"}]
)
def test_nonsense_is_answered(editor, asked):
    assert editor.get(reverse("admin:partners_city_proposals"), asked).status_code == 200
    assert editor.get(reverse("admin:partners_city_places"), asked).status_code == 200


def test_proposals_take_few_queries(editor, django_assert_max_num_queries):
    for number in range(30):
        make_city(f"City {number}")
    with django_assert_max_num_queries(8):
        proposals(editor, q="Frankfurt")


def test_page_without_javascript_leads_to_a_form_that_is_filled_in(editor):
    page = editor.get(reverse("admin:partners_city_places"), {"q": "北京"}).content.decode()
    url = page.split(f'href="{form_url(City)}?place=')[1].split('"')[0]
    form = editor.get(f"{form_url(City)}?place={url}").context["adminform"].form
    shown = {name: form[name].value() for name in ("name", "slug", "country", "latitude", "time_zone", "local_name")}
    assert shown == {
        "name": "Beijing", "slug": "beijing", "country": "CN", "latitude": "39.9075",
        "time_zone": "Asia/Shanghai", "local_name": "北京",
    }  # fmt: skip


@pytest.mark.parametrize("number", ["", "0", "1", "999999999", "-4", "x", "٣", "4" * 30])
def test_place_that_is_none_leaves_the_form_empty(editor, number):
    assert not editor.get(form_url(City), {"place": number}).context["adminform"].form["name"].value()


# Doubles --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["Brasov", "Braşov", "BRAȘOV", "Brasov (Romania)"])
def test_same_name_is_asked_about_wherever_it_lies(editor, typed):
    brasov(latitude="10", longitude="10")
    assert codes_in(press(editor, City, **BRASOV | {"name": typed})) == DOUBLE
    assert City.objects.count() == 1


@pytest.mark.parametrize(
    "typed", [{"name": "Kronstadt"}, {"local_name": "Kronstadt"}, {"other_names": "Corona, kronstadt"}]
)
@pytest.mark.parametrize("kept_as", ["other_names", "former"])
def test_other_and_former_names_count(editor, typed, kept_as):
    there = {"other_names": "Kronstadt"} if kept_as == "other_names" else {}
    city = make_city("Stalin", latitude="10", longitude="10", **there)
    if kept_as == "former":
        FormerName.objects.create(city=city, name="Kronstadt")
    assert codes_in(press(editor, City, **BRASOV | {"name": "Elsewhere"} | typed)) == DOUBLE


@pytest.mark.parametrize(("north", "is_near"), [("45.7", True), ("45.73", True), ("45.75", False)])
def test_a_place_nearer_than_ten_kilometres_is_asked_about(editor, north, is_near):
    make_city("Râșnov", slug="rasnov", latitude=north, longitude="25.6061")
    response = press(editor, City, **BRASOV)
    assert response.status_code == (200 if is_near else 302)
    if is_near:
        assert codes_in(response) == DOUBLE


def test_question_has_a_link_and_can_be_answered(editor):
    city = brasov()
    response = press(editor, City, **BRASOV)
    page = response.content.decode()
    assert f'<a href="{form_url(city)}">Brașov, Romania</a>' in page
    assert 'value="Europe/Bucharest"' in page  # what was typed
    answer = {"another_place": response.context["adminform"].form.keys_of_doubles}
    assert press(editor, City, **BRASOV | answer).status_code == 302
    assert City.objects.count() == 2


def test_answer_is_about_the_cities_that_were_named(editor):
    city = brasov()
    make_city("Râșnov", slug="rasnov", latitude="45.65", longitude="25.6061")
    assert codes_in(press(editor, City, **BRASOV, another_place=str(city.pk))) == DOUBLE


def test_saved_city_is_asked_about_only_when_its_place_changes(editor):
    brasov()
    second = make_city("Zeiden", latitude="45.65", longitude="25.6")
    assert press(editor, second, summary="Another.").status_code == 302
    assert codes_in(press(editor, second, latitude="45.66")) == DOUBLE
    assert press(editor, second, latitude="10").status_code == 302


def test_city_is_no_double_of_itself(editor):
    city = brasov()
    assert press(editor, city, name="Brasov").status_code == 302


def test_an_exact_namesake_is_refused_whatever_is_ticked(editor):
    city = brasov(latitude="10")
    response = press(editor, City, **BRASOV | {"name": "Brașov"}, another_place=str(city.pk))
    assert codes_in(response) == ["name: unique"]


def test_wrong_coordinates_do_not_stop_the_question(editor):
    brasov()
    assert {*DOUBLE, "latitude: max_value"} <= {*codes_in(press(editor, City, **BRASOV | {"latitude": "200"}))}
