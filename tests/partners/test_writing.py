"""What texts are compared with in the register: how long a partnership has lasted, and what its city is called."""

from datetime import UTC, datetime

import pytest

from partners.writing import other_names, years_of_partnerships
from tests.factories import make_city, make_memorandum, make_release
from twinning.core.writing.checks import Draft

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.fixture
def dortmund():
    city = make_city("Dortmund", since="4 October 1969", other_names="Tremonia, Dortmunt")
    make_memorandum(city, signed="2021")
    return city


@pytest.mark.parametrize(
    ("sentence", "is_found"),
    [
        ("Dortmund has been our partner for 57 years.", False),
        ("Dortmund has been our partner for 56 full years.", False),  # before the day of the year
        ("Dortmund has been our partner for 52 years.", True),
        ("Leeds and Dortmund celebrate the 50th anniversary of their friendship.", True),
        ("For five years now, and for 5 years on paper, Dortmund is bound to us by an agreement of friendship.", False),
        ("Dortmund has been a friend since 1969.", False),
        ("Dortmund has been a friend since 1970.", True),
        ("For 12 years, an orchestra from Dortmund has played in Leeds.", False),
        ("It is a partnership of 12 years.", True),  # the one city that the release is about
    ],
)
def test_years_are_compared_with_the_register(dortmund, sentence, is_found):
    release = make_release(body=f"<p>Leeds looks ahead. {sentence} More follows.</p>", cities=[dortmund])
    found = list(years_of_partnerships(Draft(release, NOW)))
    assert bool(found) == is_found
    if found:
        assert found[0].record == dortmund
        assert found[0].said == "The register has Dortmund since 4 October 1969, 57 years ago."


def test_years_of_a_city_without_a_known_beginning_are_compared_with_nothing():
    city = make_city("Lille", since="")
    release = make_release(body="<p>Lille has been our partner for 3 years.</p>", cities=[city])
    assert list(years_of_partnerships(Draft(release, NOW))) == []


def test_years_are_those_of_the_city_in_the_sentence(dortmund):
    lille = make_city("Lille", since="1968")
    text = "<p>Our partnership with Lille is 58 years old. Dortmund has been a partner for 58 years.</p>"
    found = list(years_of_partnerships(Draft(make_release(body=text, cities=[dortmund, lille]), NOW)))
    assert [finding.record for finding in found] == [dortmund]


def test_other_names_are_found_as_whole_words_and_not_in_other_languages(dortmund):
    text = "<p>Guests from Dortmunt came to Leeds, and the Dortmunters sang of Dortmund.</p>"
    found = list(other_names(Draft(make_release(body=text), NOW)))
    assert [(finding.record, "Dortmunt came" in finding.excerpt) for finding in found] == [(dortmund, True)]
    assert list(other_names(Draft(make_release(body=text, language="de"), NOW))) == []
