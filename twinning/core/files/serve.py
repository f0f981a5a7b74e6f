"""The response with a private file: whole, in part, or “not modified”; and so that it can do nothing in the browser.

Whether the visitor may read the file was decided before.
"""

import mimetypes
import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from twinning.core.web.http import CACHED_STATUSES, LASTING_CACHE

CHUNK_SIZE = 64 * 1024
# A document without an origin, scripts, forms or windows. The browsers' own viewers show a PDF all the same.
SANDBOX = "default-src 'none'; sandbox"
# The content types that browsers show in place; all others are downloads.
SHOWN_INLINE = {"application/pdf"}
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class FilePart:
    """Iterator over some bytes of an open file, chunk by chunk; the response closes it."""

    def __init__(self, file, start: int, length: int):
        file.seek(start)
        self._file, self._left = file, length

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        chunk = self._file.read(min(CHUNK_SIZE, self._left))
        if not chunk:
            raise StopIteration
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._file.close()


def file_response(record, request=None) -> HttpResponse:
    """The response with the file of a PrivateFile. Without a request it is always the whole file."""
    try:
        file = record.file.storage.open(record.file.name)
    except FileNotFoundError:
        raise Http404 from None
    etag, size = f'"{record.sha256}"', file.size
    if request and (conditional := get_conditional_response(request, etag=etag)):
        file.close()
        return _with_headers(conditional, record, etag)
    if request and _is_for_nginx(record, request):
        file.close()
        location = {"X-Accel-Redirect": f"{settings.ACCEL_REDIRECT}{record.file.name}"}
        return _with_headers(HttpResponse(headers=location), record, etag)
    part = _requested_range(request, etag, size) if request else None
    if part is None and (not request or request.method != "HEAD"):
        return _with_headers(FileResponse(file, filename=record.name), record, etag)
    response = _part_response(file, part, size) if part else HttpResponse(headers={"Content-Length": size})
    if not response.streaming:
        file.close()
    return _with_headers(response, record, etag)


def _is_for_nginx(record, request) -> bool:
    """Whether nginx reads the file for itself.

    It cannot keep such an answer for the next visitor, as it does with small files that never change, nor does it know
    the ETag in time to compare it with If-Match.
    """
    return bool(settings.ACCEL_REDIRECT) and not record.is_immutable and "If-Match" not in request.headers


def _part_response(file, part: tuple[int, int], size: int) -> HttpResponse:
    start, end = part
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": end - start + 1}
    return StreamingHttpResponse(FilePart(file, start, end - start + 1), status=206, headers=headers)


def _requested_range(request, etag: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte that are asked for; the first lies behind the last when there are no such bytes.

    Several ranges at once, nonsense, and a range of an earlier file are answered with the whole (RFC 9110, 14.2).
    """
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not asked or request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        return None
    start, end = asked.groups()
    if start:
        if end and int(end) < int(start):
            return None
        return int(start), min(int(end), size - 1) if end and int(start) < size else size - 1
    return (size - min(int(end), size) if int(end) else size, size - 1) if end else None


def _with_headers(response: HttpResponse, record, etag: str) -> HttpResponse:
    content_type = mimetypes.guess_type(record.name)[0] or "application/octet-stream"
    for name, value in {
        "Content-Type": content_type,
        "Content-Disposition": content_disposition_header(content_type not in SHOWN_INLINE, record.name),
        "Content-Security-Policy": SANDBOX,
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }.items():
        response.headers[name] = value
    if record.is_for_other_sites:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if record.is_immutable and response.status_code in CACHED_STATUSES:
        response.headers["Cache-Control"] = LASTING_CACHE
    return response
