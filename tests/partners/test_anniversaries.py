"""Round anniversaries, as precise as the date that they follow from."""

from datetime import date

import pytest
from django.utils import timezone

from tests.factories import hide, make_city, make_memorandum, publish
from twinning.core.fields.dates import PartialDate

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("15 October 1968", (60, "15 October 2028")),
        ("22 November 1966", (60, "22 November 2026")),
        ("21 November 1966", (65, "21 November 2031")),
        ("1966", (60, "2026")),
        ("November 1966", (60, "November 2026")),
        ("October 1966", (65, "October 2031")),
        ("February 2021", (10, "February 2031")),
        ("2026", (5, "2031")),
        ("2030", None),
        ("9999", None),
        ("29 February 1968", (60, "29 February 2028")),
        ("29 February 1972", (55, "February 2027")),
        ("1960s", None),
        ("about 1991", None),
        ("perhaps 2 June 1969", None),
        ("2003 to 2021", None),
        ("February 2003 to May 2003", None),
    ],
)
def test_round_anniversary_is_as_precise_as_the_date(since, expected):
    found = PartialDate.parse(since).next_anniversary(on=TODAY, every=5)
    assert (found and (found[0], str(found[1]))) == expected


@pytest.fixture
def home(db, client, time_machine):
    time_machine.move_to("2026-11-22T12:00:00+00:00", tick=False)

    def home() -> str:
        """The anniversary that the home page names."""
        page = client.get("/").content.decode()
        return page.partition("Next: ")[2].partition("</p>")[0].strip()

    return home


def test_home_says_what_comes_next(home):
    publish(make_city("Lille", since="15 October 1968"))
    assert home() == '<a href="/cities/lille/">60 years with Lille</a>, on 15 October 2028'


def test_home_says_the_year_when_only_the_year_is_known(home):
    publish(make_city("Lille", since="15 October 1968"))
    publish(make_city("Brno", since="1991"))
    publish(make_city("Siegen", since="1966"))
    assert home() == '<a href="/cities/siegen/">60 years with Siegen</a>, in 2026'


def test_agreement_in_force_has_anniversaries_too(home):
    city = publish(make_city("Hangzhou", since="1988"))
    publish(make_memorandum(city, title="Memorandum 2021", slug="m", signed="26 November 2021"))
    publish(make_memorandum(city, title="Of old", signed="24 November 2021", ends="2024"))
    assert home() == '5 years since the signing of <a href="/agreements/m/">Memorandum 2021</a>, on 26 November 2026'


def test_agreement_that_is_not_among_the_newest_counts(home):
    city = publish(make_city("Hangzhou", since="about 1988"))
    publish(make_memorandum(city, title="Of old", slug="old", signed="December 1996"))
    for day in range(1, 6):
        publish(make_memorandum(city, signed=f"{day} May 2020"))
    assert home() == '30 years since the signing of <a href="/agreements/old/">Of old</a>, in December 2026'


@pytest.mark.parametrize(
    ("since", "begins", "said"), [("836", "836", "1190 years with Lille"), ("1966", "1972", "55 years with Lille")]
)
def test_anniversaries_count_from_the_year_that_people_celebrate(home, since, begins, said):
    publish(make_city("Lille", since=since, anniversaries_from=begins))
    assert said in home()


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn", "taken-down"])
def test_hidden_partnership_is_not_celebrated(home, state):
    city = hide(make_city("Zanzimott", since="1966"), state, now=timezone.now())
    hide(make_memorandum(city, signed="1966"), state, now=timezone.now())
    assert home() == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"is_proposed": True, "since": "1966"},
        {"changes": [{"status": "dormant"}], "since": "1966"},
        {"changes": [{"status": "ended"}], "since": "1966"},
        {"since": "1960s"},
        {"since": "836"},
        {"since": "1966", "anniversaries_from": "1960s"},
    ],
    ids=str,
)
def test_nothing_to_celebrate_is_said_of_nothing(home, fields):
    publish(make_city("Lille", **fields))
    assert home() == ""
