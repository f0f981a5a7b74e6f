"""The clock: what is under embargo shows at its moment on every surface and not a millisecond before, with nothing running
but the site itself, through both changes of the clocks and wherever the server stands."""

import json
import os
import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.utils import timezone

from partners.models import Programme
from tests.factories import make_superuser, make_whole_record, publish, submit
from twinning.core.publishing.copies import begin
from twinning.core.publishing.gate import PublishableQuerySet

pytestmark = pytest.mark.django_db

WORD, LATER = "Zanzimott", "Quorbelix"
KINDS = {"theme": "themes", "city": "cities", "memorandum": "agreements", "release": "news"}
MOMENTS = {
    "an ordinary night": datetime(2027, 3, 4, 0, 1, tzinfo=UTC),
    "the clocks go forward": datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
    "the hour that comes twice": datetime(2027, 10, 31, 1, 30, tzinfo=UTC),
}
YEAR = 2027
ZONES = ["UTC", "Asia/Tokyo"]
EARLY = [timedelta(seconds=1), timedelta(milliseconds=1)]


@pytest.fixture(scope="module")
def records(django_db_setup, django_db_blocker):
    """A record of each kind, approved and without a moment of its own yet; and who sees to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        Programme.objects.create(pk=1, headline="Six cities", lead="A friendship.")
        with time_machine.travel("2026-12-01 12:00 +0000", tick=False):
            made = {kind: make_whole_record(kind, WORD) for kind in KINDS}
            for kind in ("memorandum", "release"):
                made[kind].themes.add(made["theme"])
                made[kind].cities.add(made["city"])
        yield made
        transaction.set_rollback(True)


@pytest.fixture(params=ZONES)
def server(request):
    """The server's own time zone, which must not matter."""
    before = os.environ["TZ"]
    os.environ["TZ"] = request.param
    time.tzset()
    yield
    os.environ["TZ"] = before
    time.tzset()


def surfaces(records: dict) -> list[str]:
    """Every kind of public address on which the records show when they are public."""
    slug = WORD.lower()
    own = [f"/{folder}/{slug}/" for folder in KINDS.values()]
    feeds = [f"/{folder}/{slug}/{feed}.xml" for folder in ("cities", "themes") for feed in ("atom", "rss")]
    sitemaps = [f"/sitemap-{section}.xml" for section in KINDS.values()]
    lists = ["/", "/cities/", "/themes/", "/agreements/", "/news/", "/news/atom.xml", "/news/rss.xml"]
    asked = [f"/search/?q={WORD}", f"/news/?city={slug}", f"/news/?theme={slug}", f"/news/{YEAR}/"]
    return [*own, *feeds, *sitemaps, *lists, *asked, records["memorandum"].documents.get().get_absolute_url()]


def showing(paths: list[str], word: str, at: datetime) -> set[str]:
    """The addresses that tell of the records at a moment: by a name or a text with the word, or by a link to them."""
    telling = re.compile(rf"{word} (headline|city|theme|agreement|bytes)|<loc>[^<]*/{word.lower()}/</loc>")
    client = Client()
    with time_machine.travel(at, tick=False):
        answers = {path: client.get(path) for path in paths}
        bodies = {path: answer.getvalue().decode() for path, answer in answers.items() if answer.status_code == 200}
        return {path for path, body in bodies.items() if telling.search(re.sub("</?mark>", "", body))}


def test_embargo_ends_at_its_moment_on_every_surface(records, server):
    approver, paths = make_superuser(), surfaces(records)
    for name, moment in MOMENTS.items():
        start = moment - timedelta(days=30)
        with transaction.atomic():
            for record in records.values():
                submit(record, at=start).approve(by=approver, at=start, publish_at=moment)
            for early in EARLY:
                assert showing(paths, WORD, moment - early) == set(), f"{name}, {early} early"
            assert showing(paths, WORD, moment) == set(paths), name
            transaction.set_rollback(True)
        for record in records.values():
            record.refresh_from_db()


def test_working_copy_appears_at_its_moment_on_every_surface(records, server):
    approver, author = make_superuser(), make_superuser()
    # What a copy cannot change: its address, the file, and lists that are asked for by the old word.
    paths = [path for path in surfaces(records) if not re.search(rf"sitemap|files|q={WORD}", path)]
    paths.append(f"/search/?q={LATER}")
    for name, moment in MOMENTS.items():
        start = moment - timedelta(days=30)
        with transaction.atomic():
            for record in records.values():
                publish(record, at=start, by=approver)
                copy = begin(record, by=author, at=start)
                copy.keep(json.loads(json.dumps(copy.snapshot).replace(f"{WORD} ", f"{LATER} ")), by=author, at=start)
                copy.submit(by=author, at=start)
                copy.approve(by=approver, at=start, publish_at=moment)
            for early in EARLY:
                assert showing(paths, LATER, moment - early) == set(), f"{name}, {early} early"
            assert showing(paths, LATER, moment) == set(paths), name
            transaction.set_rollback(True)
        for record in records.values():
            record.refresh_from_db()


def test_without_the_gate_everything_would_show_early(records, monkeypatch, compiled_anew):
    approver, paths, moment = make_superuser(), surfaces(records), MOMENTS["an ordinary night"]
    start = moment - timedelta(days=30)
    with transaction.atomic():
        for record in records.values():
            submit(record, at=start).approve(by=approver, at=start, publish_at=moment)
        for gate in ("published", "readable"):
            monkeypatch.setattr(PublishableQuerySet, gate, lambda self, *, at: self.filter(approved_at__isnull=False))
        assert showing([path for path in paths if path != f"/news/{moment.year}/"], WORD, moment - EARLY[0])
        transaction.set_rollback(True)
    for record in records.values():
        record.refresh_from_db()


@pytest.mark.parametrize("path", ["/", "/news/", "/cities/", "/themes/", "/agreements/", "/search/?q=x", "/nothing/"])
def test_cache_lifetime_is_the_same_whatever_is_to_come(records, path):
    approver, lifetimes = make_superuser(), set()
    for until in (timedelta(seconds=1), timedelta(hours=1), timedelta(days=300)):
        with transaction.atomic():
            now = timezone.now()
            for record in records.values():
                submit(record, at=now).approve(by=approver, at=now, publish_at=now + until)
            with time_machine.travel(now, tick=False):
                lifetimes.add(Client().get(path)["Cache-Control"])
            transaction.set_rollback(True)
        for record in records.values():
            record.refresh_from_db()
    assert lifetimes == {"public, max-age=5"}
