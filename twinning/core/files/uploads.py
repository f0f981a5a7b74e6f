"""Receiving uploads: all of a file or nothing of it; a full disk or an endless file does not cost the rest of the form."""

import time
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.utils.translation import gettext_lazy as _

from twinning.core.files.storage import DISK_FULL_ERRORS

LARGEST_FILE = 20 * 1024 * 1024
# For receiving and checking all files of a form: somebody waits, and gunicorn gives up after thirty. If receiving takes most
# of them, checking has this many all the same.
FORM_SECONDS, LEAST_SECONDS = 20, 5
NO_TIME = _("There was no time left to look at “%(name)s”, so it is not kept. Upload it again, alone or with fewer other files.")  # fmt: skip


def share_time(uploads, *, since: datetime) -> None:
    """Give the uploads of one form the same end for their checks, FORM_SECONDS after the request began."""
    passed = time.time() - since.timestamp()
    deadline = time.monotonic() + max(min(LEAST_SECONDS, FORM_SECONDS), FORM_SECONDS - passed)
    for upload in uploads:
        upload.deadline = deadline


def seconds_left(upload) -> float:
    """The seconds that are left for the checks of an upload; one that came with no form has them all."""
    return max(0, getattr(upload, "deadline", time.monotonic() + FORM_SECONDS) - time.monotonic())


def once_per_upload(check: Callable, upload):
    """The result of ``check(upload)``, or the ValidationError that it raises, computed once for each upload.

    Checks take seconds, and both forms and models ask for them.
    """
    results = upload.__dict__.setdefault("check_results", {})
    if check not in results:
        try:
            results[check] = check(upload), None
        except ValidationError as error:
            results[check] = None, error
    result, error = results[check]
    if error:
        raise error
    return result


class UploadHandler(TemporaryFileUploadHandler):
    """Upload handler that stores what arrives on disk; a file gets ``is_truncated`` when the disk is full."""

    def new_file(self, *args, **kwargs):
        if isinstance(body := self.request.environ["wsgi.input"], _CountedStream):
            body.on_disconnect = self.upload_interrupted
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._truncate(error)

    def receive_data_chunk(self, raw_data, start):
        # Nobody reads on in a file that is too large to be kept.
        if start <= LARGEST_FILE and not hasattr(self.file, "is_truncated"):
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._truncate(error)

    def file_complete(self, file_size):
        try:
            self.file.seek(0)
        except OSError as error:
            self._truncate(error)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self):
        if hasattr(self, "file") and not hasattr(self.file, "is_truncated"):
            super().upload_interrupted()

    def _truncate(self, error: OSError) -> None:
        """Put an empty file in place of one for which the disk has no room; other errors are raised."""
        if error.errno not in DISK_FULL_ERRORS:
            raise error
        self.file = UploadedFile(BytesIO(), self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self.file.is_truncated = True


class CompleteBodyMiddleware:
    """WSGI middleware: a request whose connection is lost before the end of its body fails.

    Servers end such a body as if it were complete. Half a story would be saved for the whole.
    """

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        length = environ.get("CONTENT_LENGTH", "")
        if length.isdecimal():
            environ["wsgi.input"] = _CountedStream(environ["wsgi.input"], int(length))
        return self._application(environ, start_response)


class _CountedStream:
    """The body of a request; raises OSError when it ends early, after calling ``on_disconnect`` to clean up."""

    def __init__(self, stream, length: int):
        self._stream, self._left, self.on_disconnect = stream, length, lambda: None

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left))
        return self._count(data, is_end=len(data) < min(size, self._left))

    def readline(self, size: int) -> bytes:
        line = self._stream.readline(size)
        return self._count(line, is_end=not line)

    def _count(self, data: bytes, *, is_end: bool) -> bytes:
        self._left -= len(data)
        if is_end and self._left > 0:
            self.on_disconnect()
            raise OSError("the connection was lost before the end of the request's body")
        return data
