"""Keyset pagination of releases, and cursors in addresses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from news.models import PressRelease
from news.paging import Cursor, page_of
from news.queries import PAGE_SIZE
from tests.factories import PAST, make_release, publish

pytestmark = pytest.mark.django_db


NUMBER = 2 * PAGE_SIZE + 5


@pytest.fixture
def releases():
    original = publish(make_release(), at=PAST - timedelta(days=1))
    same = {field.attname: getattr(original, field.attname) for field in PressRelease._meta.fields if not field.unique}
    # Three share each moment, so that only the slug tells them apart.
    moments = [PAST + timedelta(hours=number // 3) for number in range(NUMBER - 1)]
    different = [{"slug": f"r{number:02}", "publish_at": moment} for number, moment in enumerate(moments)]
    PressRelease.objects.bulk_create(PressRelease(**same | values) for values in different)
    return list(PressRelease.objects.order_by("-publish_at", "slug"))


def page(**cursor):
    return page_of({"at": timezone.now()}, **{"before": None, "after": None} | cursor)


def test_paging_to_the_oldest_and_back_shows_every_release_once(releases):
    here, shown = page(), []
    assert here.newer is None
    while True:
        shown += here.releases
        if not here.older:
            break
        here = page(before=here.older)
    assert shown == releases
    back = here.releases
    while here.newer:
        here = page(after=here.newer)
        back = here.releases + back
    assert back == releases


def test_new_release_moves_no_other_to_another_page(releases):
    first = page()
    publish(make_release(slug="newest"), at=PAST + timedelta(days=1))
    second = page(before=first.older)
    assert not set(first.releases) & set(second.releases)


def test_cursor_is_the_same_after_a_way_through_an_address():
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
def test_nonsense_is_no_cursor(nonsense):
    assert Cursor.parse(nonsense) is None


@pytest.mark.parametrize("moment", ["00010101T000000000000", "19700101T000000000000", "99991231T235959999999"])
@pytest.mark.parametrize("name", ["before", "after"])
def test_cursor_at_the_first_and_last_date_is_answered(client, releases, name, moment):
    assert client.get("/news/", {name: f"{moment}_x"}).status_code == 200


def test_invalid_cursor_is_named_without_control_characters(client):
    page = client.get("/news/?before=%01yester%00day%0b").content.decode()
    assert "We could not find “yester day”" in page
    assert not {"\x00", "\x01", "\x0b"} & set(page)


def test_year_has_one_address(client):
    assert client.get("/news/2021/").status_code == 200
    assert client.get("/news/2٠21/").status_code == 404
