"""Links by mail with which somebody chooses a password: forgotten passwords, and invitations of new colleagues."""

from datetime import datetime, timedelta

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.tasks import task
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.core.accounts import User
from twinning.core.history.events import EventKind, note
from twinning.core.web.mails import send_each
from twinning.core.web.tasks import owe

DAYS = settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60)
TRIED_FOR = timedelta(days=1)
FORGOTTEN, INVITATION = "forgotten", "invitation"


class NotSent(Exception):
    """The mail server did not take a link; the task is owed again."""


@task
def mail_links(email: str) -> None:
    """Owe a link to each colleague with this address; nothing if there is none."""
    for user in User.objects.filter(email__iexact=email, is_active=True, is_staff=True):
        owe_link(user, FORGOTTEN, at=timezone.now())


def owe_link(user: User, reason: str, *, at: datetime) -> None:
    owe(mail_link, user.pk, reason, at.isoformat())


@task
def mail_link(user_pk: int, reason: str, owed_since: str) -> None:
    """Mail a link to a colleague: to a new one, or to one who forgot the password; for a day, until the mail is taken."""
    user = User.objects.filter(pk=user_pk, is_active=True, is_staff=True).exclude(email="").first()
    if not user or timezone.now() - datetime.fromisoformat(owed_since) > TRIED_FOR:
        return
    if send_each([_mail(user, reason)]):
        raise NotSent
    if reason == FORGOTTEN:
        note(user, EventKind.CHANGE, by=None, at=timezone.now(), login="link asked for")


def address_for(user: User) -> str:
    """The address at which somebody chooses a password, once, within PASSWORD_RESET_TIMEOUT."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)


def _mail(user: User, reason: str) -> EmailMessage:
    subject = {FORGOTTEN: _("Choose a new password"), INVITATION: _("Your account at %s") % settings.SITE_NAME}[reason]
    said = {"user": user, "address": address_for(user), "days": DAYS, "site_name": settings.SITE_NAME}
    login = settings.SITE_URL + reverse("account_login")
    text = render_to_string(f"core/signin/mail_{reason}.txt", said | {"login": login})
    return EmailMessage(subject, text, to=[user.email], reply_to=[settings.CONTACT_EMAIL])
