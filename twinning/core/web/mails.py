"""Sending mails: one that fails is logged and returned, and breaks nothing else."""

import logging
from contextlib import suppress

from django.core.mail import EmailMessage, mailers

log = logging.getLogger(__name__)


def send_each(mails: list[EmailMessage]) -> list[EmailMessage]:
    """Send mails over one connection, and return those that the mail server did not take."""
    mailer = mailers.default
    try:
        mailer.open()
    except OSError:
        log.exception("The mail server does not answer")
        return list(mails)
    try:
        return [mail for mail in mails if not _is_accepted(mailer, mail)]
    finally:
        with suppress(OSError):
            mailer.close()


def _is_accepted(mailer, mail: EmailMessage) -> bool:
    try:
        return bool(mailer.send_messages([mail]))
    except (OSError, ValueError):
        log.exception("A mail could not be sent")
        return False
