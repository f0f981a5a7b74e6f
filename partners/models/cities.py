"""Partner cities with their partnership, and the parts of their pages."""

import zoneinfo
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partners.countries import PartnerCountryField, names_of
from partners.models.themes import Theme
from partners.worldmap import Place, distance_km
from twinning.core.addresses import Sluggable
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDateField, bounds
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.languages import LanguageField
from twinning.core.fields.links import LinkField
from twinning.core.fields.numbers import CoordinateField
from twinning.core.fields.relations import rows
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.photos.uses import Illustrated, PhotoUse, unlicensed, with_photos
from twinning.core.publishing.gate import Publishable, PublishableQuerySet
from twinning.core.search.facets import NamedFacet
from twinning.core.search.index import Searchable, SearchablePart
from twinning.core.web.http import address


def validate_time_zone(name: str) -> None:
    """Refuse a time zone that the IANA database does not know."""
    if name not in zoneinfo.available_timezones():
        message = _("“%(name)s” is not a time zone. Write it like Europe/Berlin or Africa/Johannesburg.")
        raise ValidationError(message, code="unknown_time_zone", params={"name": name})


class CityQuerySet(PublishableQuerySet):
    """Queries for cities, with annotations for their pages."""

    def with_photos(self, *, at: datetime):
        """Annotate the photos that may be shown; the property ``shown_photos`` has them, the leading one first."""
        return with_photos(self, at=at)

    def for_page(self, *, at: datetime):
        involved = Involvement.objects.filter(city=OuterRef("pk"))
        focuses = Focus.objects.filter(city=OuterRef("pk"), theme__in=Theme.objects.published(at=at))
        return self.with_photos(at=at).annotate(
            taking_part=rows(involved, "organisation", "role", "how_to_join", "url"),
            focus_rows=rows(focuses, "pk", "theme__name", "theme__slug", "begins", "ends", "note"),
        )


