"""Shared by the leak tests: every public address, and hidden records with a strange word in every field.

A world is a public record of each kind, tied to the others. Hidden records are tied to a public and to a withdrawn world in
every way there is.
"""

import re
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from news.models import AlertRequest, ChangeNote, PressRelease, ReleaseContact, Subscriber
from news.models.photo_calls import Kind
from partners.models import City, Focus, Memorandum, Programme, Signatory, Theme
from partners.models.memoranda import Status
from tests.factories import (
    PAST,
    hide,
    make_city,
    make_contact,
    make_document,
    make_memorandum,
    make_page,
    make_photo,
    make_release,
    make_subscriber,
    make_superuser,
    make_theme,
    make_user,
    make_whole_photo,
    make_whole_record,
    publish,
    show,
)
from tests.previews import know, make_link
from tests.ties import OWNERS, fill_relations, relations
from twinning.core.models import Page, Photo, Rendition
from twinning.core.publishing.copies import begin
from twinning.core.web.request_ids import HEADER

WORD = "Zanzimott"
SLUG = WORD.lower()
OFFICE = "Quixombre"  # stands in what only the office may read of public records
TOKEN = "token-of-the-hidden-file"
PHOTO = "token-of-the-hidden-photo"
HIDDEN_FILES = {
    TOKEN: f"{WORD}.pdf",
    PHOTO: f"{WORD}.jpg",
    f"{PHOTO}-webp": f"{WORD}-320.webp",
    f"{PHOTO}-cut": f"{WORD}-1200x630.jpg",
}
HOLDER = "link-to-another-draft"
READER = "key-of-a-reader"  # of alerts, who chose the hidden records when they were public
DEAD_LINKS = ("expired-link", "revoked-link", "guess")
FOLDERS = {"city": "cities", "theme": "themes", "memorandum": "agreements", "release": "news", "page": "pages"}
STATES = ["draft", "in-review", "sent-back", "scheduled", "withdrawn", "taken-down"]
YEAR = timezone.localdate().year
COPIED = {
    "name",
    "title",
    "headline",
    "summary",
    "purpose",
    "description",
    "text",
    "body",
    "standfirst",
    "story",
    "why",
    "place",
}


def own_pages(folder: str) -> list[str]:
    """Addresses at which a hidden record could answer, then the pages of the public and the withdrawn record."""
    hidden = [f"/{folder}/{SLUG}/", f"/{folder}/old-address/", f"/{folder}/{WORD}/", f"/{folder}/{SLUG}"]
    return [*hidden, f"/{folder}/open/", f"/{folder}/wrong/"]


def feeds(folder: str, name: str, ending: str = "xml") -> list[str]:
    return [f"/{folder}/{slug}/{name}.{ending}" for slug in (SLUG, "old-address", "open", "wrong")]


