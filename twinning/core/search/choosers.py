"""Choosers: a field that searches, in place of a filter with more links than somebody reads."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from twinning.core.fields.folding import fold, sort_key

MOST_LINKS = 12  # of a filter; with more values it is a chooser


class Named(Protocol):
    """A public record as filters name it."""

    slug: str
    name: str


class Option(NamedTuple):
    """What a chooser suggests: the value that is sent, and the name if that is another one."""

    value: str
    label: str = ""


class Chooser(NamedTuple):
    """A field for one parameter of an address; ``kept`` are the others. core/web/_chooser.html prints it."""

    parameter: str
    path: str
    kept: dict[str, str]
    options: Sequence[Option]


def options_of(choices: Iterable[tuple[str, str]]) -> tuple[Option, ...]:
    """The options for pairs of value and name: by name, or by value where two share a name."""
    choices = tuple(choices)
    namesakes = Counter(sort_key(name) for _value, name in choices)
    return tuple(Option(name) if namesakes[sort_key(name)] == 1 else Option(value, name) for value, name in choices)


def record_named[Record: Named](records: Iterable[Record], asked: str) -> Record | None:
    """The record with this slug, else the only one whose name is this or begins with it."""
    named, wanted = list(records), fold(asked)
    for fitting in (
        [record for record in named if record.slug == asked],
        [record for record in named if wanted and fold(record.name) == wanted],
        [record for record in named if wanted and fold(record.name).startswith(wanted)],
    ):
        if fitting:
            return fitting[0] if len(fitting) == 1 else None
    return None


def records_like[Record: Named](records: Iterable[Record], asked: str) -> list[Record]:
    """The records whose name contains what was asked for: at most MOST_LINKS, none for an empty question."""
    return [record for record in records if asked and fold(asked) in fold(record.name)][:MOST_LINKS]
