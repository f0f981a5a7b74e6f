"""The nginx configuration that we ship: quick for crowds, and no way around the gate."""

import re
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, RemoteDisconnected
from pathlib import Path
from threading import Event

import pytest
from allauth.account.adapter import get_adapter
from django.conf import settings as site
from django.http import HttpResponse
from django.utils import timezone

from partners.models import Document
from tests.factories import SCAN, hide, make_city, make_document, make_memorandum, make_superuser
from tests.machine import NGINX
from tests.nginx import SHIPPED, Answer, Edge, ask, certificate, configure, free_port, wait_for
from tests.previews import make_link
from twinning.core.files.uploads import LARGEST_FILE
from twinning.core.web import visits
from twinning.core.web.visits import Visit, VisitMiddleware

pytestmark = [pytest.mark.nginx, pytest.mark.django_db(transaction=True)]

# What each server says for itself.
OWN = {"date", "server", "connection", "transfer-encoding"}
TOO_LARGE = bytes(1024 * 1024 + 1)


@contextmanager
def running(place: Path, app: int):
    """A real nginx in front of a port of this machine."""
    certificate(place)
    plain, tls = free_port(), free_port()
    configured = configure(place, app=app, tls=tls, plain=plain)
    program = [NGINX, "-p", place, "-c", configured]
    tested = subprocess.run([*program, "-t"], capture_output=True, text=True)
    assert tested.returncode == 0, tested.stderr
    with subprocess.Popen(program, stderr=subprocess.DEVNULL) as started:
        try:
            wait_for(started, tls)
            yield Edge(place, tls, plain, ssl.create_default_context(cafile=place / "fullchain.pem"))
        finally:
            started.terminate()


@pytest.fixture(scope="module")
def edge(live_server, tmp_path_factory):
    with running(tmp_path_factory.mktemp("nginx"), int(live_server.url.rpartition(":")[2])) as found:
        yield found


@pytest.fixture(autouse=True)
def behind(edge, settings):
    """The site as .env says behind nginx; what the edge keeps is forgotten between tests."""
    settings.ACCEL_REDIRECT = "/protected/"
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    yield
    edge.forget()


@pytest.fixture
def by_the_site(live_server, settings) -> Callable[..., Answer]:
    """Asks the site itself, without nginx and not told of it."""

    def by_the_site(path: str, **headers) -> Answer:
        settings.ACCEL_REDIRECT = ""
        host = live_server.url.removeprefix("http://")
        headers = {"X-Forwarded-Proto": "https"} | {name.replace("_", "-"): value for name, value in headers.items()}
        answer = ask(HTTPConnection(host), "GET", path, None, headers)
        settings.ACCEL_REDIRECT = "/protected/"
        return answer

    return by_the_site


def without_own(answer: Answer) -> dict:
    return {name: value for name, value in answer.headers.items() if name not in OWN}


# Files ----------------------------------------------------------------------------------------------------------------


def test_file_arrives_as_the_site_itself_would_send_it(edge, public_document, by_the_site):
    address = public_document.get_absolute_url()
    sent, own = edge.ask(address), by_the_site(address)
    assert (sent.status, sent.body) == (own.status, own.body) == (200, SCAN)
    assert without_own(sent) == without_own(own)
    assert "sandbox" in sent.headers["content-security-policy"]


def test_nginx_reads_the_file_and_not_the_site(edge, public_document):
    Path(public_document.file.path).write_bytes(b"what nginx finds there")
    assert edge.ask(public_document.get_absolute_url()).body == b"what nginx finds there"


