"""Files are sent whole or in part, anew or not at all; and nothing that is hidden answers to any such question."""

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from news.demo.paper import document as pdf
from partners.models import Document
from tests.factories import SCAN, hide, make_city, make_document, make_memorandum, make_superuser, publish
from tests.hostile import docx, odt
from tests.previews import make_link
from twinning.core.copies import begin

pytestmark = pytest.mark.django_db

SIZE = len(SCAN)


@pytest.fixture
def document():
    return make_document(publish(make_memorandum(make_city())))


def ask(client, document, method="get", **headers):
    """An answer with all of its ``body``."""
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
def test_part_of_a_file_is_sent(client, document, asked, start, end):
    response = ask(client, document, range=asked)
    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert response["Content-Length"] == str(end - start)
    assert response.body == SCAN[start:end]


def test_part_larger_than_a_chunk_is_sent(client):
    document = make_document(publish(make_memorandum(make_city())), content=SCAN.ljust(200_000, b"\n"))
    assert len(ask(client, document, range="bytes=5-150004").body) == 150_000


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", f"bytes={SIZE}-{SIZE + 5}", "bytes=-0"])
def test_part_that_does_not_exist_is_refused(client, document, asked):
    response = ask(client, document, range=asked)
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{SIZE}")
    assert response.body == b""


@pytest.mark.parametrize("asked", ["bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b", f"bytes={'9' * 99}-", ""])  # fmt: skip
def test_nonsense_and_several_parts_are_answered_with_the_whole(client, document, asked):
    response = ask(client, document, range=asked)
    assert (response.status_code, response.body) == (200, SCAN)


def test_rest_of_a_file_is_sent_only_of_the_same_file(client, document):
    etag = ask(client, document)["ETag"]
    assert ask(client, document, range="bytes=5-", if_range=etag).status_code == 206
    assert ask(client, document, range="bytes=5-", if_range='"another"').body == SCAN


def test_head_says_what_get_would_send(client, document):
    whole, head = ask(client, document), ask(client, document, "head")
    assert head.body == b""
    assert {name: head[name] for name in ("Content-Length", "ETag", "Content-Type", "Accept-Ranges")} == {
        "Content-Length": str(SIZE),
        "ETag": whole["ETag"],
        "Content-Type": "application/pdf",
        "Accept-Ranges": "bytes",
    }
    assert whole["Content-Length"] == str(SIZE)


@pytest.mark.parametrize("method", ["get", "head"])
def test_who_has_the_file_is_sent_nothing(client, document, method):
    etag = ask(client, document, "head")["ETag"]
    response = ask(client, document, method, if_none_match=etag)
    assert (response.status_code, response.body) == (304, b"")
    assert ask(client, document, method, if_none_match='"another"').status_code == 200
    assert ask(client, document, method, if_match='"another"').status_code == 412


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-1"}, {"if_none_match": "*"}, {"if_match": '"x"'}])
def test_hidden_file_and_absent_one_answer_alike_to_everything(client, headers):
    document = make_document(make_memorandum(make_city()))
    hide(document.memorandum, "scheduled", now=timezone.now())
    hidden = ask(client, document, **headers)
    document.delete()
    absent = ask(client, document, **headers)
    assert hidden.status_code == absent.status_code == 404
    assert (hidden.body, dict(hidden.headers)) == (absent.body, dict(absent.headers))


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-1"}, {"if_none_match": '"known"'}])
def test_no_cache_keeps_a_file_longer_than_five_seconds(client, document, headers):
    if "if_none_match" in headers:
        headers = {"if_none_match": ask(client, document, "head")["ETag"]}
    answer = ask(client, document, **headers)
    assert answer["Cache-Control"] in ("public, max-age=5", "private, no-store")
    document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    assert ask(client, document, **headers).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"if_none_match": '"known"'}])
def test_browser_keeps_a_file_that_never_changes_and_the_edge_only_for_five_seconds(
    client, document, monkeypatch, headers
):
    monkeypatch.setattr(Document, "is_immutable", True)
    if headers:
        headers = {"if_none_match": ask(client, document, "head")["ETag"]}
    answer = ask(client, document, **headers)
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable, s-maxage=5"
    document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    assert ask(client, document, **headers)["Cache-Control"] == "public, max-age=5"


def test_preview_of_a_file_that_never_changes_is_kept_by_nobody(client, document, monkeypatch):
    monkeypatch.setattr(Document, "is_immutable", True)
    copy = begin(document.memorandum, by=make_superuser(), at=timezone.now())
    _link, address = make_link(document.memorandum, copy=copy)
    response = client.get(f"{address}files/{document.token}/{document.name}")
    assert (response.getvalue(), response["Cache-Control"]) == (SCAN, "private, no-store")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(docx(), "openxmlformats-officedocument.wordprocessingml.document"), (odt(), "oasis.opendocument.text")],
    ids=["docx", "odt"],
)
def test_what_no_browser_shows_is_a_download_under_its_name(client, content, kind):
    memorandum = publish(make_memorandum(make_city()))
    given = ContentFile(content, name="Übereinkunft 杭州.docx")
    response = ask(client, make_document(memorandum, file=given))
    assert response["Content-Type"].endswith(kind)
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%C3%9Cbereinkunft_%E6%9D%AD")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_preview_of_a_file_is_sandboxed_and_kept_by_nobody(client):
    memorandum = hide(make_memorandum(make_city()), "scheduled", now=timezone.now())
    document = make_document(memorandum, content=pdf(["not yet"]))
    _link, address = make_link(memorandum)
    response = client.get(f"{address}files/{document.token}/{document.name}")
    assert response.getvalue().startswith(b"%PDF-")
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]


def test_behind_nginx_the_site_decides_and_sends_nothing(client, document, settings):
    settings.ACCEL_REDIRECT = "/protected/"
    answer = ask(client, document, range="bytes=0-1")
    assert (answer.status_code, answer.body) == (200, b"")
    assert answer["X-Accel-Redirect"] == f"/protected/{document.file.name}"
    assert ask(client, document, if_none_match=answer["ETag"]).status_code == 304
    document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    assert "X-Accel-Redirect" not in ask(client, document)


def test_behind_nginx_too_the_site_itself_sends_previews_and_what_never_changes(
    client, document, settings, monkeypatch
):
    settings.ACCEL_REDIRECT = "/protected/"
    copy = begin(document.memorandum, by=make_superuser(), at=timezone.now())
    _link, address = make_link(document.memorandum, copy=copy)
    assert client.get(f"{address}files/{document.token}/{document.name}").getvalue() == SCAN
    monkeypatch.setattr(Document, "is_immutable", True)
    assert ask(client, document).body == SCAN
