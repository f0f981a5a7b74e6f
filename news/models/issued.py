"""When a release was first issued, which may be before the site: the date that readers see, and by which lists are sorted.

The gate knows nothing of it. A release of 1998 becomes public at the moment for which it is approved, like any other, and
then stands in its place of 1998 (ADR 27).
"""

import re
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.dates import PartialDate, PartialDateField, StartField

# The first press release that is known went out in 1906.
EARLIEST_YEAR = 1900
_ISO = re.compile(r"\d{4}(-(0\d|1[0-2])(-\d\d)?)?")


class Issued(models.Model):
    """Abstract model: a publishable record that is dated by when it was first issued, else by its publication."""

    first_issued = PartialDateField(
        _("first issued"),
        help_text=_(
            "Only for what was issued before it came to this site: 12 March 1998, March 1998 or 1998. It is dated and sorted "
            "by it, and not announced as new. Approvers fill this in."
        ),
    )
    first_issued_start = StartField(null=True, editable=False)
    # Computed by the database, so that it follows publish_at whoever writes that. What has no moment of publication has no
    # date: no list walks past an archive of drafts.
    issued_at = models.GeneratedField(
        expression=Case(When(publish_at__isnull=False, then=Coalesce("first_issued_start", "publish_at"))),
        output_field=models.DateTimeField(),
        db_persist=True,
        null=True,
    )

    dated_by = "issued_at"
    for_approvers = ("first_issued",)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_first_issued_before_publication",
                condition=Q(first_issued_start=None) | Q(publish_at=None) | Q(first_issued_start__lte=F("publish_at")),
                violation_error_message=_("It cannot have been first issued after its publication here."),
            )
        ]

    @property
    def issued(self) -> PartialDate:
        """The date that readers see, as precise as it is known."""
        return self.first_issued or PartialDate.of(timezone.localdate(self.publish_at))

    @property
    def filed_at(self) -> datetime | None:
        return self.first_issued_start or self.publish_at

    @property
    def issued_iso(self) -> str:
        """The day, the month or the year of ``issued`` for machines; of “about 1998” and of a season the year."""
        edtf = self.issued.edtf
        return edtf if _ISO.fullmatch(edtf) else edtf[:4]

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude=exclude)
        if "first_issued" not in (exclude or ()):
            try:
                self.check_first_issued(self.first_issued)
            except ValidationError as error:
                raise ValidationError({"first_issued": error}) from None

    def check_first_issued(self, date: PartialDate | None, *, at: datetime | None = None) -> None:
        """Raise ValidationError unless the date lies within one year, before the publication and, if named, before a moment."""
        if not date:
            return
        if date.earliest.year != date.latest.year:
            message = _("Write a day, a month or a year, for example 12 March 1998, March 1998 or 1998.")
            raise _refusal(message, "not_one_year")
        if date.earliest.year < EARLIEST_YEAR:
            raise _refusal(_("No press release is as old as that. Look at the year again."), "too_old")
        if self.publish_at and date.start > self.publish_at:
            message = _("It has been public here since %(day)s, and cannot have been first issued after that.")
            raise _refusal(message, "after_publication", day=PartialDate.of(timezone.localdate(self.publish_at)))
        if at and date.start > at:
            raise _refusal(_("%(date)s is still to come. Leave this empty if it is new."), "to_come", date=date)


def _refusal(message: str, code: str, **params) -> ValidationError:
    return ValidationError(message, code=code, params=params)
