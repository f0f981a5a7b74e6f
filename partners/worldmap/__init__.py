"""The map of the partner cities, with the council's own city in the middle; partners/_map.html draws it.

``projection`` knows where a place lies, ``land`` draws the outlines, ``labels`` finds room for the names, ``clusters``
joins the dots of many cities. All numbers are SVG user units with home at (0, 0), rounded to a tenth. Everything is
computed once per process and input.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress

from partners.worldmap.clusters import Cluster, clusters_of
from partners.worldmap.labels import DOT, HALF, Box, Label, place_labels, place_ring_labels, to_tenths
from partners.worldmap.land import outline
from partners.worldmap.projection import EDGE, Point, directions_from, distance_km, radius, to_map

RINGS_KM = (500, 1_000, 2_500, 5_000, 10_000)
SIZE, RING_SIZE = 15, 12  # of the names, of the distances
FOCUS_SIZE, FOCUS_RING_SIZE = 24, 19  # the map on a city's page is half as wide
MOST_WITH_NAMES = 30  # cities on a map with rays and names; more are dots and clusters


@dataclass(frozen=True)
class Place:
    """A city on the map, with its name in the language of the site."""

    name: str
    latitude: float
    longitude: float
    hue: int = 0
    url: str = ""


@dataclass(frozen=True)
class Mark:
    """A place with its dot, and its label if there is room for one."""

    place: Place
    x: float
    y: float
    km: int
    label: Label | None


@dataclass(frozen=True)
class Ring:
    """A circle of equal distance from home, with its label if there is room for one."""

    km: int
    radius: float
    label: Box | None


@dataclass(frozen=True, eq=False)
class WorldMap:
    """The data for the template. ``marks`` keep the order of the places, which is the order of reading.

    A map of many cities has ``clusters`` in place of the marks, and leads nowhere: it is a picture.
    For the same places it is the same object, and hashed as such.
    """

    home: Mark
    marks: tuple[Mark, ...]
    focus: Mark | None
    rings: tuple[Ring, ...]
    land: str
    size: float
    ring_size: float
    clusters: tuple[Cluster, ...] = ()
    view_box: str = f"{-HALF} {-HALF} {2 * HALF} {2 * HALF}"
    edge: float = round(EDGE, 1)
    dot: int = DOT

    @property
    def number(self) -> int:
        """How many cities the clusters stand for."""
        return sum(cluster.number for cluster in self.clusters)

    @property
    def rays(self) -> tuple[Mark, ...]:
        return (self.focus,) if self.focus else self.marks

    @property
    def links(self) -> list[Mark]:
        """The marks that are links to their city; none with a focus, because the map is a picture then."""
        return [] if self.focus else [mark for mark in self.marks if mark.label]

    @property
    def plain_dots(self) -> list[Mark]:
        return [mark for mark in self.marks if mark != self.focus and (self.focus or not mark.label)]


def world_map(home: Place, places: Sequence[Place], focus: Place | None = None) -> WorldMap:
    """The map of all places, each with its ray and label; with ``focus`` only that one has a ray and a label.

    More than MOST_WITH_NAMES places are clusters.
    """
    if len(places) > MOST_WITH_NAMES and not focus:
        return _crowded_map(home, tuple(places))
    return _world_map(home, tuple(places), focus)


def _dots(home: Place, places: tuple[Place, ...]) -> list[Point]:
    """The positions of home and of the places."""
    direction_of = directions_from(home.latitude, home.longitude)
    return [to_tenths(to_map(direction_of(place.latitude, place.longitude))) for place in (home, *places)]


@lru_cache(maxsize=16)
def _crowded_map(home: Place, places: tuple[Place, ...]) -> WorldMap:
    [start, *dots] = _dots(home, places)
    clusters = clusters_of(dots, [place.hue for place in places])
    middles = [start, *((cluster.x, cluster.y) for cluster in clusters)]
    [label, *_none] = place_labels([home.name, *[""] * len(clusters)], middles, [], SIZE)
    return WorldMap(
        home=Mark(home, *start, 0, label),
        marks=(),
        focus=None,
        rings=_rings(middles, [], [label] if label else [], RING_SIZE),
        land=outline(home.latitude, home.longitude),
        size=SIZE,
        ring_size=RING_SIZE,
        clusters=clusters,
    )


@lru_cache(maxsize=256)
def _world_map(home: Place, places: tuple[Place, ...], focus: Place | None) -> WorldMap:
    dots = _dots(home, places)
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
