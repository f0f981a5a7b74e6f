"""Asks a virus scanner about each upload, if the council runs one.

The scanner is ClamAV's clamd, asked by its INSTREAM command (man clamd). Without a word from it that a file is clean,
nothing is kept.
"""

import logging
import re
import socket
import struct
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

log = logging.getLogger(__name__)

# Seconds for all of it: somebody waits in front of a form, and gunicorn gives up after thirty.
PATIENCE = 15
PIECE = 64 * 1024
LONGEST_ANSWER = 4096
FOUND = re.compile(r"stream: (.+) FOUND")
INFECTED = _(
    "This file contains a virus (%(name)s), so it is not kept. Tell whoever sent it to you, and do not open it."
)
UNCHECKED = _("This file could not be checked for viruses, so it is not kept. Try again in a few minutes; if that does not help, tell whoever runs the server.")  # fmt: skip


class Unanswered(Exception):
    """The scanner said neither yes nor no."""


def address(url: str) -> tuple[str, int] | str:
    """Host and port, or the path of a socket, from ``tcp://host:port`` or ``unix:///path``.

    Raises ValueError if it is neither.
    """
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path and not parts.netloc:
        return parts.path
    if parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path:
        return parts.hostname, parts.port
    raise ValueError(f"“{url}” is neither tcp://host:port nor unix:///path")


def check(upload) -> None:
    """Refuse an upload that the scanner does not call clean; without a scanner all are taken."""
    if not settings.CLAMD_URL:
        return
    try:
        answer = _ask(upload)
    except (OSError, ValueError, Unanswered) as error:
        log.error("The virus scanner at %s did not answer for %s bytes: %s", settings.CLAMD_URL, upload.size, error)
        raise ValidationError(UNCHECKED) from error
    if found := FOUND.fullmatch(answer):
        log.warning("The virus scanner found %s in an upload", found[1])
        raise ValidationError(INFECTED, params={"name": found[1]})
    if answer != "stream: OK":
        log.error("The virus scanner at %s said of %s bytes: %s", settings.CLAMD_URL, upload.size, answer)
        raise ValidationError(UNCHECKED)


def _ask(upload) -> str:
    """What the scanner says of an upload, without the zero byte at its end."""
    until = time.monotonic() + PATIENCE
    with _connected(until) as line:
        try:
            for piece in _stream(upload):
                line.settimeout(_left(until))
                line.sendall(piece)
        except ConnectionError:
            # It hangs up on what is too large for it, with a word before; whatever that is, it has not seen all.
            raise Unanswered(_answer(line, until)) from None
        return _answer(line, until)


def _connected(until: float) -> socket.socket:
    place = address(settings.CLAMD_URL)
    if isinstance(place, tuple):
        return socket.create_connection(place, _left(until))
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(_left(until))
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line


def _stream(upload):
    """An upload as INSTREAM has it: pieces with their lengths in network order, and a piece of none at the end."""
    yield b"zINSTREAM\0"
    for piece in upload.chunks(PIECE):
        yield struct.pack("!I", len(piece)) + piece
    yield struct.pack("!I", 0)


def _answer(line: socket.socket, until: float) -> str:
    answer = b""
    while not answer.endswith(b"\0"):
        line.settimeout(_left(until))
        heard = line.recv(LONGEST_ANSWER)
        if not heard or len(answer) > LONGEST_ANSWER:
            raise Unanswered(f"no whole answer, only {answer[:100]!r}")
        answer += heard
    return answer[:-1].decode("ascii", "replace")


def _left(until: float) -> float:
    """The seconds that are left; raises TimeoutError when there are none."""
    if (left := until - time.monotonic()) <= 0:
        raise TimeoutError("no answer in time")
    return left
