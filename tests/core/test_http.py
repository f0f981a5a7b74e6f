"""Every answer is the same for everyone, whatever cookie, host or condition a request brings."""

import gzip
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.factories import (
    make_city,
    make_document,
    make_memorandum,
    make_release,
    make_superuser,
    make_user,
    publish,
)
from tests.previews import make_link
from twinning import views

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


@pytest.mark.parametrize("path", ["/", "/search/?q=Dortmund", "/nothing/", *MACHINE_PAGES])
def test_what_all_may_keep_is_compressed_for_those_who_can_unpack_it(client, city, path):
    plain = client.get(path)
    packed, again = (client.get(path, headers={"accept-encoding": "gzip"}) for _ in range(2))
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.getvalue()) == plain.getvalue()
    assert packed.getvalue() == again.getvalue()
    assert plain["Vary"] == packed["Vary"] == "Accept-Encoding"


def test_unchanged_page_is_not_compressed_and_sent_again(client, city):
    etag = client.get("/", headers={"accept-encoding": "gzip"})["ETag"]
    response = client.get("/", headers={"accept-encoding": "gzip", "if-none-match": etag})
    assert (response.status_code, response.content) == (304, b"")


def test_page_for_one_person_and_what_is_no_text_go_as_they_are(client, city):
    link = make_link(make_release(slug="draft", cities=[city]))[1]
    document = make_document(publish(make_memorandum(city)))
    client.force_login(make_superuser())
    for path in ("/admin/", link, document.get_absolute_url(), "/cities/dortmund/sharing.jpg"):
        response = client.get(path, headers={"accept-encoding": "gzip"})
        assert response.status_code == 200, path
        assert response.getvalue()
        assert "Content-Encoding" not in response, path


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


def test_site_without_its_database_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(views, "MigrationExecutor", Mock(side_effect=OperationalError("connection refused")))
    response = client.get("/healthz/ready")
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert b"refused" not in response.content
