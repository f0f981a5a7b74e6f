"""The visit: an object on each request with the moment for which it is answered. The clock is read once."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from twinning.core.web.clocks import CLOCKS


@dataclass
class Visit:
    """The attribute ``visit`` of each request; ``at`` is the moment (aware datetime) for which it is answered.

    ``preview`` is set while the page of a hidden record is shown to somebody who may see it before the public, ``is_framed`` while
    a page is shown inside one of the back office. ``known`` has what was found out for it and is asked for again.
    """

    at: datetime
    preview: Any = field(default=None, kw_only=True)
    is_framed: bool = field(default=False, kw_only=True)
    known: dict[str, Any] = field(default_factory=dict, kw_only=True)


def asking_nobody(view):
    """Decorator for views that must answer whatever is broken: nothing is asked of the database before them."""
    view.asks_nobody = True
    return view


def asks_nobody(view) -> bool:
    return getattr(view, "asks_nobody", False)


class VisitMiddleware:
    """Middleware, before all that ask for the time: reads the clock and puts the visit on the request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.visit = Visit(at=timezone.now())
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if asks_nobody(view):
            return
        try:
            request.visit.at = CLOCKS.earlier(request.visit.at)
        except (DatabaseError, InterfaceError):
            pass  # the page asks the database, too, and says that it does not answer