def test_head_says_what_get_would_send(edge, public_document):
    whole, head = (edge.ask(public_document.get_absolute_url(), method) for method in ("GET", "HEAD"))
    assert (head.status, head.body, without_own(head)) == (200, b"", without_own(whole))


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=10-19", 10, 20), ("bytes=-10", len(SCAN) - 10, len(SCAN)), ("bytes=5-", 5, len(SCAN))],
)
def test_part_of_a_file_is_sent(edge, public_document, asked, start, end):
    answer = edge.ask(public_document.get_absolute_url(), range=asked)
    assert (answer.status, answer.body) == (206, SCAN[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(SCAN)}"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_several_parts_are_answered_with_the_whole_and_none_with_a_refusal(edge, public_document):
    assert edge.ask(public_document.get_absolute_url(), range="bytes=0-1,5-6").body == SCAN
    assert edge.ask(public_document.get_absolute_url(), range=f"bytes={len(SCAN)}-").status == 416


def test_conditions_are_kept(edge, public_document):
    address, etag = public_document.get_absolute_url(), f'"{public_document.sha256}"'
    settled = edge.ask(address, if_none_match=etag)
    assert (settled.status, settled.body, settled.headers["etag"]) == (304, b"", etag)
    assert edge.ask(address, if_none_match='"another"').body == SCAN
    assert edge.ask(address, if_match=etag).body == SCAN
    assert edge.ask(address, if_match='"another"').status == 412
    assert edge.ask(address, range="bytes=5-", if_range=etag).body == SCAN[5:]
    assert edge.ask(address, range="bytes=5-", if_range='"another"').body == SCAN
    assert edge.ask(address, if_modified_since="Sat, 01 Jan 2050 00:00:00 GMT").body == SCAN


def test_file_that_never_changes_is_kept_at_the_edge_but_not_what_was_asked_of_it(edge, public_document, monkeypatch):
    monkeypatch.setattr(Document, "is_immutable", True)
    address, etag = public_document.get_absolute_url(), f'"{public_document.sha256}"'
    assert edge.ask(address, if_none_match=etag).status == 304
    first = edge.ask(address)
    public_document.delete()
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
def test_files_are_reached_by_no_other_address(edge, public_document, path):
    assert edge.ask(f"{path}{public_document.file.name}").status == 404


@pytest.mark.parametrize("path", ["/static/../files/", "/static../files/", "/static/%2e%2e/files/"])
def test_static_files_lead_to_no_others(edge, public_document, path):
    assert SCAN not in edge.ask(f"{path}{public_document.file.name}").body


# Pages ----------------------------------------------------------------------------------------------------------------


def test_what_is_taken_down_is_gone_from_the_edge_after_five_seconds(edge, public_document, settings):
    memorandum = public_document.memorandum
    page, file = memorandum.get_absolute_url(), public_document.get_absolute_url()
    by = make_superuser()
    assert edge.ask(file).status == edge.ask(page).status == 200
    memorandum.take_down(by=by, at=timezone.now())
    taken_down = asked = time.monotonic()
    assert edge.ask(page).status == 200, "nothing is kept at the edge"
    assert edge.ask(file).status == 404
    while edge.ask(page).status != 410:
        assert asked - taken_down < 5
        time.sleep(0.05)
        asked = time.monotonic()


def test_page_is_compressed_and_has_the_headers_of_the_site(edge, by_the_site):
    page, own = edge.ask("/", accept_encoding="gzip", via="1.1 another"), by_the_site("/")
    assert page.headers.pop("content-encoding") == "gzip"
    assert page.headers["vary"] == "Accept-Encoding"
    assert page.headers.pop("etag") == f"W/{own.headers.pop('etag')}"
    assert int(page.headers.pop("content-length")) < int(own.headers.pop("content-length")) / 2
    assert without_own(page) == without_own(own)
    assert len(page.body) < len(own.body) / 2


@pytest.mark.parametrize(
    ("accepted", "sent"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br", "br"),
        ("gzip;q=1.0, BR;q=0.5", "br"),
        ("br;q=0, gzip", "gzip"),
        ("gzip, br; q=0.0", "gzip"),
        ("gzip;q=0, identity", None),
        ("x-br, sbr, brx", None),
        ("", None),
    ],
)
def test_page_is_sent_as_the_site_compressed_it_for_what_a_browser_unpacks(edge, by_the_site, accepted, sent):
    own = by_the_site("/", **({"accept_encoding": sent} if sent else {}))
    for answer in (edge.ask("/", accept_encoding=accepted) for _fetched_and_kept in range(2)):
        assert (answer.headers.get("content-encoding"), answer.body) == (sent, own.body)
        assert without_own(answer) == without_own(own)


def test_page_is_kept_once_for_browsers_that_unpack_the_same(edge, monkeypatch):
    asked = count_of_questions(monkeypatch)
    edge.ask("/")
    once = len(asked)
    for accepted in ("gzip, deflate, br", "br, gzip", "gzip", "gzip, deflate", "identity", "*"):
        edge.ask("/", accept_encoding=accepted)
    assert len(asked) == 3 * once


def test_no_page_is_taken_for_another_one_of_another_kind(edge):
    first = edge.ask("/search/?q=x", accept_encoding="br")
    second = edge.ask("/search/?q=xbr", accept_encoding="identity")
    assert (first.headers["content-encoding"], second.headers.get("content-encoding")) == ("br", None)
    assert b'value="xbr"' in second.body


def test_page_is_settled_by_its_etag(edge):
    for asked in ({}, {"accept_encoding": "gzip"}, {"accept_encoding": "gzip, br"}):
        etag = edge.ask("/", **asked).headers["etag"]
        assert edge.ask("/", if_none_match=etag, **asked).status == 304


def count_of_questions(monkeypatch) -> list:
    """Grows with each page that the site itself makes."""
    asked = []

    def counted(at):
        asked.append(at)
        return Visit(at=at)

    monkeypatch.setattr(visits, "Visit", counted)
    return asked


def test_crowd_asks_the_site_once(edge, monkeypatch):
    asked = count_of_questions(monkeypatch)
    edge.ask("/")
    once = len(asked)
    assert once > 0
    for _visitor in range(5):
        assert edge.ask("/").status == 200
    assert len(asked) == once


def test_crowd_that_comes_at_once_asks_the_site_once(edge, monkeypatch):
    asked = count_of_questions(monkeypatch)
    edge.ask("/")
    once = len(asked)
    edge.forget()
    with ThreadPoolExecutor(5) as visitors:
        assert [answer.status for answer in visitors.map(edge.ask, ["/"] * 5)] == [200] * 5
    assert len(asked) == 2 * once


def test_nobody_waits_while_a_page_is_renewed_but_nothing_older_than_five_seconds_is_sent(edge, monkeypatch):
    asked, goes_on = [], Event()

    def held_up(at):
        asked.append(at)
        if len(asked) > once:
            goes_on.wait(20)
        return Visit(at=at)

    once = 1_000
    monkeypatch.setattr(visits, "Visit", held_up)
    edge.ask("/")
    once, kept = len(asked), time.monotonic()
    while len(asked) == once:
        assert edge.ask("/").status == 200  # also the one who brought about that it is renewed
        time.sleep(0.05)
    assert time.monotonic() - kept < 5
    assert edge.ask("/").status == 200
    time.sleep(kept + 5 - time.monotonic())
    with ThreadPoolExecutor(1) as visitors:
        visit = visitors.submit(edge.ask, "/")
        with pytest.raises(TimeoutError):
            visit.result(timeout=1)
        goes_on.set()
        assert visit.result().status == 200
    time.sleep(0.5)  # so that what nobody waited for is kept before it is forgotten


def test_only_the_edge_hears_that_it_may_renew(edge, client):
    said = client.get("/", headers={"surrogate-capability": 'nginx="stale-while-revalidate"'})["Cache-Control"]
    assert said == "public, max-age=5, s-maxage=3, stale-while-revalidate=1"
    for path in ("/", "/nothing/", "/news/atom.xml"):
        for _fetched_and_kept in range(2):
            assert edge.ask(path).headers["cache-control"] == "public, max-age=5"
    assert edge.ask("/admin/login/").headers["cache-control"] == client.get("/admin/login/")["Cache-Control"]


def test_who_is_logged_in_sees_pages_as_they_are_and_leaves_nothing_for_others(edge, monkeypatch):
    asked = count_of_questions(monkeypatch)
    edge.ask("/")
    once = len(asked)
    session = f"sessionid={'a1' * 16}"
    edge.ask("/", cookie=session)
    assert len(asked) == 2 * once
    edge.forget()
    edge.ask("/", cookie=session)
    edge.ask("/")
    assert len(asked) == 4 * once


@pytest.mark.parametrize(
    ("path", "cookie"),
    [
        ("/", "sessionid=abc; theme=dark"),
        ("/", "sessionid=; x=1"),
        ("/?utm_source=newsletter&utm_campaign=spring", ""),
        ("/?fbclid=IwAR0&gclid=1", ""),
    ],
)
def test_noise_in_cookies_and_addresses_asks_the_site_for_nothing_and_changes_no_byte(edge, monkeypatch, path, cookie):
    asked = count_of_questions(monkeypatch)
    kept, once = edge.ask("/").body, len(asked)
    assert edge.ask(path, cookie=cookie).body == kept
    assert len(asked) == once
    edge.forget()
    assert edge.ask(path, cookie=cookie).body == kept


def test_page_under_another_spelling_is_kept_apart(edge):
    for path in ("//", "/%2e/?utm_source=a", "/nothing/../"):
        edge.ask(path)
        assert edge.ask("/").status == 200


def test_site_that_does_not_answer_is_told_in_a_page_with_its_headers(tmp_path):
    with running(tmp_path, free_port()) as alone:
        answer = alone.ask("/")
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert b"Please try again in a minute" in answer.body
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "max-age=31536000" in answer.headers["strict-transport-security"]
    assert answer.headers["cache-control"] == "private, no-store"


def test_parameters_of_pages_are_kept_apart_whatever_hangs_on_to_them(edge):
    for query in ("q=x&utm_source=a", "utm_source=a&q=x", "utm_source=a&q=x&fbclid=1"):
        assert b'value="x"' in edge.ask(f"/search/?{query}").body
        assert b'value="x"' not in edge.ask("/search/").body


def test_flood_of_searches_is_kept_from_the_site_and_looking_is_not(edge):
    edge = edge.from_another_address(2)
    with ThreadPoolExecutor(8) as clients:
        answers = list(clients.map(lambda number: edge.ask(f"/search/?q={number}"), range(90)))
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    assert len(answers) - len(refused) >= 30
    assert (refused[0].headers["retry-after"], refused[0].headers["x-frame-options"]) == ("60", "DENY")
    assert edge.ask("/search/").status == edge.ask("/").status == 200


def test_name_that_is_not_ours_gets_no_answer(edge):
    for host in ("another.test", "127.0.0.1", ""):
        with pytest.raises((RemoteDisconnected, ConnectionError)):
            ask(HTTPConnection("127.0.0.1", edge.plain, timeout=20), "GET", "/", None, {"Host": host} if host else {})
    line = socket.create_connection(("127.0.0.1", edge.port), 20)
    with line, pytest.raises(ssl.SSLError):
        edge.trust.wrap_socket(line, server_hostname="another.test")
    with pytest.raises(RemoteDisconnected):
        edge.ask("/", host="another.test")


def test_certificates_are_proved_without_tls_and_nothing_else_is_sent_so(edge):
    folder = edge.place / "html/.well-known/acme-challenge"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "token").write_text("proof")
    assert edge.ask_without_tls("/.well-known/acme-challenge/token").body == b"proof"
    assert edge.ask_without_tls("/.well-known/acme-challenge/another").status == 404
    assert edge.ask_without_tls("/.well-known/security.txt").status == 301


