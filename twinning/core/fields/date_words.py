"""The words of partial dates: what registers write, read as EDTF (ISO 8601-2), and EDTF printed as it was meant."""

import calendar
import re
from datetime import date, timedelta
from unicodedata import normalize

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.dateformat import format as format_date
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.fields.languages import months_called

EXAMPLES = gettext_lazy("Write 1960s, 1988, about 1991, February 2021, 2 June 1969 or 2003 to 2021.")
_MORE = gettext_lazy("Or early 1990s, before 1949, 1988 or 1989, 1968/69, spring 2021, 19th century.")
ALL_EXAMPLES = format_lazy("{} {}", EXAMPLES, _MORE)

_MONTHS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_PARTS = ("early", "mid", "late")
# What partners write in German and in French, in our words; months are read in every language that Django knows.
_FOREIGN = {
    "um": "about", "etwa": "about", "vers": "about", "environ": "about", "wohl": "probably", "vielleicht": "perhaps",
    "vor": "before", "avant": "before", "nach": "after", "après": "after", "zwischen": "between", "entre": "between",
    "oder": "or", "ou": "or", "und": "and", "et": "and", "bis": "to", "von": "from", "dem": "the", "den": "the",
    "anfang": "early", "mitte": "mid", "ende": "late", "der": "the", "frühling": "spring", "frühjahr": "spring",
    "sommer": "summer", "herbst": "autumn", "printemps": "spring", "été": "summer", "automne": "autumn", "hiver": "winter",
}  # fmt: skip
_FOREIGN_WORD = re.compile(rf"\b(?:{'|'.join(_FOREIGN)})\b")
_FOREIGN_DECADE = re.compile(r"\b(?:(?:les )?années (\d{2,3}0)\b|(\d{2,3}0)er(?: jahren?)?\b)")
# Where 04/07/1998 is the fourth of July in one half of the country, or of the documents, and the seventh of April in the other.
_MONTH_FIRST = frozenset(["AS", "FM", "GU", "MH", "MP", "PR", "PW", "UM", "US", "VI"])
_EITHER = frozenset(
    ["BT", "CA", "CN", "GH", "HU", "IR", "JP", "KE", "KP", "KR", "KY", "LT", "MN", "PA", "PH", "TG", "TW"]
)
# Where words have the month first, too: April 7, 1998.
_MONTH_FIRST_IN_WORDS = _MONTH_FIRST | {"CA", "LR", "PH"}
_ABOUT = re.compile(r"^(about|around|circa|ca\.?|c\.)\s*")
_PERHAPS = re.compile(r"^(perhaps|probably|maybe)\s+")
_PART = re.compile(rf"({'|'.join(_PARTS)})[- ](?:the )?(?:(\d{{2,3}})0'?s|(\d\d?)(?:st|nd|rd|th) century)")
_BETWEEN = re.compile(r"between (.+) and (.+)")
_BEFORE_OR_AFTER = re.compile(r"(before|after)(?: the)? (.+)")
_SHORT_SPAN = re.compile(r"(\d{4}) ?([-–—/]) ?(\d\d)")
_WINTER = re.compile(r"winter (\d{4}) ?[-–—/] ?(\d{4}|\d\d)")
_YEAR_FIRST = re.compile(r"(\d{4})([./]) ?(\d\d?)\2 ?(\d\d?)\.?")
_WORD = r"[^\W\d_]+"
# The comma of “June 2, 1969” parts no dates.
_COMMA_IN_A_DAY = re.compile(rf"\b({_WORD}\.? \d\d?(?:st|nd|rd|th)?),(?= \d{{3,4}}\b)")
_POINTS = (
    (re.compile(r"(\d{3,4})"), lambda m: f"{m[1]:0>4}"),
    (re.compile(r"(?:the )?(\d{2,3})0'?s"), lambda m: f"{m[1]:0>3}X"),
    (re.compile(r"(?:the )?(\d\d?)(?:st|nd|rd|th) century"), lambda m: f"{int(m[1]) - 1:02}XX"),
    (re.compile(rf"(?:in )?({'|'.join(_SEASONS)})(?: of)?,? (\d{{3,4}})"), lambda m: f"{m[2]:0>4}-{_SEASONS[m[1]]}"),
    (re.compile(rf"({_WORD})\.?,?(?: de)? (\d{{3,4}})"), lambda m: f"{m[2]:0>4}-{_month(m[1], m[0]):02}"),
    (re.compile(rf"(\d\d?)(?:st|nd|rd|th|er|\.)? ?(?:de |d’|d')?({_WORD})\.?,?(?: de)? (\d{{3,4}})"),
     lambda m: _day(m[3], _month(m[2], m[0]), m[1])),
    (re.compile(rf"({_WORD})\.? (\d\d?)(?:st|nd|rd|th)?,? (\d{{3,4}})"), lambda m: _day(m[3], _month(m[1], m[0]), m[2])),
    (re.compile(r"(\d\d?)\. ?(\d\d?)\. ?(\d{4})"), lambda m: _in_figures(m[0], m[1], m[2], m[3], by_dots=True)),
    (re.compile(r"(\d\d?)/(\d\d?)/(\d{4})"), lambda m: _in_figures(m[0], m[1], m[2], m[3])),
    (re.compile(r"(\d\d?)/(\d{4})"), lambda m: f"{m[2]}-{int(m[1]):02}"),
)  # fmt: skip


