"""Partial dates: "1960s", "1988", "about 1991", "February 2021" and "2 June 1969" are all real.

Stored as EDTF (ISO 8601-2), written and printed in words, compared by the interval of days that they can mean. Nothing
here prints a day that nobody knows.
"""

import calendar
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from operator import itemgetter

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils import timezone
from django.utils.translation import gettext as _

from twinning.core.fields.date_words import ALL_EXAMPLES, EXAMPLES, in_words, to_edtf

# The part of EDTF that registers need: century, decade, year, season, month, day, each "about" or "perhaps"; intervals;
# one of several, or of all between two, before one or after one.
_DAY = r"\d{4}(?:-[01]\d(?:-\d\d)?)?"
_KNOWN = rf"(?:{_DAY}|\d{{2}}XX|\d{{3}}X)"
_POINT = rf"(?:{_KNOWN}|\d{{4}}-2[1-4])[~?%]?"
_ONE_OF = rf"\[(?:{_KNOWN}(?:,{_KNOWN}){{1,2}}|{_DAY}\.\.{_DAY}|\.\.{_DAY}|{_DAY}\.\.)\]"
# Patterns are tried on no more than that: a whole page, pasted by mistake, would take them seconds.
LONGEST = 200
_EDTF = re.compile(rf"{_POINT}(?:/{_POINT})?|{_ONE_OF}")