def test_preview_is_neither_kept_nor_logged(edge, document):
    link, address = make_link(hide(document.memorandum, "scheduled", now=timezone.now()))
    secret = address.split("/")[2]
    for path in (address, f"{address}files/{document.token}/{document.name}"):
        opened = edge.ask(path)
        assert (opened.status, opened.headers["cache-control"]) == (200, "private, no-store")
    link.revoke(by=make_superuser(), at=timezone.now())
    assert edge.ask(address).status == 404
    assert edge.ask_without_tls(address).headers["location"] == f"https://localhost{address}"
    edge.ask("/?a=word-that-is-logged")
    assert secret not in edge.logged(until="word-that-is-logged")
    kept = [file.read_bytes() for file in (edge.place / "cache").rglob("*") if file.is_file()]
    assert kept
    assert not any(secret.encode() in content for content in kept)


@pytest.mark.parametrize(
    "place",
    ["/preview", "/quotes", "/alerts/confirm", "/alerts/mine", "/alerts/stop", "/calendar", "/admin/password/key"],
)
def test_secret_address_is_in_no_log_of_errors(edge, place):
    """Errors of nginx name the address that was asked for: here one that was sent too large a body or header."""
    secret = f"{place}/never-logged/"
    for send in (edge.ask, edge.ask_without_tls):
        assert send(secret, "POST", TOO_LARGE).status in (301, 413)
    assert edge.ask(secret, cookie="a" * 50_000).status == 400
    assert edge.ask(secret).status in (200, 302, 404)
    edge.ask("/word-that-is-logged", "POST", TOO_LARGE)
    assert "too large body" in (text := edge.logged(until="word-that-is-logged"))
    assert "never-logged" not in text


