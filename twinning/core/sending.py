"""Sends a private file: whole or in part, anew or not at all, and so that it can do nothing in the browser.

Whether somebody may read it was decided before.
"""

import mimetypes
import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from twinning.core.http import KEPT, LASTING_CACHE

CHUNK = 64 * 1024
# A document without an origin, scripts, forms or windows. The browsers' own viewers show a PDF all the same.
SANDBOX = "default-src 'none'; sandbox"
VIEWED = {"application/pdf"}
ONE_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Excerpt:
    """Some bytes of an open file, chunk by chunk; closes it."""

    def __init__(self, content, start: int, length: int):
        content.seek(start)
        self._content, self._left = content, length

    def __iter__(self):
        return self

    def __next__(self) -> bytes:
        chunk = self._content.read(min(CHUNK, self._left))
        if not chunk:
            raise StopIteration
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._content.close()


def send(record, request=None) -> HttpResponse:
    """A file for whoever asks; without a request always all of it."""
    try:
        content = record.file.storage.open(record.file.name)
    except FileNotFoundError:
        raise Http404 from None
    etag, size = f'"{record.sha256}"', content.size
    if request and (settled := get_conditional_response(request, etag=etag)):
        content.close()
        return _with_headers(settled, record, etag)
    if request and _is_for_nginx(record, request):
        content.close()
        place = {"X-Accel-Redirect": f"{settings.ACCEL_REDIRECT}{record.file.name}"}
        return _with_headers(HttpResponse(headers=place), record, etag)
    part = _range(request, etag, size) if request else None
    if part is None and (not request or request.method != "HEAD"):
        return _with_headers(FileResponse(content, filename=record.name), record, etag)
    response = _excerpt(content, part, size) if part else HttpResponse(headers={"Content-Length": size})
    if not response.streaming:
        content.close()
    return _with_headers(response, record, etag)


def _is_for_nginx(record, request) -> bool:
    """Whether nginx reads the file for itself.

    It cannot keep such an answer for the next visitor, as it does with small files that never change, nor does it know
    the ETag in time to compare it with If-Match.
    """
    return bool(settings.ACCEL_REDIRECT) and not record.is_immutable and "If-Match" not in request.headers


def _excerpt(content, part: tuple[int, int], size: int) -> HttpResponse:
    start, end = part
    if start > end:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    headers = {"Content-Range": f"bytes {start}-{end}/{size}", "Content-Length": end - start + 1}
    return StreamingHttpResponse(Excerpt(content, start, end - start + 1), status=206, headers=headers)


def _range(request, etag: str, size: int) -> tuple[int, int] | None:
    """The first and the last byte that are asked for; the first lies behind the last when there are no such bytes.

    Several ranges at once, nonsense, and a part of what is there no more are answered with the whole (RFC 9110, 14.2).
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
    kind = mimetypes.guess_type(record.name)[0] or "application/octet-stream"
    disposition = content_disposition_header(kind not in VIEWED, record.name)
    for name, value in {
        "Content-Type": kind,
        "Content-Disposition": disposition,
        "Content-Security-Policy": SANDBOX,
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }.items():
        response.headers[name] = value
    if record.is_immutable and response.status_code in KEPT:
        response.headers["Cache-Control"] = LASTING_CACHE
    return response
