"""Every public page: status, headers, number of queries, clock reads, and nonsense in addresses."""

import re
import sys
from base64 import b64encode
from functools import cache
from hashlib import sha256

import pytest
from django.db import connection
from django.template.loader import get_template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news.demo.scale import Generator
from news.demo.staff import make_staff
from news.models import PressRelease
from partners.models import City
from tests.factories import copy_releases, make_document, make_memorandum, make_superuser, make_theme, submit
from tests.previews import EMBARGO, copy_of, make_link

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/cities/",
    "/cities/dortmund/",
    "/cities/brno/",
    "/cities/lille/answers",
    "/themes/",
    "/themes/climate/",
    "/agreements/",
    "/agreements/?status=renewed",
    "/agreements/leeds-dortmund-2021/",
    "/agreements/leeds-brno-2003/",
    "/news/",
    "/news/2021/",
    "/news/?city=brno",
    "/news/?city=brno&theme=culture-and-arts",
    "/news/leeds-and-dortmund-renew-their-agreement/",
    "/for-journalists/",
    "/alerts/?city=brno",
    "/search/",
    "/search/?q=Leeds",
    "/search/?q=Leeds&page=2",
    "/search/?q=Leeds&kind=pressrelease&city=brno&theme=culture-and-arts&year=2021",
    "/search/?q=Leeds&city=lille&theme=climate&year=1999",
    "/search/?q=nothingofthatkind",
    "/accessibility/",
    "/privacy/",
    "/data/",
]
MACHINE_PAGES = [
    "/news/atom.xml",
    "/news/rss.xml",
    "/news/feed.json",
    "/cities/brno/atom.xml",
    "/cities/brno/rss.xml",
    "/themes/climate/atom.xml",
    "/themes/climate/rss.xml",
    "/cities/brno/feed.json",
    "/themes/climate/feed.json",
    "/news/leeds-and-dortmund-renew-their-agreement/text.txt",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/sitemap-cities.xml",
    "/sitemap-news.xml",
    "/robots.txt",
    "/.well-known/security.txt",
]
ABSENT = [
    "/nothing/",
    "/preview/nothing/",
    "/cities/nothing/",
    "/news/nothing/",
    "/files/guess/guess.pdf",
    "/cities/nothing/atom.xml",
]
PRESS_PACK = "/news/leeds-and-dortmund-renew-their-agreement/press-pack.zip"
ONCE = ["twinning.core.web.visits"]
MOST_QUERIES = 10  # a search with three filters that finds nothing looks four times for what to leave out


@pytest.fixture(scope="module")
def answer(demo):
    """A client that requests each page once, for all tests that read its response."""
    return cache(Client().get)


@pytest.mark.parametrize("path", PAGES + MACHINE_PAGES)
def test_page_works(answer, path):
    assert answer(path).status_code == 200


@pytest.mark.parametrize("path", PAGES + MACHINE_PAGES + ABSENT)
def test_page_sets_no_cookie_and_can_be_kept_for_five_seconds(answer, path):
    response = answer(path)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"] == "public, max-age=5"


@pytest.mark.parametrize("path", PAGES + ABSENT)
def test_page_carries_the_safe_headers(answer, path):
    headers, page = answer(path).headers, answer(path).content
    [script] = re.findall(rb"<script>(.*?)</script>", page, re.DOTALL)
    assert headers["Content-Security-Policy"] == (
        f"default-src 'none'; script-src 'self' 'sha256-{b64encode(sha256(script).digest()).decode()}'; "
        "style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", PAGES)
def test_unchanged_page_is_not_sent_twice(answer, client, path):
    etag = answer(path)["ETag"]
    assert client.get(path, headers={"if-none-match": etag}).status_code == 304


@pytest.mark.parametrize("path", PAGES + MACHINE_PAGES)
def test_head_is_answered_and_post_is_refused(demo, client, path):
    assert client.head(path).status_code == 200
    if not path.endswith(".xml"):
        # The form of alerts is the one that strangers send; empty, it comes back.
        assert client.post(path).status_code == (422 if path.startswith("/alerts/") else 405)


@pytest.mark.parametrize("path", PAGES)
def test_page_has_one_heading_a_title_and_its_language(answer, path):
    page = answer(path).content.decode()
    assert page.count("<h1") == 1
    assert '<html lang="en-gb" dir="ltr">' in page
    assert "<title> –" not in page


@pytest.mark.nu
@pytest.mark.parametrize("path", [*PAGES, "/nothing/", "/search/?q=nothingofthatkind", "/news/?city=nothing"])
def test_html_is_valid(demo, client, nu, path):
    assert nu(client.get(path).content.decode()) == []


@pytest.mark.nu
def test_html_of_a_preview_is_valid(demo, client, nu):
    _link, address = make_link(make_document(make_memorandum(City.objects.first())).memorandum)
    assert nu(client.get(address).content.decode()) == []


@pytest.mark.nu
def test_html_of_the_links_is_as_valid_as_the_frame_around_it(demo, client, nu):
    theme = make_theme("Fishing")
    make_link(theme)
    client.force_login(make_superuser())

    def faults(page, *args) -> set[str]:
        html = client.get(reverse(f"admin:{page}", args=args)).content.decode()
        return {fault.partition(" (line")[0] for fault in nu(html)}

    assert faults("partners_theme_links", theme.pk) - faults("password_change_done") == set()


@pytest.fixture
def clock_reads(monkeypatch) -> list[str]:
    """The modules of ours that have read the clock, in order."""
    reads, now = [], timezone.now

    def watched_now():
        frame = sys._getframe(1)
        while frame.f_globals["__name__"] == "django.utils.timezone":  # localdate() and localtime() ask for themselves
            frame = frame.f_back
        module = frame.f_globals["__name__"]
        if module.partition(".")[0] in ("twinning", "partners", "news"):
            reads.append(module)
        return now()

    monkeypatch.setattr(timezone, "now", watched_now)
    return reads


