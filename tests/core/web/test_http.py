"""Every answer is the same for everyone, whatever cookie, host or condition a request brings."""

import gzip
from contextlib import closing

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.factories import (
    make_city,
    make_document,
    make_memorandum,
    make_photo,
    make_release,
    make_superuser,
    make_user,
    publish,
    show,
)
from tests.previews import make_link

pytestmark = pytest.mark.django_db

MACHINE_PAGES = [
    "/news/atom.xml",
    "/news/rss.xml",
    "/cities/dortmund/atom.xml",
    "/cities/dortmund/rss.xml",
    "/sitemap.xml",
    "/sitemap-pages.xml",
    "/sitemap-cities.xml",
]


@pytest.fixture
def city():
    city = publish(make_city())
    publish(make_release(slug="signing", cities=[city]))
    return city


@pytest.mark.parametrize(
    ("accepted", "coding", "unpack"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("gzip, br", "br", brotli.decompress),
        ("br;q=0,gzip", "gzip", gzip.decompress),
    ],
)
@pytest.mark.parametrize("path", ["/", "/search/?q=Dortmund", "/nothing/", *MACHINE_PAGES])
def test_what_all_may_keep_is_compressed_for_those_who_can_unpack_it(client, city, path, accepted, coding, unpack):
    plain = client.get(path)
    packed, again = (client.get(path, headers={"accept-encoding": accepted}) for _ in range(2))
    assert packed["Content-Encoding"] == coding
    assert unpack(packed.getvalue()) == plain.getvalue()
    assert int(packed["Content-Length"]) == len(packed.getvalue())
    assert packed.getvalue() == again.getvalue()
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["gzip", "gzip, br"])
def test_unchanged_page_is_not_compressed_and_sent_again(client, city, accepted):
    etag = client.get("/", headers={"accept-encoding": accepted})["ETag"]
    response = client.get("/", headers={"accept-encoding": accepted, "if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


def test_page_for_one_person_and_what_is_no_text_go_as_they_are(client, city):
    link = make_link(make_release(slug="draft", cities=[city]))[1]
    document = make_document(publish(make_memorandum(city)))
    photo = make_photo()
    show(photo, city)
    client.force_login(make_superuser())
    for path in ("/admin/", link, document.get_absolute_url(), photo.get_absolute_url()):
        response = client.get(path, headers={"accept-encoding": "gzip, br"})
        assert response.status_code == 200, path
        assert response.getvalue()
        assert "Content-Encoding" not in response, path


def test_part_of_a_text_is_not_compressed(settings):
    """The part would be taken for so many bytes of the whole."""
    folder = settings.STATIC_ROOT / "http"
    folder.mkdir()
    (folder / "site.css").write_bytes(b"body {}\n" * 1000)
    client, headers = Client(), {"accept-encoding": "gzip"}  # WhiteNoise looks for files when it starts
    with closing(client.get("/static/http/site.css", headers=headers)) as whole:
        assert whole["Content-Encoding"] == "gzip"
    with closing(client.get("/static/http/site.css", headers=headers | {"range": "bytes=8-2007"})) as part:
        assert (part.status_code, part["Content-Range"]) == (206, "bytes 8-2007/8000")
        assert part.getvalue() == b"body {}\n" * 250


@pytest.mark.parametrize("cookie", ["sessionid=x", "sessionid=", "csrftoken=x", "messages=x"])
def test_cookie_is_answered_with_none(client, cookie):
    response = client.get("/", headers={"cookie": cookie})
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


def test_page_is_the_same_for_staff(client):
    stranger = client.get("/")
    client.force_login(make_user())
    staff = client.get("/")
    assert (staff.content, staff.headers) == (stranger.content, stranger.headers)


@pytest.mark.parametrize("request_headers", [{"host": "evil.example"}, {"if-match": '"x"'}], ids=str)
def test_what_one_request_spoils_is_not_kept_for_the_next(client, request_headers):
    response = client.get("/", headers=request_headers)
    assert response.status_code in (400, 412)
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("path", MACHINE_PAGES)
def test_links_for_machines_lead_to_the_site_whatever_host_was_asked(client, city, settings, path):
    settings.SITE_URL = "https://twinning.example.org"
    page = client.get(path, headers={"host": "localhost:1337"}).content.decode()
    assert "localhost" not in page
    assert "https://twinning.example.org/" in page


@pytest.mark.parametrize("path", MACHINE_PAGES)
def test_pages_for_machines_are_only_read(client, path):
    assert client.post(path).status_code == client.delete(path).status_code == 405


@pytest.mark.parametrize("path", ["/news/atom.xml", "/news/rss.xml", "/sitemap-news.xml"])
def test_reader_that_asks_for_changes_hears_of_a_withdrawal(client, city, path):
    release = publish(make_release("Wrong figures", slug="wrong-figures"), at=timezone.now())
    first = client.get(path)
    assert b"wrong-figures" in first.content
    known = {"if-modified-since": first.get("Last-Modified", "Mon, 01 Jan 2035 00:00:00 GMT")}
    release.withdraw(by=make_superuser(), at=timezone.now(), reason="The figures were wrong.")
    second = client.get(path, headers=known)
    assert second.status_code == 200
    assert b"wrong-figures" not in second.content


@pytest.fixture
def connections_stay_open():
    """Between requests, as in Django's own client: the transaction of a test does not survive them otherwise."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/news/atom.xml", "/sitemap.xml", "/nothing/", "/robots.txt"])
def test_head_has_the_headers_of_get_and_no_body(city, connections_stay_open, path):
    """Asked as gunicorn asks; the client of the tests would take the body away itself."""
    sent, statuses = {}, {}
    for method in ("GET", "HEAD"):

        def start(status, headers, method=method):
            sent[method], statuses[method] = headers, status

        body = WSGIHandler()(RequestFactory().generic(method, path).environ, start)
        assert bool(b"".join(body)) == (method == "GET")
        body.close()
    assert {status[:3] for status in statuses.values()} == {"404" if path == "/nothing/" else "200"}
    names = {method: {name for name, _value in headers} - {"ETag"} for method, headers in sent.items()}
    assert names["HEAD"] == names["GET"]  # Django compares only GET with what a browser has
    assert dict(sent["HEAD"]).get("Content-Length") == dict(sent["GET"]).get("Content-Length")


# Encryption -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/nothing/", "/admin/login/", "/news/atom.xml", "/healthz/live"])
def test_browser_that_was_here_comes_back_encrypted_for_a_year(client, path):
    assert client.get(path, secure=True)["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize("headers", [{}, {"x-forwarded-proto": "https"}], ids=["plain", "said to be encrypted"])
def test_visitor_without_encryption_is_led_to_it(settings, headers):
    settings.SECURE_SSL_REDIRECT = True
    client = Client(headers=headers)  # the middleware reads the setting when it starts
    response = client.get("/search/?q=arts")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/search/?q=arts")
    assert client.get("/healthz/live").content == b"ok\n"


def test_proxy_that_ends_the_encryption_is_believed(settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert Client(headers={"x-forwarded-proto": "https"}).get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/admin/login/"])
def test_no_other_site_shows_a_page_in_a_frame_or_learns_where_in_the_site_its_reader_was(client, path):
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Permissions-Policy"] == (
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
    )
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
