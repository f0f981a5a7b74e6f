"""The register of agreements: filters that combine, any day, sorting, pages, and what it costs."""

import re
from cProfile import Profile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import Memorandum
from tests.factories import make_city, make_memorandum, make_theme, publish

pytestmark = pytest.mark.django_db


def listed(client, query: str = "") -> list[str]:
    return [one.title for one in client.get(f"/agreements/{query}").context["page"].records]


@pytest.fixture
def chain():
    """Dortmund 1969, 1995 and 2021, an addendum for two cities, and a plan."""
    dortmund, lille, climate = publish(make_city("Dortmund")), publish(make_city("Lille")), publish(make_theme())
    first = publish(make_memorandum(dortmund, title="Letter", kind="letter", signed="2 June 1969", place="Leeds"))
    second = publish(make_memorandum(dortmund, title="Charter", kind="charter", signed="1995", renews=first))
    third = publish(
        make_memorandum(dortmund, title="Memorandum", kind="memorandum", signed="12 February 2021", renews=second)
    )
    both = publish(make_memorandum(dortmund, lille, title="Both", kind="memorandum", signed="2003", ends="2010"))
    both.themes.add(climate)
    publish(make_memorandum(lille, title="Plan", kind="memorandum", signed="", planned="2030"))
    return first, second, third


def test_register_shows_the_newest_first_and_what_is_planned_before_that(chain, client):
    assert listed(client) == ["Plan", "Memorandum", "Both", "Charter", "Letter"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?city=lille", ["Plan", "Both"]),
        ("?city=Lille", ["Plan", "Both"]),
        ("?city=lille&status=planned", ["Plan"]),
        ("?theme=climate", ["Both"]),
        ("?kind=memorandum&city=dortmund", ["Memorandum", "Both"]),
        ("?year=1995", ["Charter"]),
        ("?year=1995&city=lille", []),
        ("?status=renewed", ["Charter", "Letter"]),
        ("?sort=title", ["Both", "Charter", "Letter", "Memorandum", "Plan"]),
        ("?sort=-title&city=lille", ["Plan", "Both"]),
        ("?sort=signed", ["Letter", "Charter", "Both", "Memorandum", "Plan"]),
        ("?sort=until&kind=memorandum", ["Both", "Memorandum", "Plan"]),
        ("?sort=nonsense", ["Plan", "Memorandum", "Both", "Charter", "Letter"]),
    ],
)
def test_filters_and_orders_combine(chain, client, query, found):
    assert listed(client, query) == found


@pytest.mark.parametrize(
    ("day", "stood"),
    [
        ("1968-01-01", {}),
        ("1970-01-01", {"Letter": "in-force"}),
        ("1996-05-01", {"Letter": "renewed", "Charter": "in-force"}),
        ("1 May 1996", {"Letter": "renewed", "Charter": "in-force"}),
        ("2005-01-01", {"Letter": "renewed", "Charter": "in-force", "Both": "in-force"}),
        ("2015-01-01", {"Letter": "renewed", "Charter": "in-force", "Both": "expired"}),
        (
            "2900-01-01",
            {"Letter": "renewed", "Charter": "renewed", "Both": "expired", "Memorandum": "in-force", "Plan": "planned"},
        ),
    ],
)
def test_register_as_it_stood_on_a_day(chain, client, day, stood):
    page = client.get("/agreements/", {"on": day})
    assert {one.title: one.status_now for one in page.context["page"].records} == stood
    assert "as they stood on" in page.text


@pytest.mark.parametrize(
    "day", ["nonsense", "0000-05-01", "1996-02-31", "1996", "99999-01-01", "9999-12-31", "0", "[..1990]", "-1"]
)
def test_nonsense_day_gets_a_sentence_and_the_register_of_today(chain, client, day):
    page = client.get("/agreements/", {"on": day})
    assert page.status_code == 200
    assert page.context["register"].unknown == [f"“{day}” is no day. Write it like 1996-05-01."]
    assert len(page.context["page"].records) == 5


@pytest.mark.parametrize("query", ["city=paris", "theme=x", "kind=pact", "status=lost", "year=1900"])
def test_unknown_value_gets_a_sentence_and_the_rest_is_kept(chain, client, query):
    page = client.get(f"/agreements/?{query}&sort=title")
    assert len(page.context["register"].unknown) == 1
    assert page.context["page"].records[0].title == "Both"


