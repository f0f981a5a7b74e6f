"""The forms at the door: signing in, and asking for a link to choose a new password."""

from allauth.account import forms as allauth_forms
from django import forms
from django.utils.translation import gettext_lazy as _

from twinning.core.signin.links import mail_links
from twinning.core.web.tasks import owe


class LoginForm(allauth_forms.LoginForm):
    """The form for name and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True
        self.fields["password"].help_text = ""


class ForgottenPasswordForm(forms.Form):
    """The form that asks for a link. Whose address it is, only the task looks up: the page does the same for any."""

    email = forms.EmailField(label=_("Email address"), widget=forms.EmailInput({"autocomplete": "email"}))

    def save(self, request) -> None:
        owe(mail_links, self.cleaned_data["email"])