def test_no_answer_tells_which_nginx_it_is(edge, public_document):
    for answer in (
        edge.ask("/"),
        edge.ask("/static/nothing.css"),
        edge.ask(public_document.get_absolute_url()),
        edge.ask("/", "POST", TOO_LARGE),
        edge.ask_without_tls("/"),
    ):
        assert answer.headers["server"] == "nginx"
        assert b"nginx/" not in answer.body


def test_back_office_is_not_kept(edge):
    page = edge.ask("/admin/login/")
    assert page.status == 200
    assert "no-store" in page.headers["cache-control"]
    assert not [file for file in (edge.place / "cache").rglob("*") if file.is_file()]


# Signing in -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def addresses(monkeypatch):
    """The addresses from which the site thinks that it was asked to log somebody in."""
    found, visit = [], VisitMiddleware.__call__

    def noted(self, request):
        if request.method != "POST":
            return visit(self, request)
        found.append(get_adapter(request).get_client_ip(request))
        return HttpResponse("asked")

    monkeypatch.setattr(VisitMiddleware, "__call__", noted)
    return found


def test_address_of_the_visitor_reaches_the_site_whatever_the_visitor_says(edge, addresses, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert edge.ask("/admin/password/", "POST", b"", x_forwarded_for="192.0.2.66").body == b"asked"
    assert addresses == ["127.0.0.1"]


def test_flood_of_attempts_is_kept_from_the_site_and_looking_is_not(edge, addresses):
    edge = edge.from_another_address(3)
    with ThreadPoolExecutor(8) as clients:
        statuses = [a.status for a in clients.map(lambda _: edge.ask("/admin/login/", "POST", b""), range(60))]
    assert set(statuses) == {200, 429}
    assert len(addresses) == statuses.count(200) <= 15  # ten at once, and what a few seconds add
    assert edge.ask("/admin/login/").status == 200
    assert edge.ask("/").status == 200


def test_link_to_choose_a_password_is_neither_kept_nor_logged(edge):
    assert edge.ask("/admin/password/key/1-never-logged/").status == 200
    edge.ask("/?a=word-that-is-logged")
    assert "never-logged" not in edge.logged(until="word-that-is-logged")


# Encryption -----------------------------------------------------------------------------------------------------------


def handshake(edge, version: ssl.TLSVersion, ciphers: str = "DEFAULT") -> ssl.SSLSession:
    trust = ssl.create_default_context(cafile=edge.place / "fullchain.pem")
    trust.set_ciphers(ciphers)
    trust.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    trust.maximum_version = version
    line = socket.create_connection(("127.0.0.1", edge.port), 20)
    with line, trust.wrap_socket(line, server_hostname="localhost") as encrypted:
        return encrypted.session


def test_no_ticket_with_a_lasting_key_opens_what_was_recorded(edge):
    assert not handshake(edge, ssl.TLSVersion.TLSv1_2).has_ticket


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_protocols_are_refused(edge):
    with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
        handshake(edge, ssl.TLSVersion.TLSv1_1, ciphers="DEFAULT@SECLEVEL=0")


# Uploads and static files ---------------------------------------------------------------------------------------------


def test_body_that_no_public_page_wants_is_refused_in_words(edge):
    answer = edge.ask("/", "POST", TOO_LARGE)
    assert answer.status == 413
    assert b"What you sent is too large" in answer.body
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_several_large_files_reach_the_back_office(edge):
    assert edge.ask("/admin/partners/city/add/", "POST", bytes(45 * 1024 * 1024)).status == 403


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
    assert answer.headers["vary"] == "Accept-Encoding"
    assert edge.ask("/static/nginx/site.0123456789ab.css").body == b"body {}"
    assert edge.ask("/static/nginx/site.css").headers["cache-control"] == "public, max-age=60"


def test_shipped_configuration_knows_the_size_of_an_upload():
    limit = int(re.search(r"location /admin/ {.*?client_max_body_size (\d+)m;", SHIPPED.read_text(), re.S)[1])
    assert limit * 1024 * 1024 > 5 * LARGEST_FILE
