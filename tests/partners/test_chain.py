"""The chain of an agreement on its page: as text and drawn, and nothing of it through what is hidden."""

import re

import pytest
from django.utils import timezone

from partners.chain import Chain
from tests.factories import hide, make_city, make_memorandum, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return publish(make_city())


def make_chain(city, *years: int) -> list:
    chain = []
    for year in years:
        renews = chain[-1] if chain else None
        chain.append(publish(make_memorandum(city, title=f"Paper {year}", signed=str(year), renews=renews)))
    return chain


def told(client, memorandum) -> list[tuple[str, str]]:
    """The relation and the title of each other agreement on the page."""
    page = client.get(memorandum.get_absolute_url()).text.partition('id="linked"')[2].partition("</section>")[0]
    found = re.findall(r"<p>\s*(.*?)\s*</p>\s*<h3><a [^>]*>(.*?)</a>", page)
    return [(relation, title) for relation, title in found]


def drawn(client, memorandum) -> list[str]:
    drawing = client.get(memorandum.get_absolute_url()).text.partition('<svg class="chain"')[2].partition("</svg>")[0]
    return re.findall(r"<text [^>]*>(.*?)</text>", drawing)


def test_every_page_of_a_chain_tells_all_of_it(client, city):
    first, second, third = make_chain(city, 1969, 1995, 2021)
    assert told(client, first) == [("Renewed by", "Paper 1995"), ("Later", "Paper 2021")]
    assert told(client, second) == [("This agreement renews", "Paper 1969"), ("Renewed by", "Paper 2021")]
    assert told(client, third) == [("Earlier", "Paper 1969"), ("This agreement renews", "Paper 1995")]
    assert [drawn(client, one) for one in (first, second, third)] == [["1969", "1995", "2021"]] * 3


def test_addendum_hangs_below_the_text_that_it_amends(client, city):
    [text] = make_chain(city, 2003)
    addendum = publish(make_memorandum(city, title="Addendum", signed="24 November 2021", amends=text))
    assert told(client, text) == [("Amended by", "Addendum")]
    assert drawn(client, addendum) == ["2003", "2021"]
    marks = Chain(text, at=timezone.now(), on=timezone.localdate()).marks
    assert marks[0].y < marks[1].y
    assert (marks[1].from_x, marks[1].from_y) == (marks[0].x, marks[0].y)


def test_agreement_alone_has_no_chain(client, city):
    [alone] = make_chain(city, 1969)
    assert told(client, alone) == drawn(client, alone) == []


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "withdrawn", "taken-down"])
def test_nothing_leads_through_a_hidden_agreement(client, city, state):
    [first] = make_chain(city, 1969)
    before = client.get(first.get_absolute_url()).content
    hidden = make_memorandum(city, title="Zanzimott", signed="1995", renews=first)
    hide(hidden, state, now=timezone.now())
    third = publish(make_memorandum(city, title="Paper 2021", signed="2021", renews=hidden))
    fourth = publish(make_memorandum(city, title="Addendum", signed="2022", amends=hidden))
    assert client.get(first.get_absolute_url()).content == before
    for public in (third, fourth):
        assert told(client, public) == drawn(client, public) == []
    assert third.status(on=timezone.localdate(), at=timezone.now()) == "in-force"
