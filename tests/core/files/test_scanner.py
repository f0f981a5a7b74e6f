"""Virus scanner: an upload is kept only if the scanner says that it is clean, whatever goes wrong with the scanner."""

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
from twinning.core.files import scanner
from twinning.judges import scanner as judge

pytestmark = pytest.mark.django_db

# The test file of the European Institute for Computer Antivirus Research, in pieces: scanners look into sources, too.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
LIMIT = 1024 * 1024
LARGE = SCAN.ljust(3 * LIMIT)


class Clamd(socketserver.StreamRequestHandler):
    """A clamd as its manual describes INSTREAM, or one that fails in the way that ``server.behaviour`` says."""

    def handle(self):
        self.server.is_reached.set()
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            if len(content) + size > LIMIT:
                return self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
            content += self.rfile.read(size)
            if self.server.behaviour == "hangs up":
                return None
        self.server.seen.append(content)
        return self.answer(content)

    def answer(self, content: bytes):
        behaviour = self.server.behaviour
        if behaviour == "hangs":
            return self.server.is_over.wait(10)
        if behaviour != "normal":
            return self.wfile.write(behaviour)
        return self.wfile.write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


class TCPServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


@contextmanager
def clamd(settings, *, path=None, behaviour="normal"):
    """A scanner in use by the site, on a Unix socket or a free port."""
    server = socketserver.ThreadingUnixStreamServer(str(path), Clamd) if path else TCPServer(("127.0.0.1", 0), Clamd)
    server.behaviour, server.seen = behaviour, []
    server.is_reached, server.is_over = threading.Event(), threading.Event()
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


def refusal(content: bytes = SCAN) -> ValidationError:
    """The error that refuses an upload, of which nothing is kept."""
    memorandum, before = make_memorandum(make_city()), set(default_storage.names())
    with pytest.raises(ValidationError) as refused:
        make_document(memorandum, content=content)
    assert not Document.objects.exists()
    assert set(default_storage.names()) == before
    return refused.value


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
def test_virus_is_refused_before_anything_reads_the_file(settings, caplog, content):
    with clamd(settings):
        assert refusal(content).messages == [scanner.INFECTED % {"name": "Eicar-Test-Signature"}]
    assert "The virus scanner found Eicar-Test-Signature" in caplog.text


def test_file_too_large_for_the_scanner_is_refused(settings, caplog):
    with clamd(settings):
        assert refusal(LARGE).code == "unchecked"
    assert "The virus scanner at tcp://127.0.0.1" in caplog.text


@pytest.mark.parametrize(
    "behaviour",
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
def test_upload_is_refused_when_the_answer_is_unclear(settings, monkeypatch, caplog, behaviour):
    if behaviour == "hangs":
        monkeypatch.setattr(scanner, "TIMEOUT", 0.3)
    with clamd(settings, behaviour=behaviour) as server:
        assert refusal().code == "unchecked"
        assert server.is_reached.wait(60)
    assert [record.levelname for record in caplog.records if record.name == scanner.log.name] == ["ERROR"]


def test_answer_before_the_end_of_an_upload_does_not_count(settings, monkeypatch):
    monkeypatch.setattr(Clamd, "handle", lambda self: self.wfile.write(b"stream: OK\0"))
    with clamd(settings):
        assert refusal(SCAN.ljust(15 * LIMIT)).code == "unchecked"  # more than waits on the line


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nowhere/clamd.ctl", "127.0.0.1:3310", "nonsense"])
def test_upload_is_refused_when_the_scanner_cannot_be_reached(settings, url):
    settings.CLAMD_URL = url
    assert refusal().code == "unchecked"


def test_form_comes_back_with_the_reason_and_the_other_fields(settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    upload = SimpleUploadedFile("scan.pdf", SCAN)
    typed = {"title": "The scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>", "file": upload}
    sent = {f"documents-0-{name}": value for name, value in typed.items()} | {"documents-TOTAL_FORMS": "1"}
    response = press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), **sent)
    assert errors(response) == [f"documents-0-file: {scanner.UNCHECKED}"]
    assert 'value="The scan"' in response.content.decode()


def test_immutable_file_is_not_scanned(settings, monkeypatch):
    monkeypatch.setattr(Document, "is_immutable", True)
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    assert make_document(make_memorandum(make_city()), file=ContentFile(SCAN, name="made.pdf")).pk


@pytest.mark.parametrize("url", ["tcp://localhost:3310", "tcp://[::1]:3310", "unix:///run/clamav/clamd.ctl"])
def test_address_of_a_scanner_is_taken(url):
    assert judge(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:3310",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:99999",
        "unix://run/clamd.ctl",
        "http://127.0.0.1:3310",
        "on",
    ],
)
def test_site_with_an_address_that_is_none_does_not_start(url):
    with pytest.raises(ValueError, match="is neither tcp://host:port nor unix:///path"):
        judge(url)
