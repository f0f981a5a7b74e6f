"""The nginx configuration that we ship: quick for crowds, and no way around the gate."""

import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

import pytest
from django.conf import settings as site
from django.utils import timezone

from partners.models import Document
from tests.factories import SCAN, hide, make_city, make_document, make_memorandum, make_superuser, publish
from tests.machine import NGINX, OPENSSL
from tests.previews import make_link
from twinning.core.publishing import PublishableQuerySet
from twinning.core.uploads import LARGEST_FILE

pytestmark = [pytest.mark.nginx, pytest.mark.django_db(transaction=True)]

SHIPPED = Path(__file__).parents[2] / "deploy/nginx.conf"
# What each server says for itself.
OWN = {"date", "server", "connection", "transfer-encoding"}
AROUND = """
worker_processes 1;
daemon off;
user root;
pid {place}/pid;
error_log {place}/error.log info;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    access_log {place}/access.log;
    client_body_temp_path {place}/body;
    proxy_temp_path {place}/proxy;
    fastcgi_temp_path {place}/fastcgi;
    uwsgi_temp_path {place}/uwsgi;
    scgi_temp_path {place}/scgi;
    include {place}/shipped.conf;
}}
"""


@dataclass
class Answer:
    """What came back, with its headers in small letters."""

    status: int
    headers: dict
    body: bytes


@dataclass
class Edge:
    """A running nginx, asked over TLS, and where it keeps its files."""

    place: Path
    port: int
    plain: int
    trust: ssl.SSLContext

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return _ask(
            HTTPSConnection("localhost", self.port, context=self.trust, timeout=20), method, path, body, headers
        )

    def ask_without_tls(self, path: str) -> Answer:
        return _ask(HTTPConnection("localhost", self.plain, timeout=20), "GET", path, None, {})

    def forget(self) -> None:
        """Empty the cache."""
        for kept in (self.place / "cache").iterdir():
            shutil.rmtree(kept)

    def logged(self, until: str) -> str:
        """All that was logged, once a word is there: nginx logs a moment after it has answered."""
        for _attempt in range(100):
            text = "".join((self.place / name).read_text() for name in ("access.log", "error.log"))
            if until in text:
                return text
            time.sleep(0.02)
        raise AssertionError(f"{until} was not logged")


def _ask(line, method: str, path: str, body: bytes | None, headers: dict) -> Answer:
    try:
        line.request(method, path, body, headers)
        response = line.getresponse()
        # Vary is a list, to which nginx adds.
        said = [name.lower() for name, _value in response.getheaders() if name != "Vary"]
        assert len(said) == len(set(said)), f"a header came twice: {response.getheaders()}"
        return Answer(response.status, {n.lower(): v for n, v in response.getheaders()}, response.read())
    finally:
        line.close()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def certificate(place: Path) -> None:
    asked = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=localhost"
    made = [OPENSSL, *asked.split(), "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", place / "privkey.pem", "-out", place / "fullchain.pem"]
    subprocess.run([*made, *files], check=True, capture_output=True)


def configure(place: Path, **ports: int) -> Path:
    """The shipped configuration on this machine: nothing but names, ports and places are other ones."""
    text = SHIPPED.read_text()
    for ours, here in {
        "international.example.org": "localhost",
        "/etc/ssl/twinning/": f"{place}/",
        "/srv/twinning/var/": f"{site.VAR_DIR}/",
        "/var/cache/nginx/twinning": f"{place}/cache",
        "127.0.0.1:8000": f"127.0.0.1:{ports['app']}",
        "listen 443 ": f"listen 127.0.0.1:{ports['tls']} ",
        "listen [::]:443 ": f"listen [::1]:{ports['tls']} ",
        "listen 80;": f"listen 127.0.0.1:{ports['plain']};",
        "listen [::]:80;": f"listen [::1]:{ports['plain']};",
    }.items():
        assert ours in text
        text = text.replace(ours, here)
    (place / "shipped.conf").write_text(text)
    around = place / "nginx.conf"
    around.write_text(AROUND.format(place=place))
    return around


