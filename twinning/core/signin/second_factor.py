"""The second factor: who has to have one, and who still owes it."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_required(user) -> bool:
    """Whether this person may approve or give rights, so that a password alone is not enough where a setting says so."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return False
    rights = user.get_all_permissions()
    return "core.change_user" in rights or any(".approve_" in right for right in rights)


def is_owed(request) -> bool:
    """Whether somebody who is signed in has to set up a second factor first; the council's own sign-on counts as one."""
    if not is_required(request.user):
        return False
    by_sign_on = any(step["method"] == "socialaccount" for step in get_authentication_records(request, request.user))
    return not by_sign_on and not Authenticator.objects.filter(user=request.user, type__in=FACTORS).exists()


def remove_all(user) -> bool:
    """Take away all second factors and recovery codes of somebody who has lost them; False if there were none."""
    return bool(Authenticator.objects.filter(user=user).delete()[0])
