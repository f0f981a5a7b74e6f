"""The chain of an agreement: what it renews or amends and what renews or amends it, on and on, through public texts only."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import cached_property

from partners import queries
from partners.models import Memorandum

STEP, LINE, BELOW = 96, 20, 56  # units of the drawing: from text to text, the line of the texts, the line of addenda
MOST_DRAWN = 8


@dataclass
class Mark:
    """One agreement in the drawing: where it stands, and from where a line leads to it."""

    x: int
    y: int
    label: str
    is_here: bool
    from_x: int | None = None
    from_y: int | None = None


class Chain:
    """The public agreements that hang together with one, the earliest first, and their drawing."""

    def __init__(self, memorandum: Memorandum, *, at: datetime, on: date):
        self.here = memorandum
        keys = self._connected(queries.chains(at=at))
        others = queries.register_rows(at=at, on=on, keys=sorted(keys)) if keys else []
        self.members = sorted([memorandum, *others], key=_place_in_time)

    def _connected(self, rows: Iterable[tuple[int, int | None, int | None]]) -> set[int]:
        """The keys of what hangs together with this one; what is not public leads nowhere."""
        named = {key: others for key, *others in rows} | {self.here.pk: [self.here.renews_id, self.here.amends_id]}
        beside: dict[int, set[int]] = {key: set() for key in named}
        for key, others in named.items():
            for other in others:
                if other in beside:
                    beside[key].add(other)
                    beside[other].add(key)
        found, to_see = set(), [self.here.pk]
        while to_see:
            key = to_see.pop()
            if key not in found:
                found.add(key)
                to_see += beside[key]
        return found - {self.here.pk}

    @property
    def others(self) -> list[Memorandum]:
        """The other agreements of the chain; ``is_earlier`` says on which side of this one each stands."""
        place = self.members.index(self.here)
        for number, memorandum in enumerate(self.members):
            memorandum.is_earlier = number < place
        return [memorandum for memorandum in self.members if memorandum is not self.here]

    @property
    def width(self) -> int:
        return max((mark.x for mark in self.marks), default=0) + STEP // 2

    @property
    def height(self) -> int:
        return max((mark.y for mark in self.marks), default=0) + 24

    @cached_property
    def marks(self) -> list[Mark]:
        """The drawing: texts side by side, addenda below them; none of an agreement alone or of too many."""
        if not 1 < len(self.members) <= MOST_DRAWN:
            return []
        marks: dict[int, Mark] = {}
        for number, memorandum in enumerate(self.members):
            before = marks.get(memorandum.renews_id) or marks.get(memorandum.amends_id)
            is_addendum = memorandum.amends_id in marks and memorandum.renews_id not in marks
            mark = Mark(
                STEP // 2 + number * STEP, BELOW if is_addendum else LINE, _year(memorandum), memorandum is self.here
            )
            if before:
                mark.from_x, mark.from_y = before.x, before.y
            marks[memorandum.pk] = mark
        return list(marks.values())


def _place_in_time(memorandum: Memorandum) -> tuple[date, int]:
    return memorandum.signed_earliest or date.max, memorandum.pk


def _year(memorandum: Memorandum) -> str:
    """The year of the signing, or as much as is known of it."""
    when = memorandum.signed or memorandum.planned
    return str(when.year or when) if when else "…"
