"""A council's partner cities on the world as seen from home, ready to be drawn by partners/_map.html.

``projection`` knows where a place lies, ``land`` draws the outlines, ``labels`` finds room for the names. All numbers
are SVG user units with home at (0, 0), rounded to a tenth. Everything is computed once per process and input.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from partners.worldmap.labels import DOT, HALF, Box, Label, place_labels, place_ring_labels, tenths
from partners.worldmap.land import outline
from partners.worldmap.projection import EDGE, Point, distance_km, radius, to_map, view_from

RINGS_KM = (500, 1_000, 2_500, 5_000, 10_000)
SIZE, RING_SIZE = 15, 12  # of the names, of the distances
FOCUS_SIZE, FOCUS_RING_SIZE = 24, 19  # the map on a city's page is half as wide


@dataclass(frozen=True)
class Place:
    """A city on the map. Its name must come with its language if that is not the page's."""

    name: str
    latitude: float
    longitude: float
    hue: int = 0
    url: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Mark:
    """A place, its dot, and its label where there is room for one."""

    place: Place
    x: float
    y: float
    km: int
    label: Label | None


@dataclass(frozen=True)
class Ring:
    """All that is so many km from home; without a label if there is no room for it."""

    km: int
    radius: float
    label: Box | None


@dataclass(frozen=True)
class WorldMap:
    """What the template draws. ``marks`` keep the order of the places, which is the order of reading."""

    home: Mark
    marks: tuple[Mark, ...]
    focus: Mark | None
    rings: tuple[Ring, ...]
    land: str
    size: float
    ring_size: float
    view_box: str = f"{-HALF} {-HALF} {2 * HALF} {2 * HALF}"
    edge: float = round(EDGE, 1)
    dot: int = DOT

    @property
    def rays(self) -> tuple[Mark, ...]:
        return (self.focus,) if self.focus else self.marks

    @property
    def links(self) -> list[Mark]:
        """The marks that lead to their city; with a focus the map is a picture."""
        return [] if self.focus else [mark for mark in self.marks if mark.label]

    @property
    def plain_dots(self) -> list[Mark]:
        return [mark for mark in self.marks if mark != self.focus and (self.focus or not mark.label)]


def world_map(home: Place, places: Sequence[Place], focus: Place | None = None) -> WorldMap:
    """The map of all places, each with its ray and label; with ``focus`` only that place has them."""
    return _world_map(home, tuple(places), focus)


@lru_cache(maxsize=256)
def _world_map(home: Place, places: tuple[Place, ...], focus: Place | None) -> WorldMap:
    look = view_from(home.latitude, home.longitude)
    dots = [tenths(to_map(look(place.latitude, place.longitude))) for place in (home, *places)]
    is_shown = [focus in (None, place) for place in places]
    rays = list(compress(dots[1:], is_shown))
    size, ring_size = (FOCUS_SIZE, FOCUS_RING_SIZE) if focus else (SIZE, RING_SIZE)
    texts = [home.name, *(place.name if shown else "" for place, shown in zip(places, is_shown, strict=True))]
    labels = place_labels(texts, dots, rays, size)
    home_mark, *marks = (
        Mark(place, x, y, round(distance_km(home, place)), label)
        for place, (x, y), label in zip((home, *places), dots, labels, strict=True)
    )
    return WorldMap(
        home=home_mark,
        marks=tuple(marks),
        focus=next((mark for mark in marks if mark.place == focus), None),
        rings=_rings(dots, rays, [label for label in labels if label], ring_size),
        land=outline(home.latitude, home.longitude),
        size=size,
        ring_size=ring_size,
    )


def _rings(dots: list[Point], rays: list[Point], labels: list[Label], size: float) -> tuple[Ring, ...]:
    radii = [round(radius(km), 1) for km in RINGS_KM]
    taken = [Box.around(x, y, 2 * DOT, 2 * DOT) for x, y in dots] + [label.target for label in labels]
    boxes = place_ring_labels([f"{km:,} km" for km in RINGS_KM], radii, size, taken, rays)
    return tuple(Ring(*ring) for ring in zip(RINGS_KM, radii, boxes, strict=True))
