"""Outages: the answer while the database, the disk under it, or Redis does not work; and limits for what a request waits for.

Nothing here asks the database.
"""

import logging
import re
import sys
from time import monotonic

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpResponse, HttpResponseServerError
from django.template.loader import render_to_string
from django.urls import reverse

from twinning.core.web import request_ids
from twinning.core.web.logs import without_content

# The database does not answer, cannot write, or is busy: none of that is a fault of the request.
OUTAGES = DATABASE_OUTAGES = (OperationalError, InterfaceError)
if settings.REDIS_URL:  # to load it takes longer than to load Django
    from redis.exceptions import RedisError

    OUTAGES += (RedisError,)
RETRY_AFTER = 60  # seconds
# PostgreSQL's codes for a connection that is lost, and for a server that stops or starts.
AWAY, AWAY_CODES = "away", ("08", "57P")
# A form with one of these is not sent back to the browser.
SECRET_FIELD = re.compile(r"passw|passphrase|otp|code$|secret|credential")
TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


class TimeLimits:
    """Middleware: how long a request waits for an answer of the database; staff have larger questions."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.back_office = reverse("admin:index")

    def __call__(self, request):
        is_staff = request.path_info.startswith(self.back_office)
        connection.patience = settings.PATIENCE_STAFF if is_staff else settings.PATIENCE_PUBLIC
        return self.get_response(request)


def server_error(request) -> HttpResponse:
    """View for every error that nothing else caught: 503 in an outage, 500 otherwise."""
    error = sys.exc_info()[1]
    if not isinstance(error, OUTAGES):
        return HttpResponseServerError(render_to_string("500.html", {"request_id": request_ids.current()}))
    return page_to_send_again(request, may_be_saved=_may_be_saved(error))


def page_to_send_again(request, **reason: bool) -> HttpResponse:
    """The page with status 503 that shows what was typed; the reason is one of those that its template knows."""
    context = {"form": _form_to_send_again(request), "is_sent": request.method == "POST"}
    page = render_to_string("503.html", reason | context | {"request_id": request_ids.current()})
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER})


def _may_be_saved(error: BaseException | None) -> bool:
    """Whether it, or an error on the way to it, came when a transaction was ended, and nobody knows how it ended."""
    return error is not None and (getattr(error, "may_be_saved", False) or _may_be_saved(error.__context__))


def _form_to_send_again(request) -> dict | None:
    """What somebody typed, to be shown to them and sent again; None where there is nothing that may be shown.

    Only a form that has its token: otherwise another site could show its words here.
    """
    if request.method != "POST" or not getattr(request, "csrf_processing_done", False):
        return None
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    if any(SECRET_FIELD.search(name.lower()) for name, _value in fields):
        return None
    return {
        "action": request.get_full_path(),
        "fields": fields,
        "texts": [(name, value) for name, value in fields if value and name[0] != "_" and name != TOKEN],
        "files": [upload.name for upload in request.FILES.values()],
    }


class OncePerMinute(logging.Filter):
    """Log filter: of all that an outage breaks, one line a minute for each reason, without a traceback."""

    def __init__(self):
        super().__init__()
        self._silent_until = {}

    def filter(self, record):
        error = record.exc_info and record.exc_info[1]
        if not isinstance(error, OUTAGES):
            return True
        what = "The database" if isinstance(error, DATABASE_OUTAGES) else "Redis"
        kind = what, _kind(error.__cause__)
        if monotonic() < self._silent_until.get(kind, 0):
            return False
        self._silent_until[kind] = monotonic() + RETRY_AFTER
        record.msg, record.args = (
            "%s could not be used, %s: %s",
            (what, type(error).__name__, without_content(" ".join(str(error).split()))),
        )
        record.exc_info = record.exc_text = None
        return True


def _kind(error: Exception | None) -> str:
    """What the database calls the fault; one name for all that happens while it stops, is away and starts."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None) or AWAY
    return AWAY if code.startswith(AWAY_CODES) else code
