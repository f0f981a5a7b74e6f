"""The forms about the approval of a quote: to ask by a link, to note what was said, and to answer on the link."""

from django import forms
from django.utils.translation import gettext_lazy as _

from news.quotes.approvals import QuoteLink, Said, Way
from twinning.core.fields.moments import MomentField, with_zone
from twinning.core.publishing.personal import LONGEST_LIFETIME

_WIDE = {"class": "vTextField"}


class AskForm(forms.ModelForm):
    """Asks by a link: whom, and until when."""

    expires_at = MomentField(
        label=with_zone(_("Expires")), help_text=_("At most %(days)d days from now.") % {"days": LONGEST_LIFETIME.days}
    )

    class Meta:
        model = QuoteLink
        fields = ("recipient", "email", "expires_at")
        widgets = {"recipient": forms.TextInput(attrs=_WIDE), "email": forms.EmailInput(attrs=_WIDE)}


class NoteForm(forms.Form):
    """Notes what an office was asked or said without a link."""

    said = forms.ChoiceField(
        label=_("What is known"),
        choices=[
            (Said.APPROVED, _("The office approves it")),
            (Said.DECLINED, _("The office does not approve it")),
            (Said.ASKED, _("The office has been asked")),
            (Said.NOT_ASKED, _("The question is taken back")),
        ],
        help_text=_("Links about this wording that still work end with it."),
    )
    how = forms.ChoiceField(
        label=_("How"), choices=[(way.value, way.label) for way in (Way.PHONE, Way.MAIL, Way.PERSON)]
    )
    person = forms.CharField(
        label=_("By whom"), max_length=150, required=False, widget=forms.TextInput(attrs=_WIDE),
        help_text=_("Who answered or was asked, for example “Ms Example, Office of the Lord Mayor”."),
    )  # fmt: skip
    remark = forms.CharField(
        label=_("Remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3, **_WIDE}),
        help_text=_("For example what is to be changed. Only colleagues read it."),
    )  # fmt: skip

    def clean(self):
        given = super().clean()
        if given.get("said") != Said.NOT_ASKED and "person" in given and not given["person"].strip():
            self.add_error("person", forms.ValidationError(_("Say who answered, or who was asked."), code="required"))
        return given


class AnswerForm(forms.Form):
    """What an office answers on its link."""

    said = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            (Said.APPROVED, _("Yes, it can be published as it stands here")),
            (Said.DECLINED, _("No, something has to be changed")),
        ],
        error_messages={"required": _("Choose one of the two answers.")},
    )
    remark = forms.CharField(label=_("What has to be changed"), required=False, max_length=2000, widget=forms.Textarea)
    person = forms.CharField(
        label=_("Your name and office"), max_length=150, error_messages={"required": _("Write who answers.")}
    )

    def clean(self):
        given = super().clean()
        if given.get("said") == Said.DECLINED and not given.get("remark", "").strip():
            message = _("Write what has to be changed, or what the quote should say.")
            self.add_error("remark", forms.ValidationError(message, code="required"))
        return given
