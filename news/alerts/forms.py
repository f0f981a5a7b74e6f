"""The forms of alerts: an address and a choice of cities and themes that are public."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.alerts.readers import AlertRequest, Choice
from partners.models import City, Theme
from twinning.core.fields.folding import sort_key


class ChoiceForm(forms.Form):
    """What somebody wants to hear of. Only what is public at a moment can be chosen, and nothing else is known here."""

    everything = forms.BooleanField(label=_("All press releases"), required=False)
    cities = forms.MultipleChoiceField(label=_("Cities"), required=False)
    themes = forms.MultipleChoiceField(label=_("Themes"), required=False)

    def __init__(self, *args, at: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        public = {"cities": City.objects.published(at=at), "themes": Theme.objects.published(at=at)}
        public["themes"] = public["themes"].offered(on=timezone.localdate(at))
        self.public = {name: _by_slug(records) for name, records in public.items()}
        for name, records in self.public.items():
            self.fields[name].choices = [(slug, record.name) for slug, record in records.items()]

    def clean(self):
        super().clean()
        if not self.errors and not any(self.cleaned_data[name] for name in ("everything", "cities", "themes")):
            raise forms.ValidationError(
                _("Choose at least one: all press releases, a city or a theme."), code="nothing"
            )
        return self.cleaned_data

    @property
    def groups(self) -> list[dict]:
        """The lists of boxes, each with its name and what is ticked."""
        return [
            {
                "name": name,
                "label": self.fields[name].label,
                "options": self.fields[name].choices,
                "chosen": self[name].value() or [],
            }
            for name in ("cities", "themes")
        ]

    def write(self, choice: Choice) -> None:
        """Put the choice in place of that of a reader; what is not public now was not offered, and stays."""
        choice.everything = self.cleaned_data["everything"]
        choice.save()
        for name, records in self.public.items():
            chosen = [records[slug] for slug in self.cleaned_data[name]]
            relation = getattr(choice, name)
            relation.remove(*(record for record in records.values() if record not in chosen))
            relation.add(*chosen)


class SignUpForm(ChoiceForm):
    """A choice with the address that is to get the mails."""

    email = forms.EmailField(
        label=_("Your email address"),
        max_length=254,
        error_messages={
            "required": _("Write your email address."),
            "invalid": _("Write one email address and nothing else, for example name@example.org."),
        },
    )

    def clean_email(self):
        """Capital letters make no other address: nobody is to be told everything twice."""
        return self.cleaned_data["email"].lower()

    def ask(self, *, at: datetime) -> AlertRequest:
        """Keep the wish until it is confirmed."""
        request = AlertRequest(email=self.cleaned_data["email"], asked_at=at)
        self.write(request)
        return request


def _by_slug(records) -> dict:
    """Some records by their slug, in the order of their names."""
    records = records.only("slug", "name").order_by()
    return {record.slug: record for record in sorted(records, key=lambda record: sort_key(record.name))}
