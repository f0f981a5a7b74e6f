"""Responses with files: whole, in part or “not modified”; a hidden file and an absent one get the same answer."""

import pytest
from django.utils import timezone

from partners.models import Document
from tests.factories import (
    SCAN,
    hide,
    make_city,
    make_document,
    make_memorandum,
    make_photo,
    make_superuser,
    publish,
    show,
)
from tests.papers import make_pdf
from tests.previews import make_link
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db

SIZE = len(SCAN)


def ask(client, document, method="get", **headers):
    """The response to a request for a document, with all of its content as ``body``."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    response = getattr(client, method)(document.get_absolute_url(), headers=headers)
    response.body = response.getvalue()
    return response


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=10-", 10, SIZE),
        ("bytes=-10", SIZE - 10, SIZE),
        (f"bytes=-{SIZE * 9}", 0, SIZE),
        (f"bytes=10-{SIZE * 9}", 10, SIZE),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE),
    ],
)
def test_part_of_a_file_is_sent(client, public_document, asked, start, end):
    response = ask(client, public_document, range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert response["Content-Length"] == str(end - start)
    assert response.body == SCAN[start:end]


def test_part_larger_than_a_chunk_is_sent(client):
    document = make_document(publish(make_memorandum(make_city())), content=SCAN.ljust(200_000, b"\n"))
    assert len(ask(client, document, range="bytes=5-150004").body) == 150_000


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0"])
def test_range_outside_the_file_is_refused(client, public_document, asked):
    response = ask(client, public_document, range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert response.body == b""


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", f"bytes={'9' * 99}-", ""])  # fmt: skip
def test_invalid_range_and_several_ranges_get_the_whole_file(client, public_document, asked):
    response = ask(client, public_document, range=asked)
    assert (response.status_code, response.body) == (200, SCAN)


def test_range_of_a_file_that_has_changed_gets_the_whole_file(client, public_document):
    etag = ask(client, public_document)["ETag"]
    assert ask(client, public_document, range="bytes=5-", if_range=etag).status_code == 206
    assert ask(client, public_document, range="bytes=5-", if_range='"another"').body == SCAN


def test_head_has_the_headers_of_get(client, public_document):
    whole, head = ask(client, public_document), ask(client, public_document, "head")
    assert head.body == b""
    assert {name: head[name] for name in ("Content-Length", "ETag", "Content-Type", "Accept-Ranges")} == {
        "Content-Length": str(SIZE),
        "ETag": whole["ETag"],
        "Content-Type": "application/pdf",
        "Accept-Ranges": "bytes",
    }
    assert whole["Content-Length"] == str(SIZE)


@pytest.mark.parametrize("method", ["get", "head"])
def test_conditional_requests(client, public_document, method):
    etag = ask(client, public_document, "head")["ETag"]
    response = ask(client, public_document, method, if_none_match=etag)
    assert (response.status_code, response.body) == (304, b"")
    assert ask(client, public_document, method, if_none_match='"another"').status_code == 200
    assert ask(client, public_document, method, if_match='"another"').status_code == 412


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-1"}, {"if_none_match": "*"}, {"if_match": '"x"'}])
def test_hidden_file_and_absent_one_get_the_same_answer(client, headers):
    document = make_document(make_memorandum(make_city()))
    hide(document.memorandum, "scheduled", now=timezone.now())
    hidden = ask(client, document, **headers)
    document.delete()
    absent = ask(client, document, **headers)
    assert hidden.status_code == absent.status_code == 404
    assert (hidden.body, dict(hidden.headers)) == (absent.body, dict(absent.headers))


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-1"}, {"if_none_match": '"known"'}])
def test_caches_keep_a_file_for_five_seconds_at_most(client, public_document, headers):
    if "if_none_match" in headers:
        headers = {"if_none_match": ask(client, public_document, "head")["ETag"]}
    answer = ask(client, public_document, **headers)
    assert answer["Cache-Control"] in ("public, max-age=5", "private, no-store")
    public_document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    assert ask(client, public_document, **headers).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"if_none_match": '"known"'}])
def test_browsers_keep_an_immutable_file_and_shared_caches_only_for_five_seconds(
    client, public_document, monkeypatch, headers
):
    monkeypatch.setattr(Document, "is_immutable", True)
    if headers:
        headers = {"if_none_match": ask(client, public_document, "head")["ETag"]}
    answer = ask(client, public_document, **headers)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable, s-maxage=5"
    public_document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    assert ask(client, public_document, **headers)["Cache-Control"] == "public, max-age=5"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"range": "bytes=0-1"}, 206), ({"range": f"bytes={SIZE}-"}, 416), ({"if_match": '"another"'}, 412)],
)
def test_no_cache_keeps_a_part_or_a_refused_condition_of_an_immutable_file(
    client, public_document, monkeypatch, headers, status
):
    """A browser or cache that took one for the whole file would keep it for a year."""
    monkeypatch.setattr(Document, "is_immutable", True)
    answer = ask(client, public_document, **headers)
    assert (answer.status_code, answer["Cache-Control"]) == (status, "private, no-store")


def test_no_cache_keeps_the_preview_of_an_immutable_file(client, public_document, monkeypatch):
    monkeypatch.setattr(Document, "is_immutable", True)
    copy = begin(public_document.memorandum, by=make_superuser(), at=timezone.now())
    _link, address = make_link(public_document.memorandum, copy=copy)
    response = client.get(f"{address}files/{public_document.token}/{public_document.name}")
    assert (response.getvalue(), response["Cache-Control"]) == (SCAN, "private, no-store")


def test_photo_is_a_download_under_its_name(client):
    photo = make_photo(name="Übereinkunft 杭州.jpg")
    show(photo, publish(make_city()))
    response = ask(client, photo)
    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%9Cbereinkunft_%E6%9D%AD")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_preview_of_a_file_is_sandboxed_and_no_cache_keeps_it(client):
    memorandum = hide(make_memorandum(make_city()), "scheduled", now=timezone.now())
    document = make_document(memorandum, content=make_pdf(["not yet"]))
    _link, address = make_link(memorandum)
    response = client.get(f"{address}files/{document.token}/{document.name}")
    assert response.getvalue().startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]


def test_behind_nginx_the_site_decides_and_nginx_sends(client, public_document, settings):
    settings.ACCEL_REDIRECT = "/protected/"
    answer = ask(client, public_document, range="bytes=0-1")
    assert (answer.status_code, answer.body) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/protected/{public_document.file.name}"
    assert ask(client, public_document, if_none_match=answer["ETag"]).status_code == 304
    public_document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    assert "X-Accel-Redirect" not in ask(client, public_document)


def test_behind_nginx_the_site_itself_sends_previews_and_immutable_files(
    client, public_document, settings, monkeypatch
):
    settings.ACCEL_REDIRECT = "/protected/"
    copy = begin(public_document.memorandum, by=make_superuser(), at=timezone.now())
    _link, address = make_link(public_document.memorandum, copy=copy)
    assert client.get(f"{address}files/{public_document.token}/{public_document.name}").getvalue() == SCAN
    monkeypatch.setattr(Document, "is_immutable", True)
    assert ask(client, public_document).body == SCAN
