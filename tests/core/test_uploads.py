"""A connection that is lost in the middle of a form leaves nothing of it, neither a file nor half a text."""

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


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@contextmanager
def served(application):
    """The port of a server with an application, until all that it was asked is answered."""
    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def memorandum():
    return make_memorandum(make_city())


@pytest.fixture
def sent(memorandum) -> bytes:
    """A filled form as a browser sends it: with a new document, a place, and at last the button."""
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
def arriving(settings, tmp_path):
    """The folder in which large files lie while they arrive."""
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    return tmp_path


def cut(sent: bytes, before: str) -> bytes:
    """What came of a form before the connection was lost."""
    return sent[: sent.index(before.encode())]


def test_whole_form_is_saved(memorandum, sent):
    with served(wsgi.application) as port, socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(sent)
        assert b" 302 " in line.recv(1000)
    memorandum.refresh_from_db()
    assert (memorandum.place, Document.objects.count()) == (PLACE, 1)


def test_connection_lost_in_the_middle_of_a_file_leaves_nothing(memorandum, sent, arriving):
    before = set(default_storage.names())
    with served(wsgi.application) as port, socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(cut(sent, PLACE)[: -1024 * 1024])
        wait_until(lambda: list(arriving.iterdir()))
    assert not list(arriving.iterdir())
    assert set(default_storage.names()) == before
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("application", "kept"), [(wsgi.application, ""), (WSGIHandler(), "The Old")], ids=["guarded", "not"]
)
def test_connection_lost_in_the_middle_of_a_text_saves_nothing(memorandum, sent, application, kept):
    with served(application) as port, socket.create_connection(("127.0.0.1", port), 20) as line:
        line.sendall(cut(sent, " Town Hall"))
    memorandum.refresh_from_db()
    assert (memorandum.place, Document.objects.exists()) == (kept, bool(kept))


def wait_until(happened) -> None:
    for _attempt in range(500):
        if happened():
            return
        time.sleep(0.01)
    raise AssertionError("it did not happen")
