"""Uploads: a form whose connection is lost before the end is not saved, neither a file nor half a text."""

import socket
import threading
import time
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIHandler
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from partners.models import Document
from tests.back_office import form_url, sent_by_browser, signed_in
from tests.factories import SCAN, make_city, make_memorandum, make_user
from twinning import wsgi

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = "The Old Town Hall of Leeds"
UNREADABLE = 403  # Django's CSRF middleware reads the form first, and finds no token in one that breaks off


class QuietHandler(WSGIRequestHandler):
    """Request handler that logs nothing."""

    def log_message(self, *args):
        pass


@contextmanager
def served(application):
    """A connection to a server that runs an application in a thread."""
    with make_server("127.0.0.1", 0, application, handler_class=QuietHandler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            with socket.create_connection(("127.0.0.1", server.server_port), 20) as line:
                yield line
        finally:
            server.shutdown()
            thread.join()


def status_after_the_end(line) -> int:
    """Send no more, and wait for the whole answer. Without it, a server that shuts down might not have looked at all."""
    line.shutdown(socket.SHUT_WR)
    with line.makefile("rb") as answer:
        return int(answer.read().split()[1])


@pytest.fixture
def memorandum():
    return make_memorandum(make_city())


@pytest.fixture
def sent(memorandum) -> bytes:
    """The request of a filled form as a browser sends it: with a new document, a place, and the button at the end."""
    editor = signed_in(make_user("Twinning editor"))
    document = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>"}
    typed = sent_by_browser(editor.get(form_url(memorandum))) | {"documents-TOTAL_FORMS": "1"}
    typed |= {f"documents-0-{name}": value for name, value in document.items()}
    typed["documents-0-file"] = SimpleUploadedFile("scan.pdf", SCAN.ljust(3 * 1024 * 1024))
    del typed["place"]
    typed |= {"csrfmiddlewaretoken": editor.cookies["csrftoken"].value, "place": PLACE, "_save": "on"}
    body = encode_multipart(BOUNDARY, typed)
    head = [
        f"POST {form_url(memorandum)} HTTP/1.1",
        "Host: localhost",
        f"Cookie: {'; '.join(f'{name}={one.value}' for name, one in editor.cookies.items())}",
        f"Content-Type: {MULTIPART_CONTENT}",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join([*head, "", ""]).encode() + body


@pytest.fixture
def upload_folder(settings, tmp_path):
    """The folder of large files while they arrive."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


def cut(sent: bytes, before: str) -> bytes:
    """The part of a request before some text."""
    return sent[: sent.index(before.encode())]


def test_whole_form_is_saved(memorandum, sent):
    with served(wsgi.application) as line:
        line.sendall(sent)
        assert status_after_the_end(line) == 302
    memorandum.refresh_from_db()
    assert (memorandum.place, Document.objects.count()) == (PLACE, 1)


def test_connection_lost_in_the_middle_of_a_file_leaves_nothing(memorandum, sent, upload_folder):
    before = set(default_storage.names())
    with served(wsgi.application) as line:
        line.sendall(cut(sent, PLACE)[: -1024 * 1024])
        wait_until(lambda: list(upload_folder.iterdir()))
        assert status_after_the_end(line) == UNREADABLE
    assert not list(upload_folder.iterdir())
    assert set(default_storage.names()) == before
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("application", "status", "kept"),
    [(wsgi.application, UNREADABLE, ""), (WSGIHandler(), 302, "The Old")],
    ids=["with the middleware", "without"],
)
def test_connection_lost_in_the_middle_of_a_text_saves_nothing(memorandum, sent, application, status, kept):
    with served(application) as line:
        line.sendall(cut(sent, " Town Hall"))
        assert status_after_the_end(line) == status
    memorandum.refresh_from_db()
    assert (memorandum.place, Document.objects.exists()) == (kept, bool(kept))


def wait_until(condition) -> None:
    """Wait until a condition is true; fail after a minute."""
    for _attempt in range(6000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")
