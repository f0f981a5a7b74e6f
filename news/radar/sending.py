"""Sending reminders: once a day somebody looks what is new; each mail is a task that is owed until the mail server takes it."""

from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from news.radar import told
from news.radar.finding import reminders_of
from news.radar.told import Told
from partners.radar import Reminder
from twinning.core.accounts import User
from twinning.core.web.mails import send_each
from twinning.core.web.tasks import owe

TRIED_FOR = timedelta(days=7)


class NotSent(Exception):
    """The mail server did not take a mail; the task is owed again."""


def owe_reminders(*, at: datetime) -> int:
    """Owe a mail to each person who is to be told of something new; returns to how many. Run again, it owes nothing more."""
    on, number = timezone.localdate(at), 0
    for user, theirs in told.owners_with_reminders(on=on).items():
        with transaction.atomic():
            User.objects.select_for_update().get(pk=user.pk)
            if told.owe(user, theirs, on=on, at=at):
                owe(mail_reminders, user.pk, at.isoformat())
                number += 1
    told.forget(at=at)
    return number


@task
def mail_reminders(user_pk: int, owed_at: str) -> None:
    """Mail to a person what was to be told at a moment, as far as it still stands; for a week, until the mail is taken."""
    at = datetime.fromisoformat(owed_at)
    due = Told.objects.filter(user=user_pk, owed_at=at, sent_at=None)
    user = User.objects.filter(pk=user_pk, is_active=True, is_staff=True).exclude(email="").first()
    names = set(due.values_list("about", flat=True))
    if not (user and names) or timezone.now() - at > TRIED_FOR:
        return
    theirs = reminders_of(user, on=timezone.localdate())
    is_monthly = f"{timezone.localdate(at):%Y-%m}" in names
    chosen = theirs if is_monthly else [one for one in theirs if one.name in names]
    if chosen and send_each([_mail(user, chosen, is_monthly=is_monthly, owed_at=owed_at)]):
        raise NotSent
    due.update(sent_at=timezone.now())


def _mail(user: User, theirs: list[Reminder], *, is_monthly: bool, owed_at: str) -> EmailMessage:
    """The mail with some reminders. A mail server or reader that got it twice knows both by the same Message-ID."""
    context = {
        "user": user,
        "is_monthly": is_monthly,
        "theirs": theirs,
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "desk": settings.SITE_URL + reverse("admin:index"),
    }
    subject = _("What has to be decided this month") if is_monthly else _("Something has to be decided soon")
    name = sha256(f"{user.pk} {owed_at}".encode()).hexdigest()[:32]
    headers = {
        "Message-ID": f"<reminder-{name}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(
        f"{settings.SITE_NAME}: {subject}",
        render_to_string("news/radar/mail.txt", context),
        to=[user.email],
        reply_to=[settings.CONTACT_EMAIL],
        headers=headers,
    )
