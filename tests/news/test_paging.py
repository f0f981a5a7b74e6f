"""Pages of news: every release once, in order, from any side, whatever the address says."""

from datetime import UTC, datetime, timedelta

import pytest

from news.models import PressRelease
from news.paging import Cursor, page_of
from tests.factories import PAST, make_release, make_superuser, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def releases():
    by = make_superuser()
    for number in range(11):
        # Three share each moment, so that only the slug tells them apart.
        publish(make_release(slug=f"r{number:02}"), by=by, at=PAST + timedelta(hours=number // 3))
    return PressRelease.objects.order_by("-publish_at", "slug")


def test_walking_to_the_oldest_and_back_meets_every_release_once(releases):
    page, met = page_of(releases, before=None, after=None, size=4), []
    assert page.newer is None
    while True:
        met += page.releases
        if not page.older:
            break
        page = page_of(releases, before=page.older, after=None, size=4)
    assert met == list(releases)
    back = page.releases
    while page.newer:
        page = page_of(releases, before=None, after=page.newer, size=4)
        back = page.releases + back
    assert back == list(releases)


def test_new_release_moves_nobody_to_another_page(releases):
    first = page_of(releases, before=None, after=None, size=4)
    publish(make_release(slug="newest"), at=PAST + timedelta(days=1))
    second = page_of(releases, before=first.older, after=None, size=4)
    assert not set(first.releases) & set(second.releases)


def test_place_survives_the_way_through_an_address():
    cursor = Cursor(datetime(2021, 2, 12, 10, 0, 0, 123456, tzinfo=UTC), "a-release")
    assert Cursor.parse(str(cursor)) == cursor


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "yesterday",
        "99999",
        "20210212T100000000000",
        "20211399T100000000000_x",
        "20210212T100000000000_a b",
        "²" * 8 + "T_x",
    ],
)
def test_nonsense_names_no_place(nonsense):
    assert Cursor.parse(nonsense) is None


@pytest.mark.parametrize("moment", ["00010101T000000000000", "19700101T000000000000", "99991231T235959999999"])
@pytest.mark.parametrize("name", ["before", "after"])
def test_place_at_the_end_of_time_is_answered(client, releases, name, moment):
    assert client.get("/news/", {name: f"{moment}_x"}).status_code == 200


def test_place_that_is_none_is_named_without_what_no_page_can_hold(client):
    page = client.get("/news/?before=%01yester%00day%0b").content.decode()
    assert "We could not find “yester day”" in page
    assert not {"\x00", "\x01", "\x0b"} & set(page)


def test_year_has_one_address(client):
    assert client.get("/news/2021/").status_code == 200
    assert client.get("/news/2٠21/").status_code == 404
