"""The forms of what happens to an agreement: each asks what its verb needs, filled in with what was planned."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.backoffice.forms import DayInput
from twinning.core.fields.date_words import ALL_EXAMPLES
from twinning.core.fields.dates import PartialDateFormField


def _day(label, **options) -> PartialDateFormField:
    return PartialDateFormField(label=label, **{"help_text": ALL_EXAMPLES} | options)


class VerbForm(forms.Form):
    """Base: a remark for colleagues. ``agreement`` is as it is to be; ``facts`` are the arguments of the verb."""

    required_css_class = "required"
    remark = forms.CharField(
        label=gettext_lazy("Remark for colleagues"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Kept in the history, never public."),
    )

    def __init__(self, agreement, *args):
        super().__init__(*args, label_suffix="")
        self.agreement = agreement
        self.order_fields([name for name in self.fields if name != "remark"])

    def facts(self) -> dict:
        return dict(self.cleaned_data)

    def refuse(self, error: forms.ValidationError) -> None:
        """Show a refusal of the model, each sentence at its field."""
        by_field = error.error_dict if hasattr(error, "error_dict") else {None: error.error_list}
        for name, errors in by_field.items():
            self.add_error(name if name in self.fields else None, errors)


class DecidedForm(VerbForm):
    """Base: also asks what the council decided."""

    decision_body = forms.CharField(
        label=gettext_lazy("Decided by"), required=False, max_length=150,
        help_text=gettext_lazy("If the council decided it, for example “Full council”."),
    )  # fmt: skip
    decision_date = _day(gettext_lazy("Decided on"), required=False)
    decision_url = forms.URLField(label=gettext_lazy("Link to the decision"), required=False, assume_scheme="https")

    def __init__(self, *args):
        super().__init__(*args)
        of_decision = ("decision_body", "decision_date", "decision_url", "remark")
        self.order_fields([*(name for name in self.fields if name not in of_decision), *of_decision])

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("decision_body") and (cleaned.get("decision_date") or cleaned.get("decision_url")):
            self.add_error("decision_body", forms.ValidationError(_("Say who decided it."), code="required"))
        return cleaned

    def facts(self):
        facts = super().facts()
        decision = {name: facts.pop(f"decision_{name}") for name in ("body", "date", "url")}
        return facts | {"decision": decision if decision["body"] else None}


class SignForm(DecidedForm):
    """When and where it was signed, and who signed for each side."""

    signed = _day(gettext_lazy("Signed on"))
    place = forms.CharField(
        label=gettext_lazy("Place"), required=False, max_length=100,
        help_text=gettext_lazy("Where it was signed, or “online”."),
    )  # fmt: skip
    signatories_unknown = forms.BooleanField(
        label=gettext_lazy("Nobody knows who signed"), required=False,
        help_text=gettext_lazy("Tick if no record says who signed."),
    )  # fmt: skip

    def __init__(self, agreement, *args):
        super().__init__(agreement, *args)
        planned = [one for one in agreement.signatories.all() if one.is_planned]
        self.sides = {"council": {"city": None, "party": ""}}
        names = {"council": settings.COUNCIL_NAME}
        for city in agreement.cities.all():
            self.sides[f"city-{city.pk}"], names[f"city-{city.pk}"] = {"city": city, "party": ""}, city.name
        for number, party in enumerate(filter(None, map(str.strip, agreement.other_parties.split(",")))):
            self.sides[f"party-{number}"], names[f"party-{number}"] = {"city": None, "party": party}, party
        asked = []
        for side, parties in self.sides.items():
            was_to = next(
                (one for one in planned if (one.city, one.party) == (parties["city"], parties["party"])), None
            )
            asked += self._ask(side, names[side], was_to)
        self.order_fields(["signed", "place", *asked, "signatories_unknown"])

    def _ask(self, side: str, name: str, was_to) -> list[str]:
        """Add the two fields of a side, filled with who was to sign; return their names."""
        self.fields[f"name-{side}"] = forms.CharField(
            label=_("Who signed for %(side)s") % {"side": name}, required=False, max_length=100,
            initial=was_to and was_to.name, help_text=_("Leave empty if only the office is known."),
        )  # fmt: skip
        self.fields[f"office-{side}"] = forms.CharField(
            label=_("Office on that day, for %(side)s") % {"side": name}, required=False, max_length=150,
            initial=was_to and was_to.office, help_text=_("For example “Lord Mayor”. It stays as it was when they signed."),
        )  # fmt: skip
        return [f"name-{side}", f"office-{side}"]

    def clean(self):
        cleaned = super().clean()
        for side in self.sides:
            if cleaned.get(f"name-{side}") and not cleaned.get(f"office-{side}"):
                message = _("Say in which office, for example “Lord Mayor”.")
                self.add_error(f"office-{side}", forms.ValidationError(message, code="required"))
        return cleaned

    def facts(self):
        facts = super().facts()
        pairs = {side: (facts.pop(f"name-{side}"), facts.pop(f"office-{side}")) for side in self.sides}
        signed_by = [
            {"name": name, "office": office, **self.sides[side]} for side, (name, office) in pairs.items() if office
        ]
        return facts | {"signatories": signed_by}


class FollowForm(VerbForm):
    """The title of the agreement that follows, and for when it is planned."""

    title = forms.CharField(
        label=gettext_lazy("Title of the new one"), max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )  # fmt: skip
    planned = _day(gettext_lazy("Planned for"), required=False)

    def __init__(self, agreement, *args):
        super().__init__(agreement, *args)
        self.fields["title"].initial = self.suggested % {"title": agreement.title}


class RenewForm(FollowForm):
    """Also proposes the new end."""

    suggested = gettext_lazy("Renewal of: %(title)s")
    ends = _day(
        gettext_lazy("Ends on"), required=False,
        help_text=gettext_lazy(
            "Where the old term is known: another as long, from the day after it. Change it, or leave it empty for no end."
        ),
    )  # fmt: skip

    def __init__(self, agreement, *args):
        super().__init__(agreement, *args)
        self.fields["ends"].initial = agreement.next_end


class AmendForm(FollowForm):
    suggested = gettext_lazy("Addendum to: %(title)s")


class SuspendForm(DecidedForm):
    begins = _day(gettext_lazy("Suspended on"))
    reason = forms.CharField(label=gettext_lazy("Public reason"), max_length=250)


class ResumeForm(DecidedForm):
    ends = _day(gettext_lazy("Resumed on"))


class EndForm(DecidedForm):
    """Of an agreement that renews itself, the day of the notice is enough."""

    notice_on = forms.DateField(
        label=gettext_lazy("Notice given on"), required=False, widget=DayInput,
        help_text=gettext_lazy("If somebody gave notice. Of an agreement that renews itself, the end follows from it."),
    )  # fmt: skip
    ended_on = _day(gettext_lazy("Ends on"), required=False)
    end_reason = forms.CharField(label=gettext_lazy("Public reason"), max_length=250)


class AbandonForm(DecidedForm):
    abandoned_on = _day(gettext_lazy("Abandoned on"))
    end_reason = forms.CharField(label=gettext_lazy("Public reason"), max_length=250)


FORMS = {
    "sign": SignForm,
    "renew": RenewForm,
    "amend": AmendForm,
    "suspend": SuspendForm,
    "resume": ResumeForm,
    "end": EndForm,
    "abandon": AbandonForm,
}
