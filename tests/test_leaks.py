"""Nothing that is not public shows anywhere: the leak matrix and noninterference.

Every public address has a row in ROWS; an address without one fails the suite. A record of each kind, full of one strange
word, is hidden in each state and tied to public and to withdrawn records in every way there is. Then every answer, on
guessed addresses too, is byte for byte what it is without the hidden records. Without the gate no row would hold.
"""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from news.models import ChangeNote, ReleaseContact
from partners.models import Focus, Memorandum, Programme
from partners.models.memoranda import Status
from tests.factories import (
    PAST,
    hide,
    make_city,
    make_contact,
    make_document,
    make_memorandum,
    make_release,
    make_theme,
    make_user,
    make_whole_record,
    publish,
)
from twinning.core.publishing import PublishableQuerySet

pytestmark = pytest.mark.django_db

WORD = "Zanzimott"
SLUG = WORD.lower()
OFFICE = "Quixombre"  # stands in what only the office may read of public records
TOKEN = "token-of-the-hidden-file"
FOLDERS = {"city": "cities", "theme": "themes", "memorandum": "agreements", "release": "news"}
STATES = ["draft", "in-review", "scheduled", "withdrawn", "taken-down"]
YEAR = timezone.localdate().year


def own_pages(folder: str) -> list[str]:
    """Where a hidden record could answer, then the pages of the public and the withdrawn record that name it."""
    hidden = [f"/{folder}/{SLUG}/", f"/{folder}/old-address/", f"/{folder}/{WORD}/", f"/{folder}/{SLUG}"]
    return [*hidden, f"/{folder}/open/", f"/{folder}/wrong/"]


def feeds(folder: str, name: str) -> list[str]:
    return [f"/{folder}/{slug}/{name}.xml" for slug in (SLUG, "old-address", "open", "wrong")]


# “open” is the slug of the public record of each kind, “wrong” of the withdrawn one; {open} is the token of a public file.
ROWS = {
    "home": ["/"],
    "search": [f"/search/?q={word}" for word in (SLUG, SLUG[:5], "friendship", "open", "summary&page=2", "")],
    "accessibility": ["/accessibility/"],
    "privacy": ["/privacy/"],
    "robots": ["/robots.txt"],
    "security_txt": ["/.well-known/security.txt"],
    "live": ["/healthz/live"],
    "ready": ["/healthz/ready"],
    "sitemap_index": ["/sitemap.xml"],
    "django.contrib.sitemaps.views.sitemap": [
        *(f"/sitemap-{section}.xml" for section in ("news", "pages", "cities", "themes", "agreements")),
        "/sitemap-news.xml?p=2",
    ],
    "core:file": [
        f"/files/{TOKEN}/{WORD}.pdf",
        f"/files/guess/{WORD}.pdf",
        f"/files/{TOKEN}/guess.pdf",
        "/files/{open}/scan.pdf",
    ],
    "partners:cities": ["/cities/"],
    "partners:city": own_pages("cities"),
    "partners:themes": ["/themes/"],
    "partners:theme": own_pages("themes"),
    "partners:memoranda": ["/agreements/", *(f"/agreements/?status={status}" for status in Status)],
    "partners:memorandum": [*own_pages("agreements"), "/agreements/next/"],
    "news:releases": [
        "/news/",
        *(f"/news/?{query}" for query in (f"city={SLUG}", "city=old-address", f"theme={SLUG}", "city=open&theme=open")),
        f"/news/?before=20990101T000000000000_{SLUG}",
        f"/news/?after=20000101T000000000000_{SLUG}",
    ],
    "news:year": [f"/news/{YEAR}/", f"/news/{YEAR}/?city={SLUG}", f"/news/{YEAR + 1}/", "/news/2021/", "/news/2015/"],
    "news:release": own_pages("news"),
    "news:atom": ["/news/atom.xml"],
    "news:rss": ["/news/rss.xml"],
    "news:city_atom": feeds("cities", "atom"),
    "news:city_rss": feeds("cities", "rss"),
    "news:theme_atom": feeds("themes", "atom"),
    "news:theme_rss": feeds("themes", "rss"),
}
SAYS_NOTHING_OF_RECORDS = {"accessibility", "privacy", "robots", "security_txt", "live", "ready", "sitemap_index"}
# What was public answers at its own address that it is withdrawn or taken down; an old address leads to what remains.
ANSWERS_OF_ITS_OWN = {"withdrawn": {SLUG: 200, "old-address": 301}, "taken-down": {SLUG: 410}}


