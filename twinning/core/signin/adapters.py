"""What allauth asks our site: who may come in, what is written down, and in which words people are answered."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from twinning.core.history.events import note_password
from twinning.core.signin import record

NOT_SIGNED_IN = _("That did not match. Check the username and the password, upper and lower case.")
TOO_MANY = _("Too many attempts. Wait five minutes, then try again.")


class AccountAdapter(DefaultAccountAdapter):
    """Adapter of allauth: staff only, no sign-up, and no word about which accounts exist."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": NOT_SIGNED_IN,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request) -> bool:
        return False

    def pre_authenticate(self, request, **credentials) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except Exception:
            record.limited(request)
            raise

    def authentication_failed(self, request, **credentials) -> None:
        record.password_failed(request, credentials["username"])

    def pre_login(self, request, user, **kwargs):
        if not (user.is_staff and user.is_active):
            self.refuse(request, NOT_SIGNED_IN)
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request, user, **kwargs):
        record.signed_in(request, user)
        return super().post_login(request, user, **kwargs)

    def set_password(self, user, password: str) -> None:
        user.set_password(password)  # takes half a second, in which nobody else should have to wait for the database
        with transaction.atomic():
            user.save()
            note_password(user, by=user, at=self.request.visit.at)

    def send_notification_mail(self, template_prefix, user, context=None, email=None) -> None:
        """Instead of a mail, an event in the history of the account."""
        record.changed(self.request, user, template_prefix)

    def get_password_change_redirect_url(self, request) -> str:
        return reverse("admin:index")

    def add_message(self, request, level, message_template=None, *args, **kwargs) -> None:
        if message_template != "account/messages/logged_in.txt":
            super().add_message(request, level, message_template, *args, **kwargs)

    @staticmethod
    def refuse(request, words: str):
        """Lead back to the sign-in page, which says why."""
        messages.error(request, words)
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Adapter of allauth's second factors: our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _(
            "This code did not match. Codes of an app change every half minute; type the one it shows."
        ),
    }

    def generate_authenticator_name(self, user, type) -> str:
        return gettext("Passkey %s") % (Authenticator.objects.filter(user=user, type=type).count() + 1)
