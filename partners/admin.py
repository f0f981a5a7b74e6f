"""The twinning office's forms: cities, themes, agreements and the introduction."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import (
    City,
    CityPhoto,
    Document,
    Focus,
    Involvement,
    Memorandum,
    Milestone,
    Programme,
    Signatory,
    Theme,
)
from partners.models.memoranda import Status
from twinning.core.admin import EditorAdmin, PartInline
from twinning.core.forms import HueInput
from twinning.core.photos_admin import PhotoInline
from twinning.core.publishing_admin import PublishableAdmin, PublishingForm, StateFilter

INTERNAL = gettext_lazy("For the office only")
NO_TEXT = gettext_lazy(
    "This scan is a picture without text: nobody can search it, copy from it or have it read aloud. Let the scanner’s "
    "program recognise the text (“searchable PDF”, “OCR”) and upload it again, or add the wording as a document of its own."
)


class FocusInline(PartInline):
    model = Focus
    fields = ("theme", ("begins", "ends"), "note")
    autocomplete_fields = ("theme",)


class MilestoneInline(PartInline):
    model = Milestone
    fields = ("date", "title", "text", ("source", "source_url"))


class InvolvementInline(PartInline):
    model = Involvement
    fields = ("organisation", "role", "how_to_join", "url")


class CityPhotoInline(PhotoInline):
    model = CityPhoto


@admin.register(City)
class CityAdmin(PublishableAdmin):
    inlines = (CityPhotoInline, FocusInline, MilestoneInline, InvolvementInline)
    list_display = ("name", "country", "since", "status", "standing")
    list_filter = (StateFilter, "status", "kind", "focuses__theme")
    search_fields = ("name", "local_name", "other_names", "home_side", "slug")
    search_help_text = gettext_lazy("Search in names, older names and other spellings.")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("owner",)
    radio_fields = {"hue": admin.HORIZONTAL}
    fieldsets = (
        (None, {"fields": ("name", "slug", "country", "summary")}),
        (gettext_lazy("Partnership"), {"fields": ("kind", "held_by", "home_side", ("since", "until"), "why", "story")}),
        (gettext_lazy("How it stands"), {"fields": ("status", "status_on", "status_reason")}),
        (gettext_lazy("Council decision"), {"fields": ("decision_body", "decision_on", "decision_url")}),
        (gettext_lazy("Other names"), {"fields": (("local_name", "local_language"), "other_names")}),
        (
            gettext_lazy("The city itself"),
            {"fields": (("latitude", "longitude"), "time_zone", ("population", "population_year"), "official_site")},
        ),
        (gettext_lazy("On the site"), {"fields": ("hue", "wikidata_id")}),
        (INTERNAL, {"fields": ("owner", "review_on", "internal_notes"), "classes": ("collapse",)}),
    )

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "hue":
            kwargs["widget"] = HueInput
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class SignatoryInline(PartInline):
    model = Signatory
    fields = ("city", "name", "office", "is_planned")
    autocomplete_fields = ("city",)


class DocumentInline(PartInline):
    model = Document
    readonly_fields = ("current",)

    def get_fields(self, request, obj=None):
        upload = ("file",) if self.has_change_permission(request, obj) else ()
        return ("title", "kind", "language", "current", *upload, "summary")

    @admin.display(description=gettext_lazy("file so far"))
    def current(self, document):
        """The file's name and facts, and what is to be done if nobody can search, copy or listen to it."""
        if not document.pk:
            return "–"
        said = f"{document.name} ({document.in_short})"
        return format_html("{}<br><strong>{}</strong>", said, NO_TEXT) if document.has_text is False else said


class MemorandumForm(PublishingForm):
    """An agreement, with the rule that a renewal shares a party with what it renews, in both directions."""

    def clean(self):
        cleaned = super().clean()
        if cities := self.cleaned_data.get("cities"):
            Memorandum.check_parties(cities, renews=self.cleaned_data.get("renews"))
            successor = getattr(self.instance, "renewed_by", None)
            if successor and not set(cities) & set(successor.cities.all()):
                message = _("“%(title)s” renews this agreement. Keep one of its cities here.")
                raise ValidationError({"cities": message % {"title": successor}})
        return cleaned


class StatusFilter(admin.SimpleListFilter):
    """Filters agreements by their status today."""

    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request, model_admin):
        return Status.choices

    def queryset(self, request, queryset):
        return queryset.filter(status_now=self.value()) if self.value() in Status else queryset


@admin.register(Memorandum)
class MemorandumAdmin(PublishableAdmin):
    form = MemorandumForm
    inlines = (SignatoryInline, DocumentInline)
    list_display = ("title", "kind", "parties", "signed", "status", "standing")
    list_filter = (StateFilter, StatusFilter, "kind", "cities")
    search_fields = ("title", "place", "cities__name", "signatories__name", "signatories__office", "slug")
    search_help_text = gettext_lazy("Search in titles, places, cities and signatories.")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("cities", "themes", "renews", "amends")
    fieldsets = (
        (None, {"fields": ("title", "slug", "kind", "cities", "themes", "purpose")}),
        (gettext_lazy("Signing"), {"fields": (("planned", "signed"), "place", "signatories_unknown")}),
        (
            gettext_lazy("Duration"),
            {"fields": (("in_force", "ends"), ("renewal_months", "notice_days"))},
        ),
        (gettext_lazy("Earlier agreements"), {"fields": ("renews", "amends")}),
        (gettext_lazy("The paper"), {"fields": ("languages", "decision_reference")}),
        (
            gettext_lazy("If it was suspended, ended or never signed"),
            {"fields": (("suspended_on", "ended_on", "abandoned_on"), "end_reason"), "classes": ("collapse",)},
        ),
        (INTERNAL, {"fields": ("internal_notes",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request):
        records = super().get_queryset(request).prefetch_related("cities")
        return records.with_status(on=timezone.localdate(), at=None)

    @admin.display(description=gettext_lazy("with"))
    def parties(self, memorandum):
        return ", ".join(city.name for city in memorandum.cities.all())

    @admin.display(description=gettext_lazy("status"))
    def status(self, memorandum):
        return Status(memorandum.status_now).label


@admin.register(Theme)
class ThemeAdmin(PublishableAdmin):
    list_display = ("name", "summary", "standing")
    list_filter = (StateFilter,)
    search_fields = ("name", "summary", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = ((None, {"fields": ("name", "slug", "summary", "description")}),)


@admin.register(Programme)
class ProgrammeAdmin(EditorAdmin):
    """There is one introduction: its place in the menu leads straight to its form."""

    fieldsets = ((None, {"fields": ("headline", "lead", "story")}),)

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Programme.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def get_view_on_site_url(self, obj=None):
        return reverse("home")

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if programme := Programme.objects.first():
            return HttpResponseRedirect(reverse("admin:partners_programme_change", args=[programme.pk]))
        return super().changelist_view(request, extra_context)

    def save_model(self, request, obj, form, change):
        obj.pk = 1
        super().save_model(request, obj, form, change)
