"""Admin of press releases and press contacts."""

from django.contrib import admin, messages
from django.db.models import F
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.alerts.admin import SubscriberAdmin
from news.alerts.readers import Subscriber
from news.anniversaries import PARAMETER, anniversaries_to_prepare, filled_in
from news.checks import CHECKS
from news.coverage.admin import CoveragePages
from news.desk import contacts_that_end
from news.imports import ReleaseImporter
from news.models import ChangeNote, PreElectionPeriod, PressContact, PressRelease, ReleaseContact, ReleasePhoto
from news.pre_election import approved_by_one, approved_for, notice, page_of
from news.quotes.admin import QuoteInline, QuotePages
from news.quotes.desk import quotes_answered
from news.radar.desk import partnerships_to_look_after
from partners.city_form import PlacesMedia
from partners.lists import CitiesFilter, ThemesFilter
from twinning.core.backoffice.base import EditorAdmin, PartInline
from twinning.core.backoffice.photos import PhotoInline
from twinning.core.backoffice.publishing import PublishableAdmin, StateFilter
from twinning.core.backoffice.site import FirstStep
from twinning.core.backoffice.steps import PublishingForm
from twinning.core.imports.pages import ImportPages
from twinning.core.lists.saved import OF_WORKFLOW, WITHOUT_PHOTO
from twinning.core.search.staff import looked_up


class PressReleaseForm(PublishingForm):
    def clean_first_issued(self):
        date = self.cleaned_data["first_issued"]
        self.instance.check_first_issued(date, at=self.visit.at)
        return date


class ReleaseContactInline(PartInline):
    after, is_moved = "cities", True
    words_to_add = gettext_lazy("Add a contact")
    model = ReleaseContact
    fields = ("contact", "position")
    autocomplete_fields = ("contact",)


class ChangeNoteInline(PartInline):
    words_to_add = gettext_lazy("Add a note")
    model = ChangeNote
    fields = ("text", "noted_at")
    readonly_fields = ("noted_at",)

    def get_extra(self, request, obj=None, **kwargs):
        """What is public is opened to correct something: a line for that is there."""
        return 1 if getattr(request.visit, "copy", None) else 0


class ReleasePhotoInline(PhotoInline):
    after = "body"
    model = ReleasePhoto


@admin.register(PressRelease)
class PressReleaseAdmin(CoveragePages, QuotePages, ImportPages, PublishableAdmin):
    class Media:
        css = {"all": [*PlacesMedia.css["all"], "news/admin-kinds.css"]}
        js = PlacesMedia.js

    importer = ReleaseImporter
    form = PressReleaseForm
    writing_checks = CHECKS
    for_office = ("pinned_until", "internal_notes")
    first_step = FirstStep(
        5, gettext_lazy("Write a press release"), gettext_lazy("A draft, which only colleagues see.")
    )
    on_desk = (approved_by_one, quotes_answered, partnerships_to_look_after, anniversaries_to_prepare)
    inlines = (QuoteInline, ReleasePhotoInline, ReleaseContactInline, ChangeNoteInline)
    list_prefetch_related = ("cities",)
    list_display = ("headline", "kind", "about", "public_from", "publication")
    list_filter = (StateFilter, "kind", CitiesFilter, ThemesFilter)
    saved_views = (*OF_WORKFLOW, WITHOUT_PHOTO)
    search_fields = ("folded", "slug", "cities__folded")
    search_help_text = gettext_lazy("Search by the beginnings of words: of whole releases, or in the names of cities.")
    ordering = (F("publish_at").desc(nulls_first=True), "-updated_at")
    prepopulated_fields = {"slug": ("headline",)}
    autocomplete_fields = ("cities", "themes", "memoranda", "related")
    fieldsets = (
        (gettext_lazy("The release"), {"fields": ("kind", "headline", "standfirst")}),
        (gettext_lazy("Text"), {"fields": ("place", "body", "notes_to_editors", "language")}),
        (
            gettext_lazy("Photo call"),
            {
                "fields": ("event_what", ("event_starts_at", "event_ends_at"), "event_where"),
                "classes": ("of-photo-calls",),
            },
        ),
        (gettext_lazy("What it is about"), {"fields": ("cities", "themes", "memoranda", "related")}),
        (gettext_lazy("From before this site"), {"fields": ("first_issued",), "classes": ("collapse",)}),
        (gettext_lazy("On the site"), {"fields": ("slug", "pinned_until")}),
        (gettext_lazy("For the office only"), {"fields": ("internal_notes",), "classes": ("collapse",)}),
    )

    def get_readonly_fields(self, request, obj=None):
        shown = super().get_readonly_fields(request, obj)
        approves = self.model.has_right("approve", by=request.user)
        return shown if approves else tuple(dict.fromkeys([*shown, *self.model.for_approvers]))

    def get_changeform_initial_data(self, request):
        if name := request.GET.get(PARAMETER):
            return filled_in(name, at=request.visit.at)
        return super().get_changeform_initial_data(request)

    def get_search_results(self, request, queryset, search_term):
        found = looked_up(queryset, search_term, related="cities")
        return super().get_search_results(request, queryset, search_term) if found is None else (found, False)

    def save_formset(self, request, form, formset, change):
        for part in formset.forms:
            if isinstance(part.instance, ChangeNote) and not part.instance.pk:
                part.instance.noted_by = request.user
        super().save_formset(request, form, formset, change)

    @admin.display(description=gettext_lazy("about"))
    def about(self, release):
        return ", ".join(city.name for city in release.cities.all())


@admin.register(PressContact)
class PressContactAdmin(EditorAdmin):
    Media = PlacesMedia
    list_display = ("name", "role", "email", "phone", "valid_to", "is_general")
    list_filter = ("is_general", CitiesFilter)
    on_desk = (contacts_that_end,)
    search_fields = ("folded", "email", "phone")
    autocomplete_fields = ("fallback", "cities")
    fieldsets = (
        (gettext_lazy("The contact"), {"fields": ("name", "role")}),
        (gettext_lazy("How to reach them"), {"fields": ("email", "phone", "hours", "out_of_hours_phone")}),
        (gettext_lazy("Where they are shown"), {"fields": ("cities", "is_general")}),
        (gettext_lazy("How long they answer"), {"fields": (("valid_from", "valid_to"), "fallback")}),
    )


@admin.register(PreElectionPeriod)
class PreElectionPeriodAdmin(EditorAdmin):
    notice = staticmethod(notice)
    list_display = ("election", "begins", "ends")
    fieldsets = ((gettext_lazy("The election"), {"fields": ("election", ("begins", "ends"))}),)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if found := approved_for(obj, at=request.visit.at):
            said = _("Approved for these days by one person alone, and coming out unless you act:")
            named = format_html_join(", ", '<a href="{}">{}</a>', ((page_of(one), str(one)) for one in found))
            messages.warning(request, format_html("{} {}", said, named))


admin.site.register(Subscriber, SubscriberAdmin)
