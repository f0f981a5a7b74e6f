"""Places names beside dots so that nothing overlaps; a name without a free place is left out.

Every label has two boxes: the text, and around it the target that a pointer or finger may hit (WCAG 2.2, 2.5.8). No
target lies on another target or on the dot of another city, no text on any dot, no leader line on either. Rays may be
crossed where nothing else is free.
"""

import math
import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Self

from partners.worldmap.projection import EDGE, Point

HALF = 300  # the map reaches from -HALF to HALF both ways
DOT = 6  # radius of a dot
TARGET = 30  # height of a target: 24 CSS px where the map is at its smallest with names, 480 px (map.css)
GAP = 3
TRIES = 120  # arrangements times labels: more cities, fewer tries
LEADERS = (12, 20, 28, 38, 50, 66, 90)
RING_TURNS = (0, 180, *(sign * turn for turn in range(10, 180, 10) for sign in (1, -1)))  # degrees, the best first
# Upper bounds, in em, for the widest bold sans that systems ship (Verdana, DejaVu Sans).
NARROW, WIDE = set(" .,:;'’!|()[]-‐/fijlrtIJ"), set("mwMW%@&—…")


class Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Self:
        left, top = round(x - width / 2, 1), round(y - height / 2, 1)
        # From there and not from the middle: rounded twice, a target could lose a tenth of what it must have.
        return cls(left, top, round(left + width, 1), round(top + height, 1))

    @property
    def width(self) -> float:
        return round(self.right - self.left, 1)

    @property
    def height(self) -> float:
        return round(self.bottom - self.top, 1)

    @property
    def middle(self) -> Point:
        return round((self.left + self.right) / 2, 1), round((self.top + self.bottom) / 2, 1)

    def grown(self, by: float) -> Self:
        return type(self)(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: Self) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def is_crossed_by(self, start: Point, end: Point) -> bool:
        """Whether a line runs through the box (Liang and Barsky 1984)."""
        (ax, ay), (bx, by), (left, top, right, bottom) = start, end, self
        # Most lines lie wholly beside the box.
        if (
            (ax < left and bx < left)
            or (ax > right and bx > right)
            or (ay < top and by < top)
            or (ay > bottom and by > bottom)
        ):
            return False
        enter, leave = 0.0, 1.0
        for a, b, low, high in ((ax, bx, left, right), (ay, by, top, bottom)):
            if a == b:
                if not low <= a <= high:
                    return False
                continue
            first, last = sorted(((low - a) / (b - a), (high - a) / (b - a)))
            enter, leave = max(enter, first), min(leave, last)
        return enter <= leave


@dataclass(frozen=True)
class Label:
    """The position of a name: baseline, SVG ``text-anchor``, boxes, and the line to its dot if it is far off."""

    x: float
    y: float
    anchor: str
    text: Box
    target: Box
    leader: tuple[Point, Point] | None = None


Option = tuple[float, Label | None]  # a label with its cost
NO_LABEL: Option = (200, None)


def text_width(text: str, size: float) -> float:
    """An upper bound for the width of a bold text in any system's sans serif."""
    return size * sum(_width_in_em(character) for character in text)


def _width_in_em(character: str) -> float:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Cf"):
        return 0
    base = unicodedata.normalize("NFD", character)[0]
    if base in NARROW:
        return 0.51
    if base.isascii() and base not in WIDE:
        return 0.88 if base.isupper() else 0.73
    return 1.4 if unicodedata.category(character) == "So" else 1.14


def place_labels(texts: Sequence[str], dots: Sequence[Point], rays: Sequence[Point], size: float) -> list[Label | None]:
    """A label for each dot that has a text and a free place, else None; ``rays`` are the ends of the lines from home."""
    boxes = [Box.around(x, y, 2 * DOT, 2 * DOT) for x, y in dots]
    options = []
    for number, (text, dot) in enumerate(zip(texts, dots, strict=True)):
        others = [box for i, box in enumerate(boxes) if i != number]
        possible = [
            (_cost(label, dot, rays), label)
            for label in (_candidates(dot, text, size) if text else ())
            if _is_clear(label, others) and not label.text.overlaps(boxes[number])
        ]
        options.append(sorted(possible, key=lambda option: option[0]))
    best = min(_arrangements(options), key=lambda arrangement: sum(cost for cost, _ in arrangement))
    return [label for _, label in best]


