"""The period that the calendar shows: a week or a month, by its address."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self

from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.dates import PartialDate
from twinning.core.fields.moments import FIRST_YEAR, LAST_YEAR

DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """Some days in a row: a week from Monday on, or a month."""

    first: date
    last: date
    is_week: bool = False

    @classmethod
    def week(cls, day: date) -> Self:
        monday = day - timedelta(days=day.weekday())
        return cls(monday, monday + WEEK - DAY, is_week=True)

    @classmethod
    def month(cls, day: date) -> Self:
        return cls(day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1]))

    def beside(self, day: date) -> Self:
        """The period of the same sort with another day."""
        return Period.week(day) if self.is_week else Period.month(day)

    @property
    def before(self) -> Self:
        return self.beside(self.first - DAY)

    @property
    def after(self) -> Self:
        return self.beside(self.last + DAY)

    @property
    def begin(self) -> datetime:
        """The first moment in it, in the council's time zone."""
        return PartialDate.of(self.first).start

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return PartialDate.of(self.last + DAY).start

    @property
    def parameter(self) -> str:
        """Its address: what stands behind that of the page."""
        week = "{0.year:04}-W{0.week:02}".format(self.first.isocalendar())
        return "?" + urlencode({"week": week} if self.is_week else {"month": f"{self.first:%Y-%m}"})

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self):
        if self.first == self.last:
            return day_in_words(self.first)
        if self.is_week:
            return _("%(first)s to %(last)s") % {"first": day_in_words(self.first), "last": day_in_words(self.last)}
        return formats.date_format(self.first, "F Y")

    def weeks(self) -> list[Self]:
        """The weeks of it, the first and the last one cut where it begins and ends."""
        found, day = [], self.first
        while day <= self.last:
            week = Period.week(day)
            found.append(Period(day, min(week.last, self.last), is_week=True))
            day = week.last + DAY
        return found


def asked_for(parameters: dict, *, today: date) -> tuple[Period, str]:
    """The period of an address, this month without one; and a sentence if what it names is none."""
    week, month = parameters.get("week", ""), parameters.get("month", "")
    try:
        if week:
            return Period.week(_possible(date.fromisoformat(f"{week}-1"))), ""
        if month:
            return Period.month(_possible(date.fromisoformat(f"{month}-01"))), ""
    except ValueError:
        said = _("“%s” is no week or month that we know. Here is this month.") % (week or month)[:30]
        return Period.month(today), said
    return Period.month(today), ""


def _possible(day: date) -> date:
    if not FIRST_YEAR < day.year < LAST_YEAR:
        raise ValueError
    return day
