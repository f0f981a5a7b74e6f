"""The number of a request: in each line of the log about it, in the answer, and on the page of an error, to be quoted."""

import re
from contextvars import ContextVar
from uuid import uuid4

# As nginx ($request_id) and other proxies make them; nothing else gets into the log this way.
WELL_FORMED = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HEADER = "X-Request-ID"
_current = ContextVar("request_id", default="")


def current() -> str:
    """The number of the request that this thread answers, or answered last; empty in a command.

    It stays after the answer: Django logs what went wrong behind the first middleware.
    """
    return _current.get()


class RequestIdMiddleware:
    """Middleware, before all that logs: takes the proxy's number of a request, or makes one.

    An answer that is kept for others has none: it would be that of another request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sent = request.headers.get(HEADER, "")
        number = sent if WELL_FORMED.fullmatch(sent) else uuid4().hex
        _current.set(number)
        response = self.get_response(request)
        if not response.get("Cache-Control", "").startswith("public"):
            response[HEADER] = number
        return response
