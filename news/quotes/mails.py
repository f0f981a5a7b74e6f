"""The mails about approvals: one asks an office, one tells the colleague who asked that it has answered."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from news.quotes.approvals import QuoteLink
from twinning.core.fields.moments import moment_in_words
from twinning.core.web.mails import send_each


def send(link: QuoteLink, address: str) -> bool:
    """Send the address of a link to who is asked; whether the mail server took it.

    Sent at once and not owed: the address is a secret of which the database keeps only the hash.
    """
    context = {
        "link": link,
        "address": address,
        "until": moment_in_words(link.expires_at),
        "site_name": settings.SITE_NAME,
        "council": settings.COUNCIL_NAME,
        "contact": settings.CONTACT_EMAIL,
    }
    subject = _("%(council)s asks you to approve a quote") % {"council": settings.COUNCIL_NAME}
    text = render_to_string("news/quotes/mail_ask.txt", context)
    return not send_each([EmailMessage(subject, text, to=[link.email], reply_to=[settings.CONTACT_EMAIL])])


def tell(link: QuoteLink, answer: str) -> None:
    """Tell the colleague who asked that the office has answered; neither quote nor release is named."""
    if not link.made_by.email:
        return
    address = settings.SITE_URL + reverse("admin:news_pressrelease_quotes", args=[link.release_id])
    text = render_to_string("news/quotes/mail_answered.txt", {"link": link, "answer": answer, "address": address})
    send_each([EmailMessage(_("An office has answered about a quote"), text, to=[link.made_by.email])])
