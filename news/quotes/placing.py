"""Where quotes stand in a text: [quote 1], alone on a line of the text, is the place of the quotes with that number (ADR 60)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# As the editor writes a paragraph of its own, in whatever type.
_PLACE = re.compile(r"<p>(?:<(?:strong|em)>)*\s*\[quote\s+(\d{1,4})\]\s*(?:</(?:strong|em)>)*</p>", re.IGNORECASE)
_MENTION = re.compile(r"\[\s*quote\b[^\]<]{0,20}\]?", re.IGNORECASE)
_OPENED = re.compile(r"<(?:ul|ol|blockquote|table)\b", re.IGNORECASE)
_CLOSED = re.compile(r"</(?:ul|ol|blockquote|table)>", re.IGNORECASE)

NOT_ALONE = _(
    "“%(mark)s” has to stand alone on a line of its own, outside of lists and tables, with a number, like [quote 1]."
)
NO_SUCH = _("The text says [quote %(number)d], and no quote has this number.")
TWICE = _("The text says [quote %(number)d] twice. A quote stands in one place.")


class Piece(NamedTuple):
    """A piece of a text, and the quotes that follow it."""

    text: str
    quotes: list


def _places(body: str) -> list[re.Match]:
    """The places for quotes in a text, in their order; not those inside of lists, tables and block quotes."""
    found = _PLACE.finditer(body)
    return [place for place in found if _depth(body[: place.start()]) == 0]


def _depth(before: str) -> int:
    return len(_OPENED.findall(before)) - len(_CLOSED.findall(before))


def placed(body: str, quotes: Iterable) -> list[Piece]:
    """A text in pieces, each with the quotes behind it; those that the text does not name stand at its end."""
    left, pieces, begin = list(quotes), [], 0
    for place in _places(body):
        here = [quote for quote in left if quote.position == int(place[1])]
        left = [quote for quote in left if quote not in here]
        if here:
            pieces.append(Piece(without_places(body[begin : place.start()]), here))
            begin = place.end()
    return [*pieces, Piece(without_places(body[begin:]), left)]


def without_places(body: str) -> str:
    """A text without the places of its quotes, whatever they name."""
    return _PLACE.sub("", body)


def check_places(body: str) -> None:
    """Raise ValidationError for each place in a text that does not stand alone."""
    bare, begin = [], 0
    for place in _places(body):
        bare.append(body[begin : place.start()])
        begin = place.end()
    found = [mention[0] for piece in [*bare, body[begin:]] for mention in _MENTION.finditer(piece)]
    if found:
        raise ValidationError([ValidationError(NOT_ALONE, code="quote_not_alone", params={"mark": m}) for m in found])


def misplaced(body: str, quotes: Iterable) -> list[ValidationError]:
    """What is wrong with the numbers that a text names: no quote has them, or they stand there twice."""
    named = [int(place[1]) for place in _places(body)]
    known = {quote.position for quote in quotes}
    missing = [(NO_SUCH, "no_such_quote", number) for number in dict.fromkeys(named) if number not in known]
    twice = [(TWICE, "quote_twice", number) for number in dict.fromkeys(named) if named.count(number) > 1]
    return [ValidationError(said, code=code, params={"number": number}) for said, code, number in missing + twice]
