"""Takes what is sent off the line: all of it or nothing, and a full disk or a file without end does not cost the form."""

from collections.abc import Callable
from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler

from twinning.core.storage import FULL

LARGEST_FILE = 20 * 1024 * 1024


def once(look: Callable, upload):
    """What a look at an upload tells, or refuses it for. It takes seconds, so it is taken once, whoever asks for it."""
    told = upload.__dict__.setdefault("told", {})
    if look not in told:
        try:
            told[look] = look(upload), None
        except ValidationError as error:
            told[look] = None, error
    answer, refusal = told[look]
    if refusal:
        raise refusal
    return answer


class UploadHandler(TemporaryFileUploadHandler):
    """Keeps what arrives while there is room and need for it; marks a file with ``is_cut`` when the disk is full."""

    def new_file(self, *args, **kwargs):
        if isinstance(body := self.request.environ["wsgi.input"], _Promised):
            body.when_lost = self.upload_interrupted
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            self._cut(error)

    def receive_data_chunk(self, raw_data, start):
        # Nobody reads on in a file that is too large to be kept.
        if start <= LARGEST_FILE and not hasattr(self.file, "is_cut"):
            try:
                super().receive_data_chunk(raw_data, start)
            except OSError as error:
                self._cut(error)

    def file_complete(self, file_size):
        try:
            self.file.seek(0)
        except OSError as error:
            self._cut(error)
        self.file.size = file_size
        return self.file

    def upload_interrupted(self):
        if hasattr(self, "file") and not hasattr(self.file, "is_cut"):
            super().upload_interrupted()

    def _cut(self, error: OSError) -> None:
        if error.errno not in FULL:
            raise error
        self.file = UploadedFile(BytesIO(), self.file_name, self.content_type, 0, self.charset, self.content_type_extra)
        self.file.is_cut = True


class WholeBodies:
    """WSGI middleware: what a lost connection left of a form is not taken for the form.

    Servers end such a body as if it were complete. Half a story would be saved for the whole.
    """

    def __init__(self, application):
        self._application = application

    def __call__(self, environ, start_response):
        length = environ.get("CONTENT_LENGTH", "")
        if length.isdecimal():
            environ["wsgi.input"] = _Promised(environ["wsgi.input"], int(length))
        return self._application(environ, start_response)


class _Promised:
    """A stream that fails when it ends before its time, and first has ``when_lost`` put away what came."""

    def __init__(self, stream, length: int):
        self._stream, self._left, self.when_lost = stream, length, lambda: None

    def read(self, size: int) -> bytes:
        data = self._stream.read(min(size, self._left))
        return self._counted(data, is_end=len(data) < min(size, self._left))

    def readline(self, size: int) -> bytes:
        line = self._stream.readline(size)
        return self._counted(line, is_end=not line)

    def _counted(self, data: bytes, *, is_end: bool) -> bytes:
        self._left -= len(data)
        if is_end and self._left > 0:
            self.when_lost()
            raise OSError("the connection was lost before all had come")
        return data
