"""Answers with open data: made record by record, and the same bytes with the same ETag until something public changes."""

from collections.abc import Iterable
from contextlib import ExitStack
from hashlib import sha256
from tempfile import SpooledTemporaryFile

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from twinning.core.files.serve import FilePart

# What is longer waits on the disk until it is sent.
MOST_IN_MEMORY = 1 << 20
# Programs in pages of other sites may read open data; nobody is known here, so there is nothing else to read with it.
FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}


def data_response(
    request, pieces: Iterable[str], *, name: str, content_type: str, links: dict[str, str]
) -> HttpResponse:
    """The response with a file of open data, or “not modified”; ``links`` are addresses by their relation."""
    with ExitStack() as open_files:
        file = open_files.enter_context(SpooledTemporaryFile(max_size=MOST_IN_MEMORY))
        etag, size = _write(file, pieces)
        if not (response := get_conditional_response(request, etag=etag)):
            response = StreamingHttpResponse(FilePart(file, 0, size), content_type=content_type)
            response.headers["Content-Length"] = str(size)
            response.headers["Content-Disposition"] = content_disposition_header(False, name)
            open_files.pop_all()  # the response closes it
        link = ", ".join(f'<{address}>; rel="{relation}"' for relation, address in links.items() if address)
        for header, value in (FOR_ALL | {"ETag": etag} | ({"Link": link} if link else {})).items():
            response.headers[header] = value
        return response


def _write(file, pieces: Iterable[str]) -> tuple[str, int]:
    """Write the pieces; return the ETag, which depends on them alone, and the number of bytes."""
    digest, size = sha256(), 0
    for piece in pieces:
        data = piece.encode()
        digest.update(data)
        size += file.write(data)
    return f'"{digest.hexdigest()}"', size