def _month(word: str, text: str) -> int:
    """The month that has a name: in English, or else in any language."""
    found = {_MONTHS[word]} if word in _MONTHS else months_called(word)
    if not found:
        raise _refusal(_("There is no month called “%(text)s”. %(examples)s"), "no_such_month", word)
    if len(found) > 1:
        raise _question(text, *(text.replace(word, calendar.month_name[month]) for month in sorted(found)))
    return next(iter(found))


def _in_figures(text: str, first: str, second: str, year: str, *, by_dots: bool = False) -> str:
    """A day in figures, of which the first is the day or the month, as the country of the council has it, or a question."""
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if day_first == month_first or max(int(first), int(second)) > 12:
        return month_first if int(first) <= 12 < int(second) else day_first
    if settings.COUNTRY in (_MONTH_FIRST if by_dots else _EITHER):
        raise _question(text, in_words(day_first), in_words(month_first))
    return month_first if settings.COUNTRY in _MONTH_FIRST and not by_dots else day_first


def _question(text: str, *readings: str, code: str = "two_meanings") -> ValidationError:
    """The refusal of what can mean two things."""
    message = _("“%(text)s” can mean %(readings)s. Write the one that you mean.")
    return ValidationError(message % {"text": text, "readings": _(" or ").join(readings)}, code=code)


def _refusal(message: str, code: str, text: str) -> ValidationError:
    return ValidationError(message % {"text": text, "examples": ALL_EXAMPLES}, code=code)


def _day(year, month, day) -> str:
    return f"{int(year):04}-{int(month):02}-{int(day):02}"


# Reading --------------------------------------------------------------------------------------------------------------


def to_edtf(text: str) -> str:
    """The EDTF of what somebody typed. Whether it is a date at all, its reader finds out.

    Raises ValidationError for a month that there is not, and where two things can be meant.
    """
    words = _in_english(text)
    if found := _YEAR_FIRST.fullmatch(words):
        return _day(found[1], found[3], found[4])
    if found := _WINTER.fullmatch(words):
        return _winter(found)
    if found := _SHORT_SPAN.fullmatch(words):
        return _short_span(text, *found.groups())
    if found := _PART.fullmatch(words):
        return _part(*found.groups())
    if found := _BETWEEN.fullmatch(words):
        return f"[{_year_in(_point(found[1]), '0')}..{_year_in(_point(found[2]), '9')}]"
    if found := _BEFORE_OR_AFTER.fullmatch(words):
        return _open(found[1], _point(found[2]))
    if len(choices := re.split(r" or |, ", words)) > 1 and " or " in words:
        return f"[{','.join(map(_point, choices))}]"
    separator = r"\s+to\s+|\s*[–—]\s*|\s-\s|(?<=^\d{4})-(?=\d{4}$)" + (
        r"|(?<!\.)/" if re.match(r"\d{3}[\dx]", words) else ""
    )
    return "/".join(_point(part) for part in re.split(separator, words.removeprefix("from ")))


def _in_english(text: str) -> str:
    """The text in small letters, with our own words in place of German and French ones."""
    words = _COMMA_IN_A_DAY.sub(r"\1", normalize("NFC", text.lower()))
    words = _FOREIGN_DECADE.sub(lambda found: f"{found[1] or found[2]}s", words)
    return _FOREIGN_WORD.sub(lambda found: _FOREIGN[found[0]], words)


def _point(words: str) -> str:
    bare, suffix = words, ""
    for pattern, mark in ((_ABOUT, "~"), (_PERHAPS, "?")):
        bare, found = pattern.subn("", bare)
        suffix = mark if found else suffix
    for pattern, edtf in _POINTS:
        if found := pattern.fullmatch(bare):
            return edtf(found) + suffix
    if found := _SHORT_SPAN.fullmatch(bare):
        return _short_span(bare, *found.groups()) + suffix
    return bare.upper() + suffix


def _short_span(text: str, first: str, sign: str, last: str) -> str:
    """“1968/69”, “2020-21”, and “2011-12”, by which a month can be meant as well."""
    year, end = int(first), int(first[:2] + last)
    if end <= year and end + 100 == year + 1:
        end += 100  # 1999/00
    is_month = sign == "-" and 1 <= int(last) <= 12
    if is_month and end > year:
        raise _question(text, in_words(f"{first}-{last}"), in_words(f"{first}/{end}"), code="month_or_span")
    if is_month or end <= year:
        return f"{first}-{last}"
    return f"[{first}..{end}]" if sign == "/" and end == year + 1 else f"{first}/{end}"


