"""A real nginx with the shipped configuration, in front of a server of the tests."""

import shutil
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from django.conf import settings as site

from tests.machine import OPENSSL

SHIPPED = Path(__file__).parents[1] / "deploy/nginx.conf"
AROUND = """
worker_processes 1;
daemon off;
user root;
pid {place}/pid;
error_log {place}/error.log;
events {{ }}
http {{
    include /etc/nginx/mime.types;
    access_log {place}/access.log;
    ssl_ciphers DEFAULT@SECLEVEL=0;  # so that nothing but the shipped configuration refuses old protocols
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
    address: str = "127.0.0.1"

    def from_another_address(self, last: int) -> "Edge":
        """Asked from 127.0.0.`last`: what one address asks too often is counted against that one alone."""
        return replace(self, address=f"127.0.0.{last}")

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        line = HTTPSConnection("localhost", self.port, context=self.trust, timeout=20, source_address=(self.address, 0))
        return ask(line, method, path, body, headers)

    def ask_without_tls(self, path: str, method: str = "GET", body: bytes | None = None) -> Answer:
        return ask(HTTPConnection("localhost", self.plain, timeout=20), method, path, body, {})

    def forget(self) -> None:
        """Empty the cache."""
        for kept in (self.place / "cache").iterdir():
            shutil.rmtree(kept)

    def logged(self, until: str) -> str:
        """All that was logged, once a word is there: nginx logs a moment after it has answered."""
        for _attempt in range(3000):
            text = "".join((self.place / name).read_text() for name in ("access.log", "error.log"))
            if until in text:
                return text
            time.sleep(0.02)
        raise AssertionError(f"{until} was not logged")


def ask(line, method: str, path: str, body: bytes | None, headers: dict) -> Answer:
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
        "/var/log/nginx/": f"{place}/",
        "127.0.0.1:8000": f"127.0.0.1:{ports['app']}",
        "/var/www/html": f"{place}/html",
        "listen 443 ": f"listen 127.0.0.1:{ports['tls']} ",
        "listen [::]:443 ": f"listen [::1]:{ports['tls']} ",
        "listen 80": f"listen 127.0.0.1:{ports['plain']}",
        "listen [::]:80": f"listen [::1]:{ports['plain']}",
    }.items():
        assert ours in text
        text = text.replace(ours, here)
    (place / "shipped.conf").write_text(text)
    around = place / "nginx.conf"
    around.write_text(AROUND.format(place=place))
    return around


def wait_for(running: subprocess.Popen, port: int) -> None:
    for _attempt in range(1200):
        assert running.poll() is None, "the server ended before it answered"
        try:
            return socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            time.sleep(0.05)
    raise AssertionError("the server did not start")