class City(Sluggable, Searchable, Illustrated, Publishable):
    """A partner city *and* the council's partnership with it."""

    class Kind(models.TextChoices):
        TWIN_CITY = "twin-city", _("Twin city")
        PARTNER_CITY = "partner-city", _("Partner city")
        FRIENDSHIP = "friendship", _("Friendship")
        PROJECT = "project", _("Project partnership")

    class Holder(models.TextChoices):
        COUNCIL = "council", _("The council")
        ASSOCIATION = "association", _("A twinning association")
        BOTH = "both", _("The council and an association")

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        ACTIVE = "active", _("Active")
        DORMANT = "dormant", _("Dormant")
        SUSPENDED = "suspended", _("Suspended")
        ENDED = "ended", _("Ended")

    name = LineField(
        _("name in English"), max_length=100, unique=True,
        help_text=_(
            "If another partner city has the same name, write the country or the region behind both, for example "
            "“Frankfurt (Oder)”."
        ),
        error_messages={
            "unique": _(
                "Another city has this name. Write the country behind it, or the region if both are in one country: "
                "“Frankfurt (Oder)”."
            )
        },
    )  # fmt: skip
    local_name = LineField(
        _("name in its own language"),
        max_length=100,
        blank=True,
        help_text=_("For example 杭州. Leave empty if it is the same."),
    )
    local_language = LanguageField(_("language of that name"), help_text=_("For example “zh” or “de”."))
    other_names = LineField(
        _("other names"), max_length=250, blank=True,
        help_text=_("Other spellings and former names that people search for, with commas between them."),
    )  # fmt: skip
    country = PartnerCountryField(_("country"))
    latitude = CoordinateField(
        _("latitude"),
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north of the equator, from -90 to 90, for example 51.51360."),
    )  # fmt: skip
    longitude = CoordinateField(
        _("longitude"),
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east of Greenwich, from -180 to 180, for example 7.46530. West is negative."),
    )  # fmt: skip
    time_zone = models.CharField(
        _("time zone"), max_length=50, validators=[validate_time_zone], help_text=_("For example Europe/Berlin.")
    )
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    population_year = models.PositiveSmallIntegerField(_("year of that figure"), null=True, blank=True)
    wikidata_id = models.CharField(
        _("Wikidata id"), max_length=20, blank=True,
        validators=[RegexValidator(r"^Q[1-9]\d*$", _("A Wikidata id looks like Q1295."))],
        help_text=_("For example Q1295. It tells search engines which city this is."),
    )  # fmt: skip
    official_site = LinkField(_("official website"), blank=True)
    hue = models.PositiveSmallIntegerField(
        _("colour"), default=1, choices=[(n, _("Colour %(number)d") % {"number": n}) for n in range(1, 13)],
        help_text=_("The city's own colour on its page and on the map."),
    )  # fmt: skip
    is_on_home = models.BooleanField(
        _("introduced on the home page"), default=False,
        help_text=_(
            "The home page introduces twelve cities; with twelve or fewer, all of them. With more, those that are ticked "
            "here come first. The places left go to the active partnerships in which something was signed last, or which "
            "began last."
        ),
    )  # fmt: skip

    kind = models.CharField(_("kind of partnership"), max_length=20, choices=Kind, default=Kind.TWIN_CITY)
    held_by = models.CharField(_("held by"), max_length=20, choices=Holder, default=Holder.COUNCIL)
    home_side = LineField(
        _("our side"), max_length=100, blank=True,
        help_text=_("Only if the partner is not the whole city, for example a former borough such as Morley."),
    )  # fmt: skip
    since = PartialDateField(_("since"))
    since_earliest, since_latest = bounds()
    until = PartialDateField(_("until"))
    until_earliest, until_latest = bounds()
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ACTIVE)
    status_on = PartialDateField(_("status since"))
    status_on_earliest, status_on_latest = bounds()
    status_reason = LineField(
        _("reason"), max_length=250, blank=True, help_text=_("Shown to the public when the partnership is not active.")
    )
    summary = LineField(_("summary"), max_length=250, help_text=_("One sentence for lists and below the name."))
    why = RichTextField(_("why we are partners"), help_text=_("The answer to a resident who asks what this is for."))
    decision_body = LineField(_("decided by"), max_length=150, blank=True, help_text=_("For example “Full council”."))
    decision_on = PartialDateField(_("decided on"))
    decision_on_earliest, decision_on_latest = bounds()
    decision_url = LinkField(_("link to the decision"), blank=True)
    story = RichTextField(_("story"))

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True,
        verbose_name=_("responsible officer"), related_name="cities",
    )  # fmt: skip
    review_on = models.DateField(_("look at this page again on"), null=True, blank=True)
    internal_notes = models.TextField(_("internal notes"), blank=True, help_text=_("Never shown to the public."))
    folded = FoldedField("name", "local_name", "other_names", "home_side")

    parts = ("photos", "focuses", "milestones", "involvements")
    facets = {"city": NamedFacet(), "theme": NamedFacet("focuses__theme")}

    objects = CityQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ("folded", "slug")
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="partners_city_latitude",
                condition=Q(latitude__range=(-90, 90)),
                violation_error_message=_("A latitude lies between -90 and 90."),
            ),
            models.CheckConstraint(
                name="partners_city_longitude",
                condition=Q(longitude__range=(-180, 180)),
                violation_error_message=_("A longitude lies between -180 and 180."),
            ),
            models.CheckConstraint(
                name="partners_city_population_has_year",
                condition=Q(population=None) | Q(population_year__isnull=False),
                violation_error_message=_("Say which year the population is from."),
            ),
            models.CheckConstraint(
                name="partners_city_until_follows_since",
                condition=Q(since_earliest=None) | Q(until_latest=None) | Q(since_earliest__lte=F("until_latest")),
                violation_error_message=_("The partnership cannot end before it began."),
            ),
            models.CheckConstraint(
                name="partners_city_standstill_has_reason",
                condition=Q(status__in=("proposed", "active")) | ~Q(status_reason=""),
                violation_error_message=_("Give a reason for a partnership that is dormant, suspended or ended."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("partners:city", self.slug)

    def search_text(self):
        names = " · ".join(filter(None, [*names_of(self.country), self.local_name, self.other_names, self.home_side]))
        parts = [f"{m.title} {to_text(m.text)}" for m in self.milestones.all()]
        parts += [f"{i.organisation} {i.role}" for i in self.involvements.all()]
        parts += [photo.words for photo in self.photos.all()]
        return self.name, "\n".join([self.summary, names, to_text(self.why), to_text(self.story), *parts])

    def check_ready(self, *, at):
        missing = [] if self.why else [ValidationError(_("Write why we are partners."), code="no_reason")]
        if not self.since and self.status != self.Status.PROPOSED:
            missing.append(ValidationError(_("Say since when. “1960s” is enough."), code="no_beginning"))
        missing += unlicensed(self.photos, at=at)
        if missing:
            raise ValidationError(missing)

    @property
    def name_in_choosers(self) -> str:
        """The name with the country, for those who choose a city by typing."""
        return f"{self.name}, {self.country.name}"

    @property
    def distance(self) -> int:
        """Kilometres from the council's own city, as the crow flies."""
        home = Place(settings.HOME_CITY, settings.HOME_LATITUDE, settings.HOME_LONGITUDE)
        return round(distance_km(home, self))

    @property
    def public_focuses(self) -> list["Focus"]:
        """The focuses with a public theme, the earliest first; only for a city from ``for_page``."""
        focuses = [
            Focus(theme=Theme(name=row.pop("theme__name"), slug=row.pop("theme__slug")), **row)
            for row in map(dict, self.focus_rows)
        ]
        return sorted(focuses, key=lambda focus: (focus.begins_earliest or date.min, focus.pk))

    def hours_ahead(self, *, at: datetime) -> float:
        """The time difference to the council's own city at a moment, in hours; negative when the city is behind."""
        there, here = (
            at.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() for zone in (self.time_zone, settings.TIME_ZONE)
        )
        return (there - here).total_seconds() / 3600


class Focus(models.Model):
    """A theme of the partnership, with the period in which it works or worked on it."""

    city = models.ForeignKey(City, models.CASCADE, related_name="focuses")
    theme = models.ForeignKey(Theme, models.PROTECT, verbose_name=_("theme"), related_name="focuses")
    begins = PartialDateField(_("from"))
    begins_earliest, begins_latest = bounds()
    ends = PartialDateField(_("to"), help_text=_("Leave empty while the work goes on."))
    ends_earliest, ends_latest = bounds()
    note = LineField(_("note"), max_length=250, blank=True)

    class Meta:
        ordering = (F("begins_earliest").asc(nulls_first=True), "pk")
        verbose_name = _("theme of the partnership")
        verbose_name_plural = _("themes of the partnership")
        constraints = [
            models.CheckConstraint(
                name="partners_focus_ends_after_it_begins",
                condition=Q(begins_earliest=None) | Q(ends_latest=None) | Q(begins_earliest__lte=F("ends_latest")),
                violation_error_message=_("The period cannot end before it begins."),
            )
        ]

    def __str__(self):
        return str(self.theme)


class Milestone(SearchablePart):
    """A dated event of the partnership, with its source."""

    owner = "city"

    city = models.ForeignKey(City, models.CASCADE, related_name="milestones")
    date = PartialDateField(_("date"), blank=False)
    date_earliest, date_latest = bounds()
    title = LineField(_("what happened"), max_length=150)
    text = RichTextField(_("more about it"))
    source = LineField(_("source"), max_length=250, blank=True, help_text=_("Where this is written down."))
    source_url = LinkField(_("link to the source"), blank=True)

    class Meta:
        ordering = (F("date_earliest").asc(nulls_first=True), F("date_latest").asc(nulls_last=True), "pk")
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self):
        return self.title


class Involvement(SearchablePart):
    """An organisation that takes part in the partnership, with the way to join in."""

    owner = "city"

    city = models.ForeignKey(City, models.CASCADE, related_name="involvements")
    organisation = LineField(_("organisation"), max_length=150)
    role = LineField(_("what it does"), max_length=250)
    how_to_join = LineField(_("how to take part"), max_length=250, blank=True)
    url = LinkField(_("website"), blank=True)
    folded = FoldedField("organisation")

    class Meta:
        ordering = ("folded", "pk")
        verbose_name = _("organisation that takes part")
        verbose_name_plural = _("organisations that take part")

    def __str__(self):
        return self.organisation


class CityPhoto(PhotoUse):
    """A photo on the page of a city; the first one is also shown in lists of cities."""

    owner = "city"

    city = models.ForeignKey(City, models.CASCADE, related_name="photos")

    class Meta(PhotoUse.Meta):
        pass
