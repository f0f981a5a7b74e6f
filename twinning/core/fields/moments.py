"""Moments: typed and shown in the council's time zone, stored in UTC.

When the clocks change, some local times come twice and some never. Such a time is never guessed at: the form offers the
two moments that it can mean, each with its zone, and the moment that was chosen keeps its offset until it is saved.
"""

from contextlib import suppress
from datetime import UTC, datetime
from datetime import timezone as fixed

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_datetime
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.fields.date_words import day_pattern

# Every offset has room around these years, and nobody means the year 26 who types "26".
FIRST_YEAR, LAST_YEAR = 1900, 2999


def moment_in_words(moment: datetime | None) -> str:
    """“Thursday 4 March 2027, 00:01 GMT”; empty without a moment."""
    weekday = "l, " if day_pattern().startswith("F") else "l "
    return _printed(moment, f"{weekday}{day_pattern()}, H:i")


def moment_in_short(moment: datetime | None) -> str:
    """“4 Mar 2027, 00:01 GMT”, for a column; empty without a moment."""
    return _printed(moment, f"{day_pattern(month='M')}, H:i")


def _printed(moment: datetime | None, pattern: str) -> str:
    if not moment:
        return ""
    local = timezone.localtime(moment)
    # Django's own "T" leaves the zone out just where it matters: in the hour that comes twice.
    return f"{format_date(local, pattern)} {local.tzname()}"


def with_zone(label: str) -> str:
    """A label that says in which time zone the moment is meant: “when (London time)”."""
    city = settings.TIME_ZONE.rpartition("/")[2].replace("_", " ")
    return format_lazy(gettext_lazy("{label} ({city} time)"), label=label, city=city)


def meanings(local: datetime) -> list[datetime]:
    """The moments, in UTC, that a naive local time can mean: one, or two where the clocks change.

    A time that comes twice means either; one that never comes means what it is by the offset before or after the change.
    """
    zone = timezone.get_current_timezone()
    return sorted({local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})


def comes_never(local: datetime) -> bool:
    """Whether the clocks leave out a naive local time."""
    return all(timezone.localtime(moment).replace(tzinfo=None) != local for moment in meanings(local))


def _read(value: str | datetime | None) -> datetime | None:
    """The datetime that was typed: naive, or aware if it names its offset; None if it cannot be read."""
    read = value if isinstance(value, datetime) else _parsed((value or "").strip())
    return read if read and FIRST_YEAR <= read.year <= LAST_YEAR else None


def _parsed(text: str) -> datetime | None:
    if not text:
        return None
    with suppress(ValueError):
        if parsed := parse_datetime(text):
            return parsed
    for pattern in forms.DateTimeField.input_formats:  # from browsers that offer no calendar
        with suppress(ValueError):
            return datetime.strptime(text, pattern)
    return None


def _choices(value: str | datetime | None) -> dict[str, str]:
    """The two moments that a typed time can mean, as the browser sends them and in words; none if it means only one."""
    read = _read(value)
    local = read and read.replace(tzinfo=None)
    moments = meanings(local) if local else []
    if len(moments) < 2:
        return {}
    when = (
        (_("before the clocks go forward"), _("after the clocks go forward"))
        if comes_never(local)
        else (_("before the clocks go back"), _("after the clocks go back"))
    )
    return {
        _text(local.replace(tzinfo=fixed(local - moment.replace(tzinfo=None)))): f"{moment_in_words(moment)} ({words})"
        for moment, words in zip(moments, when, strict=True)
    }


def _text(moment: datetime) -> str:
    """As a browser writes it: “2026-10-25T01:30”, with seconds where there are any, with an offset if aware."""
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


class MomentInput(forms.DateTimeInput):
    """A day and a time from the browser's own calendar, and two choices below where the clocks leave it open.

    The value is one text: what was typed, or the choice, which is the typed time with one of its two offsets. A choice
    that belongs to another time than the typed one is left out.
    """

    input_type = "datetime-local"
    template_name = "core/fields/_moment_input.html"

    class Media:
        js = ["core/admin-moments.js"]

    def __init__(self, attrs=None):
        # With a last year of four digits, browsers do not let a year have six.
        super().__init__({"max": f"{LAST_YEAR}-12-31T23:59"} | (attrs or {}))

    def value_from_datadict(self, data, files, name):
        typed, chosen = super().value_from_datadict(data, files, name), data.get(f"{name}_choice")
        return chosen if chosen in _choices(typed) else typed

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if choices := _choices(value):
            local = _read(value).replace(tzinfo=None)
            context["widget"] |= {"value": _text(local), "time": f"{local:%H:%M}", "chosen": value, "choices": choices}
        return context


class MomentField(forms.DateTimeField):
    """Form field: a moment, typed in the council's time zone and cleaned to UTC."""

    widget = MomentInput
    default_error_messages = {
        "invalid": gettext_lazy("Enter a valid date/time. The year has to lie between %(first)d and %(last)d."),
        "twice": gettext_lazy("On this day the clocks go back, and %(time)s comes twice. Choose which one is meant."),
        "never": gettext_lazy("On this day the clocks go forward, and %(time)s never comes. Choose what is meant."),
    }

    def prepare_value(self, value):
        if not isinstance(value, datetime) or not _read(value):
            return value
        local = timezone.localtime(value)
        naive = local.replace(tzinfo=None)
        return _text(local if len(meanings(naive)) > 1 else naive)

    def to_python(self, value):
        if value in self.empty_values:
            return None
        read = _read(value)
        if not read:
            raise self._wrong("invalid", first=FIRST_YEAR, last=LAST_YEAR)
        if timezone.is_aware(read):
            return read.astimezone(UTC)
        moments = meanings(read)
        if len(moments) > 1:
            raise self._wrong("never" if comes_never(read) else "twice", time=f"{read:%H:%M}")
        return moments[0]

    def has_changed(self, initial, data):
        # To Python, a time that comes twice differs from the same moment in any other zone; in UTC no time does.
        return super().has_changed(initial.astimezone(UTC) if isinstance(initial, datetime) else initial, data)

    def _wrong(self, code: str, **params) -> ValidationError:
        return ValidationError(self.error_messages[code], code=code, params=params)
