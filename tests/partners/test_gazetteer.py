"""The gazetteer, and how a city begins with its name."""

import zoneinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.countries import PartnerCountries
from partners.gazetteer import DATA, LONGEST, MOST_PROPOSED, place_at, places_called


def lines():
    return DATA.read_text().split("\n")[1:-1]


def names(typed: str) -> list[str]:
    return [str(place) for place in places_called(typed)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Brasov", "Brașov, Romania"),
        ("Braşov", "Brașov, Romania"),
        ("BRAȘOV", "Brașov, Romania"),
        ("Kronstadt", "Brașov, Romania"),
        ("Đà Nẵng", "Da Nang, Vietnam"),
        ("da nang", "Da Nang, Vietnam"),
        ("北京", "Beijing, China"),
        ("Peking", "Beijing, China"),
        ("Xian", "Xi’an, China"),
        ("Hague", "The Hague, Netherlands"),
        ("Munchen", "Munich, Germany"),
        ("Bratislawa", "Bratislava, Slovakia"),
        ("Hafnarfjordur", "Hafnarfjörður, Iceland"),
        ("Lille, Bel", "Lille, Belgium"),
        ("springfield, Ill", "Springfield, Illinois, United States of America"),
    ],
)
def test_place_is_found_by_any_of_its_names(typed, first):
    assert names(typed)[0] == first


def test_two_places_of_one_name_are_both_offered():
    frankfurts = [name for name in names("Frankfurt") if name.startswith("Frankfurt")]
    assert frankfurts == ["Frankfurt am Main, Germany", "Frankfurt (Oder), Germany"]


def test_the_exact_name_comes_before_larger_places_whose_names_only_begin_so():
    assert names("Lille")[:2] == ["Lille, France", "Lille, Belgium"]


def test_what_is_known_of_a_place():
    [beijing] = places_called("北京")
    assert beijing.as_fields | {"other_names": ""} == {
        "name": "Beijing", "country": "CN", "latitude": "39.9075", "longitude": "116.3972",
        "time_zone": "Asia/Shanghai", "local_name": "北京", "local_language": "zh", "other_names": "",
    }  # fmt: skip
    assert beijing.people == "18,960,744 people"
    [da_nang] = places_called("Đà Nẵng")
    assert (da_nang.local_name, da_nang.local_language) == ("Đà Nẵng", "vi")


@pytest.mark.parametrize("typed", ["", " ", "|", "\x00", ",", ", Germany", "\t\n", "qqqq", "x" * 5000])
def test_nonsense_finds_nothing(typed):
    assert places_called(typed) == []


@given(st.text(max_size=LONGEST + 50))
def test_whatever_is_typed_is_answered_with_a_few_places(typed):
    found = places_called(typed)
    assert len(found) <= MOST_PROPOSED
    assert len({place.number for place in found}) == len(found)
    assert all(place_at(str(place.number)) == place for place in found)


@given(st.one_of(st.text(max_size=12), st.integers(-10, 10**10).map(str)))
def test_only_the_beginning_of_a_line_is_a_place(number):
    place = place_at(number)
    assert place is None or place.name


def test_every_place_fits_the_fields_of_a_city():
    zones, countries = zoneinfo.available_timezones(), dict(PartnerCountries())
    assert set(DATA.read_text().split("\n")[0].split("\t")) <= zones
    for line in lines():
        keys, name, code, _region, north, east, _zone, _people, local, language, others = line.split("\t")
        assert keys.startswith("|"), line
        assert code in countries, line
        assert -90 <= float(north) <= 90, line
        assert -180 <= float(east) <= 180, line
        assert len(name) <= 100, line
        assert len(local) <= 100, line
        assert len(others) <= 250, line
        assert bool(local) == bool(language), line


def test_the_file_is_small_and_has_the_places_of_the_package():
    assert DATA.stat().st_size <= 3_000_000
    assert len(lines()) > 30_000
