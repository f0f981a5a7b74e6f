"""Readers of uploads: programs that look at files from outside, so that nothing hostile is parsed in the web process.

An upload that a reader cannot read is at fault; a reader that could not run, or had no time, says nothing about the upload.
"""

import logging
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryFile
from threading import Lock

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from twinning.core.files import limited
from twinning.core.files.uploads import FORM_SECONDS, NO_TIME, seconds_left

log = logging.getLogger(__name__)

NOT_LOOKED_AT = _("The server could not look at this file, so it is not kept. Nothing is wrong with it. Try again in a few minutes; if that does not help, tell whoever runs the server.")  # fmt: skip
LONGEST_REASON = 300

# Reading can take a gigabyte: a server with threads reads one upload after the other.
_one_at_a_time = Lock()


class Unreadable(Exception):
    """A reader ended because of the upload."""


class ReaderFailed(Exception):
    """A reader did not run, or was ended from outside; says why in words for the log."""


@dataclass(frozen=True)
class Reader:
    """A program for uploads of one kind, the memory that it may use, and an upload and arguments by which to try it."""

    program: Path
    megabytes: int
    sample: bytes
    sample_arguments: tuple[str, ...] = ()

    def read(self, upload, *arguments: str) -> bytes:
        """What the reader answers about an upload.

        Raises Unreadable, or ValidationError if the server is at fault.
        """
        deadline = time.monotonic() + seconds_left(upload)
        try:
            with alone(until=deadline):
                upload.seek(0)
                return run(self, b"".join(upload.chunks()), arguments, deadline=deadline)
        except TimeoutError as error:
            log.warning("There was no time left for %s", self.program.name)
            name = PurePath(upload.name or "").name
            raise ValidationError(NO_TIME, code="no_time", params={"name": name}) from error
        except (ReaderFailed, OSError) as error:
            log.error("%s did not run: %s", self.program.name, error)
            raise ValidationError(NOT_LOOKED_AT, code="not_looked_at") from error

    def problem(self) -> str:
        """Why the reader does not run, found out by trying it; empty if it does."""
        try:
            run(self, self.sample, self.sample_arguments, deadline=time.monotonic() + FORM_SECONDS)
        except (Unreadable, ReaderFailed, OSError) as error:
            return f"{self.program.name} does not run: {error}"
        return ""


@contextmanager
def alone(*, until: float):
    """Context manager: no other thread reads an upload. Raises TimeoutError at the deadline, by the monotonic clock."""
    left = until - time.monotonic()
    if left <= 0 or not _one_at_a_time.acquire(timeout=left):
        raise TimeoutError
    try:
        yield
    finally:
        _one_at_a_time.release()


def run(reader: Reader, content: bytes, arguments: tuple[str, ...], *, deadline: float) -> bytes:
    """Run a reader. Raises Unreadable, ReaderFailed, and TimeoutError at the deadline; OSError if it cannot be started."""
    command = [sys.executable, "-I", "-B", limited.__file__, str(reader.megabytes), str(reader.program), *arguments]
    # Files, not pipes: what is written to a pipe has no limit.
    with TemporaryFile() as given, TemporaryFile() as answer, TemporaryFile() as said:
        given.write(content)
        given.seek(0)
        left = deadline - time.monotonic()
        try:
            code = subprocess.run(  # noqa: S603 - our own program
                command, stdin=given, stdout=answer, stderr=said, timeout=left, env={}, check=False
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
        answered = _content(answer)
        if not answered.startswith(limited.READY) or code in (-signal.SIGKILL, os.EX_TEMPFAIL):
            raise ReaderFailed(_reason(code, _content(said)))
        if code:
            raise Unreadable(_reason(code, _content(said)))
    return answered.removeprefix(limited.READY)


def _content(file) -> bytes:
    file.seek(0)
    return file.read()


def _reason(code: int, said: bytes) -> str:
    """How a reader ended, and the last line of what it said about that."""
    last = said.decode(errors="replace").strip().rpartition("\n")[2]
    return f"it ended with {code}; {last[:LONGEST_REASON]}".strip("; ")