def test_links_keep_what_is_chosen_and_say_how_many_they_lead_to(chain, client):
    page = client.get("/agreements/?city=lille&on=2005-01-01&sort=title")
    for one in page.context["filters"]:
        for link in one.links:
            shown = client.get(link.url).context["page"].records
            assert link.number is None or link.number == len(shown), link
            assert "on=2005-01-01" in link.url
    assert [link.label for link in page.context["filters"][1].links] == ["All cities", "Dortmund", "Lille"]
    years = [link.label for link in client.get("/agreements/").context["filters"][4].links]
    assert years == ["All years", "2021", "2003", "1995", "1969"]


def test_head_of_a_column_sorts_and_turns_round(chain, client):
    heads = client.get("/agreements/").context["columns"]
    assert (heads["signed"].sorted, heads["signed"].url) == ("descending", "/agreements/?sort=signed")
    heads = client.get("/agreements/?sort=title&city=lille").context["columns"]
    assert (heads["title"].sorted, heads["title"].url) == ("ascending", "/agreements/?city=lille&sort=-title")
    assert 'aria-sort="ascending"' in client.get("/agreements/?sort=title").text


def test_row_says_kind_parties_signing_end_and_status(chain, client):
    page = re.sub(r"\s+", " ", client.get("/agreements/?year=1969").text)
    for said in ("Letter</span>", "Dortmund", "2 June 1969, Leeds", 'data-label="Until"></td>', "Renewed</span>"):
        assert said in page


def test_hidden_successor_city_and_theme_tell_nothing_in_the_register(chain, client):
    _first, _second, third = chain
    before = {day: client.get(f"/agreements/?on={day}").content for day in ("1996-05-01", "2900-01-01")}
    hidden = make_memorandum(make_city("Zanzimott"), title="Zanzimott", signed="2022", ends="2023", renews=third)
    hidden.themes.add(make_theme("Zanzimott"))
    third.cities.add(hidden.cities.get())
    third.themes.add(hidden.themes.get())
    assert {day: client.get(f"/agreements/?on={day}").content for day in before} == before
    assert listed(client, "?status=renewed") == ["Charter", "Letter"]


@pytest.mark.parametrize(("day", "until"), [("2019-06-01", "2020"), ("2019-09-01", "2019-12-31"), ("", "2019-12-31")])
def test_past_day_knows_no_end_that_came_later(client, day, until):
    ended = {"ends": "2020", "ended_on": "2019-12-31", "notice_on": date(2019, 8, 1), "end_reason": "Other plans."}
    publish(make_memorandum(publish(make_city()), signed="2018", **ended))
    [shown] = client.get("/agreements/", {"on": day}).context["page"].records
    assert shown.shown_until.edtf == until


def make_many(number: int, *, first: int = 0) -> None:
    cities = [publish(make_city(f"City {n}")) for n in range(first, min(first + number, 120))]
    known = publish(make_memorandum(cities[0]))
    fields = {
        name: getattr(known, name)
        for name in ("approved_at", "approved_by", "publish_at", "submitted_at", "submitted_by")
    }
    rows = [
        Memorandum(
            title=f"Paper {n} on peace, schools and trade",
            slug=f"paper-{n}",
            signed=str(1950 + n % 70),
            purpose="<p>Peace.</p>" * 50,
            **fields,
        )
        for n in range(first, first + number - 1)
    ]
    Memorandum.objects.bulk_create(rows)
    Memorandum.cities.through.objects.bulk_create(
        Memorandum.cities.through(memorandum=row, city=cities[n % len(cities)]) for n, row in enumerate(rows)
    )


def calls(client) -> int:
    """The functions that the first page of the register calls once it is known: its work, without a stopwatch."""
    client.get("/agreements/")
    profile = Profile()
    assert profile.runcall(client.get, "/agreements/").status_code == 200
    return sum(entry.callcount for entry in profile.getstats())


def test_large_register_asks_little_and_is_light(client):
    make_many(12)
    little = calls(client)
    make_many(688, first=12)
    assert calls(client) <= little * 1.2
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/agreements/")
    assert len(asked) <= 6
    assert len(page.content) <= 30_000
    assert len(page.context["page"].records) == 25
    assert page.context["page"].last == 28
    whole = re.search(r'href="(\S+)">All on one page, to print', page.text)[1]
    with CaptureQueriesContext(connection) as asked:
        printed = client.get(whole)
    assert len(asked) <= 6
    assert printed.text.count("<tr>") == 701
    assert "All on one page" not in printed.text