# “open” is the slug of the public record of each kind, “wrong” of the withdrawn one; {open} is the token of a public file.
ROWS = {
    "home": ["/"],
    "search": [
        *(f"/search/?q={word}" for word in (SLUG, SLUG[:5], "friendship", "open", "summary&page=2", "")),
        *(f"/search/?q=open&{facet}=open" for facet in ("city", "theme")),
        *(f"/search/?q=open&{facet}={SLUG}" for facet in ("city", "theme")),
        *(f"/search/?q=open&kind={kind}" for kind in ("city", "memorandum", "page", "pressrelease", "theme")),
        *(f"/search/?q=open&year={year}" for year in (1998, 2015, 2018, 2021, YEAR, YEAR + 1)),
        f"/search/?q=friendship&city={SLUG}&year=2021",
        "/search/?q=friendship&city=open&year=1999",
    ],
    "accessibility": ["/accessibility/"],
    "privacy": ["/privacy/"],
    "data": ["/data/"],
    "datapackage": ["/data/datapackage.json"],
    "dataset": [
        "/data/cities.geojson",
        *(f"/data/{name}.{ending}" for name in ("cities", "agreements", "themes") for ending in ("csv", "json")),
        "/data/releases.jsonl",
        f"/data/releases.jsonl?after=20200101T000000000000_{SLUG}",
        f"/data/releases.jsonl?after=20990101T000000000000_{SLUG}",
        "/data/releases.jsonl?after=guess",
        f"/data/{SLUG}.json",
    ],
    "robots": ["/robots.txt"],
    "security_txt": ["/.well-known/security.txt"],
    "live": ["/healthz/live"],
    "ready": ["/healthz/ready"],
    "metrics": ["/metrics"],
    "sitemap_index": ["/sitemap.xml"],
    "django.contrib.sitemaps.views.sitemap": [
        *(f"/sitemap-{section}.xml" for section in ("news", "pages", "own-pages", "cities", "themes", "agreements")),
        "/sitemap-news.xml?p=2",
    ],
    "core:page": own_pages("pages"),
    "core:file": [
        *(f"/files/{token}/{name}" for token, name in HIDDEN_FILES.items()),
        f"/files/guess/{WORD}.pdf",
        f"/files/{TOKEN}/guess.pdf",
        "/files/{open}/scan.pdf",
        "/files/{photo}/hall.jpg",
        "/files/{rendition}/hall-320.webp",
        "/files/{cut}/hall-1200x630.jpg",
    ],
    "core:preview": [f"/preview/{link}/" for link in (HOLDER, *DEAD_LINKS)],
    "core:preview_below": [f"/preview/{link}/press-pack.zip" for link in (HOLDER, *DEAD_LINKS)],
    "core:preview_file": [
        f"/preview/{link}/files/{token}/{name}"
        for token, name in HIDDEN_FILES.items()
        for link in (HOLDER, *DEAD_LINKS)
    ],
    "partners:cities": ["/cities/"],
    "partners:city": own_pages("cities"),
    "partners:answers": [f"/cities/{slug}/answers" for slug in (SLUG, "old-address", "open", "wrong")],
    "partners:themes": ["/themes/"],
    "partners:theme": own_pages("themes"),
    "partners:memoranda": [
        "/agreements/",
        *(f"/agreements/?status={status}" for status in Status),
        *(f"/agreements/?{name}={slug}" for name in ("city", "theme") for slug in (SLUG, "open", "old-address")),
        *(f"/agreements/?on={day}" for day in ("2019-01-01", f"{YEAR + 5}-01-01")),
        *(f"/agreements/?sort={sort}" for sort in ("title", "-until", "status")),
        "/agreements/?year=2018&kind=memorandum&city=open&theme=open&on=2020-01-01",
        "/agreements/?year=2015",
        "/agreements/?whole=on",
    ],
    "partners:memorandum": [*own_pages("agreements"), "/agreements/next/"],
    "news:releases": [
        "/news/",
        *(f"/news/?{query}" for query in (f"city={SLUG}", "city=old-address", f"theme={SLUG}", "city=open&theme=open")),
        f"/news/?before=20990101T000000000000_{SLUG}",
        f"/news/?after=20000101T000000000000_{SLUG}",
    ],
    "news:year": [
        f"/news/{YEAR}/",
        f"/news/{YEAR}/?city={SLUG}",
        f"/news/{YEAR + 1}/",
        "/news/2021/",
        "/news/2015/",
        "/news/1998/",
    ],
    "news:release": own_pages("news"),
    "news:press_pack": [f"/news/{slug}/press-pack.zip" for slug in (SLUG, "old-address", "open", "wrong")],
    "news:text": [f"/news/{slug}/text.txt" for slug in (SLUG, "old-address", "open", "wrong")],
    "news:quote": [f"/quotes/{token}/" for token in (*DEAD_LINKS, HOLDER)],
    "news:photo_call": [f"/news/{slug}/photo-call.ics" for slug in (SLUG, "old-address", "open", "wrong")],
    "news:journalists": ["/for-journalists/"],
    "news:json": ["/news/feed.json"],
    "news:city_json": feeds("cities", "feed", "json"),
    "news:theme_json": feeds("themes", "feed", "json"),
    "news:atom": ["/news/atom.xml"],
    "news:rss": ["/news/rss.xml"],
    "news:city_atom": feeds("cities", "atom"),
    "news:city_rss": feeds("cities", "rss"),
    "news:theme_atom": feeds("themes", "atom"),
    "news:theme_rss": feeds("themes", "rss"),
    "news:calendar": ["/calendar.ics"],
    "news:person_calendar": ["/calendar/guess.ics"],
    "news:alerts": ["/alerts/", *(f"/alerts/?{kind}={slug}" for kind in ("city", "theme") for slug in (SLUG, "open"))],
    "news:alerts_asked": ["/alerts/asked/"],
    "news:confirm_alerts": [f"/alerts/confirm/{key}/" for key in (READER, "guess")],
    "news:my_alerts": [f"/alerts/mine/{key}/" for key in (READER, "guess")],
    "news:stop_alerts": [f"/alerts/stop/{key}/" for key in (READER, "guess")],
}
# One address of each kind, every sitemap and every file.
SURFACES = {
    row: paths if "sitemap" in row or row in ("core:file", "dataset") else paths[:1] for row, paths in ROWS.items()
}
SAYS_NOTHING_OF_RECORDS = {
    "accessibility",
    "privacy",
    "data",
    "datapackage",
    "robots",
    "security_txt",
    "live",
    "ready",
    "metrics",
    "sitemap_index",
    "news:journalists",
    "news:quote",
    "news:alerts_asked",
    "news:confirm_alerts",
    "news:stop_alerts",
    "news:person_calendar",
}
# A link leads to the files of its own record, whatever the gate says.
SAYS_NOTHING_OF_OTHERS = {"core:preview_below", "core:preview_file"}
# What was public answers at its own address that it is withdrawn or taken down; an old address leads to what remains.
ANSWERS_OF_ITS_OWN = {"withdrawn": {SLUG: 200, "old-address": 301}, "taken-down": {SLUG: 410}}


