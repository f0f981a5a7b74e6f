"""The list of releases: its filters, and the titles of its pages."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from tests.factories import PAST, hide, make_city, make_release, make_theme, publish

pytestmark = pytest.mark.django_db


def filters(page: str) -> list[str]:
    """The labels of the filter links, but for those to everything."""
    lists = re.findall(r'<ul class="filter-list">(.*?)</ul>', page, re.DOTALL)
    return [name for one in lists for name in re.findall(r"<a [^>]*>(.*?)</a>", one) if not name.startswith("All ")]


def title(page: str) -> str:
    return unescape(re.search(r"<title>(.*?)</title>", page)[1]).partition(" – ")[0]


@pytest.fixture
def archive():
    brno, arts = publish(make_city("Brno")), publish(make_theme("Arts"))
    publish(make_city("Quiet"))
    publish(make_theme("Silence"))
    publish(make_release(cities=[brno], themes=[arts]), at=PAST)
    publish(make_release(cities=[brno]), at=PAST.replace(year=2018))


def test_only_what_has_news_is_offered(archive, client):
    assert filters(client.get("/news/").content.decode()) == ["Brno", "Arts", "2021", "2018"]


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn", "taken-down"])
def test_hidden_news_makes_no_choice(archive, client, state):
    quiet, silence = publish(make_city("Mute")), publish(make_theme("Hush"))
    hide(make_release(cities=[quiet], themes=[silence]), state, now=timezone.now())
    assert filters(client.get("/news/").content.decode()) == ["Brno", "Arts", "2021", "2018"]


def test_choice_without_news_is_still_marked(archive, client):
    page = client.get("/news/2019/?city=quiet&theme=silence").content.decode()
    assert filters(page) == ["Brno", "Quiet", "Arts", "Silence", "2021", "2019", "2018"]
    assert re.findall(r'aria-current="true"\s*>(\w+)', page) == ["News", "Quiet", "Silence", "2019"]
    assert "No news fits your choice." in page


def test_without_news_there_is_nothing_to_choose(client):
    assert filters(client.get("/news/").content.decode()) == []


def test_later_page_has_a_title_of_its_own(client):
    for number in range(45):
        publish(make_release(f"Visit {number}"), at=PAST - timedelta(days=number))
    first = client.get("/news/").content.decode()
    assert title(first) == "News"
    second = client.get("/news/" + re.search(r'href="(\?before=[^"]*)"', first)[1]).content.decode()
    assert title(second) == "News, page from 23 January 2021"
    back = client.get("/news/" + re.search(r'href="(\?after=[^"]*)"', second)[1]).content.decode()
    assert title(back) == "News"
    assert title(client.get("/search/?q=visit&page=2").content.decode()) == "Search for “visit”, page 2"
