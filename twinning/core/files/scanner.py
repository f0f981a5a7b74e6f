"""Client of the virus scanner that checks each upload, if the council runs one.

The scanner is ClamAV's clamd, asked by its INSTREAM command (man clamd). Unless it says that a file is clean, the file is
not kept.
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

from twinning.core.files.uploads import seconds_left

log = logging.getLogger(__name__)

# Seconds for the whole check of a file, if the other files of its form leave it so many.
TIMEOUT = 15
CHUNK_SIZE = 64 * 1024
LONGEST_ANSWER = 4096
CLEAN = "stream: OK"
FOUND = re.compile(r"stream: (.+) FOUND")
INFECTED = _(
    "This file contains a virus (%(name)s), so it is not kept. Tell whoever sent it to you, and do not open it."
)
UNCHECKED = _("This file could not be checked for viruses, so it is not kept. Try again in a few minutes; if that does not help, tell whoever runs the server.")  # fmt: skip


class NoAnswer(Exception):
    """The scanner gave no whole answer about all of a file."""


def parse_address(url: str) -> tuple[str, int] | str:
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
    """Raise ValidationError unless the scanner says that an upload is clean; without a scanner nothing is checked."""
    if not settings.CLAMD_URL:
        return
    try:
        answer = _ask(upload)
    except (OSError, ValueError, NoAnswer) as error:
        log.error("The virus scanner at %s did not answer for %s bytes: %s", settings.CLAMD_URL, upload.size, error)
        raise ValidationError(UNCHECKED, code="unchecked") from error
    if found := FOUND.fullmatch(answer):
        log.warning("The virus scanner found %s in an upload", found[1])
        raise ValidationError(INFECTED, code="infected", params={"name": found[1]})
    if answer != CLEAN:
        log.error("The virus scanner at %s said of %s bytes: %s", settings.CLAMD_URL, upload.size, answer)
        raise ValidationError(UNCHECKED, code="unchecked")


def _ask(upload) -> str:
    """The scanner's answer about an upload, without the zero byte at its end."""
    deadline = time.monotonic() + min(TIMEOUT, seconds_left(upload))
    with _connect(deadline) as connection:
        try:
            for message in _instream_messages(upload):
                connection.settimeout(_seconds_until(deadline))
                connection.sendall(message)
        except ConnectionError:
            # It hangs up on a file that is too large for it, after a word about that; it has not seen all of the file.
            raise NoAnswer(_receive_answer(connection, deadline)) from None
        return _receive_answer(connection, deadline)


def _connect(deadline: float) -> socket.socket:
    address = parse_address(settings.CLAMD_URL)
    if isinstance(address, tuple):
        return socket.create_connection(address, _seconds_until(deadline))
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(_seconds_until(deadline))
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection


def _instream_messages(upload):
    """An upload as INSTREAM has it: chunks with their lengths in network order, and an empty chunk at the end."""
    yield b"zINSTREAM\0"
    for chunk in upload.chunks(CHUNK_SIZE):
        yield struct.pack("!I", len(chunk)) + chunk
    yield struct.pack("!I", 0)


def _receive_answer(connection: socket.socket, deadline: float) -> str:
    answer = b""
    while not answer.endswith(b"\0"):
        connection.settimeout(_seconds_until(deadline))
        received = connection.recv(LONGEST_ANSWER)
        if not received or len(answer) > LONGEST_ANSWER:
            raise NoAnswer(f"no whole answer, only {answer[:100]!r}")
        answer += received
    return answer[:-1].decode("ascii", "replace")


def _seconds_until(deadline: float) -> float:
    """The seconds that are left; raises TimeoutError when there are none."""
    if (left := deadline - time.monotonic()) <= 0:
        raise TimeoutError("no answer in time")
    return left
