"""Asking this site as a visitor does who is not signed in: through the whole WSGI application, without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.http.request import validate_host
from django.urls import get_script_prefix


@dataclass(frozen=True)
class Answer:
    """An answer: its status, its headers by their name in small letters, and the chunks of its body."""

    status: int
    headers: dict[str, str]
    chunks: Iterator[bytes]


@contextmanager
def asked(address: str, *, prefix: str | None = None, **headers: str) -> Iterator[Answer]:
    """Context manager: the answer to an anonymous GET of an address of this site, which is a path with its query.

    ``headers`` are named as WSGI names them (``HTTP_IF_MATCH``); ``prefix`` is that of this thread unless it is given.
    """
    prefix = get_script_prefix().rstrip("/") if prefix is None else prefix
    path, _, query = address.removeprefix(prefix).partition("?")
    scheme, host = _own_origin()
    environ = {
        "SCRIPT_NAME": prefix,
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "HTTP_HOST": host,
        "wsgi.url_scheme": scheme,
        "wsgi.input": BytesIO(),
        **headers,
    }
    setup_testing_defaults(environ)
    heads = []
    response = get_internal_wsgi_application()(environ, lambda line, found: heads.append((int(line[:3]), found)))
    try:
        [(status, found)] = heads
        yield Answer(status, {name.lower(): value for name, value in found}, iter(response))
    finally:
        response.close()


def _own_origin() -> tuple[str, str]:
    """A scheme and a host for which the site answers, neither with a redirect nor with 400."""
    url = urlsplit(settings.SITE_URL)
    named = [host.lstrip(".") for host in settings.ALLOWED_HOSTS if host != "*"]
    host = url.netloc if validate_host(url.hostname or "", settings.ALLOWED_HOSTS) else (named or ["localhost"])[0]
    return "https" if getattr(settings, "SECURE_SSL_REDIRECT", False) else url.scheme, host
