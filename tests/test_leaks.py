"""Nothing that is not public shows anywhere: the leak matrix and noninterference.

Every public address has a row in ROWS; an address without one fails the suite. A record full of one strange word is
hidden in each state and tied to public records in every way there is. Then (a) the word stands on no page, header or
file, and (b) every answer is byte for byte what it is without the record, on guessed addresses too.
"""

import pytest
from django.urls import URLResolver, get_resolver
from django.utils import timezone

from partners.models import Focus, Programme
from tests.factories import (
    hide,
    make_city,
    make_contact,
    make_document,
    make_memorandum,
    make_release,
    make_theme,
    make_whole_record,
    publish,
)

pytestmark = pytest.mark.django_db

WORD = "Zanzimott"
SLUG = WORD.lower()
TOKEN = "token-of-the-hidden-file"
KINDS = ["city", "theme", "memorandum", "release"]
STATES = ["draft", "in-review", "scheduled", "withdrawn", "taken-down"]

# "open" is the slug of the public record of each kind; "token" the file of the hidden agreement.
ROWS = {
    "home": ["/"],
    "search": ["/search/", f"/search/?q={SLUG}", "/search/?q=friendship", "/search/?q=summary&page=2"],
    "accessibility": ["/accessibility/"],
    "privacy": ["/privacy/"],
    "robots": ["/robots.txt"],
    "security_txt": ["/.well-known/security.txt"],
    "live": ["/healthz/live"],
    "ready": ["/healthz/ready"],
    "sitemap_index": ["/sitemap.xml"],
    "django.contrib.sitemaps.views.sitemap": [
        f"/sitemap-{section}.xml" for section in ("pages", "cities", "themes", "agreements", "news")
    ],
    "core:file": ["/files/{token}/" + WORD + ".pdf", f"/files/guess/{WORD}.pdf", "/files/{token}/guess.pdf"],
    "partners:cities": ["/cities/"],
    "partners:city": [f"/cities/{SLUG}/", "/cities/open/", f"/cities/{SLUG}", "/cities/old-address/"],
    "partners:themes": ["/themes/"],
    "partners:theme": [f"/themes/{SLUG}/", "/themes/open/", "/themes/old-address/"],
    "partners:memoranda": ["/agreements/", "/agreements/?status=in-force", "/agreements/?status=renewed"],
    "partners:memorandum": [f"/agreements/{SLUG}/", "/agreements/open/", "/agreements/old-address/"],
    "news:releases": ["/news/", f"/news/?city={SLUG}", f"/news/?theme={SLUG}", "/news/?city=open&theme=open"],
    "news:year": ["/news/2021/", "/news/2026/", f"/news/2026/?city={SLUG}", "/news/2035/"],
    "news:release": [f"/news/{SLUG}/", "/news/open/", "/news/old-address/"],
    "news:atom": ["/news/atom.xml"],
    "news:rss": ["/news/rss.xml"],
    "news:city_atom": [f"/cities/{SLUG}/atom.xml", "/cities/open/atom.xml"],
    "news:city_rss": [f"/cities/{SLUG}/rss.xml", "/cities/open/rss.xml"],
    "news:theme_atom": [f"/themes/{SLUG}/atom.xml", "/themes/open/atom.xml"],
    "news:theme_rss": [f"/themes/{SLUG}/rss.xml", "/themes/open/rss.xml"],
}
OWN_PAGE = {
    "city": f"/cities/{SLUG}/",
    "theme": f"/themes/{SLUG}/",
    "memorandum": f"/agreements/{SLUG}/",
    "release": f"/news/{SLUG}/",
}


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


@pytest.fixture
def world(client):
    """One public record of each kind, tied together."""
    Programme.objects.create(pk=1, headline="Six cities", lead="A friendship.", story="<p>Once.</p>")
    theme = publish(make_theme("Open theme", slug="open"))
    city = publish(make_city("Open city", slug="open"))
    Focus.objects.create(city=city, theme=theme)
    memorandum = make_memorandum(city, slug="open")
    memorandum.themes.add(theme)
    make_document(publish(memorandum))
    make_contact(is_general=True)
    release = make_release("Open release", slug="open", cities=[city], themes=[theme], memoranda=[memorandum])
    return {"city": city, "theme": theme, "memorandum": memorandum, "release": publish(release)}


def tie(kind, record, world):
    """Name the hidden record wherever a public record can name it, and the other way round."""
    if kind == "city":
        world["memorandum"].cities.add(record)
        world["release"].cities.add(record)
        Focus.objects.filter(city=record).update(theme=world["theme"])
    elif kind == "theme":
        Focus.objects.create(city=world["city"], theme=record)
        world["memorandum"].themes.add(record)
        world["release"].themes.add(record)
    elif kind == "memorandum":
        record.renews = world["memorandum"]
        record.save()
        record.themes.add(world["theme"])
        world["release"].memoranda.add(record)
    else:
        record.pinned_until = timezone.now() + timezone.timedelta(days=90)
        record.save()
        world["release"].related.add(record)


def answers(client, methods=("get",)):
    """Status, headers and body of every address."""
    found = {}
    for path in (path.format(token=TOKEN) for paths in ROWS.values() for path in paths):
        for method in methods:
            response = getattr(client, method)(path)
            found[method, path] = (response.status_code, dict(response.headers), response.getvalue())
    return found


def hidden_record(kind, state, world):
    record = make_whole_record(kind, WORD, slug="old-address")
    record.slug = SLUG
    record.save()
    if kind == "memorandum":
        record.documents.update(token=TOKEN)
    tie(kind, record, world)
    return hide(record, state, now=timezone.now())


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_hidden_record_leaks_nowhere(client, world, kind, state):
    hidden_record(kind, state, world)
    for (_method, path), (_status, headers, body) in answers(client).items():
        if state == "withdrawn" and path in (OWN_PAGE[kind], OWN_PAGE[kind].replace(SLUG, "old-address")):
            continue
        # A page may say again what its own address says.
        said = f"{headers}{body.decode(errors='replace')}".lower().replace(path.lower(), "").replace(f'"{SLUG}"', "")
        said = said.replace(f"“{SLUG}”", "").replace(path.lower().rstrip("/").replace("/", "%2f"), "")
        assert SLUG not in said, path


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("kind", KINDS)
def test_answers_are_the_same_without_the_hidden_record(client, world, kind, state):
    methods = ("get", "head", "options")
    without = answers(client, methods)
    hidden_record(kind, state, world)
    with_record = answers(client, methods)
    own = (OWN_PAGE[kind], OWN_PAGE[kind].replace(SLUG, "old-address")) if state in ("withdrawn", "taken-down") else ()
    different = [key for key in without if with_record[key] != without[key] and key[1] not in own]
    assert different == []

