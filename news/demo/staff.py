"""The four users of the demonstration's office, one for each role."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import Group
from django.db.models import Model

PASSWORD = "twinning-demo"  # noqa: S105 - no secret: load_demo prints it, and it opens nothing while DEMO is off
ROLES = {"editor": "Twinning editor", "press": "Press officer", "approver": "Approver", "admin": "Administrator"}


class DemonstrationHasher(PBKDF2PasswordHasher):
    """The only password hasher while DEMO is on, and known to no other site: what it wrote opens nothing elsewhere."""

    algorithm = "demonstration"


@dataclass(frozen=True)
class Staff:
    """The users who write and approve the demonstration's records, and the one who manages the others."""

    editor: Model
    press: Model
    approver: Model
    admin: Model


def make_staff() -> Staff:
    """The four users, made if missing; existing users stay as they are. New ones can log in only while DEMO is on."""
    return Staff(**{username: _get_or_make_user(username, role) for username, role in ROLES.items()})


def _get_or_make_user(username: str, role: str) -> Model:
    User = get_user_model()
    user = User.objects.filter(username__iexact=username).first()
    if user:
        return user
    user = User(username=username, email=f"{username}@example.org", is_staff=settings.DEMO)
    if settings.DEMO:
        user.set_password(PASSWORD)
    else:
        user.set_unusable_password()
    user.save()
    user.groups.set(Group.objects.filter(name=role))
    return user


def logins() -> list[tuple[str, str]]:
    """The usernames and roles of those of the four who can log in; none while DEMO is off."""
    if not settings.DEMO:
        return []
    users = get_user_model().objects.filter(username__in=ROLES, is_staff=True, is_active=True)
    usernames = {user.username for user in users if user.has_usable_password()}
    return [(username, role) for username, role in ROLES.items() if username in usernames]
