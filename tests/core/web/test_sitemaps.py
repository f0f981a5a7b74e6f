"""Sitemaps: each public record once, in pages that cost the same however large the archive is."""

import random
import re
from collections import Counter
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import PressRelease
from news.sitemaps import PressReleaseSitemap
from tests.factories import PAST, hide, make_release, make_superuser
from twinning.core.web import sitemaps

pytestmark = pytest.mark.django_db
ROOM = 100


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(PressReleaseSitemap, "limit", ROOM)


def bring_in(number: int, *, first: int = 0) -> None:
    """So many public releases, all of one moment; their random keys are the same in each run."""
    chance, public = random.Random(first), {"submitted_at": PAST, "approved_at": PAST, "publish_at": PAST}
    public |= {"submitted_by": make_superuser(), "approved_by": make_superuser()}
    PressRelease.objects.bulk_create(
        PressRelease(headline="A visit", slug=f"visit-{i}", feed_id=UUID(int=chance.getrandbits(128)).urn, **public)
        for i in range(first, first + number)
    )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE news_pressrelease")


def pages(client) -> list[list[str]]:
    """The slugs on each page of the sitemap of releases, as the index leads to them."""
    index = client.get("/sitemap.xml").content.decode()
    addresses = re.findall(r"(/sitemap-news\.xml[^<]*)</loc>", index)
    return [re.findall(r"/news/([\w-]+)/</loc>", client.get(path).content.decode()) for path in addresses]


@pytest.mark.parametrize("number", [1, ROOM, ROOM + 1, 3 * ROOM, 20 * ROOM + 7])
def test_each_release_is_on_one_page_and_no_page_is_too_long(client, number):
    bring_in(number)
    found = pages(client)
    assert Counter(slug for page in found for slug in page) == Counter(f"visit-{i}" for i in range(number))
    assert max(map(len, found)) <= ROOM
    assert len(found) == 1 if number <= ROOM else len(found) <= 4 * number / ROOM


def test_hidden_releases_move_no_boundary(client):
    bring_in(5 * ROOM)
    before = pages(client)
    for state in ("draft", "in-review", "scheduled", "withdrawn", "taken-down"):
        for _number in range(ROOM // 4):
            hide(make_release(), state, now=timezone.now())
    assert pages(client) == before


def test_releases_named_by_their_address_in_feeds_are_there(client):
    bring_in(3 * ROOM)
    PressRelease.objects.filter(slug="visit-7").update(feed_id="https://twinning.test/news/visit-7/")
    PressRelease.objects.filter(slug="visit-8").update(feed_id="xri://twinning.test/visit-8")
    found = pages(client)
    assert "visit-7" in found[0]
    assert "visit-8" in found[-1]
    assert len({slug for page in found for slug in page}) == 3 * ROOM


@pytest.mark.parametrize(
    "key", ["urn:uuid:00000000-0000-0000-0000-000000000000-{}", "urn:uuid:ffffffff-{}", "urn:uuid:x{}"]
)
def test_keys_that_are_not_random_cost_evenness_alone(client, monkeypatch, key):
    monkeypatch.setattr(sitemaps, "MOST_PAGES", 8)
    bring_in(ROOM + 7)
    for release in PressRelease.objects.all():
        PressRelease.objects.filter(pk=release.pk).update(feed_id=key.format(release.pk))
    found = [slug for page in pages(client) for slug in page]
    assert sorted(found) == sorted(f"visit-{i}" for i in range(ROOM + 7))


@pytest.mark.parametrize("asked", ["0", "-1", "99", "x", "1.5", "9" * 5000])
def test_page_that_is_not_there_is_not_found(client, asked):
    bring_in(3 * ROOM)
    assert client.get("/sitemap-news.xml", {"p": asked}).status_code == 404


def work(client, path: str) -> tuple[int, list[str]]:
    """How many releases the database goes through for an address, and the plans by which it does."""
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    plans, rows = [], 0
    for query in asked.captured_queries:
        if "news_pressrelease" in query["sql"]:
            explained, read = plan(query["sql"])
            plans, rows = [*plans, explained], rows + read
    return rows, plans


def plan(sql: str) -> tuple[str, int]:
    """The plan of a query, and how many rows it reads; SQLite does not tell, but goes through what it sends by an index."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}")
            explained = "\n".join(line for (line,) in cursor.fetchall())
            read = re.findall(r"(?<!Bitmap Index )Scan.*\(actual rows=(\d+)|Rows Removed by Filter: (\d+)", explained)
            return explained, sum(int(kept or left) for kept, left in read)
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        explained = "\n".join(row[-1] for row in cursor.fetchall())
        offset = re.search(r"OFFSET (\d+)", sql)
        cursor.execute(sql)
        return explained, len(cursor.fetchall()) + (int(offset[1]) if offset else 0)


@pytest.mark.parametrize("path", ["/sitemap-news.xml", "/sitemap-news.xml?p=2", "/sitemap.xml"])
def test_work_does_not_grow_with_the_archive(client, path):
    bring_in(2 * ROOM)  # PostgreSQL reads all of so few for each of two questions
    few, _plans = work(client, path)
    bring_in(18 * ROOM, first=2 * ROOM)
    many, plans = work(client, path)
    assert few <= 4 * ROOM
    assert many <= 2 * ROOM + 2
    for explained in plans:
        assert not re.search(r"TEMP B-TREE|Seq Scan|^SCAN news_pressrelease$", explained, re.MULTILINE), explained
