"""A site that saves nothing for a while: during work on the server, or while it moves to another.

It is so by the setting READ_ONLY, or by a file in VAR_DIR, which a command makes while the site runs.
"""

import os
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse

from twinning.core.web.outages import page_to_send_again

SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")
# Staff sign in and out: that writes sessions and counts attempts, and nothing that anybody has typed.
SIGNING_IN = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "admin:login",
    "admin:logout",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn",
    "openid_connect_login",
}


def _file() -> Path:
    return Path(settings.VAR_DIR) / "read-only"


def is_on() -> bool:
    return settings.READ_ONLY or os.path.exists(f"{settings.VAR_DIR}/read-only")  # noqa: PTH110 - asked on every page


def turn_on() -> None:
    _file().touch()


def turn_off() -> None:
    _file().unlink(missing_ok=True)


class ReadOnlySite:
    """Middleware, behind the one that judges tokens of forms: sends a form back, as it was typed, instead of saving it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if request.method in SAFE_METHODS or request.resolver_match.view_name in SIGNING_IN or not is_on():
            return None
        return page_to_send_again(request, is_read_only=True)
