"""The four people of the demonstration's office, one for each role."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Model

PASSWORD = "twinning-demo"  # noqa: S105 - no secret: load_demo prints it, and sets it only while DEBUG is on
ROLES = {"editor": "Twinning editor", "press": "Press officer", "approver": "Approver", "admin": "Administrator"}


@dataclass(frozen=True)
class Staff:
    """The users who write and approve the demonstration's records, and the one who manages the others."""

    editor: Model
    press: Model
    approver: Model
    admin: Model


def make_staff() -> Staff:
    """The four users, made if missing. They can log in only while DEBUG is on; users who are there stay as they are."""
    return Staff(**{username: _user(username, role) for username, role in ROLES.items()})


def _user(username: str, role: str) -> Model:
    User = get_user_model()
    user = User.objects.filter(username__iexact=username).first()
    if user:
        return user
    user = User(username=username, email=f"{username}@example.org", is_staff=settings.DEBUG)
    if settings.DEBUG:
        user.set_password(PASSWORD)
    else:
        user.set_unusable_password()
    user.save()
    user.groups.set(Group.objects.filter(name=role))
    return user


def logins() -> list[tuple[str, str]]:
    """Who of the four can log in, with the role; nobody while DEBUG is off."""
    if not settings.DEBUG:
        return []
    users = get_user_model().objects.filter(username__in=ROLES, is_staff=True, is_active=True)
    found = {user.username for user in users if user.has_usable_password()}
    return [(username, role) for username, role in ROLES.items() if username in found]