def routes(patterns=None, namespace=""):
    """The names of all addresses outside the back office."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) != "admin/":
                yield from routes(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else "")
        else:
            yield namespace + (pattern.name or str(pattern.pattern))


def make_world(slug: str, contact, *, by) -> dict:
    """A public record of each kind, tied together, with OFFICE in every internal field."""
    notes = {"slug": slug, "internal_notes": f"{OFFICE} notes"}
    theme = make_theme(f"{slug} theme", slug=slug)
    city = make_city(f"{slug} city", owner=by, **notes)
    Focus.objects.create(city=city, theme=theme)
    memorandum = make_memorandum(city, **notes)
    memorandum.themes.add(theme)
    Signatory.objects.create(memorandum=memorandum, office="Mayor", city=City.objects.get(slug="elsewhere"))
    make_document(memorandum)
    release = make_release(f"{slug} release", cities=[city], themes=[theme], memoranda=[memorandum], **notes)
    ReleaseContact.objects.create(release=release, contact=contact)
    ChangeNote.objects.create(release=release, text="The date was put right.", noted_by=by)
    photo = make_photo(f"{OFFICE} picture")
    for record in (city, release):
        show(photo, record)
    page = make_page(f"{slug} page", slug=slug)
    records = {"city": city, "theme": theme, "memorandum": memorandum, "release": release, "page": page}
    return {kind: publish(record, by=by) for kind, record in records.items()} | {"contact": contact}


@contextmanager
def two_worlds():
    """A world of public records, with releases enough to fill every list, and a world of withdrawn ones."""
    with transaction.atomic():
        by = make_user(username=OFFICE, last_name=OFFICE, email=f"{OFFICE}@example.org", is_superuser=True)
        Programme.objects.create(pk=1, headline="Six cities", lead="A friendship.", story="<p>Once.</p>")
        contact = make_contact(is_general=True)
        make_city("Elsewhere")  # a draft
        public, withdrawn = make_world("open", contact, by=by), make_world("wrong", contact, by=by)
        publish(make_memorandum(public["city"], slug="next"), by=by)
        for number in range(4):
            ties = {"cities": [public["city"]], "themes": [public["theme"]], "memoranda": [public["memorandum"]]}
            publish(make_release(f"Open release {number}", slug=f"open-{number}", **ties), by=by)
        for kind in FOLDERS:
            withdrawn[kind].withdraw(by=by, at=timezone.now(), reason="The figures were wrong.")
        another = make_release("Of another", slug="another", cities=[public["city"]])
        know(make_link(hide(another, "scheduled", now=timezone.now()))[0], HOLDER)
        make_subscriber("reader@example.org", key=READER, cities=[public["city"]], themes=[public["theme"]])
        AlertRequest.objects.create(email="reader@example.org", key=READER, asked_at=timezone.now())
        yield public, withdrawn
        transaction.set_rollback(True)


# How an address is asked: GET always, the others for the first address of each row.
REQUESTS = {
    "get": ("get", {}),
    "head": ("head", {}),
    "options": ("options", {}),
    "range": ("get", {"range": "bytes=0-40"}),
    "conditional": ("get", {"if-none-match": '"guess"', "if-modified-since": "Thu, 04 Mar 2027 00:01:00 GMT"}),
}


def answers(
    others=("head", "options", "range", "conditional"), client: Client | None = None, rows: dict | None = None
) -> dict:
    """Status, headers and body of every address, or of some; of the first in each row by other requests too."""
    client, found = client or Client(), {}
    memorandum = Memorandum.objects.get(slug="open")
    photo = Photo.objects.get(cityphotos__city__slug="open")
    tokens = {
        "{open}": memorandum.documents.get().token,
        "{photo}": photo.token,
        "{rendition}": photo.renditions.get(ending="webp").token,
        "{cut}": photo.renditions.get(is_for_sharing=True).token,
    }
    for row, paths in (rows or ROWS).items():
        for path in paths:
            for kind in ("get", *(others if path == paths[0] else ())):
                method, headers = REQUESTS[kind]
                address = re.sub(r"\{\w+\}", lambda named: tokens[named[0]], path)
                response = getattr(client, method)(address, headers=headers)
                del response.headers[HEADER]  # another one for each request
                found[row, kind, path] = (response.status_code, dict(response.headers), response.getvalue())
    return found


def tie(records: dict, world: dict) -> list:
    """Name the hidden records wherever those of a world can name them, and the other way round.

    Returns further records to hide: one agreement renews one other only, and is renewed by one other only.
    """
    assert {field.model for field in relations()} <= {type(record) for record in world.values()} | OWNERS.keys()
    further = []

    def another(model):
        name = f"{WORD} {model.__name__} {world['city'].slug} {len(further)}"
        further.append(
            {
                City: lambda: make_city(name),
                Theme: lambda: make_theme(name),
                Memorandum: lambda: make_memorandum(world["city"], title=name),
                PressRelease: lambda: make_release(name),
            }[model]()
        )
        return further[-1]

    def hidden(field):
        return another(field.related_model) if field.one_to_one else of_kind(records, field.related_model)

    def public(field):
        return of_kind(world, field.related_model)

    for record in world.values():
        assert fill_relations(record, hidden) == []
    for record in records.values():
        for field in fill_relations(record, public, words=WORD):
            type(record).objects.filter(pk=another(type(record)).pk).update(**{field.name: public(field)})
    return further


def of_kind(records: dict, model):
    """The record of a model among records by their kind."""
    return next(record for record in records.values() if isinstance(record, model))


def hide_one_of_each(state: str, worlds) -> dict:
    """Hide records that are newer than all public ones, and releases that are or say that they are older.

    Returns the records by their kind.
    """
    now = timezone.now()
    records = {kind: make_whole_record(kind, WORD, slug="old-address") for kind in FOLDERS}
    records["release"].pinned_until = now + timedelta(days=90)
    records["release"].kind, records["release"].event_starts_at = Kind.PHOTO_CALL, now
    records["city"].since, records["memorandum"].signed = "2 June 1969", "2 June 2018"
    for record in records.values():
        record.slug = SLUG
        record.save()
    Page.objects.filter(slug=SLUG).update(is_in_foot=True)
    records["memorandum"].documents.update(token=TOKEN)
    give_tokens(Photo.objects.get(cityphotos__city=records["city"]))
    show(Photo.objects.get(cityphotos__city=worlds[0]["city"]), records["release"])
    another = PressRelease.objects.get(slug="another")
    another.cities.add(records["city"])
    another.related.add(records["release"])
    know(make_link(records["memorandum"], at=now - timedelta(days=9))[0], "expired-link")
    revoked, _address = make_link(records["memorandum"], at=now)
    revoked.revoke(by=make_superuser(), at=now)
    know(revoked, "revoked-link")
    give_links(records, at=now)
    for reader in (Subscriber.objects.get(key=READER), AlertRequest.objects.get(key=READER)):
        reader.cities.add(records["city"])
        reader.themes.add(records["theme"])
    Memorandum.objects.filter(slug="next").update(renews=records["memorandum"])
    further = [record for world in worlds for record in tie(records, world)]
    for record in (*records.values(), *further):
        hide(record, state, now=now)
    oldest = make_release(f"{WORD} of old", cities=[worlds[0]["city"]])
    hide(oldest, state, now=now if state == "scheduled" else PAST - timedelta(days=6 * 365))
    for issued in ("March 1998", "February 2021"):
        ties = {"cities": [worlds[0]["city"]], "themes": [worlds[0]["theme"]], "memoranda": [worlds[0]["memorandum"]]}
        hide(make_release(f"{WORD} of {issued}", first_issued=issued, **ties), state, now=now)
    return records


def give_tokens(photo: Photo) -> None:
    """Put a photo, its WebP and its cut for sharing where the rows look for them."""
    Photo.objects.filter(pk=photo.pk).update(token=PHOTO)
    Rendition.objects.filter(photo=photo, ending="webp").update(token=f"{PHOTO}-webp")
    Rendition.objects.filter(photo=photo, is_for_sharing=True).update(token=f"{PHOTO}-cut")


def copy_one_of_each(state: str, world: dict) -> dict:
    """Give the public records of a world working copies full of the word, in one of the states of a copy."""
    now, author = timezone.now(), make_superuser()
    photo = make_whole_photo(WORD)
    give_tokens(photo)
    for kind in FOLDERS:
        copy = begin(world[kind], by=author, at=now)
        texts = {name: f"{value} {WORD}" for name, value in copy.snapshot["fields"].items() if name in COPIED}
        parts = copy.snapshot["parts"]
        if "photos" in parts:
            another = parts["photos"][0]["fields"] | {"photo": photo.pk, "alt": f"{WORD} alt"}
            parts = parts | {"photos": [parts["photos"][0] | {"fields": another}]}
        copy.keep({**copy.snapshot, "fields": copy.snapshot["fields"] | texts, "parts": parts}, by=author, at=now)
        if state != "draft":
            copy.submit(by=author, at=now)
        if state == "scheduled":
            copy.approve(by=make_superuser(), at=now, publish_at=now + timedelta(days=30))
        give_links({kind: world[kind]}, at=now, copy=copy)
    return {kind: world[kind] for kind in FOLDERS}


def give_links(records: dict, *, at, copy=None) -> None:
    """Make a preview link to each record that is alive, /preview/own-city/ and so on, and one that has expired."""
    for kind, record in records.items():
        know(make_link(record, copy=copy, at=at)[0], f"own-{kind}")
        know(make_link(record, copy=copy, at=at - timedelta(days=9))[0], f"expired-{kind}")