@dataclass(frozen=True)
class PartialDate:
    """A date known to the century, decade, year, season, month or day, exactly or about; an interval or one of several.

    ``earliest`` and ``latest`` are the first and the last day that it can mean.
    """

    edtf: str
    earliest: date
    latest: date

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read what somebody typed; raise ValidationError, saying what to write instead."""
        return _parse(" ".join(text.split()), settings.COUNTRY)

    @classmethod
    def stored(cls, text: str) -> "PartialDate":
        """Read EDTF, in which "2021-21" is a spring; what is no EDTF is read as typed."""
        return _from_edtf(text) if _EDTF.fullmatch(text) else cls.parse(text)

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """A day that is known."""
        return _from_edtf(day.isoformat())

    def __str__(self):
        return in_words(self.edtf)

    @property
    def start(self) -> datetime:
        """The first moment that it can mean, in the council's time zone; of an open beginning, one that every zone has."""
        return timezone.make_aware(datetime.combine(max(self.earliest, date(1, 1, 2)), time.min))

    @property
    def is_approximate(self) -> bool:
        """Whether the date is marked as "about" or "perhaps"."""
        return bool(set(self.edtf) & set("~?%"))

    @property
    def year(self) -> int | None:
        """The year, when one is known for certain; None for a decade, an interval or an approximate date."""
        is_known = self.earliest.year == self.latest.year and not self.is_approximate
        return self.earliest.year if is_known else None

    def full_years(self, *, on: date) -> int | None:
        """Years between the year of this date and that of ``on``; None when no year is certain or none has passed.

        Counts calendar years, as a council counts "57 years" from 1969 in 2026.
        """
        return on.year - self.year if self.year and on.year > self.year else None

    def next_anniversary(self, *, on: date, every: int) -> "tuple[int, PartialDate] | None":
        """The next anniversary that a number of years divides: which, and when, as precisely as this date is known.

        Not over before its last possible day; None when no single year is certain, or the year is still to come.
        """
        if not self.year or not re.fullmatch(_POINT, self.edtf) or self.year > on.year:
            return None
        years = max(every, -(-(on.year - self.year) // every) * every)
        day = self._years_later(years)
        if day.latest < on:
            years += every
            day = self._years_later(years)
        return years, day

    def _years_later(self, years: int) -> "PartialDate":
        moved = f"{self.year + years:04}{self.edtf[4:]}"
        # Most years have no 29 February; the month is all that is true of them.
        has_day = not moved.endswith("-02-29") or calendar.isleap(self.year + years)
        return _from_edtf(moved if has_day else moved[:7])


@lru_cache(maxsize=4096)
def _parse(text: str, country: str) -> PartialDate:
    value = to_edtf(text) if len(text) <= LONGEST else ""
    if not _EDTF.fullmatch(value):
        message = _("“%(text)s” is not a date we can read. %(examples)s")
        raise ValidationError(message % {"text": text, "examples": ALL_EXAMPLES}, code="not_a_date")
    return _from_edtf(value, text)


@lru_cache(maxsize=4096)
def _from_edtf(value: str, text: str = "") -> PartialDate:
    try:
        ends = [_bounds_of(point) if point else None for point in re.split(r"/|,|\.\.", value.strip("[]"))]
    except ValueError:
        message = _("There is no such day as “%(text)s”. %(examples)s")
        raise ValidationError(message % {"text": text or value, "examples": ALL_EXAMPLES}, code="no_such_day") from None
    if "," in value:
        ends.sort()
        ends.append(max(ends, key=itemgetter(1)))
    earliest = ends[0][0] if ends[0] else date.min
    latest = ends[-1][1] if ends[-1] else date.max
    if earliest > latest:
        message = _("“%(text)s” ends before it begins.")
        raise ValidationError(message % {"text": text or value}, code="ends_before_it_begins")
    return PartialDate(value, earliest, latest)


def _bounds_of(point: str) -> tuple[date, date]:
    """The first and the last day of a century, decade, year, season, month or day."""
    bare = point.rstrip("~?%")
    if "X" in bare:
        return date(max(1, int(bare.replace("X", "0"))), 1, 1), date(int(bare.replace("X", "9")), 12, 31)
    year, *rest = (int(part) for part in bare.split("-"))
    if len(rest) == 2:
        return date(year, *rest), date(year, *rest)
    if rest and rest[0] > 20:
        return _bounds_of_season(year, rest[0])
    first, last = (rest[0], rest[0]) if rest else (1, 12)
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _bounds_of_season(year: int, season: int) -> tuple[date, date]:
    """By whole months, in the council's own hemisphere. A winter of 2021 can be that at its beginning or at its end."""
    is_southern = settings.HOME_LATITUDE < 0
    first = (season - 20) * 3 + (6 if is_southern else 0)
    first -= 12 if first > 12 else 0
    if first == 12:
        return date(year, 1, 1), date(year + 1, 3, 1) - timedelta(days=1)
    return date(year, first, 1), date(year, first + 2, calendar.monthrange(year, first + 2)[1])


def to_partial_date(value) -> PartialDate | None:
    """A PartialDate from what somebody typed in a form, a fixture or a program; None for an empty value."""
    if value in (None, ""):
        return None
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, datetime):
        value = value.date()
    return PartialDate.parse(value.isoformat() if isinstance(value, date) else str(value))


def stored_date(value) -> PartialDate | None:
    """A PartialDate from the EDTF in the database or in a snapshot; None for an empty value."""
    return PartialDate.stored(value) if isinstance(value, str) and value else to_partial_date(value)


class _DateAttribute(DeferredAttribute):
    """Descriptor: converts the value to a PartialDate; text that cannot be read stays until full_clean() or save() refuses it."""

    def __set__(self, instance, value):
        with suppress(ValidationError):
            value = to_partial_date(value)
        instance.__dict__[self.field.attname] = value


class _BoundAttribute(DeferredAttribute):
    """Descriptor: the bound of the date, computed from it, so that the two cannot differ."""

    def __get__(self, instance, cls=None):
        name, bound = self.field.attname.rsplit("_", 1)
        if instance is None or name not in instance.__dict__:
            return super().__get__(instance, cls)
        return getattr(instance.__dict__[name], bound, None)

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class PartialDateFormField(forms.Field):
    """Form field: shows a partial date in words, and reads words or EDTF."""

    def to_python(self, value):
        return to_partial_date(value.strip() if isinstance(value, str) else value)


class PartialDateField(models.CharField):
    """A PartialDate in a column of EDTF text, beside two date columns for sorting and comparing.

    Declare them together: ``since = PartialDateField(...)`` and ``since_earliest, since_latest = bounds()``.
    """

    descriptor_class = _DateAttribute

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("help_text", EXAMPLES)
        super().__init__(*args, **kwargs)

    def to_python(self, value):
        return stored_date(value)

    def from_db_value(self, value, expression, connection):
        return stored_date(value)

    def get_prep_value(self, value):
        value = to_partial_date(value)
        return value.edtf if value else ""

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        # Not CharField's: words may be longer than the column of EDTF text.
        said = {"help_text": ALL_EXAMPLES} if self.help_text == EXAMPLES else {}
        return models.Field.formfield(self, **{"form_class": PartialDateFormField} | said | kwargs)

    def clean(self, value, model_instance):
        value = self.to_python(value)
        if value is None and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")
        return value


class BoundField(models.DateField):
    """Model field: the earliest or the latest day of the PartialDateField whose name it begins with."""

    descriptor_class = _BoundAttribute


class StartField(models.DateTimeField):
    """Model field: the first moment of the PartialDateField whose name it begins with, where days are sorted with moments."""

    descriptor_class = _BoundAttribute


def bounds() -> tuple[BoundField, BoundField]:
    """The two BoundFields of a PartialDateField: its earliest and its latest day."""
    return tuple(BoundField(null=True, editable=False, db_index=True) for _unused in range(2))
