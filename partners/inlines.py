"""The parts of cities and agreements in their forms."""

from django import forms
from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.kinds import name_of
from partners.models import (
    Change,
    CityPhoto,
    Decision,
    Delegation,
    Document,
    Focus,
    FormerName,
    Involvement,
    Milestone,
    Outcome,
    Signatory,
    Signing,
    Suspension,
)
from twinning.core.backoffice.base import PartInline
from twinning.core.backoffice.photos import PhotoInline

NO_TEXT = gettext_lazy(
    "This scan is a picture without text: nobody can search it, copy from it or have it read aloud. Let the scanner’s "
    "program recognise the text (“searchable PDF”, “OCR”) and upload it again, or add the wording as a document of its own."
)


class KindSelect(forms.Select):
    """Chooser of a kind. Where the present one has left the council's list, none is chosen instead of the first."""

    def optgroups(self, name, value, attrs=None):
        present = value[0] if value else ""
        if present and present not in dict(self.choices):
            gone = _("%(kind)s (no longer in the list)") % {"kind": name_of(present)}
            self.choices, value = [("", gone), *self.choices], [""]
        return super().optgroups(name, value, attrs)


class KindForms:
    """Mixin for ModelAdmin and inlines: the chooser of the field “kind”."""

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "kind":
            kwargs["widget"] = KindSelect
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class FocusInline(PartInline):
    after = "why"
    words_to_add = gettext_lazy("Add a theme")
    model = Focus
    fields = ("theme", ("begins", "ends"), "note")
    autocomplete_fields = ("theme",)


class ChangeInline(KindForms, PartInline):
    after = "why"
    words_to_add = gettext_lazy("Add a change")
    model = Change
    fields = (("date", "status"), ("kind", "held_by"), "reason", ("source", "source_url"))


class FormerNameInline(PartInline):
    after = "other_names"
    words_to_add = gettext_lazy("Add a former name")
    model = FormerName
    fields = (("name", "language"), "country", ("begins", "ends"))


class MilestoneInline(PartInline):
    after = "why"
    words_to_add = gettext_lazy("Add a milestone")
    model = Milestone
    fields = ("date", "title", "text", ("source", "source_url"), ("sources_differ", "sources_differ_url"))

    def line(self, part):
        return f"{part.date}: {part.title}" if part.date else part.title


class InvolvementInline(PartInline):
    after = "why"
    words_to_add = gettext_lazy("Add an organisation")
    model = Involvement
    fields = ("organisation", "role", "how_to_join", "url")


class OutcomeInline(PartInline):
    after = "why"
    words_to_add = gettext_lazy("Add an outcome")
    model = Outcome
    fields = ("date", "result", ("source", "source_url"))


class DelegationInline(PartInline):
    after = "why"
    words_to_add = gettext_lazy("Add a visit")
    model = Delegation
    fields = (("direction", "date"), "purpose", ("people", "cost", "paid_by"), "report_url")


class CityPhotoInline(PhotoInline):
    after = "why"
    model = CityPhoto


class SignatoryInline(PartInline):
    after = "signed"
    words_to_add = gettext_lazy("Add a signatory")
    model = Signatory
    fields = (("city", "party"), ("name", "office"), "is_planned")
    autocomplete_fields = ("city",)


class SigningInline(PartInline):
    after = "signed"
    words_to_add = gettext_lazy("Add a signing")
    model = Signing
    fields = (("date", "place"),)


class SuspensionInline(PartInline):
    after = "in_force"
    words_to_add = gettext_lazy("Add a suspension")
    model = Suspension
    fields = (("begins", "ends"), "reason")


class DecisionInline(PartInline):
    after = "languages"
    words_to_add = gettext_lazy("Add a decision")
    model = Decision
    fields = (("about", "body"), ("date", "url"))


class DocumentInline(PartInline):
    after = "languages"
    words_to_add = gettext_lazy("Add a document")
    model = Document
    readonly_fields = ("current",)

    def get_fields(self, request, obj=None):
        upload = ("file",) if self.has_change_permission(request, obj) else ()
        return ("title", "kind", "language", "current", *upload, "summary")

    @admin.display(description=gettext_lazy("file so far"))
    def current(self, document):
        """Name and facts of the stored file, with a warning if it has no text layer."""
        if not document.pk:
            return "–"
        said = f"{document.name} ({document.file_facts})"
        return format_html("{}<br><strong>{}</strong>", said, NO_TEXT) if document.has_text is False else said
