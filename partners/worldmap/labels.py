"""Names beside dots, placed so that no two things lie on each other; a name without a free place is left out.

Every label has two boxes: the text, and around it the target that a pointer or finger may hit (WCAG 2.2, 2.5.8). No
target lies on another target or on the dot of another city, no text on any dot, no leader line on either. Rays may be
crossed where nothing else is free.
"""

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from partners.worldmap.projection import EDGE, Point

HALF = 300  # the map reaches from -HALF to HALF both ways
DOT = 6  # radius of a dot
TARGET = 29  # height of a target: 24 CSS px where the map is at its smallest with labels, see map.css
GAP = 3
LEADERS = (16, 28, 44, 64, 90)
# Upper bounds, in em, for the widest bold sans that systems ship (Verdana, DejaVu Sans).
NARROW, WIDE = set(" .,:;'’!|()[]-‐/fijlrtIJ"), set("mwMW%@&—…")


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Self:
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    def grown(self, by: float) -> Self:
        return type(self)(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: Self) -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def is_crossed_by(self, start: Point, end: Point) -> bool:
        """Whether a line runs through the box (Liang and Barsky 1984)."""
        enter, leave = 0.0, 1.0
        for a, b, low, high in ((start[0], end[0], self.left, self.right), (start[1], end[1], self.top, self.bottom)):
            if a == b:
                if not low <= a <= high:
                    return False
                continue
            first, last = sorted(((low - a) / (b - a), (high - a) / (b - a)))
            enter, leave = max(enter, first), min(leave, last)
        return enter <= leave


@dataclass(frozen=True)
class Label:
    """Where a text stands: its baseline, the SVG ``text-anchor``, its boxes, and the line to its dot if it is far off."""

    x: float
    y: float
    anchor: str
    text: Box
    target: Box
    leader: tuple[Point, Point] | None = None


def text_width(text: str, size: float) -> float:
    """At most how wide a bold text comes out, whatever the system's sans serif is."""
    return size * sum(_em(character) for character in text)


def _em(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Cf"):
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    if base in NARROW:
        return 0.51
    if base.isascii() and base not in WIDE:
        return 0.88 if base.isupper() else 0.73
    return 1.4 if unicodedata.category(character) == "So" else 1.14


def place_labels(texts: Sequence[str], dots: Sequence[Point], size: float) -> list[Label | None]:
    """A label, or None, for each dot. The first dot is home, from where a ray goes to every other."""
    boxes = [Box.around(x, y, 2 * DOT, 2 * DOT) for x, y in dots]
    options = []
    for number, (text, dot) in enumerate(zip(texts, dots, strict=True)):
        others = [box for i, box in enumerate(boxes) if i != number]
        costs = [
            (_cost(label, dot, dots), label)
            for label in _candidates(dot, text, size)
            if _is_clear(label, others) and not label.text.overlaps(boxes[number])
        ]
        options.append(sorted(costs, key=lambda option: option[0]))
    placed: list[Label | None] = [None] * len(dots)
    # The hardest to place goes first; a second round mends what the first could not know.
    for _round in range(2):
        for number in sorted(range(len(dots)), key=lambda i: len(options[i])):
            rest = [label for i, label in enumerate(placed) if label and i != number]
            placed[number] = next((label for _, label in options[number] if _fits(label, rest)), None)
    return placed


def _candidates(dot: Point, text: str, size: float) -> Iterator[Label]:
    width, height = text_width(text, size), 1.2 * size
    for turn in range(16):
        ux, uy = math.cos(turn * math.tau / 16), math.sin(turn * math.tau / 16)
        anchor = "start" if ux > 0.5 else "end" if ux < -0.5 else "middle"
        for reach in (0, *LEADERS):
            x, y = dot[0] + ux * (DOT + GAP + reach), dot[1] + uy * (DOT + GAP + reach)
            near = (x, y)
            if anchor == "middle":
                y += math.copysign(height / 2, uy)
                left = x - width / 2
            else:
                y += uy * height / 2
                left = x if anchor == "start" else x - width
            box = Box(left, y - height / 2, left + width, y + height / 2)
            start = dot[0] + ux * (DOT + 1.5), dot[1] + uy * (DOT + 1.5)
            leader = (start, near) if reach else None
            target = Box.around(left + width / 2, y, max(width, TARGET), max(height, TARGET))
            yield Label(x, y + 0.35 * size, anchor, box, target, leader)


def _is_clear(label: Label, dots: list[Box]) -> bool:
    """Whether a label lies on the map and off all other dots."""
    target = label.target
    return (
        min(target.left, target.top) >= -HALF
        and max(target.right, target.bottom) <= HALF
        and not any(dot.overlaps(target) for dot in dots)
        and not (label.leader and any(dot.is_crossed_by(*label.leader) for dot in dots))
    )


def _fits(label: Label, placed: list[Label]) -> bool:
    return not any(
        label.target.overlaps(other.target)
        or (label.leader and other.target.is_crossed_by(*label.leader))
        or (other.leader and label.target.is_crossed_by(*other.leader))
        or (label.leader and other.leader and _cross(*label.leader, *other.leader))
        for other in placed
    )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    def side(p: Point, q: Point, r: Point) -> bool:
        return (q[0] - p[0]) * (r[1] - p[1]) > (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


def _cost(label: Label, dot: Point, dots: Sequence[Point]) -> float:
    """What speaks against a place: a leader, rays under the text, lying back towards home, leaving the disc."""
    home, *ends = dots
    middle = (label.text.left + label.text.right) / 2, (label.text.top + label.text.bottom) / 2
    rays = sum(label.text.grown(1).is_crossed_by(home, end) for end in ends)
    away, out = math.hypot(*dot), math.dist(middle, dot)
    inwards = 1 - (dot[0] * (middle[0] - dot[0]) + dot[1] * (middle[1] - dot[1])) / (away * out) if away and out else 0
    corners = [(x, y) for x in (label.text.left, label.text.right) for y in (label.text.top, label.text.bottom)]
    length = 14 + math.dist(*label.leader) / 2 if label.leader else 0
    sideways = 0 if label.anchor != "middle" else 2
    return length + 25 * rays + 6 * inwards + 8 * sum(math.hypot(*c) > EDGE for c in corners) + sideways
