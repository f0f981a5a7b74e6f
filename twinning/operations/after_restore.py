"""What comes after a restore: nobody is signed in, no link works, and nothing becomes public that nobody has looked at since.

What happened after the backup is unknown here: an embargo may have moved, an account have been closed, a link been used.
"""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models, transaction

from news.models import CalendarLink, QuoteLink
from twinning.core.accounts import User
from twinning.core.editing.open_forms import OpenForm
from twinning.core.history.events import EventKind, note
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.gate import Publishable
from twinning.core.publishing.links import PreviewLink
from twinning.core.signin.limits import CacheEntry
from twinning.core.signin.links import mail_link, mail_links
from twinning.core.web.tasks import OwedTask

NOT_APPROVED = {
    "approved_at": None, "approved_by": None, "publish_at": None, "urgent_reason": "", "confirmed_at": None, "confirmed_by": None,
}  # fmt: skip


def put_in_order(*, made_at: datetime, at: datetime) -> list[str]:
    """End all that could do harm; returns a line for each kind of thing that was ended. ``made_at`` is the backup's moment."""
    with transaction.atomic():
        sessions, links = _end_sessions(), PreviewLink.objects.alive(at=at)
        quotes = QuoteLink.objects.alive(at=at)
        lines = [
            f"{sessions} sessions ended",
            f"{links.count()} preview links ended",
            f"{quotes.count()} links to quotes ended",
        ]
        for ended in (links, quotes):
            ended.update(expires_at=at)
        calendars, _unused = CalendarLink.objects.all().delete()
        lines.append(f"{calendars} addresses of calendars ended")
        _end_password_links(at=at)
        lifted = [_lift(record, at=at) for record in scheduled(made_at=made_at)]
    return lines + [f"{line}: its approval was lifted, because it was scheduled; approve it again" for line in lifted]


def _end_sessions() -> int:
    number = Session.objects.count()
    for model in (Session, UserSession, OpenForm, CacheEntry):
        model.objects.all().delete()
    return number


def _end_password_links(*, at: datetime) -> None:
    """Links to choose a password that were mailed before the backup would work once more: they depend on the last sign-in."""
    User.objects.update(last_login=at)
    for task in (mail_link, mail_links):
        OwedTask.objects.of(task).delete()


def scheduled(*, made_at: datetime) -> list[models.Model]:
    """The records and working copies that were approved, and not public yet, at the moment of the backup."""
    kinds = [model for model in apps.get_models() if issubclass(model, Publishable)]
    found = [record for model in kinds for record in model._base_manager.filter(publish_at__gt=made_at)]
    return found + list(WorkingCopy.objects.filter(approved_at__isnull=False))


def _lift(record: models.Model, *, at: datetime) -> str:
    """Take a record back to where it waits for an approver; the constraints of the database want all of it or nothing."""
    type(record)._base_manager.filter(pk=record.pk).update(**NOT_APPROVED)
    note(record, EventKind.LIFTED, by=None, at=at)
    return f"{record._meta.verbose_name} {record.pk}"
