"""Admin of cities, themes, agreements and the introduction."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.answers import not_recorded
from partners.city_form import CityForm, PlaceFinding, PlacesMedia
from partners.desk import agreements_to_decide_about, pages_to_look_at_again
from partners.imports.agreements import AgreementImporter
from partners.imports.cities import CityImporter
from partners.inlines import (
    ChangeInline,
    CityPhotoInline,
    DecisionInline,
    DelegationInline,
    DocumentInline,
    FocusInline,
    FormerNameInline,
    InvolvementInline,
    KindForms,
    MilestoneInline,
    OutcomeInline,
    SignatoryInline,
    SigningInline,
    SuspensionInline,
)
from partners.kinds import partnership_kinds
from partners.lists import ENDING, MY_CITIES, TO_LOOK_AT, CitiesFilter, FocusFilter
from partners.models import (
    City,
    Memorandum,
    Programme,
    Theme,
    memoranda,
    standing,
)
from partners.oldpage.pages import OldPage
from partners.verb_pages import VerbPages
from partners.wikidata.pages import WikidataPages
from partners.writing import CHECKS
from twinning.core.accounts import User
from twinning.core.backoffice.base import EditorAdmin
from twinning.core.backoffice.forms import HueInput
from twinning.core.backoffice.publishing import PublishableAdmin, PublishingForm, StateFilter
from twinning.core.backoffice.site import FirstStep
from twinning.core.files import documents
from twinning.core.imports.pages import ImportPages
from twinning.core.lists.saved import OF_WORKFLOW, WITHOUT_PHOTO

ON_THE_SITE = gettext_lazy("On the site")
INTERNAL = gettext_lazy("For the office only")


class TodayFilter(admin.SimpleListFilter):
    """List filter by what is true today, from an annotation of the list."""

    annotation: str

    def choices_today(self) -> list[tuple[str, str]]:
        raise NotImplementedError

    def lookups(self, request, model_admin):
        return self.choices_today()

    def queryset(self, request, queryset):
        is_known = self.value() in dict(self.choices_today())
        return queryset.filter(**{self.annotation: self.value()}) if is_known else queryset


class StatusFilter(TodayFilter):
    title, parameter_name, annotation = gettext_lazy("status"), "status", "status_now"

    def choices_today(self):
        return standing.Status.choices


class KindFilter(TodayFilter):
    title, parameter_name, annotation = gettext_lazy("kind of partnership"), "kind", "kind_now"

    def choices_today(self):
        return partnership_kinds()


class AgreementStatusFilter(StatusFilter):
    def choices_today(self):
        return memoranda.Status.choices


def editors_of_cities():
    """The colleagues who can be responsible for a city: whose role lets them write its page."""
    return User.objects.with_perm("partners.change_city", include_superusers=False).filter(is_staff=True)


@admin.register(City)
class CityAdmin(PlaceFinding, WikidataPages, OldPage, ImportPages, KindForms, PublishableAdmin):
    Media = PlacesMedia
    form = CityForm
    writing_checks = CHECKS
    importer = CityImporter
    first_step = FirstStep(3, gettext_lazy("Add a partner city"), gettext_lazy("With the reason for the partnership."))
    on_desk = (pages_to_look_at_again,)
    in_place = ("name", "country", "summary", ("latitude", "longitude"), "time_zone")
    words_in_place = gettext_lazy("Propose a city that is missing")
    for_office = ("owner", "review_on", "internal_notes")
    inlines = (
        *(ChangeInline, FocusInline, CityPhotoInline, MilestoneInline, OutcomeInline, DelegationInline),
        *(InvolvementInline, FormerNameInline),
    )
    list_display = ("name", "in_country", "since", "status", "publication")
    list_filter = (StateFilter, StatusFilter, KindFilter, FocusFilter)
    saved_views = (*OF_WORKFLOW, MY_CITIES, WITHOUT_PHOTO, TO_LOOK_AT)
    search_fields = ("folded", "former_names__folded", "slug")
    search_help_text = gettext_lazy("Search in names, former names and other spellings.")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("owner",)
    choices = {"owner": editors_of_cities}
    radio_fields = {"hue": admin.HORIZONTAL}
    fieldsets = (
        (gettext_lazy("The city"), {"fields": ("name", "country", "summary")}),
        (
            gettext_lazy("Partnership"),
            {"fields": ("kind", "held_by", "home_side", ("since", "is_proposed"), "why", "story")},
        ),
        (
            gettext_lazy("Sources of “since”"),
            {
                "fields": (("since_source", "since_source_url"), ("sources_differ", "sources_differ_url")),
                "classes": ("collapse",),
            },
        ),
        (gettext_lazy("Council decision"), {"fields": ("decision_body", "decision_on", "decision_url")}),
        (gettext_lazy("Other names"), {"fields": (("local_name", "local_language"), "other_names")}),
        (
            gettext_lazy("Facts"),
            {
                "fields": (
                    "nature",
                    "successor",
                    ("latitude", "longitude"),
                    "time_zone",
                    ("population", "population_year"),
                    "official_site",
                )
            },
        ),
        (ON_THE_SITE, {"fields": ("slug", "is_on_home", "anniversaries_from", "hue", "wikidata_id")}),
        (INTERNAL, {"fields": ("owner", "review_on", "internal_notes"), "classes": ("collapse",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_status(on=timezone.localdate(request.visit.at))

    def not_recorded(self, record):
        return not_recorded(record)

    @admin.display(description=gettext_lazy("status"))
    def status(self, city):
        return standing.Status(city.status_now).label

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "hue":
            kwargs["widget"] = HueInput
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    # To show the field itself, Django would name all countries in each row.
    @admin.display(description=gettext_lazy("country"), ordering="country")
    def in_country(self, city):
        return city.country.name


class MemorandumForm(PublishingForm):
    """Form of an agreement: a renewal and the agreement that it renews share a party, whichever is edited."""

    def clean(self):
        cleaned = super().clean()
        if cities := self.cleaned_data.get("cities"):
            Memorandum.check_parties(cities, renews=self.cleaned_data.get("renews"))
            successor = getattr(self.instance, "renewed_by", None)
            if successor and not set(cities) & set(successor.cities.all()):
                message = _("“%(title)s” renews this agreement. Keep one of its cities here.")
                params = {"title": successor}
                raise ValidationError({"cities": ValidationError(message, code="no_shared_city", params=params)})
        return cleaned


@admin.register(Memorandum)
class MemorandumAdmin(VerbPages, ImportPages, KindForms, PublishableAdmin):
    Media = PlacesMedia
    importer = AgreementImporter
    first_step = FirstStep(
        4, gettext_lazy("Record an agreement"), gettext_lazy("What was signed, with its scan as a PDF.")
    )
    form = MemorandumForm
    writing_checks = CHECKS
    on_desk = (agreements_to_decide_about,)
    for_office = ("internal_notes",)
    inlines = (SignatoryInline, SigningInline, DocumentInline, DecisionInline, SuspensionInline)
    upload_checks = (*PublishableAdmin.upload_checks, documents.read_pdf)
    list_prefetch_related = ("cities",)
    list_display = ("title", "parties", "signed", "until", "status", "publication")
    list_filter = (StateFilter, AgreementStatusFilter, "kind", CitiesFilter)
    saved_views = (*OF_WORKFLOW, ENDING)
    search_fields = ("folded", "cities__folded", "signatories__folded", "slug")
    search_help_text = gettext_lazy("Search in titles, places, parties and signatories.")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("cities", "themes", "renews", "amends")
    fieldsets = (
        (
            gettext_lazy("The agreement"),
            {"fields": ("title", "kind", "cities", "other_parties", "themes", "purpose")},
        ),
        (
            gettext_lazy("Signing"),
            {
                "fields": (
                    ("planned", "planned_place"),
                    "negotiated",
                    ("signed", "place"),
                    "is_signed_on_unknown_day",
                    "signatories_unknown",
                )
            },
        ),
        (gettext_lazy("The paper"), {"fields": ("languages", "decision_reference")}),
        (
            gettext_lazy("Duration"),
            {"fields": (("in_force", "ends"), ("renewal_months", "notice_days"), "notice_on")},
        ),
        (gettext_lazy("Earlier agreements"), {"fields": ("renews", "amends")}),
        (
            gettext_lazy("If it was ended or never signed"),
            {"fields": (("ended_on", "abandoned_on"), "end_reason"), "classes": ("collapse",)},
        ),
        (ON_THE_SITE, {"fields": ("slug",)}),
        (INTERNAL, {"fields": ("internal_notes",), "classes": ("collapse",)}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).with_status(on=timezone.localdate(request.visit.at), at=None)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for doubt in Memorandum.objects.get(pk=form.instance.pk).doubts():
            self.message_user(request, doubt, messages.WARNING)

    @admin.display(description=gettext_lazy("with"))
    def parties(self, memorandum):
        return ", ".join(city.name for city in memorandum.cities.all())

    @admin.display(description=gettext_lazy("until"), ordering="ends_latest")
    def until(self, memorandum):
        today = timezone.localdate()
        return memorandum.until(on=today, today=today)

    @admin.display(description=gettext_lazy("status"))
    def status(self, memorandum):
        return memoranda.Status(memorandum.status_now).label


@admin.register(Theme)
class ThemeAdmin(PublishableAdmin):
    writing_checks = CHECKS
    in_place = ("name", "summary")
    words_in_place = gettext_lazy("Propose a theme that is missing")
    list_display = ("name", "summary", "over", "publication")
    list_select_related = ("merged_into",)
    list_filter = (StateFilter,)
    search_fields = ("folded", "slug")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("merged_into",)
    fieldsets = (
        (gettext_lazy("The theme"), {"fields": ("name", "summary", "description", "slug")}),
        (gettext_lazy("If it is over"), {"fields": ("ended", "merged_into"), "classes": ("collapse",)}),
    )

    @admin.display(description=gettext_lazy("over"))
    def over(self, theme):
        if theme.merged_into:
            return _("merged into “%(name)s”") % {"name": theme.merged_into}
        return theme.ended

    def get_exclude(self, request, obj=None):
        # A draft names nothing that the public sees.
        return None if obj and obj.approved_at else ("merged_into",)

    def get_fieldsets(self, request, obj=None):
        left_out = self.get_exclude(request, obj) or ()
        return [
            (title, options | {"fields": [name for name in options["fields"] if name not in left_out]})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def offered(self, found, *, at):
        return found.offered(on=timezone.localdate(at))


@admin.register(Programme)
class ProgrammeAdmin(EditorAdmin):
    """Admin of the one introduction: the link in the menu leads straight to its form."""

    fieldsets = ((gettext_lazy("The introduction"), {"fields": ("headline", "lead", "story")}),)
    first_step = FirstStep(
        1,
        gettext_lazy("Write the introduction"),
        gettext_lazy("Why your council has partner cities, for the home page."),
    )

    def has_add_permission(self, request):
        known = request.visit.known  # every page asks several times, for its lists of what there is
        if "introduction" not in known:
            known["introduction"] = Programme.objects.exists()
        return super().has_add_permission(request) and not known["introduction"]

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
