"""Forms of a pasted page: the text, and the proposals, each to be taken, corrected or dropped."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.doubles import all_names, probable_doubles
from partners.imports.cities import country
from partners.models import City
from partners.oldpage.finding import Findings, FoundAgreement, FoundCity
from twinning.core.fields.dates import PartialDate

LONGEST = 200_000  # characters
LONGEST_SUMMARY = 250


class PageForm(forms.Form):
    """Form: the text or the HTML of the page."""

    text = forms.CharField(
        label=gettext_lazy("The page"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=gettext_lazy(
            "Text as you copy it in the browser, or HTML: the programme, and a paragraph for each city."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)


def _date(text: str) -> str:
    """A date as somebody typed it, if it is one."""
    if text:
        PartialDate.parse(text)
    return text


class ProposalForm(forms.Form):
    """Base of a form for one proposal; what is not taken is not judged."""

    take = forms.BooleanField(label=gettext_lazy("Take over"), required=False, initial=True)
    checks: dict = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", use_required_attribute=False, **kwargs)

    def clean(self):
        given = super().clean()
        if not given.get("take"):
            self._errors.clear()
            return given
        for name, check in self.checks.items():
            try:
                check(given.get(name, ""))
            except ValidationError as error:
                self.add_error(name, error)
        return given

    @property
    def is_taken(self) -> bool:
        return bool(self.cleaned_data.get("take"))


def _needed(text: str) -> None:
    if not text:
        raise ValidationError(_("Write it, or do not take this over."), code="needed")


def _country(text: str) -> None:
    _needed(text)
    country(text)


class CityProposal(ProposalForm):
    """Form: a partner city; ``found`` is what the page says of it, ``here`` are the cities of the site that it probably is."""

    name = forms.CharField(label=gettext_lazy("Name in English"), max_length=100, required=False)
    country = forms.CharField(label=gettext_lazy("Country"), max_length=100, required=False)
    since = forms.CharField(label=gettext_lazy("Since"), max_length=100, required=False)
    summary = forms.CharField(label=gettext_lazy("Summary"), max_length=LONGEST_SUMMARY, required=False)
    themes = forms.MultipleChoiceField(
        label=gettext_lazy("Themes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    checks = {"name": _needed, "country": _country, "since": _date, "summary": _needed}

    def __init__(self, *args, found: FoundCity, here: Sequence[City], **kwargs):
        self.found, self.here = found, here
        super().__init__(*args, initial=_initial_of(found) | {"take": not here}, **kwargs)
        self.themes_found = [] if here else found.themes  # those of a city that is here are added in its form
        self.fields["themes"].choices = [
            (one.value, format_html("{} <q>{}</q>", one.value, one.sentence)) for one in self.themes_found
        ]

    def row(self) -> dict[str, str]:
        """The proposal as a row of an import of cities."""
        given = {name: self.cleaned_data[name] for name in ("name", "country", "since", "summary")}
        is_there = country(given["country"]) == self.found.place.code
        known = self.found.place.as_fields if is_there else {}  # the name may be another one by now
        return given | {
            **{name: str(known.get(name, "")) for name in ("latitude", "longitude", "time_zone")},
            "story": "\n".join(self.found.paragraphs),
            "themes": "; ".join(self.cleaned_data["themes"]),
            "internal_notes": _("Taken from the old page."),
        }


def _initial_of(found: FoundCity) -> dict:
    first = found.paragraphs[0].partition(". ")[0] if found.paragraphs else ""
    return {
        "name": found.place.name,
        "country": found.place.country,
        "since": found.since.value if found.since else "",
        "summary": f"{first.rstrip('.')}."[:LONGEST_SUMMARY] if first else "",
        "themes": [one.value for one in found.themes],
    }


class AgreementProposal(ProposalForm):
    """Form: an agreement with a city of the page."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, required=False)
    signed = forms.CharField(label=gettext_lazy("Signed on"), max_length=100, required=False)
    checks = {"title": _needed, "signed": _date}

    def __init__(self, *args, found: FoundAgreement, city: str, **kwargs):
        self.found, self.city = found, city
        initial = {"take": True, "title": found.title, "signed": found.signed}
        super().__init__(*args, initial=initial, **kwargs)

    def row(self, city: str) -> dict[str, str]:
        """The proposal as a row of an import of agreements."""
        given = {name: self.cleaned_data[name] for name in ("title", "signed")}
        notes = _("The old page: %(sentence)s") % {"sentence": self.found.sentence}
        return given | {"kind": self.found.kind, "cities": city, "internal_notes": notes}


class Proposals:
    """All proposals of a page: each city with its agreements, as forms that are filled in anew from what was sent."""

    def __init__(self, findings: Findings, data=None):
        self.findings, self.cities = findings, []
        names = all_names()
        for place, found in enumerate(findings.cities):
            where = found.place.latitude, found.place.longitude
            here = probable_doubles([found.place.name, found.place.local_name], *where, among=names)
            city = CityProposal(data, found=found, here=here, prefix=f"city-{place}")
            agreements = [
                AgreementProposal(data, found=one, city=found.place.name, prefix=f"city-{place}-agreement-{number}")
                for number, one in enumerate(found.agreements)
            ]
            self.cities.append((city, agreements))

    def are_valid(self) -> bool:
        """Whether all that is taken can be; each form has its errors then."""
        checked = [form.is_valid() for city, agreements in self.cities for form in (city, *agreements)]
        return all(checked)

    def city_rows(self) -> list[dict[str, str]]:
        return [city.row() for city, _agreements in self.cities if city.is_taken]

    def agreement_rows(self) -> list[dict[str, str]]:
        """The agreements that were taken, with their cities as they were corrected."""
        return [
            agreement.row(city.cleaned_data.get("name") or agreement.city)
            for city, agreements in self.cities
            for agreement in agreements
            if agreement.is_taken
        ]