def routes(patterns=None, namespace=""):
    """The names of all addresses outside the back office."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from routes(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else "")
        else:
            yield namespace + (pattern.name or str(pattern.pattern))


def test_every_public_address_has_a_row():
    assert set(routes()) == set(ROWS)


def make_world(slug: str, contact, *, by) -> dict:
    """A public record of each kind, tied together, with the office's own word wherever there is room for it."""
    notes = {"slug": slug, "internal_notes": f"{OFFICE} notes"}
    theme = make_theme(f"{slug} theme", slug=slug)
    city = make_city(f"{slug} city", owner=by, **notes)
    Focus.objects.create(city=city, theme=theme)
    memorandum = make_memorandum(city, **notes)
    memorandum.themes.add(theme)
    make_document(memorandum)
    release = make_release(f"{slug} release", cities=[city], themes=[theme], memoranda=[memorandum], **notes)
    ReleaseContact.objects.create(release=release, contact=contact)
    ChangeNote.objects.create(release=release, text="The date was put right.", noted_by=by)
    records = {"city": city, "theme": theme, "memorandum": memorandum, "release": release}
    return {kind: publish(record, by=by) for kind, record in records.items()} | {"contact": contact}


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    """What the public may read: a world of public records, with news enough to fill every list, and a withdrawn one."""
    with django_db_blocker.unblock(), transaction.atomic():
        by = make_user(username=OFFICE, last_name=OFFICE, email=f"{OFFICE}@example.org", is_superuser=True)
        Programme.objects.create(pk=1, headline="Six cities", lead="A friendship.", story="<p>Once.</p>")
        contact = make_contact(is_general=True)
        public, withdrawn = make_world("open", contact, by=by), make_world("wrong", contact, by=by)
        publish(make_memorandum(public["city"], slug="next"), by=by)
        for number in range(4):
            ties = {"cities": [public["city"]], "themes": [public["theme"]], "memoranda": [public["memorandum"]]}
            publish(make_release(f"Open release {number}", slug=f"open-{number}", **ties), by=by)
        for kind in FOLDERS:
            withdrawn[kind].withdraw(by=by, at=timezone.now(), reason="The figures were wrong.")
        yield public, withdrawn
        transaction.set_rollback(True)


def answers(others=("head", "options")) -> dict:
    """Status, headers and body of every address; of the first in each row by other methods too."""
    client, found = Client(), {}
    token = Memorandum.objects.get(slug="open").documents.get().token
    for row, paths in ROWS.items():
        for path in paths:
            for method in ("get", *(others if path == paths[0] else ())):
                response = getattr(client, method)(path.replace("{open}", token))
                found[row, method, path] = (response.status_code, dict(response.headers), response.getvalue())
    return found


@pytest.fixture(scope="module")
def without(worlds):
    """Every answer of a site on which nothing is hidden."""
    return answers()


def tie(records: dict, world: dict) -> Memorandum:
    """Name the hidden records wherever those of a world can name them, the other way round, and in a new addendum."""
    world["memorandum"].cities.add(records["city"])
    world["release"].cities.add(records["city"])
    world["contact"].cities.add(records["city"])
    Focus.objects.create(city=records["city"], theme=world["theme"])
    Focus.objects.create(city=world["city"], theme=records["theme"])
    for kind in ("memorandum", "release"):
        world[kind].themes.add(records["theme"])
        records[kind].themes.add(world["theme"])
        records[kind].cities.add(world["city"])
    Memorandum.objects.filter(pk=world["memorandum"].pk).update(amends=records["memorandum"])
    world["release"].memoranda.add(records["memorandum"])
    world["release"].related.add(records["release"])
    records["release"].related.add(world["release"])
    return make_memorandum(world["city"], title=f"{WORD} addendum", amends=world["memorandum"])


def hide_one_of_each(state: str, worlds) -> None:
    """Hide records that are newer than all public ones, and a release that is older."""
    now = timezone.now()
    records = {kind: make_whole_record(kind, WORD, slug="old-address") for kind in FOLDERS}
    records["release"].pinned_until = now + timedelta(days=90)
    records["memorandum"].renews = worlds[0]["memorandum"]
    for record in records.values():
        record.slug = SLUG
        record.save()
    records["memorandum"].documents.update(token=TOKEN)
    Memorandum.objects.filter(slug="next").update(renews=records["memorandum"])
    addenda = [tie(records, world) for world in worlds]
    for record in (*records.values(), *addenda):
        hide(record, state, now=now)
    oldest = make_release(f"{WORD} of old", cities=[worlds[0]["city"]])
    hide(oldest, state, now=now if state == "scheduled" else PAST - timedelta(days=6 * 365))


@pytest.mark.parametrize("state", STATES)
def test_answers_are_the_same_without_the_hidden_records(worlds, without, state):
    hide_one_of_each(state, worlds)
    found = answers()
    own = {
        f"/{folder}/{slug}/": status
        for folder in FOLDERS.values()
        for slug, status in ANSWERS_OF_ITS_OWN.get(state, {}).items()
    }
    assert [key for key in found if found[key] != without[key] and key[2] not in own] == []
    assert {path: found[row, method, path][0] for row, method, path in found if path in own and method == "get"} == own


def test_page_taken_down_says_nothing_of_what_it_was(worlds):
    hide_one_of_each("taken-down", worlds)
    for folder in FOLDERS.values():
        path = f"/{folder}/{SLUG}/"
        page = Client().get(path).content.decode().lower().replace(path, "").replace(path.replace("/", "%2f"), "")
        assert SLUG not in page


def test_nothing_of_the_office_shows(without):
    for (_row, _method, path), (_status, headers, body) in without.items():
        assert OFFICE.lower() not in f"{headers}{body.decode(errors='replace')}".lower(), path


def test_without_the_gate_every_row_would_leak(worlds, without, monkeypatch):
    hide_one_of_each("scheduled", worlds)
    for gate in ("published", "readable"):
        monkeypatch.setattr(PublishableQuerySet, gate, lambda self, *, at: self.filter(publish_at__isnull=False))
    found = answers(others=())
    leaking = {row for row, method, path in found if found[row, method, path] != without[row, method, path]}
    assert leaking == ROWS.keys() - SAYS_NOTHING_OF_RECORDS
