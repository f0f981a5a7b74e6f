"""Secret addresses of calendars: one for each person who wants one; only its hash is stored."""

import hashlib
import secrets
from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from twinning.core.accounts import User
from twinning.core.history.events import EventKind, note


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


class CalendarLink(models.Model):
    """The secret address of the calendar of a person; only its hash is stored. A new one takes the place of the old one."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.user)

    @classmethod
    def issue(cls, *, by: User, at: datetime) -> str:
        """Make a new address for a person, and return its secret part, which is stored nowhere; the old one ends."""
        key = secrets.token_urlsafe(32)
        with transaction.atomic():
            cls.objects.update_or_create(user=by, defaults={"digest": _digest(key), "made_at": at})
            note(by, EventKind.CHANGE, by=by, at=at, login="calendar made")
        return key

    def end(self, *, by: User, at: datetime) -> None:
        """From now on the address answers 404."""
        with transaction.atomic():
            self.delete()
            note(by, EventKind.CHANGE, by=by, at=at, login="calendar ended")

    @classmethod
    def person(cls, key: str) -> User | None:
        """Whose calendar it is, if they work here."""
        link = cls.objects.select_related("user").filter(digest=_digest(key)).first()
        return link.user if link and link.user.is_active and link.user.is_staff else None
