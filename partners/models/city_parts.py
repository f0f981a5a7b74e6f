"""The parts of a city's page."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models.themes import Theme
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDate, PartialDateField, bounds, stored_date
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.languages import LanguageField
from twinning.core.fields.links import LinkField
from twinning.core.fields.relations import rows
from twinning.core.fields.richtext import RichTextField
from twinning.core.photos.uses import PhotoUse
from twinning.core.search.index import SearchablePart


def with_period(row: dict) -> dict:
    """A row from the query of a page, with the dates of its period read."""
    return row | {"begins": stored_date(row["begins"]), "ends": stored_date(row["ends"])}


def _in_order(name: str) -> models.CheckConstraint:
    """The constraint that a period does not end before it begins."""
    return models.CheckConstraint(
        name=name,
        condition=Q(begins_earliest=None) | Q(ends_latest=None) | Q(begins_earliest__lte=F("ends_latest")),
        violation_error_message=_("The period cannot end before it begins."),
    )


def rival_sources() -> tuple[LineField, LinkField]:
    """The fields of a date about which sources differ: what another source says, and a link to it."""
    said = _(
        "If another source gives another date or tells it otherwise: what it says, and which it is, for example “1989: BBC "
        "Leeds, 7 April 2010”. The page says that sources differ."
    )
    return (
        LineField(_("what another source says"), max_length=250, blank=True, help_text=said),
        LinkField(_("link to that other source"), blank=True),
    )


class FormerName(SearchablePart):
    """What a place was called, and where it lay, while it had another name or belonged to another country."""

    owner = "city"

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="former_names")
    name = LineField(_("name at that time"), max_length=100, help_text=_("For example “Karl-Marx-Stadt”."))
    language = LanguageField(_("language of that name"), help_text=_("For example “de”."))
    country = LineField(
        _("country at that time"), max_length=100, blank=True,
        help_text=_("If it was another than today’s, for example “East Germany”."),
    )  # fmt: skip
    begins = PartialDateField(_("from"))
    begins_earliest, begins_latest = bounds()
    ends = PartialDateField(_("to"))
    ends_earliest, ends_latest = bounds()
    folded = FoldedField("name", "country")

    class Meta:
        ordering = (F("begins_earliest").asc(nulls_first=True), "pk")
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [_in_order("partners_former_name_ends_after_it_begins")]

    def __str__(self):
        return ", ".join(filter(None, [self.name, self.country]))

    @classmethod
    def rows_of(cls, cities: models.QuerySet) -> models.Expression:
        """An annotation with the former names of some cities, for ``from_rows``."""
        names = cls.objects.filter(city__in=cities.values("pk"))
        return rows(names, "city__name", "name", "language", "country", "begins", "ends")

    @classmethod
    def from_rows(cls, rows: list[dict]) -> list["FormerName"]:
        """The former names, the oldest first; ``today`` is the name of the city now."""
        names = []
        for row in map(with_period, rows):
            today = row.pop("city__name")
            names.append(cls(**row))
            names[-1].today = today
        return sorted(names, key=lambda name: (name.begins_earliest or date.min, name.name))

    def may_hold(self, when: PartialDate) -> bool:
        """Whether the place may have had this name on a date."""
        return (self.begins_earliest or date.min) <= when.latest and (self.ends_latest or date.max) >= when.earliest


class Focus(models.Model):
    """A theme of the partnership, with the period in which it works or worked on it."""

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="focuses")
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
        constraints = [_in_order("partners_focus_ends_after_it_begins")]

    def __str__(self):
        return str(self.theme)

    def is_over(self, *, on: date) -> bool:
        """Whether the work has ended for certain on a day."""
        return bool(self.ends_latest and self.ends_latest < on)


class Milestone(SearchablePart):
    """A dated event of the partnership, with its source."""

    owner = "city"
    prose = ("title", "text")

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="milestones")
    date = PartialDateField(_("date"), blank=False)
    date_earliest, date_latest = bounds()
    title = LineField(_("what happened"), max_length=150)
    text = RichTextField(_("more about it"))
    source = LineField(_("source"), max_length=250, blank=True, help_text=_("Where this is written down."))
    source_url = LinkField(_("link to the source"), blank=True)
    sources_differ, sources_differ_url = rival_sources()

    class Meta:
        ordering = (F("date_earliest").asc(nulls_first=True), F("date_latest").asc(nulls_last=True), "pk")
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self):
        return self.title


class Involvement(SearchablePart):
    """An organisation that takes part in the partnership, with the way to join in."""

    owner = "city"

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="involvements")
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

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="photos")

    class Meta(PhotoUse.Meta):
        pass
