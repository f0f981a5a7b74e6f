"""Partial dates: "1960s", "1988", "about 1991", "February 2021" and "2 June 1969" are all real.

Stored as EDTF (ISO 8601-2), written and printed in words, compared by the interval of days that they can mean. Nothing
here prints a day that nobody knows.
"""

import calendar
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

import edtf
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The part of EDTF that a twinning office needs: decade, year, month, day, each "about" or "perhaps", and intervals.
# Not its seasons, which are written as months from 21 on: to an editor "2020-21" is a span of two years.
_POINT = r"\d{3}X[~?]?|\d{4}(-[01]\d(-\d\d)?)?[~?%]?"
_EDTF = re.compile(rf"^({_POINT})(/({_POINT}))?$")

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_ABOUT = re.compile(r"^(about|around|circa|ca\.?|c\.)\s*", re.IGNORECASE)
_PERHAPS = re.compile(r"^(perhaps|probably|maybe)\s+", re.IGNORECASE)
_WORDS = (
    (re.compile(r"^(?:the )?(\d{3})0'?s$"), lambda m: f"{m[1]}X"),
    (re.compile(r"^([a-z]+)\.? (\d{4})$"), lambda m: f"{m[2]}-{_month(m[1]):02}"),
    (re.compile(r"^(\d\d?)(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{4})$"), lambda m: _day(m[3], _month(m[2]), m[1])),
    (re.compile(r"^(\d\d?)[/.](\d\d?)[/.](\d{4})$"), lambda m: _day(m[3], m[2], m[1])),
)

EXAMPLES = gettext_lazy("Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.")


def _month(word: str) -> int:
    if word not in _MONTHS:
        raise ValidationError(_("There is no month called “%(text)s”. %(examples)s") % _told(word))
    return _MONTHS[word]


def _day(year, month, day) -> str:
    return f"{int(year):04}-{int(month):02}-{int(day):02}"


@dataclass(frozen=True)
class PartialDate:
    """A date known to the decade, year, month or day, exactly or about, or an interval of two such dates.

    ``earliest`` and ``latest`` are the first and the last day that it can mean.
    """

    edtf: str
    earliest: date
    latest: date

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read EDTF or an editor's words; raise ValidationError, saying what to write instead."""
        return _parse(" ".join(text.split()))

    def __str__(self):
        return _(" to ").join(_point_in_words(point) for point in self.edtf.split("/"))

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
        if not self.year or "/" in self.edtf or self.year > on.year:
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
        return _parse(moved if has_day else moved[:7])


@lru_cache(maxsize=4096)
def _parse(text: str) -> PartialDate:
    separator = r"\s+to\s+|\s*[–—]\s*|\s-\s|(?<=^\d{4})-(?=\d{4}$)" + ("|/" if re.match(r"\d{3}[\dX]", text) else "")
    value = "/".join(_to_edtf(part) for part in re.split(separator, text))
    if not _EDTF.match(value):
        raise ValidationError(_("“%(text)s” is not a date we can read. %(examples)s") % _told(text))
    try:
        parsed = edtf.parse_edtf(value)
        earliest, latest = (_as_date(bound) for bound in (parsed.lower_strict(), parsed.upper_strict()))
    except (edtf.parser.edtf_exceptions.EDTFParseException, ValueError):
        raise ValidationError(_("There is no such day as “%(text)s”. %(examples)s") % _told(text)) from None
    if earliest > latest:
        raise ValidationError(_("“%(text)s” ends before it begins.") % _told(text))
    return PartialDate(value, earliest, latest)


def _told(text: str) -> dict:
    return {"text": text, "examples": EXAMPLES}


def _to_edtf(text: str) -> str:
    words, suffix = text, ""
    for pattern, mark in ((_ABOUT, "~"), (_PERHAPS, "?")):
        words, found = pattern.subn("", words)
        suffix = mark if found else suffix
    for pattern, to_edtf in _WORDS:
        if match := pattern.match(words.lower()):
            return to_edtf(match) + suffix
    return words.upper() + suffix


def _as_date(moment) -> date:
    return date(*moment[:3])


def _point_in_words(point: str) -> str:
    bare = point.rstrip("~?%")
    if bare.endswith("X"):
        words = _("%(decade)ss") % {"decade": bare[:3] + "0"}
    else:
        day = date(*(int(part) for part in bare.split("-")), *[1] * (2 - bare.count("-")))
        words = format_date(day, ("Y", "F Y", "j F Y")[bare.count("-")])
    if point == bare:
        return words
    return (_("perhaps %(date)s") if point.endswith("?") else _("about %(date)s")) % {"date": words}


def to_partial_date(value) -> PartialDate | None:
    """A PartialDate from whatever a form, a fixture or code hands over; None for nothing."""
    if value in (None, ""):
        return None
    if isinstance(value, PartialDate):
        return value
    if isinstance(value, datetime):
        value = value.date()
    return PartialDate.parse(value.isoformat() if isinstance(value, date) else str(value))


class _DateAttribute(DeferredAttribute):
    """Turns what is set into a PartialDate; text that is none stays as typed, until full_clean() or save() refuses it."""

    def __set__(self, instance, value):
        with suppress(ValidationError):
            value = to_partial_date(value)
        instance.__dict__[self.field.attname] = value


class _BoundAttribute(DeferredAttribute):
    """Reads the bound off the date itself, so that the two cannot differ."""

    def __get__(self, instance, cls=None):
        name, bound = self.field.attname.rsplit("_", 1)
        if instance is None or name not in instance.__dict__:
            return super().__get__(instance, cls)
        return getattr(instance.__dict__[name], bound, None)

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class PartialDateFormField(forms.Field):
    """A line of a form that shows a partial date in words and reads words or EDTF."""

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
        return to_partial_date(value)

    def from_db_value(self, value, expression, connection):
        return to_partial_date(value)

    def get_prep_value(self, value):
        value = to_partial_date(value)
        return value.edtf if value else ""

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs):
        # Not CharField's: words may be longer than the column of EDTF text.
        return models.Field.formfield(self, **{"form_class": PartialDateFormField} | kwargs)

    def clean(self, value, model_instance):
        value = self.to_python(value)
        if value is None and not self.blank:
            raise ValidationError(self.error_messages["blank"], code="blank")
        return value


class BoundField(models.DateField):
    """The earliest or the latest day of the PartialDateField whose name it begins with."""

    descriptor_class = _BoundAttribute


def bounds() -> tuple[BoundField, BoundField]:
    """The two columns beside a PartialDateField: its earliest and its latest day."""
    return tuple(BoundField(null=True, editable=False, db_index=True) for _unused in range(2))
