"""What a resident asks about a partnership: what came of it, and who visited whom at whose cost."""

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDateField, bounds
from twinning.core.fields.links import LinkField
from twinning.core.search.index import SearchablePart


def amount(number: int) -> str:
    """An amount of the council's money, “£1,250”."""
    return f"{settings.CURRENCY}{number_format(number, force_grouping=True)}"


class Outcome(SearchablePart):
    """What came of a partnership, with the source that says so."""

    owner = "city"

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="outcomes")
    date = PartialDateField(_("date"))
    date_earliest, date_latest = bounds()
    result = LineField(
        _("what came of it"), max_length=250,
        help_text=_("What is there today, or happened, and would not without the partnership."),
    )  # fmt: skip
    source = LineField(_("source"), max_length=250, blank=True, help_text=_("Where this is written down."))
    source_url = LinkField(_("link to the source"), blank=True)

    class Meta:
        ordering = (F("date_earliest").asc(nulls_last=True), F("date_latest").asc(nulls_last=True), "pk")
        verbose_name = _("outcome of the partnership")
        verbose_name_plural = _("outcomes of the partnership")

    def __str__(self):
        return self.result


class Delegation(models.Model):
    """A visit to or from a partner city, public where the council shows visits; “visit” is a request in this code."""

    class Direction(models.TextChoices):
        OUT = "out", _("We visited them")
        IN = "in", _("They visited us")

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="delegations")
    direction = models.CharField(
        _("direction"), max_length=3, choices=Direction, default=Direction.OUT,
        help_text=_("The public reads about visits only if the council shows them; ask your operations engineer."),
    )  # fmt: skip
    date = PartialDateField(_("date"), blank=False)
    date_earliest, date_latest = bounds()
    purpose = LineField(_("purpose"), max_length=250)
    people = models.PositiveSmallIntegerField(_("number of people"), null=True, blank=True)
    cost = models.PositiveIntegerField(
        _("cost"), null=True, blank=True,
        help_text=_("In the council’s currency, without pence or cents. 0 if it cost nothing; empty if nobody knows."),
    )  # fmt: skip
    paid_by = LineField(_("paid by"), max_length=150, blank=True, help_text=_("For example “The council”."))
    report_url = LinkField(_("link to the report"), blank=True)

    class Meta:
        ordering = (F("date_earliest").asc(nulls_first=True), F("date_latest").asc(nulls_last=True), "pk")
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self):
        return f"{self.get_direction_display()}, {self.date}"

    @property
    def has_cost(self) -> bool:
        """Whether the cost is known; it may be nothing."""
        return self.cost is not None

    @property
    def cost_in_words(self) -> str:
        """The cost with its currency, “£1,250”; empty if nobody knows it."""
        return amount(self.cost) if self.has_cost else ""
