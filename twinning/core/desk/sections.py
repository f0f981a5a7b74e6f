"""Sections of the desk: what needs a person, line by line, from whoever has something to say.

A ModelAdmin names the functions that find sections in its attribute ``on_desk``. Each gets the Desk and returns sections, so
that this room knows no app above it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_SHOWN = 5
# What lies beyond is said to be more, and not counted.
MOST_COUNTED = 100


@dataclass(frozen=True)
class Line:
    """One thing on the desk: its name, where the next step with it is open, and in a sentence what it is and why."""

    name: str
    url: str
    why: str
    kind: str = ""
    remark: str = ""  # what a colleague wrote
    is_wrong: bool = False  # something failed


@dataclass(frozen=True, kw_only=True)
class Section:
    """Some things of one sort. It ``asks`` for something to be done, or only tells."""

    place: int
    code: str
    title: str
    lines: list[Line]
    number: int  # of all that there are, up to MOST_COUNTED
    whole_url: str = ""  # where the rest is listed, if that is not the desk itself
    asks: bool = True

    @property
    def more(self) -> int:
        return self.number - len(self.lines)

    @property
    def is_counted(self) -> bool:
        """Whether the number is exact."""
        return self.number < MOST_COUNTED


@dataclass(frozen=True)
class Desk:
    """The desk of a person at a moment; ``whole`` is the code of the section that is shown to its end."""

    by: Any
    at: datetime
    whole: str = ""

    def most(self, code: str) -> int:
        """How many lines of a section are shown."""
        return MOST_COUNTED if code == self.whole else MOST_SHOWN

    def section(self, found: list, as_line: Callable[[Any], Line], *, code: str, **about) -> list[Section]:
        """A section of what was found, up to MOST_COUNTED; none if that is nothing."""
        lines = [as_line(one) for one in found[: self.most(code)]]
        return [Section(code=code, lines=lines, number=len(found), **about)] if found else []

    def sections(self, finders: Iterable[Callable[["Desk"], list[Section]]]) -> list[Section]:
        """What all finders have found, in the order of the desk."""
        return sorted((section for find in finders for section in find(self)), key=lambda section: section.place)
