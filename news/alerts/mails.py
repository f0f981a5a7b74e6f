"""The mails of alerts: plain text, no picture and no link that counts, each with a link that ends them at once."""

from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from news.alerts.owed import AlertMail
from news.alerts.readers import CONFIRMED_WITHIN, AlertRequest


def confirmation_mail(request: AlertRequest) -> EmailMessage:
    """The mail that asks whether somebody wants alerts. It goes to who is subscribed already, too."""
    context = _names() | {
        "address": settings.SITE_URL + reverse("news:confirm_alerts", args=[request.key]),
        "days": CONFIRMED_WITHIN.days,
    }
    text = render_to_string("news/alerts/mail_confirm.txt", context)
    subject = _("%(site)s: do you want alerts by mail?") % {"site": settings.SITE_NAME}
    return EmailMessage(subject, text, to=[request.email], reply_to=[settings.CONTACT_EMAIL], headers=_automatic())


def alert_mail(mail: AlertMail) -> EmailMessage:
    """The mail about a release. A mail server or reader that got it twice knows both by the same Message-ID."""
    release, key = mail.release, mail.subscriber.key
    stop = settings.SITE_URL + reverse("news:stop_alerts", args=[key])
    context = _names() | {
        "release": release,
        "address": settings.SITE_URL + release.get_absolute_url(),
        "choice": settings.SITE_URL + reverse("news:my_alerts", args=[key]),
    }
    headers = _automatic() | {
        "Message-ID": _message_id(mail),
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    text = render_to_string("news/alerts/mail_alert.txt", context)
    subject = f"{settings.SITE_NAME}: {release.headline}"
    return EmailMessage(subject, text, to=[mail.subscriber.email], reply_to=[settings.CONTACT_EMAIL], headers=headers)


def _names() -> dict:
    return {"site_name": settings.SITE_NAME, "council": settings.COUNCIL_NAME, "contact": settings.CONTACT_EMAIL}


def _automatic() -> dict[str, str]:
    """Headers by which programs that answer mails, such as that somebody is away, keep quiet (RFC 3834)."""
    return {"Auto-Submitted": "auto-generated"}


def _message_id(mail: AlertMail) -> str:
    """An id that is the same for the same release and subscriber, and says nothing about either."""
    digest = sha256(f"{mail.release.feed_id} {mail.subscriber.key}".encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"
