"""Readers of the cells of spreadsheets: choices, numbers, coordinates, texts."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from twinning.core.addresses import address_of
from twinning.core.fields.dates import PartialDate
from twinning.core.imports.columns import key_of

_YES = {"yes", "y", "true", "1", "x", "ja", "oui", "sí", "si", "ano", "tak"}
_NO = {"no", "n", "false", "0", "nein", "non", "ne", "nie"}


def one_of(choices: Callable[[], Iterable[tuple[str, str]]]) -> Callable[[str], str]:
    """A reader of codes and names of a list of choices."""

    def read(text: str) -> str:
        known = list(choices())
        for code, name in known:
            if key_of(text) in (key_of(code), key_of(str(name))):
                return code
        message = _("“%(text)s” is none of: %(names)s.")
        raise ValidationError(message % {"text": text[:50], "names": ", ".join(str(name) for _code, name in known)})

    return read


def degrees(text: str) -> Decimal:
    """A coordinate, with a point or a comma."""
    try:
        value = Decimal(text.replace(",", ".").removesuffix("°"))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise ValidationError(_("“%(text)s” is no number of degrees, such as 51.5136.") % {"text": text[:50]})
    return value


def number(text: str) -> int:
    """A whole number, with or without marks between the thousands."""
    digits = "".join(text.split()).replace(",", "").replace(".", "").replace("'", "")
    if not (digits.isascii() and digits.isdecimal()):
        raise ValidationError(_("“%(text)s” is no whole number, such as 593,000.") % {"text": text[:50]})
    return int(digits)


def paragraphs(text: str) -> str:
    """A text as rich text: a paragraph for each line; signs such as < stand for themselves."""
    return str(format_html_join("", "<p>{}</p>", ((line.strip(),) for line in text.splitlines() if line.strip())))


def listed(text: str) -> list[str]:
    """Several texts with semicolons or line breaks between them."""
    return [part.strip() for line in text.splitlines() for part in line.split(";") if part.strip()]


def day(text: str) -> date:
    """A whole day."""
    found = PartialDate.parse(text)
    if found.earliest != found.latest:
        raise ValidationError(_("“%(text)s” is no whole day, such as 12 February 2021.") % {"text": text[:50]})
    return found.earliest


def yes_or_no(text: str) -> bool:
    """Whether something is so: a word for yes or no, or a tick."""
    if (said := text.casefold().strip()) in _YES | _NO:
        return said in _YES
    raise ValidationError(_("“%(text)s” is neither yes nor no.") % {"text": text[:50]})


def old_addresses(text: str) -> list[str]:
    """The last part of each of some addresses, without its ending: “sign” of “https://old.example.org/news/sign.aspx?x=1”."""
    paths = (urlsplit(one).path.rstrip("/") for one in listed(text))
    return [address_of(PurePosixPath(path).stem) for path in paths]