@pytest.fixture(scope="module")
def edge(live_server, tmp_path_factory):
    place = tmp_path_factory.mktemp("nginx")
    certificate(place)
    plain, tls = free_port(), free_port()
    configured = configure(place, app=int(live_server.url.rpartition(":")[2]), tls=tls, plain=plain)
    program = [NGINX, "-p", place, "-c", configured]
    tested = subprocess.run([*program, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen(program, stderr=subprocess.DEVNULL) as running:
        try:
            wait_for(tls)
            yield Edge(place, tls, plain, ssl.create_default_context(cafile=place / "fullchain.pem"))
        finally:
            running.terminate()


def wait_for(port: int) -> None:
    for _attempt in range(100):
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("nginx did not start")


@pytest.fixture(autouse=True)
def behind(edge, settings):
    """The site as .env says behind nginx; what the edge keeps is forgotten between tests."""
    settings.ACCEL_REDIRECT = "/protected/"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    yield
    edge.forget()


@pytest.fixture
def document():
    return make_document(publish(make_memorandum(make_city())))


@pytest.fixture
def by_the_site(live_server, settings) -> Callable[..., Answer]:
    """Asks the site itself, without nginx and not told of it."""

    def ask(path: str, **headers) -> Answer:
        settings.ACCEL_REDIRECT = ""
        host = live_server.url.removeprefix("http://")
        headers = {"X-Forwarded-Proto": "https"} | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = _ask(HTTPConnection(host), "GET", path, None, headers)
        settings.ACCEL_REDIRECT = "/protected/"
        return answer

    return ask


def without_own(answer: Answer) -> dict:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


# Files ----------------------------------------------------------------------------------------------------------------


def test_file_arrives_as_the_site_itself_would_send_it(edge, document, by_the_site):
    address = document.get_absolute_url()
    sent, own = edge.ask(address), by_the_site(address)
    assert (sent.status, sent.body) == (own.status, own.body) == (200, SCAN)
    assert without_own(sent) == without_own(own)
    assert "sandbox" in sent.headers["content-security-policy"]


def test_nginx_reads_the_file_and_not_the_site(edge, document):
    Path(document.file.path).write_bytes(b"what nginx finds there")
    assert edge.ask(document.get_absolute_url()).body == b"what nginx finds there"


def test_head_says_what_get_would_send(edge, document):
    whole, head = (edge.ask(document.get_absolute_url(), method) for method in ("GET", "HEAD"))
    assert (head.status, head.body, without_own(head)) == (200, b"", without_own(whole))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=10-19", 10, 20), ("bytes=-10", len(SCAN) - 10, len(SCAN)), ("bytes=5-", 5, len(SCAN))],
)
def test_part_of_a_file_is_sent(edge, document, asked, start, end):
    answer = edge.ask(document.get_absolute_url(), range=asked)
    assert (answer.status, answer.body) == (206, SCAN[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(SCAN)}"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_several_parts_are_answered_with_the_whole_and_none_with_a_refusal(edge, document):
    assert edge.ask(document.get_absolute_url(), range="bytes=0-1,5-6").body == SCAN
    assert edge.ask(document.get_absolute_url(), range=f"bytes={len(SCAN)}-").status == 416


def test_conditions_are_kept(edge, document):
    address, etag = document.get_absolute_url(), f'"{document.sha256}"'
    settled = edge.ask(address, if_none_match=etag)
    assert (settled.status, settled.body, settled.headers["etag"]) == (304, b"", etag)
    assert edge.ask(address, if_none_match='"another"').body == SCAN
    assert edge.ask(address, if_match=etag).body == SCAN
    assert edge.ask(address, if_match='"another"').status == 412
    assert edge.ask(address, range="bytes=5-", if_range=etag).body == SCAN[5:]
    assert edge.ask(address, range="bytes=5-", if_range='"another"').body == SCAN
    assert edge.ask(address, if_modified_since="Sat, 01 Jan 2050 00:00:00 GMT").body == SCAN


def test_file_that_never_changes_is_kept_at_the_edge_but_not_what_was_asked_of_it(edge, document, monkeypatch):
    monkeypatch.setattr(Document, "is_immutable", True)
    address, etag = document.get_absolute_url(), f'"{document.sha256}"'
    assert edge.ask(address, if_none_match=etag).status == 304
    first = edge.ask(address)
    document.delete()
    for answer in (first, edge.ask(address)):
        assert (answer.status, answer.body) == (200, SCAN)
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable, s-maxage=5"
    assert edge.ask(address, if_none_match=etag).status == 304
    assert edge.ask(address, range="bytes=0-3").body == SCAN[:4]


@pytest.mark.parametrize("headers", [{}, {"range": "bytes=0-1"}, {"if_none_match": "*"}, {"if_match": '"x"'}], ids=str)
def test_hidden_file_and_absent_one_answer_alike(edge, headers):
    document = make_document(make_memorandum(make_city()))
    hide(document.memorandum, "scheduled", now=timezone.now())
    hidden = edge.ask(document.get_absolute_url(), **headers)
    document.delete()
    edge.forget()
    absent = edge.ask(document.get_absolute_url(), **headers)
    assert hidden.status == absent.status == 404
    assert (hidden.body, without_own(hidden)) == (absent.body, without_own(absent))


@pytest.mark.parametrize("path", ["/protected/", "/static/../protected/", "/%70rotected/"])
def test_files_are_reached_by_no_other_address(edge, document, path):
    assert edge.ask(f"{path}{document.file.name}").status == 404


@pytest.mark.parametrize("path", ["/static/../files/", "/static../files/", "/static/%2e%2e/files/"])
def test_static_files_lead_to_no_others(edge, document, path):
    assert SCAN not in edge.ask(f"{path}{document.file.name}").body


# Pages ----------------------------------------------------------------------------------------------------------------


def test_what_is_taken_down_is_gone_from_the_edge_after_five_seconds(edge, document, settings):
    memorandum = document.memorandum
    page, file = memorandum.get_absolute_url(), document.get_absolute_url()
    assert edge.ask(page).status == edge.ask(file).status == 200
    memorandum.take_down(by=make_superuser(), at=timezone.now())
    taken_down = time.monotonic()
    assert edge.ask(file).status == 404
    assert edge.ask(page).status == 200, "nothing is kept at the edge"
    while edge.ask(page).status != 410:
        assert time.monotonic() - taken_down < 5
        time.sleep(0.05)


def test_page_is_compressed_and_has_the_headers_of_the_site(edge, by_the_site):
    page, own = edge.ask("/", accept_encoding="gzip"), by_the_site("/")
    assert page.headers.pop("content-encoding") == "gzip"
    assert page.headers["vary"] == "Accept-Encoding"
    assert page.headers.pop("etag") == f"W/{own.headers.pop('etag')}"
    own.headers.pop("content-length")
    assert without_own(page) == without_own(own)
    assert len(page.body) < len(own.body) / 2


def test_page_is_settled_by_its_etag(edge):
    for asked in ({}, {"accept_encoding": "gzip"}):
        etag = edge.ask("/", **asked).headers["etag"]
        assert edge.ask("/", if_none_match=etag, **asked).status == 304


def count_of_questions(monkeypatch) -> list:
    """Grows with each page that the site itself makes."""
    asked = []
    published = PublishableQuerySet.published

    def counted(self, *, at):
        asked.append(at)
        return published(self, at=at)

    monkeypatch.setattr(PublishableQuerySet, "published", counted)
    return asked


def test_crowd_asks_the_site_once(edge, monkeypatch):
    asked = count_of_questions(monkeypatch)
    edge.ask("/")
    once = len(asked)
    assert once > 0
    for _visitor in range(5):
        assert edge.ask("/").status == 200
    assert len(asked) == once


def test_who_is_logged_in_sees_pages_as_they_are(edge, monkeypatch):
    asked = count_of_questions(monkeypatch)
    edge.ask("/")
    once = len(asked)
    edge.ask("/", cookie="sessionid=abc")
    assert len(asked) == 2 * once


def test_preview_is_neither_kept_nor_logged(edge):
    link, address = make_link(hide(make_memorandum(make_city()), "scheduled", now=timezone.now()))
    secret = address.split("/")[2]
    opened = edge.ask(address)
    assert (opened.status, opened.headers["cache-control"]) == (200, "private, no-store")
    link.revoke(by=make_superuser(), at=timezone.now())
    assert edge.ask(address).status == 404
    assert edge.ask_without_tls(address).headers["location"] == f"https://localhost{address}"
    edge.ask("/?a=word-that-is-logged")
    assert secret not in edge.logged(until="word-that-is-logged")
    kept = [file.read_bytes() for file in (edge.place / "cache").rglob("*") if file.is_file()]
    assert kept
    assert not any(secret.encode() in content for content in kept)


def test_back_office_is_not_kept(edge):
    page = edge.ask("/admin/login/")
    assert page.status == 200
    assert "no-store" in page.headers["cache-control"]
    assert not [file for file in (edge.place / "cache").rglob("*") if file.is_file()]


# Uploads and static files ---------------------------------------------------------------------------------------------


def test_body_that_no_public_page_wants_is_refused_in_words(edge):
    answer = edge.ask("/", "POST", bytes(1024 * 1024 + 1))
    assert answer.status == 413
    assert b"What you sent is too large" in answer.body
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_several_large_files_reach_the_back_office(edge):
    assert edge.ask("/admin/login/", "POST", bytes(45 * 1024 * 1024)).status == 403


def test_static_file_is_sent_compressed_and_for_good(edge):
    folder = Path(site.STATIC_ROOT) / "nginx"
    folder.mkdir(exist_ok=True)
    (folder / "site.0123456789ab.css").write_bytes(b"body {}")
    (folder / "site.0123456789ab.css.gz").write_bytes(b"\x1f\x8bcompressed")
    (folder / "site.css").write_bytes(b"body {}")
    answer = edge.ask("/static/nginx/site.0123456789ab.css", accept_encoding="gzip")
    assert answer.body == b"\x1f\x8bcompressed"
    assert answer.headers["cache-control"] == "public, max-age=315360000, immutable"
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert edge.ask("/static/nginx/site.0123456789ab.css").body == b"body {}"
    assert edge.ask("/static/nginx/site.css").headers["cache-control"] == "public, max-age=60"


def test_shipped_configuration_knows_the_size_of_an_upload():
    limit = int(re.search(r"location /admin/ {.*?client_max_body_size (\d+)m;", SHIPPED.read_text(), re.S)[1])
    assert limit * 1024 * 1024 > 5 * LARGEST_FILE
