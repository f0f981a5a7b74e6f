"""A site that is closed to the public: after a backup was restored, until somebody has looked at it and opens it.

The state is a file in VAR_DIR, so that no database has to say it and each request can ask.
"""

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from twinning.core.web.http import HEALTH_CHECKS

# Nobody is let in while a backup is being restored; afterwards staff are.
RESTORING, RESTORED = "restoring", "restored"
RETRY_AFTER = 600  # seconds


def _file() -> Path:
    return Path(settings.VAR_DIR) / "closed"


def state() -> str:
    """RESTORING or RESTORED while the site is closed; empty while it is open."""
    try:
        return _file().read_text()
    except FileNotFoundError:
        return ""


def close(state: str) -> None:
    _file().write_text(state)


def open_to_the_public() -> None:
    _file().unlink(missing_ok=True)


class ClosedSite:
    """Middleware: 503 with a sentence for everybody whom a closed site does not let in."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.back_office = reverse("admin:index")

    def __call__(self, request):
        found = state()
        if not found or request.path_info.startswith(HEALTH_CHECKS):
            return self.get_response(request)
        if found == RESTORED and request.path_info.startswith(self.back_office):
            return self.get_response(request)
        return HttpResponse(render_to_string("closed.html"), status=503, headers={"Retry-After": RETRY_AFTER})