def _arrangements(options: list[list[Option]]) -> Iterator[list[Option]]:
    """Arrangements in which one label after the other takes its best free place; later ones with random costs added."""
    order = sorted(range(len(options)), key=lambda i: len(options[i]))  # the hardest to place goes first
    generator = random.Random(0)  # noqa: S311 - no secret: it has to be the same map every time
    for attempt in range(1 + TRIES // len(order)):
        most = 20 if attempt else 0
        disturbed = [sorted(own, key=lambda option: option[0] + generator.uniform(0, most)) for own in options]
        placed: dict[int, Option] = {}
        for number, own in [(i, disturbed[i]) for i in order] + [(i, options[i]) for i in order]:
            others = [label for i, (_, label) in placed.items() if label and i != number]
            placed[number] = next((option for option in own if _fits(option[1], others)), NO_LABEL)
        yield [placed[number] for number in range(len(options))]
        generator.shuffle(order)


def _candidates(dot: Point, text: str, size: float) -> Iterator[Label]:
    width, height = text_width(text, size), 1.2 * size
    for turn in range(16):
        ux, uy = math.cos(turn * math.tau / 16), math.sin(turn * math.tau / 16)
        anchor = "start" if ux > 0.5 else "end" if ux < -0.5 else "middle"
        for reach in (0, *LEADERS):
            near = x, y = dot[0] + ux * (DOT + GAP + reach), dot[1] + uy * (DOT + GAP + reach)
            if anchor == "middle":
                y += math.copysign(height / 2, uy)
            else:
                y += uy * height / 2
            middle = x + {"start": width / 2, "middle": 0, "end": -width / 2}[anchor]
            start = dot[0] + ux * (DOT + 1.5), dot[1] + uy * (DOT + 1.5)
            yield Label(
                x=round(x, 1),
                y=round(y + 0.35 * size, 1),
                anchor=anchor,
                text=Box.around(middle, y, width, height),
                target=Box.around(middle, y, max(width + 2 * GAP, TARGET), max(height, TARGET)),
                leader=(to_tenths(start), to_tenths(near)) if reach else None,
            )


def to_tenths(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


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


def _cost(label: Label, dot: Point, rays: Sequence[Point]) -> float:
    """The cost of a label: a leader, rays under the text, a position towards home, corners outside the disc."""
    text, near = label.text, label.text.grown(1)
    out = text.middle[0] - dot[0], text.middle[1] - dot[1]
    lengths = math.hypot(*dot) * math.hypot(*out)
    inwards = 1 - (dot[0] * out[0] + dot[1] * out[1]) / lengths if lengths else 0
    crossed = sum(near.is_crossed_by((0, 0), end) for end in rays)
    outside = sum(math.hypot(x, y) > EDGE for x in (text.left, text.right) for y in (text.top, text.bottom))
    leader = 14 + math.dist(*label.leader) / 2 if label.leader else 0
    return leader + 25 * crossed + 8 * outside + 6 * inwards + (2 if label.anchor == "middle" else 0)


def place_ring_labels(
    texts: Sequence[str], radii: Sequence[float], size: float, taken: Sequence[Box], rays: Sequence[Point]
) -> list[Box | None]:
    """A box, or None, for the text of each ring: all in one direction from home, the one that leaves out the fewest."""
    columns = []
    for turn in RING_TURNS:
        ux, uy = math.sin(math.radians(turn)), -math.cos(math.radians(turn))
        boxes: list[Box | None] = []
        for text, radius in zip(texts, radii, strict=True):
            box = Box.around(radius * ux, radius * uy, text_width(text, size), 1.3 * size)
            is_free = not any(box.overlaps(other) for other in [*taken, *filter(None, boxes)])
            boxes.append(box if is_free else None)
        crossed = sum(box.is_crossed_by((0, 0), end) for box in boxes if box for end in rays)
        columns.append((boxes.count(None), crossed, boxes))
    return min(columns, key=lambda column: column[:2])[2]
