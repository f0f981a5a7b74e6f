"""Sending alerts: a task that comes again each minute as long as somebody is subscribed (ADR 45)."""

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import mailers
from django.tasks import task
from django.utils import timezone

from news.alerts.mails import alert_mail, confirmation_mail
from news.alerts.owed import KEPT_FOR, AlertMail, Announcement, new_releases
from news.alerts.readers import CONFIRMED_WITHIN, AlertRequest, Subscriber
from twinning.core.web.clocks import CLOCKS
from twinning.core.web.mails import send_each
from twinning.core.web.tasks import owe

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 60
# Then other tasks get their turn. Much shorter than a task may take.
SECONDS_OF_SENDING = 20
# The gate is asked anew for each batch: a release that was withdrawn meanwhile is not sent to the rest.
BATCH = 50


class NotSent(Exception):
    """The mail server did not take a mail; the task is owed again."""


class MailServerAway(Exception):
    """The mail server does not answer, or does not take anything from us."""


@task
def mail_confirmation(request_pk: int) -> None:
    """Mail the link with which somebody confirms, until the mail server takes it or the request is too old."""
    now = timezone.now()
    request = AlertRequest.objects.alive(at=now).filter(pk=request_pk).first()
    if request and send_each([confirmation_mail(request)]):
        raise NotSent


def owe_confirmation(request: AlertRequest) -> None:
    owe(mail_confirmation, request.pk)


# Not every backend can wait, so this one is always owed by a row.
@task(backend="owed")
def send_alerts() -> None:
    """Look for what became public, send what is owed, and be owed again."""
    if not settings.ALERTS or not Subscriber.objects.exists():
        return
    at = now()
    for release in new_releases(at=at):
        Announcement.make(release, at=at)
    forget(at=at)
    is_more = _send(until=time.monotonic() + SECONDS_OF_SENDING)
    look_again(after=0 if is_more else SECONDS_BETWEEN_LOOKS)


def look_again(*, after: float = 0) -> None:
    """Owe the next look, in so many seconds; what is owed already is owed once."""
    send_alerts.using(run_after=timezone.now() + timedelta(seconds=after)).enqueue()


def now() -> datetime:
    """The moment at which the gate is asked, as for a page: of two clocks that differ, the earlier."""
    return CLOCKS.earlier(timezone.now())


def forget(*, at: datetime) -> dict[str, int]:
    """Delete what nobody needs any more; returns how many rows of each kind."""
    requests = AlertRequest.objects.filter(asked_at__lte=at - CONFIRMED_WITHIN)
    sent = AlertMail.objects.filter(sent_at__lte=at - KEPT_FOR)
    given_up = AlertMail.objects.filter(sent_at=None, due_at__lte=at - KEPT_FOR)
    return {"requests": requests.delete()[0], "mails": sent.delete()[0] + given_up.delete()[0]}


def _send(*, until: float) -> bool:
    """Send mails that are due until a moment of the monotonic clock; whether some are left."""
    mailer = mailers.default
    try:
        while time.monotonic() < until:
            batch = list(AlertMail.objects.due(at=now())[:BATCH])
            if not batch:
                return False
            for mail in batch:
                _send_one(mailer, mail)
        return True
    except MailServerAway as error:
        log.warning("Alerts wait for the mail server: %s", error)
        return False
    finally:
        with suppress(OSError):
            mailer.close()


def _send_one(mailer, mail: AlertMail) -> None:
    """Send a mail unless another process has it. It is noted at once: a process that is killed leaves no other open."""
    if not mail.take(at=timezone.now()):
        return
    try:
        mailer.open()
        mailer.send_messages([alert_mail(mail)])
    except (SMTPRecipientsRefused, SMTPDataError, ValueError) as error:
        log.warning("An alert was refused: %s", error)
        mail.note_refused(at=timezone.now(), for_good=_is_for_good(error))
    except OSError as error:
        mail.put_back(at=timezone.now())
        with suppress(OSError):
            mailer.close()
        raise MailServerAway(str(error)) from error
    else:
        mail.note_sent(at=timezone.now())


def _is_for_good(error: Exception) -> bool:
    """Whether a mail server will never take a mail: it says so with a number from 500 on (RFC 5321)."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    return error.smtp_code >= 500 if isinstance(error, SMTPResponseException) else True
