"""The council's own sign-on (OpenID Connect): which of our accounts somebody who comes from there has."""

from allauth.account.adapter import get_adapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.utils.translation import gettext_lazy as _

from twinning.core.accounts import User

UNKNOWN = _("You are signed in at the council, but have no account here yet. Ask an administrator to invite you.")
FAILED = _("The council's sign-on did not answer as it should. Try again, or use your password.")


class SignOnAdapter(DefaultSocialAccountAdapter):
    """Adapter of allauth: joins a sign-on to the account with the same email address, and makes no account."""

    def pre_social_login(self, request, sociallogin) -> None:
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        found = [user for email in verified for user in User.objects.filter(email__iexact=email, is_staff=True)]
        if len(found) != 1:
            get_adapter(request).refuse(request, UNKNOWN)
        sociallogin.connect(request, found[0])

    def on_authentication_error(self, request, provider, **kwargs) -> None:
        get_adapter(request).refuse(request, FAILED)
