"""What happened at the door, in the log and in the history: sign-ins, failures, and changes of how somebody signs in.

The log names accounts by their number. What was typed stands nowhere: it may be a password in the wrong field.
"""

import logging

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.signals import authentication_failed
from django.dispatch import receiver

from twinning.core.accounts import User
from twinning.core.history.events import EventKind, note, note_failed_sign_in

log = logging.getLogger(__name__)
# The notices of allauth, and what the history calls them.
CHANGES = {
    "mfa/email/totp_activated": "app added",
    "mfa/email/totp_deactivated": "app removed",
    "mfa/email/webauthn_added": "passkey added",
    "mfa/email/webauthn_removed": "passkey removed",
    "mfa/email/recovery_codes_generated": "recovery codes",
}


def signed_in(request, user) -> None:
    ways = [step.get("type") or step["method"] for step in get_authentication_records(request, user)]
    log.info("Account %s signed in from %s with %s", user.pk, _address(request), " and ".join(ways))
    note(user, EventKind.SIGNED_IN, by=None, at=request.visit.at, ways=ways)


def password_failed(request, username: str) -> None:
    """The same work for a name that exists and for one that does not: one query, one row, one line."""
    user = User.objects.filter(username=username).first()
    log.warning("Sign-in to %s failed from %s", f"account {user.pk}" if user else "no account", _address(request))
    note_failed_sign_in(user, at=request.visit.at)


@receiver(authentication_failed)
def code_failed(sender, request, user, **kwargs) -> None:
    log.warning("Sign-in to account %s failed from %s: wrong code", user.pk, _address(request))
    note_failed_sign_in(user, at=request.visit.at)


def limited(request) -> None:
    log.warning("Too many attempts to sign in from %s", _address(request))


def changed(request, user, notice: str) -> None:
    """``notice`` is the name of allauth's notice of a change that somebody made to their own second factors."""
    if change := CHANGES.get(notice):
        note(user, EventKind.CHANGE, by=request.user, at=request.visit.at, login=change)


def _address(request) -> str:
    return get_adapter(request).get_client_ip(request)
