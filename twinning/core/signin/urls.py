"""The addresses of signing in, below /admin/; their names are allauth's, which asks for them."""

from importlib import import_module

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.urls import path, re_path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from twinning.core.signin.pages import ENTRANCE, Login, page, sessions

PASSWORD = {"button": _("Set the password")}
AGAIN = {"button": _("Go on"), "intro": _("You are about to change how you sign in. Show first that it is you.")}
FORGOTTEN = {
    "button": _("Mail me a link"),
    "intro": _("Type the email address of your account. You get a link with which you choose a new password."),
}
SENT = _("If an account has this address, a mail is on its way. Its link works for three days.")

urlpatterns = [
    path("login/", page(Login, _("Log in"), "core/signin/login.html", layout=ENTRANCE).as_view(), name="account_login"),
    path(
        "logout/",
        page(account.LogoutView, _("Log out"), button=_("Log out"), intro=_("Do you want to log out?")).as_view(),
        name="account_logout",
    ),
    path(
        "password/",
        page(account.PasswordResetView, _("Forgotten your password?"), layout=ENTRANCE, **FORGOTTEN).as_view(),
        name="account_reset_password",
    ),
    path(
        "password/sent/",
        page(
            account.PasswordResetDoneView,
            _("Look into your mail"),
            "core/signin/text.html",
            layout=ENTRANCE,
            intro=SENT,
        ).as_view(),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        page(
            account.PasswordResetFromKeyView,
            _("Choose a password"),
            "core/signin/link.html",
            layout=ENTRANCE,
            **PASSWORD,
        ).as_view(success_url=reverse_lazy("account_login")),
        name="account_reset_password_from_key",
    ),
    path(
        "password_change/",
        page(account.PasswordChangeView, _("Change your password"), **PASSWORD).as_view(),
        name="account_change_password",
    ),
    path(
        "password_set/",
        page(account.PasswordSetView, _("Choose a password"), **PASSWORD).as_view(),
        name="account_set_password",
    ),
    path(
        "again/", page(account.ReauthenticateView, _("Your password"), **AGAIN).as_view(), name="account_reauthenticate"
    ),
    path("sessions/", sessions, name="account_sessions"),
    path(
        "sign-in/",
        page(factors.IndexView, _("How you sign in"), "core/signin/second_factor.html").as_view(),
        name="mfa_index",
    ),
    path(
        "sign-in/code/",
        page(
            factors.AuthenticateView, _("Second step"), "core/signin/code.html", layout=ENTRANCE, button=_("Log in")
        ).as_view(),
        name="mfa_authenticate",
    ),
    path(
        "sign-in/again/",
        page(factors.ReauthenticateView, _("Your code"), **AGAIN).as_view(),
        name="mfa_reauthenticate",
    ),
    path(
        "sign-in/app/",
        page(app.ActivateTOTPView, _("Add an authenticator app"), "core/signin/app.html", button=_("Add")).as_view(),
        name="mfa_activate_totp",
    ),
    path(
        "sign-in/app/remove/",
        page(
            app.DeactivateTOTPView,
            _("Remove the authenticator app"),
            button=_("Remove"),
            intro=_("Its codes no longer work then."),
        ).as_view(),
        name="mfa_deactivate_totp",
    ),
    path(
        "sign-in/recovery-codes/",
        page(codes.ViewRecoveryCodesView, _("Recovery codes"), "core/signin/codes.html").as_view(),
        name="mfa_view_recovery_codes",
    ),
    path(
        "sign-in/recovery-codes/new/",
        page(
            codes.GenerateRecoveryCodesView,
            _("Make new recovery codes"),
            button=_("Make new codes"),
            intro=_("The codes that you have now no longer work then."),
        ).as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "sign-in/passkeys/add/",
        page(passkeys.AddWebAuthnView, _("Add a passkey"), "core/signin/passkey.html").as_view(),
        name="mfa_add_webauthn",
    ),
    path(
        "sign-in/passkeys/<int:pk>/remove/",
        page(
            passkeys.RemoveWebAuthnView,
            _("Remove the passkey"),
            button=_("Remove"),
            intro=_("You cannot sign in with it any more then."),
        ).as_view(success_url=reverse_lazy("mfa_index")),
        name="mfa_remove_webauthn",
    ),
    path("sign-in/passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path(
        "sign-in/passkeys/again/",
        page(
            passkeys.ReauthenticateWebAuthnView, _("Your passkey"), "core/signin/passkey_again.html", **AGAIN
        ).as_view(),
        name="mfa_reauthenticate_webauthn",
    ),
]
if settings.OIDC_URL:
    sign_on = import_module("allauth.socialaccount.providers.openid_connect.views")
    urlpatterns += [
        path("oidc/<slug:provider_id>/login/", require_POST(sign_on.login), name="openid_connect_login"),
        path("oidc/<slug:provider_id>/login/callback/", sign_on.callback, name="openid_connect_callback"),
    ]
