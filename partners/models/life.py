"""The life of an agreement: its status on any day, by queryset and by instance, its terms, and what is doubtful about it.

An event, such as a signing or a suspension, counts from the earliest day that its date can mean; a duration lasts until the
latest. So the status of a past day does not change when something happens today.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from partners.models.agreement_parts import Suspension
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDate

# A year, a month or a day that is known; 21 to 24 in place of a month are seasons.
_POINT = re.compile(r"\d{4}(?:-(?:0\d|1[0-2])(?:-\d\d)?)?")
LAST_YEAR = 2999  # up to which an end is proposed


class Status(models.TextChoices):
    """The status of an agreement on a day, computed on read and never stored."""

    PLANNED = "planned", _("Planned")
    NEGOTIATED = "negotiated", _("In negotiation")
    IN_FORCE = "in-force", _("In force")
    EXPIRING = "expiring", _("Expiring soon")
    EXPIRED = "expired", _("Expired")
    RENEWED = "renewed", _("Renewed")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")
    ABANDONED = "abandoned", _("Abandoned")


ALIVE = (Status.IN_FORCE, Status.EXPIRING)
PAST = (Status.EXPIRED, Status.RENEWED, Status.ENDED, Status.ABANDONED)


def lead_time() -> timedelta:
    """How long before its end an agreement is called “expiring”."""
    return timedelta(days=settings.AGREEMENT_EXPIRING_DAYS)


def _is_signed(on) -> Q:
    """The agreements that are signed by a day, or on a day that nobody knows."""
    return Q(signed_earliest__lte=on) | Q(is_signed_on_unknown_day=True)


def _has_begun(on) -> Q:
    """The agreements that are or were in force by a day."""
    return _is_signed(on) & (Q(in_force_earliest=None) | Q(in_force_earliest__lte=on))


class LifeQuerySet(models.QuerySet):
    """Mixin of the queryset of agreements: their status on a day."""

    def with_status(self, *, on: date, at: datetime | None):
        """Annotate ``status_now``, the same rule as ``Life.status``.

        Only successors that are public at ``at`` count as renewals, or any successor when ``at`` is None (for staff):
        a renewal under embargo must not show on the page of the text that it renews.
        """
        every = self.model.objects
        successors = every.all() if at is None else every.published(at=at)
        renewed = Exists(successors.filter(_has_begun(on), renews=OuterRef("pk")))
        suspended = Exists(Suspension.objects.on(on).filter(memorandum=OuterRef("pk")))
        soon = on + lead_time()
        runs_out, noticed = Q(ends_latest__isnull=False, renewal_months=0), Q(notice_on__lte=on)
        whens = [
            When(abandoned_on_earliest__lte=on, then=Value(Status.ABANDONED)),
            When(~_is_signed(on) & Q(negotiated_earliest__lte=on), then=Value(Status.NEGOTIATED)),
            When(~_has_begun(on), then=Value(Status.PLANNED)),
            When(ended_on_earliest__lte=on, then=Value(Status.ENDED)),
            When(_renewed=True, then=Value(Status.RENEWED)),
            When(runs_out & Q(ends_latest__lt=on), then=Value(Status.EXPIRED)),
            When(_suspended=True, then=Value(Status.SUSPENDED)),
            When(
                runs_out & Q(ends_latest__lte=soon) | noticed & Q(ended_on_earliest__lte=soon),
                then=Value(Status.EXPIRING),
            ),
        ]
        status = Case(*whens, default=Value(Status.IN_FORCE), output_field=LineField())
        return self.alias(_renewed=renewed, _suspended=suspended).annotate(status_now=status)


class Life:
    """Mixin of an agreement: what is true of it on a day."""

    def status(self, *, on: date, at: datetime | None) -> Status:
        """The status on a day, the same rule as ``objects.with_status``, which explains ``at``."""
        if self.abandoned_on_earliest and self.abandoned_on_earliest <= on:
            return Status.ABANDONED
        if not self._is_signed_by(on) and self.negotiated_earliest and self.negotiated_earliest <= on:
            return Status.NEGOTIATED
        if not self.has_begun(on=on):
            return Status.PLANNED
        if self.ended_on_earliest and self.ended_on_earliest <= on:
            return Status.ENDED
        if self._is_renewed(on=on, at=at):
            return Status.RENEWED
        runs_out = self.ends_latest if not self.renewal_months else None
        if runs_out and runs_out < on:
            return Status.EXPIRED
        if any(spell.holds(on=on) for spell in self.suspensions.all()):
            return Status.SUSPENDED
        noticed = self.ended_on_earliest if self.notice_on and self.notice_on <= on else None
        ends = [day for day in (runs_out, noticed) if day]
        return Status.EXPIRING if ends and min(ends) <= on + lead_time() else Status.IN_FORCE

    @property
    def begin(self) -> PartialDate | None:
        """From when it is in force, if that is known."""
        return self.in_force or self.signed

    @property
    def plan(self) -> str:
        """When and where it was or is to be signed."""
        return ", ".join(filter(None, [self.planned and str(self.planned), self.planned_place]))

    @property
    def is_signed(self) -> bool:
        """Whether it was signed, on a day that is known or not; or will be on a day that is set."""
        return bool(self.signed) or self.is_signed_on_unknown_day

    def until(self, *, on: date, today: date) -> PartialDate | None:
        """Until when it holds or held, as far as that was known on a day: a past one knows no end that came later."""
        known = self.ended_on and (on >= today or min(self.ended_on_earliest, self.notice_on or date.max) <= on)
        return self.ended_on if known else None if self.renewal_months else self.ends

    def has_begun(self, *, on: date) -> bool:
        """Whether it is or was in force by a day."""
        return self._is_signed_by(on) and not (self.in_force_earliest and self.in_force_earliest > on)

    def _is_signed_by(self, on: date) -> bool:
        return self.is_signed_on_unknown_day or bool(self.signed_earliest and self.signed_earliest <= on)

    def _is_renewed(self, *, on: date, at: datetime | None) -> bool:
        successor = getattr(self, "renewed_by", None)
        return bool(successor and successor.has_begun(on=on) and (at is None or successor.is_published(at=at)))

    # Terms ------------------------------------------------------------------------------------------------------------

    @property
    def renews_itself(self) -> bool:
        """Whether it goes on from term to term unless somebody gives notice."""
        return bool(self.renewal_months and self.ends)

    def term_ends(self) -> Iterator[date]:
        """The last days of its terms, the first one first; for an agreement that renews itself."""
        months = 0
        while (day := _months_later(self.ends_latest, months)) < date.max:
            yield day
            months += self.renewal_months

    def end_after_notice(self, given: date) -> date | None:
        """The end of the first term that a notice given on a day can end."""
        notice = timedelta(days=self.notice_days)
        return next((day for day in self.term_ends() if given + notice <= day), None)

    def is_late(self, given: date) -> bool:
        """Whether a notice comes too late for the term in which it is given, and so ends the next one."""
        running = next((day for day in self.term_ends() if given <= day), None)
        return running != self.end_after_notice(given)

    def next_decision(self, *, on: date) -> date | None:
        """The last day for a notice that ends the earliest possible term; None if it does not renew itself or has ended."""
        if not self.renews_itself or self.ended_on or self.notice_on:
            return None
        end = self.end_after_notice(on)
        return end and end - timedelta(days=self.notice_days)

    @property
    def next_end(self) -> PartialDate | None:
        """The end of another term of the same length, no more precise than both ends of this one; None if nobody can tell."""
        begin, end = self.begin, self.ends
        if self.renewal_months or self.ended_on or not (begin and end) or begin.earliest > end.earliest:
            return None
        precision = min(len(begin.edtf), len(end.edtf))
        if not (_POINT.fullmatch(begin.edtf) and _POINT.fullmatch(end.edtf)) or end.year >= LAST_YEAR:
            return None
        if precision == len("2021-02-12"):
            return PartialDate.of(_end_of_another_term(begin.earliest, end.earliest))
        months = _months_of_term(begin, end, precision)
        later = _months_later(end.earliest.replace(day=1), months)
        return PartialDate.parse(later.isoformat()[:precision]) if months else None

    # Doubts -----------------------------------------------------------------------------------------------------------

    def doubts(self) -> list[str]:
        """What may be wrong and may be right: dates of which nobody can tell which came first, and terms that do not work."""
        own = [
            (_("In negotiation since"), self.negotiated),
            (_("signed on"), self.signed),
            (_("in force from"), self.in_force),
            (_("ends on"), self.ended_on or self.ends),
        ]
        spells = [
            dates
            for spell in self.suspensions.all()
            for dates in ((_("suspended on"), spell.begins), (_("resumed on"), spell.ends))
        ]
        found = [_overlap(*pair) for row in (own, spells) for pair in pairwise(one for one in row if one[1])]
        return [*filter(None, found), *self._doubts_of_terms()]

    def _doubts_of_terms(self) -> Iterator[str]:
        if self.renewal_months and not self.ends:
            yield _("It renews itself, but nobody can tell when: say under “ends on” when its first term ends.")
        if self.renews_itself and self.notice_on and self.is_late(self.notice_on):
            said = {
                "notice": PartialDate.of(self.notice_on),
                "end": PartialDate.of(self.end_after_notice(self.notice_on)),
            }
            yield (
                _("The notice of %(notice)s comes too late for the term in which it was given. It ends on %(end)s.")
                % said
            )


def _overlap(earlier: tuple[str, PartialDate], later: tuple[str, PartialDate]) -> str:
    """A warning if the second of two dates may have come before the first."""
    (name, first), (other_name, second) = earlier, later
    if second.earliest >= first.latest:
        return ""
    said = {"name": name, "date": first, "other_name": other_name, "other_date": second}
    return _("Nobody can tell which came first: “%(name)s” is %(date)s, “%(other_name)s” is %(other_date)s.") % said


def _end_of_another_term(begin: date, end: date) -> date:
    """The last day of a term that begins on the day after another, and has as many months and days."""
    following = end + timedelta(days=1)
    months = (following.year - begin.year) * 12 + following.month - begin.month - (following.day < begin.day)
    return _months_later(following, months) + (following - _months_later(begin, months)) - timedelta(days=1)


def _months_of_term(begin: PartialDate, end: PartialDate, precision: int) -> int:
    """How long a term is of which only years or months are known: from 2021 to 2026, five years; 1 July 2021 to June 2026 too."""
    is_by_years, first = precision == len("2021"), begin.earliest
    months = (end.earliest.year - first.year) * 12 + (0 if is_by_years else end.earliest.month - first.month)
    is_from_the_first = len(begin.edtf) > precision and first.day == 1 and (first.month == 1 or not is_by_years)
    is_nearly_years = not is_by_years and (months + 1) % 12 == 0
    return months + (12 if is_by_years else 1) if is_from_the_first or is_nearly_years else months


def _months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month; ``date.max`` where there are no dates any more."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
