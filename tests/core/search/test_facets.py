"""Results can be narrowed by what is public of them, in links that combine, with honest numbers."""

import re

import pytest
from django.utils import timezone

from partners.models import Focus
from tests.factories import PAST, hide, make_city, make_memorandum, make_release, make_theme, publish
from twinning.core.search.facets import Choice
from twinning.core.search.results import Results

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def archive(module_transaction):
    """Records that all say “visit”: two releases, an agreement, a city and a theme."""
    brno, lille = publish(make_city("Brno", summary="A visit to Brno.")), publish(make_city("Lille"))
    arts = publish(make_theme("Arts", summary="Art pays a visit."))
    Focus.objects.create(city=brno, theme=arts, begins="2003", ends="2005")
    Focus.objects.create(city=brno, theme=arts, begins="2010")
    first = make_release("First visit", slug="first", cities=[brno, lille], themes=[arts])
    publish(first, at=PAST)
    publish(make_release("Second visit", slug="second", cities=[brno]), at=PAST.replace(year=2024))
    publish(make_memorandum(brno, title="On visits", slug="on-visits", signed="June 2003"))
    return {"brno": brno, "lille": lille, "arts": arts, "first": first}


def numbers(**chosen):
    found = Results("visit", at=timezone.now(), chosen=chosen).numbers()
    return {f"{choice.facet} {choice.name}": number for choice, number in found.items()}


def titles(**chosen):
    return {hit.title for hit in Results("visit", at=timezone.now(), chosen=chosen)[:50]}