def _winter(found: re.Match) -> str:
    first, last = int(found[1]), int(found[2][-2:])
    return f"{first:04}-12/{first + 1:04}-02" if (first + 1) % 100 == last else found[0].upper()


def _part(part: str, decade: str | None, century: str | None) -> str:
    block, size = (int(decade) * 10, 10) if decade else (int(century) * 100 - 100, 100)
    first, last = _third(_PARTS.index(part), size)
    return f"[{block + first:04}..{block + last:04}]"


def _third(number: int, size: int) -> tuple[int, int]:
    """The first and the last year of the early, the mid and the late part of a decade or a century."""
    ends = [-1, size // 3, 2 * size // 3, size - 1]
    return ends[number] + 1, ends[number + 1]


def _open(word: str, point: str) -> str:
    """“Before 1949” is 1948 or earlier, “after 1949” is 1950 or later."""
    if word == "before":
        return f"[..{_neighbour(_year_in(point, '0'), -1)}]"
    return f"[{_neighbour(_year_in(point, '9'), 1)}..]"


def _year_in(point: str, digit: str) -> str:
    """The first (0) or the last (9) year of a decade or a century; everything else as it is."""
    return point.replace("X", digit)


def _neighbour(point: str, step: int) -> str:
    """The year, month or day before or after one; the same again where there is none."""
    try:
        year, *rest = (int(part) for part in point.split("-"))
        if not rest:
            return f"{year + step:04}"
        if len(rest) == 2:
            return (date(year, *rest) + timedelta(days=step)).isoformat()
        months = year * 12 + rest[0] - 1 + step
        return f"{months // 12:04}-{months % 12 + 1:02}"
    except (ValueError, OverflowError):
        return point


# Printing -------------------------------------------------------------------------------------------------------------


def day_pattern(*, month: str = "F") -> str:
    """The order of day, month and year in the country of the council, for Django's format(); ``month`` names the month."""
    return f"{month} j, Y" if settings.COUNTRY in _MONTH_FIRST_IN_WORDS else f"j {month} Y"


def day_in_words(day: date | None) -> str:
    """“7 April 1998”, or “April 7, 1998”; empty without a day."""
    return format_date(day, day_pattern()) if day else ""


def in_words(edtf: str) -> str:
    """A stored date as it was meant: no more precise than it is known."""
    if edtf.startswith("[.."):
        return _("before %(date)s") % {"date": _point_in_words(_neighbour(edtf[3:-1], 1))}
    if edtf.endswith("..]"):
        return _("after %(date)s") % {"date": _point_in_words(_neighbour(edtf[1:-3], -1))}
    if ".." in edtf:
        return _range_in_words(*edtf[1:-1].split(".."))
    if edtf.startswith("["):
        return _(" or ").join(_point_in_words(point) for point in edtf[1:-1].split(","))
    first, _slash, last = edtf.partition("/")
    if (first[4:], last[4:]) == ("-12", "-02") and int(last[:4]) == int(first[:4]) + 1:
        return _("winter %(years)s") % {"years": f"{int(first[:4])}/{last[2:4]}"}
    return _(" to ").join(_point_in_words(point) for point in (first, last) if point)


def _range_in_words(first: str, last: str) -> str:
    if first.isdecimal() and last.isdecimal():
        years = int(first), int(last)
        if years[1] == years[0] + 1:
            return f"{years[0]}/{last[2:]}"
        for size in (10, 100):
            block = years[0] // size * size
            for number, part in enumerate((_("early %(date)s"), _("mid-%(date)s"), _("late %(date)s"))):
                if years == tuple(block + year for year in _third(number, size)):
                    return part % {"date": _block_in_words(f"{block:04}"[: 3 if size == 10 else 2])}
    return _("between %(first)s and %(last)s") % {"first": _point_in_words(first), "last": _point_in_words(last)}


def _block_in_words(digits: str) -> str:
    """A decade by its first three digits, or a century by its first two."""
    if len(digits) == 3:
        return _("%(decade)ss") % {"decade": f"{int(digits)}0"}
    number = int(digits) + 1
    ending = "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return _("%(ordinal)s century") % {"ordinal": f"{number}{ending}"}


def _point_in_words(point: str) -> str:
    bare = point.rstrip("~?%")
    if bare.endswith("X"):
        words = _block_in_words(bare.rstrip("X"))
    elif bare[5:7] > "20":
        words = _season_in_words(bare)
    else:
        day = date(*(int(part) for part in bare.split("-")), *[1] * (2 - bare.count("-")))
        printed = format_date(day, ("Y", "F Y", day_pattern())[bare.count("-")])
        words = printed.replace(f"{day.year:04}", str(day.year))
    if point == bare:
        return words
    return (_("perhaps %(date)s") if point.endswith("?") else _("about %(date)s")) % {"date": words}


def _season_in_words(point: str) -> str:
    names = {
        "21": _("spring %(year)s"),
        "22": _("summer %(year)s"),
        "23": _("autumn %(year)s"),
        "24": _("winter %(year)s"),
    }
    return names[point[5:]] % {"year": int(point[:4])}
