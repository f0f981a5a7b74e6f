"""The outline of the land as one SVG path, cut at the edge of the map.

Natural Earth, 1:110 million, public domain; docs/data-sources.md says where it comes from and how to renew it.
"""

import json
import math
from bisect import bisect_left
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path

from partners.worldmap.projection import EARTH_KM, EDGE, EDGE_KM, Point, Vector, directions_from, to_map

DATA = Path(__file__).resolve().parent.parent / "data" / "land-110m.json"
UNIT = 0.1  # the path is in whole tenths of a map unit: shorter to write
TOLERANCE = 0.4  # map units that the outline may be off
SLIVER = 3  # map units from the edge inwards that a coast must reach to be drawn
HORIZON = math.cos(EDGE_KM / EARTH_KM)  # the "up" of what lies on the edge


@lru_cache(maxsize=8)
def outline(latitude: float, longitude: float) -> str:
    """The land around a home: the ``d`` of an SVG path in tenths of map units, for the even-odd fill rule."""
    direction_of = directions_from(latitude, longitude)
    islands, coasts = [], []
    for ring in _rings():
        line = [direction_of(north, east) for east, north in ring]
        if all(up >= HORIZON for _, _, up in line):
            islands += _on_map([line])
        else:
            coasts += _on_map(_visible_coasts(line))
    shapes = [_island(line) for line in islands]
    if coasts:
        shapes += _joined_along_edge(coasts)
    elif _is_edge_on_land(islands):
        r = round(EDGE / UNIT)
        shapes.append(f"M{-r} 0a{r} {r} 0 1 1 {2 * r} 0a{r} {r} 0 1 1 {-2 * r} 0z")
    return "".join(shapes)


@cache
def _rings() -> list[list[Point]]:
    """Closed rings of (longitude, latitude) in degrees, land to the right.

    No edge is longer than 300 km: drawn straight it is at most 0.9 map units off its great circle.
    """
    rings = []
    for flat in json.loads(DATA.read_text()):
        east, north = accumulate(flat[::2]), accumulate(flat[1::2])
        rings.append([(x / 100, y / 100) for x, y in zip(east, north, strict=True)])
    return rings


def _between(a: Vector, b: Vector, share: float) -> Vector:
    east, north, up = (p + (q - p) * share for p, q in zip(a, b, strict=True))
    length = math.hypot(east, north, up)
    return east / length, north / length, up / length


def _visible_coasts(ring: list[Vector]) -> list[list[Vector]]:
    """The parts of a ring inside the edge of the map, each from its entry to its exit."""
    outside = next(i for i, (_, _, up) in enumerate(ring) if up < HORIZON)
    coasts = []
    for a, b in pairwise([*ring[outside:-1], *ring[: outside + 1]]):
        is_in, was_in = b[2] >= HORIZON, a[2] >= HORIZON
        if is_in != was_in:
            crossing = _between(a, b, (HORIZON - a[2]) / (b[2] - a[2]))
            if is_in:
                coasts.append([])
            coasts[-1].append(crossing)
        if is_in:
            coasts[-1].append(b)
    return coasts


def _on_map(lines: list[list[Vector]]) -> list[list[Point]]:
    """The lines in map coordinates; those that would only be a hairline along the edge are left out."""
    mapped = [[to_map(vector) for vector in line] for line in lines]
    return [line for line in mapped if min(math.hypot(*point) for point in line) < EDGE - SLIVER]


def _joined_along_edge(coasts: list[list[Point]]) -> list[str]:
    """Closed shapes: with land to its right, a coast that goes out goes on clockwise to the next that comes in."""
    coasts = sorted(coasts, key=lambda coast: _bearing(coast[0]))
    entries = [_bearing(coast[0]) for coast in coasts]
    r, shapes, left = round(EDGE / UNIT), [], set(range(len(coasts)))
    while left:
        current, shape = min(left), ""
        while current in left:
            left.remove(current)
            coast = _in_units(_simplified(coasts[current]))
            exit_bearing = _bearing(coasts[current][-1])
            current = bisect_left(entries, exit_bearing) % len(coasts)
            is_long = (entries[current] - exit_bearing) % math.tau > math.pi
            x, y = _in_units([coasts[current][0]])[0]
            shape += _relative(coast, start="" if shape else "M") + f"A{r} {r} 0 {is_long:d} 1 {x} {y}"
        shapes.append(shape + "z")
    return shapes


def _bearing(point: Point) -> float:
    return math.atan2(point[0], -point[1]) % math.tau


def _is_edge_on_land(rings: list[list[Point]]) -> bool:
    """Whether the whole edge is land, when no coast crosses it: told by the outermost coast due north of home."""
    crossings = [
        (min(a[1], b[1]), b[0] < a[0])
        for ring in rings
        for a, b in pairwise(ring)
        if (a[0] < 0) != (b[0] < 0) and a[1] < 0 and b[1] < 0
    ]
    return bool(crossings) and min(crossings)[1]  # westwards: land, to the right, lies beyond


def _island(ring: list[Point]) -> str:
    """A closed shape; empty if it would be too small to see."""
    far = max(range(len(ring)), key=lambda i: math.dist(ring[0], ring[i]))
    if math.dist(ring[0], ring[far]) < 3 * TOLERANCE:
        return ""
    corners = _simplified(ring[: far + 1])[:-1] + _simplified(ring[far:])[:-1]
    return _relative(_in_units(corners), start="M") + "z"


def _simplified(line: list[Point]) -> list[Point]:
    """The line with no more corners than the tolerance needs (Ramer 1972, Douglas and Peucker 1973)."""
    keep, open_spans = {0, len(line) - 1}, [(0, len(line) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        (ax, ay), (bx, by) = line[first], line[last]
        length = math.dist(line[first], line[last])
        furthest, offset = None, TOLERANCE
        for i in range(first + 1, last):
            x, y = line[i][0] - ax, line[i][1] - ay
            off = abs(x * (by - ay) - y * (bx - ax)) / length if length else math.hypot(x, y)
            if off > offset:
                furthest, offset = i, off
        if furthest:
            keep.add(furthest)
            open_spans += [(first, furthest), (furthest, last)]
    return [line[i] for i in sorted(keep)]


def _in_units(line: list[Point]) -> list[tuple[int, int]]:
    return [(round(x / UNIT), round(y / UNIT)) for x, y in line]


def _relative(line: list[tuple[int, int]], *, start: str) -> str:
    """Lines from point to point, after a move to the first one if ``start`` is M."""
    moves = [f"{bx - ax} {by - ay}" for (ax, ay), (bx, by) in pairwise(line) if (ax, ay) != (bx, by)]
    head = f"M{line[0][0]} {line[0][1]}" if start else ""
    return head + ("l" + " ".join(moves) if moves else "").replace(" -", "-")