def links(page: str) -> dict[str, str]:
    """The links of the page to other searches: what they say, and where they lead."""
    found = re.findall(r'<a [^>]*href="(\?[^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {" ".join(re.sub(r"<[^>]+>", "", text).split()): url.replace("&amp;", "&") for url, text in found}


def test_every_value_says_how_many_results_have_it(archive):
    assert numbers() == {
        "kind Press releases": 2,
        "kind Agreements": 1,
        "kind Cities": 1,
        "kind Themes": 1,
        "city Brno": 5,
        "city Lille": 1,
        "theme Arts": 3,
        "year 2024": 1,
        "year 2021": 1,
        "year 2003": 1,
    }


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({"kind": "pressrelease"}, {"First visit", "Second visit"}),
        ({"kind": "city"}, {"Brno"}),
        ({"city": "lille"}, {"First visit"}),
        ({"theme": "arts"}, {"First visit", "Brno", "Arts"}),
        ({"theme": "arts", "city": "brno", "kind": "pressrelease"}, {"First visit"}),
        ({"year": "2024"}, {"Second visit"}),
        ({"year": "2003"}, {"On visits"}),
        ({"year": "2003", "city": "lille"}, set()),
        ({"year": "1999"}, set()),
        ({"kind": "city", "year": "2021"}, set()),
        ({"city": "nowhere"}, set()),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_choices_combine(archive, chosen, found):
    assert titles(**chosen) == found


def test_every_number_keeps_its_promise(archive):
    for chosen in ({}, {"city": "brno"}, {"kind": "pressrelease", "theme": "arts"}):
        for choice, number in Results("visit", at=timezone.now(), chosen=chosen).numbers().items():
            narrower = Results("visit", at=timezone.now(), chosen=chosen | {choice.facet: choice.value})
            assert len(narrower) == number, choice


@pytest.mark.parametrize("signed", ["2020s", "2003 to 2005", ""])
def test_agreement_of_no_certain_year_has_none(archive, signed):
    publish(make_memorandum(archive["brno"], title="A visit some time", signed=signed))
    assert "A visit some time" in titles(kind="memorandum")
    assert {name for name in numbers(kind="memorandum") if name.startswith("year")} == {"year 2003"}
    assert titles(kind="memorandum", year="2003") == {"On visits"}


def test_year_of_a_release_is_the_council_s_own(archive, settings, compiled_anew):
    settings.TIME_ZONE = "Pacific/Auckland"  # where the next year begins half a day earlier
    with timezone.override("Pacific/Auckland"):
        publish(make_release("New visit", slug="new"), at=timezone.datetime(2022, 12, 31, 20, tzinfo=PAST.tzinfo))
        assert "year 2023" in numbers()
        assert titles(year="2023") == {"New visit"}
        assert titles(year="2022") == set()


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn", "taken-down"])
def test_hidden_city_is_no_facet_and_changes_no_number(archive, state):
    before = numbers()
    hidden = make_city("Zanzimott", summary="A visit.")
    Focus.objects.create(city=hidden, theme=archive["arts"])
    archive["first"].cities.add(hidden)
    hide(hidden, state, now=timezone.now())
    assert numbers() == before
    assert titles(city="zanzimott") == set()


def test_only_the_newest_hits_are_counted_but_the_choice_reaches_further(archive, monkeypatch, compiled_anew):
    monkeypatch.setattr("twinning.core.search.results.NEWEST_HITS", 1)
    results = Results("visit", at=timezone.now())
    assert results.is_cut
    assert results.numbers()[Choice("kind", "pressrelease", "Press releases")] == 1
    assert titles(year="2003") == {"On visits"}


def test_links_combine_and_say_how_much_they_lead_to(archive, client):
    page = client.get("/search/?q=visit&city=brno").content.decode()
    assert "5 results for “visit”: Brno" in page
    assert "<title>Search for “visit”: Brno – " in page
    found = links(page)
    assert found["All cities"] == "?q=visit"
    assert found["Press releases 2"] == "?q=visit&city=brno&kind=pressrelease"
    assert found["2021 1"] == "?q=visit&city=brno&year=2021"
    assert found["Brno 5"] == "?q=visit&city=brno"
    assert re.search(r'<a rel="nofollow" href="\?q=visit&amp;city=brno"\s+aria-current="true"\s*>Brno', page)
    assert not [text for text in found if "Lille 0" in text or text == "Lille"]


def test_choice_stays_on_later_pages(archive, client):
    for number in range(21):
        publish(make_release(f"Visit {number}", cities=[archive["lille"]]))
    first = client.get("/search/?q=visit&city=lille").content.decode()
    assert links(first)["More results"] == "?q=visit&city=lille&page=2"
    assert client.get("/search/?q=visit&city=lille&page=2").content.decode().count("<h3>") == 2


def test_many_results_say_that_there_are_more(archive, client, monkeypatch, compiled_anew):
    monkeypatch.setattr("twinning.core.search.results.NEWEST_HITS", 3)
    assert "Press releases 1+" in links(client.get("/search/?q=visit").content.decode())


def test_empty_result_says_what_to_leave_out_and_where_to_go_on(archive, client):
    page = client.get("/search/?q=visit&city=lille&year=2003").content.decode()
    assert "Nothing found for “visit”: Lille, 2003" in page
    found = links(page)
    assert found["Without 2003 1"] == "?q=visit&city=lille"
    assert found["Without Lille 1"] == "?q=visit&year=2003"
    assert found["Everything 5"] == "?q=visit"
    assert '<a href="/cities/brno/">Brno</a>' in page
    assert '<a href="/agreements/">' in page


def test_what_leads_to_nothing_is_no_advice(archive, client):
    found = links(client.get("/search/?q=visit&city=lille&year=2003&kind=theme").content.decode())
    assert [text for text in found if text.startswith(("Without", "Everything"))] == ["Everything 5"]
    assert "choose less" not in client.get("/search/?q=nothing&city=lille").content.decode()


@pytest.mark.parametrize("query", ["city=zanzimott", "theme=zanzimott", "year=0000", "year=２０２１", "kind=user"])
def test_unknown_choice_is_named_and_left_out(archive, client, query):
    hide(make_city("Zanzimott"), "scheduled", now=timezone.now())
    page = client.get(f"/search/?q=visit&{query}").content.decode()
    assert f"We could not find “{query.partition('=')[2]}”" in page
    assert "5 results for “visit”" in page
