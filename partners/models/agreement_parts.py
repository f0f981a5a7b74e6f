"""The spells in which an agreement is suspended, and the council's decisions about it."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDateField, bounds
from twinning.core.fields.links import LinkField
from twinning.core.search.index import SearchablePart


class SuspensionQuerySet(models.QuerySet):
    """Suspensions by day."""

    def on(self, day: date):
        """The spells that hold on a day, the same rule as ``Suspension.holds``."""
        return self.filter(Q(ends_earliest=None) | Q(ends_earliest__gt=day), begins_earliest__lte=day)


class Suspension(SearchablePart):
    """A spell in which an agreement is suspended, from a day until it is resumed."""

    owner = "memorandum"

    memorandum = models.ForeignKey("partners.Memorandum", models.CASCADE, related_name="suspensions")
    begins = PartialDateField(_("suspended on"), blank=False)
    begins_earliest, begins_latest = bounds()
    ends = PartialDateField(_("resumed on"), help_text=_("Leave empty while it is suspended."))
    ends_earliest, ends_latest = bounds()
    reason = LineField(_("reason"), max_length=250, help_text=_("Public: why it was suspended."))

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = (F("begins_earliest").asc(nulls_first=True), "pk")
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.CheckConstraint(
                name="partners_suspension_ends_after_it_begins",
                condition=Q(ends_latest=None) | Q(begins_earliest__lte=F("ends_latest")),
                violation_error_message=_("It cannot be resumed before it is suspended."),
            )
        ]

    def __str__(self):
        return self.in_words

    @property
    def in_words(self) -> str:
        """When it was suspended, and until when: “March 2022 to 1 May 2024”."""
        said = _("%(begins)s to %(ends)s") if self.ends else _("since %(begins)s")
        return said % {"begins": self.begins, "ends": self.ends}

    def clean(self):
        super().clean()
        begin = self.memorandum.begin if self.memorandum_id else None
        if self.begins and begin and self.begins.latest < begin.earliest:
            message = _("It was not in force yet: it is in force from %(begin)s.")
            raise ValidationError({"begins": ValidationError(message, code="too_early", params={"begin": begin})})

    def holds(self, *, on: date) -> bool:
        """Whether the agreement is suspended by it on a day; of vague dates the earliest day counts."""
        return self.begins_earliest <= on and not (self.ends_earliest and self.ends_earliest <= on)


class Decision(SearchablePart):
    """What a body of the council decided about an agreement: to sign it, to suspend it, to end it."""

    class About(models.TextChoices):
        SIGN = "sign", _("Signing")
        SUSPEND = "suspend", _("Suspension")
        RESUME = "resume", _("Resumption")
        END = "end", _("End")
        ABANDON = "abandon", _("Giving up")

    owner = "memorandum"

    memorandum = models.ForeignKey("partners.Memorandum", models.CASCADE, related_name="decisions")
    about = models.CharField(_("about"), max_length=20, choices=About, default=About.SIGN)
    body = LineField(_("decided by"), max_length=150, help_text=_("For example “Full council”."))
    date = PartialDateField(_("decided on"))
    date_earliest, date_latest = bounds()
    url = LinkField(_("link to the decision"), blank=True)

    class Meta:
        ordering = (F("date_earliest").asc(nulls_last=True), "pk")
        verbose_name = _("council decision")
        verbose_name_plural = _("council decisions")

    def __str__(self):
        return ", ".join(filter(None, [self.body, self.date and str(self.date)]))
