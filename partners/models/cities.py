"""Partner cities with their partnership, and the parts of their pages."""

import zoneinfo
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partners.countries import PartnerCountryField, names_of
from partners.kinds import LONGEST_CODE, first_partnership_kind, partnership_kind, partnership_kinds
from partners.models.city_parts import Focus, rival_sources, with_period
from partners.models.city_queries import CHANGE_FIELDS, CityQuerySet
from partners.models.data_ids import DataIdField
from partners.models.standing import Change, Holder, Standing
from partners.models.story import Outcome
from partners.models.themes import Theme
from partners.worldmap import Place, distance_km
from twinning.core.addresses import Sluggable
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDate, PartialDateField, bounds, stored_date
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.languages import LanguageField
from twinning.core.fields.links import LinkField
from twinning.core.fields.numbers import CoordinateField
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.photos.uses import Illustrated, unlicensed
from twinning.core.publishing.gate import Publishable
from twinning.core.search.facets import NamedFacet
from twinning.core.search.index import Searchable
from twinning.core.web.http import address

# Reading the database of time zones takes 10 ms, which is much for each row of an import.
time_zones = cache(zoneinfo.available_timezones)


def validate_time_zone(name: str) -> None:
    """Refuse a time zone that the IANA database does not know."""
    if name not in time_zones():
        message = _("“%(name)s” is not a time zone. Write it like Europe/Berlin or Africa/Johannesburg.")
        raise ValidationError(message, code="unknown_time_zone", params={"name": name})


FIRST_CELEBRATED = 1900


class City(Sluggable, Searchable, Illustrated, Publishable):
    """A partner city *and* the council's partnership with it."""

    class Nature(models.TextChoices):
        CITY = "city", _("City or town")
        DISTRICT = "district", _("District of a city")
        REGION = "region", _("Region")
        PORT = "port", _("Port")

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
        help_text=_("Other spellings that people search for, with commas between them."),
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
    nature = models.CharField(_("what it is"), max_length=20, choices=Nature, default=Nature.CITY)
    successor = LineField(
        _("now part of"), max_length=150, blank=True,
        help_text=_("If it is no longer a place of its own, for example “Katwijk, since 2006”."),
    )  # fmt: skip
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

    kind = models.CharField(
        _("kind of partnership"), max_length=LONGEST_CODE, choices=partnership_kinds, default=first_partnership_kind,
        help_text=_("At its beginning. What changed later stands below, under “Changes of the partnership”."),
    )  # fmt: skip
    held_by = models.CharField(
        _("held by"), max_length=20, choices=Holder, default=Holder.COUNCIL, help_text=_("At its beginning.")
    )
    home_side = LineField(
        _("our side"), max_length=100, blank=True,
        help_text=_("Only if the partner is not the whole city, for example a former borough such as Morley."),
    )  # fmt: skip
    since = PartialDateField(_("since"))
    since_earliest, since_latest = bounds()
    since_source = LineField(
        _("source of that date"), max_length=250, blank=True, help_text=_("Where this is written down.")
    )
    since_source_url = LinkField(_("link to that source"), blank=True)
    sources_differ, sources_differ_url = rival_sources()
    is_proposed = models.BooleanField(
        _("only proposed"), default=False, help_text=_("Tick while nothing is agreed; the page says so.")
    )
    anniversaries_from = PartialDateField(
        _("anniversaries count from"),
        help_text=_(
            "Leave empty to count from the beginning; a beginning before 1900 is celebrated only if it stands here too."
        ),
    )
    anniversaries_from_earliest, anniversaries_from_latest = bounds()
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
    data_id = DataIdField()

    not_content = (*Publishable.not_content, "data_id")
    prose = ("summary", "why", "story")
    parts = (
        *("photos", "former_names", "changes", "focuses", "milestones", "involvements"),
        *("outcomes", "delegations"),
    )
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
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("partners:city", self.slug)

    def search_text(self):
        own = [self.local_name, self.other_names, self.successor, self.home_side]
        names = " · ".join(filter(None, [*names_of(self.country), *own]))
        parts = [f"{m.title} {to_text(m.text)}" for m in self.milestones.all()]
        parts += [f"{i.organisation} {i.role}" for i in self.involvements.all()]
        parts += [str(former) for former in self.former_names.all()]
        parts += [change.reason for change in self.changes.all()]
        parts += [outcome.result for outcome in self.outcomes.all()]
        parts += [photo.words for photo in self.photos.all()]
        return self.name, "\n".join([self.summary, names, to_text(self.why), to_text(self.story), *parts])

    def check_ready(self, *, at):
        missing = {} if self.why else {"why": ValidationError(_("Write why we are partners."), code="no_reason")}
        if not self.since and not self.is_proposed:
            missing["since"] = ValidationError(_("Say since when. “1960s” is enough."), code="no_beginning")
        message = _("“%(change)s” is before the beginning, %(since)s.")
        early = [c for c in self.changes.all() if self.since and c.date and c.date.latest < self.since.earliest]
        if params := [{"change": change, "since": self.since} for change in early]:
            missing["changes"] = [ValidationError(message, code="too_early", params=one) for one in params]
        missing |= unlicensed(self.photos, at=at)
        if missing:
            raise ValidationError(missing)

    @property
    def name_in_choosers(self) -> str:
        """The name with the country, for those who choose a city by typing."""
        return f"{self.name}, {self.country.name}"

    def standing(self, *, on: date) -> Standing:
        """What is true of the partnership on a day; from ``with_changes`` on without a query."""
        there = self.change_rows if hasattr(self, "change_rows") else self.changes.values("pk", "date", *CHANGE_FIELDS)
        return Standing.of(self, [Change(**row | {"date": stored_date(row["date"])}) for row in there], on=on)

    @property
    def beginning(self) -> str:
        """How the partnership began: “Friendship, held by: The council”."""
        holder = _("held by: %(holder)s") % {"holder": self.get_held_by_display()}
        return f"{partnership_kind(self.kind)}, {holder}"

    @property
    def celebrated_from(self) -> PartialDate | None:
        """From when anniversaries count; None where nobody would celebrate them."""
        is_recent = self.since and self.since.earliest.year >= FIRST_CELEBRATED
        return self.anniversaries_from or (self.since if is_recent else None)

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
            for row in map(with_period, self.focus_rows)
        ]
        return sorted(focuses, key=lambda focus: (focus.begins_earliest or date.min, focus.pk))

    @property
    def shown_outcomes(self) -> list[Outcome]:
        """What came of the partnership, the earliest first; only for a city from ``for_page``."""
        outcomes = [Outcome(**row | {"date": stored_date(row["date"])}) for row in self.outcome_rows]
        return sorted(outcomes, key=lambda outcome: (outcome.date_earliest or date.max, outcome.pk))

    def hours_ahead(self, *, at: datetime) -> float:
        """The time difference to the council's own city at a moment, in hours; negative when the city is behind."""
        there, here = (
            at.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() for zone in (self.time_zone, settings.TIME_ZONE)
        )
        return (there - here).total_seconds() / 3600