@pytest.mark.parametrize("path", [*PAGES, *MACHINE_PAGES, "/cities/nothing/", PRESS_PACK])
def test_page_reads_the_clock_once(demo, client, clock_reads, path):
    """With two moments one response could disagree with itself about what is public."""
    client.get(path)
    assert clock_reads == ONCE


def test_preview_reads_the_clock_once(demo, client, clock_reads):
    _link, address = make_link(City.objects.get(slug="colombo"), at=timezone.now())
    clock_reads.clear()
    assert client.get(address).status_code == 200
    assert clock_reads == ONCE


def test_scheduled_copy_costs_no_more_looks_at_the_clock(demo, client, clock_reads):
    copy = copy_of(City.objects.get(slug="brno"))
    submit(copy).approve(by=make_superuser(), at=timezone.now(), publish_at=EMBARGO)
    clock_reads.clear()
    client.get("/cities/brno/")
    assert clock_reads == ONCE


def queries_of(client, path) -> int:
    client.get(path)  # content types are asked for once a process
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


def deep_page(client) -> str:
    middle = PressRelease.objects.order_by("-publish_at", "slug")[PressRelease.objects.count() // 2]
    return f"/news/?before={middle.publish_at:%Y%m%dT%H%M%S%f}_{middle.slug}"


def test_pages_ask_the_database_little_however_large_the_archive(demo, client):
    paths = [*PAGES, *MACHINE_PAGES]
    list(Generator(make_staff(), at=timezone.now()).fill_up(200))
    small = {path: queries_of(client, path) for path in [*paths, deep_page(client)]}
    assert {path: number for path, number in small.items() if number > MOST_QUERIES} == {}
    copy_releases(99)
    assert PressRelease.objects.count() > 20_000
    large = {path: queries_of(client, path) for path in paths}
    assert large == {path: small[path] for path in paths}
    assert queries_of(client, deep_page(client)) <= MOST_QUERIES


NONSENSE = [
    "x",
    "-1",
    "0",
    "99999",
    "yesterday",
    "1e9",
    "²",
    "' OR 1=1",
    "\x00",
    "a\x00b",
    "%",
    "<script>",
    "🎈",
    "a" * 10_000,
]


@pytest.mark.parametrize("value", NONSENSE, ids=ascii)
@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/search/", "q"),
        ("/search/?q=Leeds", "page"),
        ("/search/?q=Leeds", "kind"),
        ("/search/?q=Leeds", "city"),
        ("/search/?q=Leeds", "year"),
        ("/news/", "before"),
        ("/news/", "after"),
        ("/news/", "city"),
        ("/news/2021/", "theme"),
        ("/agreements/", "status"),
        ("/sitemap-cities.xml", "p"),
        ("/cities/brno/", "utm_source"),
    ],
)
def test_nonsense_in_an_address_is_answered(demo, client, path, name, value):
    response = client.get(path, {name: value, **({"q": "Leeds"} if "q=" in path else {})})
    assert response.status_code in ((200, 404) if "sitemap" in path else (200,))


@pytest.mark.parametrize(
    "address",
    ["/search/?q=%ff%fe", "/news/?city=%c3%28", "/cities/%00/", "/cities/%ff/", "/news/0000/", "/news/9999/", "/sitemap-x.xml",
     "/files/%00/x", "/cities/brno/?%00=%00", "/agreements/?status[]=x", "/news/?before=20210212T100000000000_%00"],
)  # fmt: skip
def test_broken_address_never_breaks_the_site(demo, client, address):
    assert client.get(address).status_code in (200, 404)


def test_unknown_theme_and_status_are_named_and_left_out(demo, client):
    assert "We could not find “fishing”" in client.get("/news/?theme=fishing&city=brno").content.decode()
    assert "We do not know the status “lost”" in client.get("/agreements/?status=lost").content.decode()


def test_long_query_is_cut_and_says_so(demo, client):
    page = client.get("/search/", {"q": "peace " * 2000}).content.decode()
    assert "Your search was very long" in page
    assert len(page) < 20_000


def test_not_found_page_offers_a_search(demo, client):
    page = client.get("/nothing/").content.decode()
    assert "There is no page at this address" in page
    assert 'action="/search/"' in page


@pytest.mark.parametrize("name", ["400.html", "500.html", "503.html"])
def test_error_page_needs_nothing(name):
    assert "<h1>" in get_template(name).render()


def test_request_for_a_foreign_host_is_refused_with_a_page(client):
    response = client.get("/", headers={"host": "elsewhere.example.org"})
    assert response.status_code == 400
    assert "We could not read this request" in response.content.decode()


def test_form_without_its_token_says_what_to_do():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    page = response.content.decode()
    assert "copy what you wrote" in page
    assert "style=" not in page
    assert "<style" not in page


def test_security_txt_expires_within_a_year(demo, client):
    lines = client.get("/.well-known/security.txt").content.decode().splitlines()
    expires = next(line for line in lines if line.startswith("Expires: ")).removeprefix("Expires: ")
    left = timezone.datetime.fromisoformat(expires) - timezone.now()
    assert 90 < left.days < 365


def test_health(demo, client):
    for path in ("/healthz/live", "/healthz/ready"):
        response = client.get(path)
        assert (response.status_code, response["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("path", ["/search/", "/search/?q=Leeds&kind=city", "/search/?q=nothingofthatkind"])
def test_search_engines_know_one_page_of_the_search(demo, client, settings, path):
    page = client.get(path).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}/search/">' in page
    assert "noindex" not in page
    assert "/search" not in client.get("/robots.txt").content.decode()
