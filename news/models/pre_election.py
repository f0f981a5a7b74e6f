"""Pre-election periods: the days before an election on which little is published, and nothing by one person alone."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.characters import LineField
from twinning.core.fields.date_words import day_in_words


class PreElectionPeriodQuerySet(models.QuerySet):
    """Periods by day."""

    def on(self, day: date):
        return self.filter(begins__lte=day, ends__gte=day)

    def not_over(self, *, on: date):
        return self.filter(ends__gte=on)


class PreElectionPeriod(models.Model):
    """The days before one election, the first and the last included, in the time zone of the council."""

    election = LineField(
        _("election"), max_length=100, help_text=_("As colleagues call it, for example “Local elections 2027”.")
    )
    begins = models.DateField(_("first day"), help_text=_("As a rule the day after the notice of election."))
    ends = models.DateField(_("last day"), help_text=_("The day of the poll, when polling stations close."))

    objects = PreElectionPeriodQuerySet.as_manager()

    class Meta:
        ordering = ("-begins",)
        verbose_name = _("pre-election period")
        verbose_name_plural = _("pre-election periods")
        constraints = [
            models.CheckConstraint(
                name="news_preelection_has_days",
                condition=Q(begins__lte=F("ends")),
                violation_error_message=_("The last day stands before the first."),
            )
        ]

    def __str__(self):
        return f"{self.election}, {self.days}"

    @property
    def days(self) -> str:
        return _("%(begins)s to %(ends)s") % {"begins": day_in_words(self.begins), "ends": day_in_words(self.ends)}

    def clean(self):
        super().clean()
        if not (self.begins and self.ends):
            return
        if self.ends < self.begins:
            message = _("The last day stands before the first.")
            raise ValidationError({"ends": ValidationError(message, code="ends_before")})
        others = type(self).objects.exclude(pk=self.pk).filter(begins__lte=self.ends, ends__gte=self.begins)
        if other := others.first():
            message = _("These days are partly those of “%s”. Change that period instead.") % other
            raise ValidationError({"begins": ValidationError(message, code="overlaps")})
