"""With a virus scanner, nothing is kept that it does not call clean, whatever happens to it."""

import socketserver
import struct
import threading
from contextlib import contextmanager

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from partners.models import Document
from tests.back_office import errors, press, signed_in
from tests.factories import SCAN, make_city, make_document, make_memorandum, make_user
from twinning.core import scanner
from twinning.core.checks import scanner_has_an_address

pytestmark = pytest.mark.django_db

# The test file of the European Institute for Computer Antivirus Research, in pieces: scanners look into sources, too.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 1024 * 1024
LARGE = SCAN.ljust(3 * LIMIT)
IN_VAIN = "could not be checked for viruses"


class Clamd(socketserver.StreamRequestHandler):
    """clamd as its manual describes INSTREAM, and as it is on a bad day."""

    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            if len(content) + size > LIMIT:
                return self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
            content += self.rfile.read(size)
            if self.server.mood == "hangs up":
                return None
        self.server.seen.append(content)
        return self.answer(content)

    def answer(self, content: bytes):
        mood = self.server.mood
        if mood == "hangs":
            return self.server.is_over.wait(10)
        if mood != "well":
            return self.wfile.write(mood)
        return self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


class TCPServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


@contextmanager
def clamd(settings, *, path=None, mood="well"):
    """A scanner that the site asks, at a path or on a port of its own."""
    server = socketserver.ThreadingUnixStreamServer(str(path), Clamd) if path else TCPServer(("127.0.0.1", 0), Clamd)
    server.mood, server.seen, server.is_over = mood, [], threading.Event()
    settings.CLAMD_URL = f"unix://{path}" if path else f"tcp://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def refusal(content: bytes = SCAN) -> str:
    """Why an upload is not kept."""
    memorandum, before = make_memorandum(make_city()), set(default_storage.names())
    with pytest.raises(ValidationError) as refused:
        make_document(memorandum, content=content)
    assert not Document.objects.exists()
    assert set(default_storage.names()) == before
    return " ".join(refused.value.messages)


def test_without_a_scanner_uploads_are_kept(settings):
    assert settings.CLAMD_URL == ""
    assert make_document(make_memorandum(make_city()), content=SCAN + EICAR).pk


@pytest.mark.parametrize("where", ["port", "path"])
def test_scanner_sees_the_whole_of_each_new_upload_once(settings, tmp_path, where):
    with clamd(settings, path=tmp_path / "clamd.ctl" if where == "path" else None) as server:
        document = make_document(make_memorandum(make_city()), content=SCAN.ljust(200_000))
        document.full_clean()
        document.save()
    assert server.seen == [SCAN.ljust(200_000)]


def test_upload_is_scanned_once_between_form_and_database(settings):
    upload = SimpleUploadedFile("scan.pdf", SCAN)
    typed = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>", "file": upload}
    sent = {f"documents-0-{name}": value for name, value in typed.items()} | {"documents-TOTAL_FORMS": "1"}
    with clamd(settings) as server:
        press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), **sent)
    assert Document.objects.get().size == len(SCAN)
    assert server.seen == [SCAN]


@pytest.mark.parametrize("content", [SCAN + EICAR, EICAR], ids=["in a document", "alone"])
def test_virus_is_refused_before_anything_looks_into_it(settings, caplog, content):
    with clamd(settings):
        assert "contains a virus (Eicar-Test-Signature)" in refusal(content)
    assert "The virus scanner found Eicar-Test-Signature" in caplog.text


def test_what_the_scanner_finds_too_large_is_refused(settings, caplog):
    with clamd(settings):
        assert IN_VAIN in refusal(LARGE)
    assert "The virus scanner at tcp://127.0.0.1" in caplog.text


@pytest.mark.parametrize(
    "mood",
    [
        "hangs",
        "hangs up",
        b"",
        b"stream: O",
        b"stream: OK",
        b"stream: OK, but perhaps a virus\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"\0",
        b"\xff\xfe\0",
        b"SSH-2.0-OpenSSH_9.2\r\n" * 1000,
    ],
    ids=ascii,
)
def test_scanner_that_says_neither_yes_nor_no_keeps_uploads_out(settings, monkeypatch, caplog, mood):
    monkeypatch.setattr(scanner, "PATIENCE", 0.3)
    with clamd(settings, mood=mood):
        assert IN_VAIN in refusal()
    assert [record.levelname for record in caplog.records if record.name == scanner.log.name] == ["ERROR"]


def test_approval_before_the_end_of_an_upload_is_none(settings, monkeypatch):
    monkeypatch.setattr(Clamd, "handle", lambda self: self.wfile.write(b"stream: OK\0"))
    with clamd(settings):
        assert IN_VAIN in refusal(SCAN.ljust(15 * LIMIT))  # more than waits on the line


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "127.0.0.1:3310", "nonsense"])
def test_scanner_that_cannot_be_reached_keeps_uploads_out(settings, url):
    settings.CLAMD_URL = url
    assert IN_VAIN in refusal()


def test_form_comes_back_with_the_sentence_and_the_rest(settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    upload = SimpleUploadedFile("scan.pdf", SCAN)
    typed = {"title": "The scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>", "file": upload}
    sent = {f"documents-0-{name}": value for name, value in typed.items()} | {"documents-TOTAL_FORMS": "1"}
    response = press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), **sent)
    assert [f"documents-0-file: This file {IN_VAIN}" in error for error in errors(response)] == [True]
    assert 'value="The scan"' in response.content.decode()


def test_what_the_site_makes_itself_is_not_scanned(settings, monkeypatch):
    monkeypatch.setattr(Document, "is_immutable", True)
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    assert make_document(make_memorandum(make_city()), file=ContentFile(SCAN, name="made.pdf")).pk


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("", []),
        ("tcp://127.0.0.1:3310", []),
        ("tcp://[::1]:3310", []),
        ("unix:///run/clamav/clamd.ctl", []),
        ("127.0.0.1:3310", ["core.W003"]),
        ("tcp://127.0.0.1", ["core.W003"]),
        ("tcp://127.0.0.1:99999", ["core.W003"]),
        ("unix://run/clamd.ctl", ["core.W003"]),
        ("http://127.0.0.1:3310", ["core.W003"]),
        ("on", ["core.W003"]),
    ],
)
def test_address_that_nobody_understands_is_pointed_out(settings, url, warnings):
    settings.CLAMD_URL = url
    assert [warning.id for warning in scanner_has_an_address(None)] == warnings
