"""The world as seen from home: bearing is kept, distance runs on a logarithmic scale.

Azimuthal projection: https://en.wikipedia.org/wiki/Azimuthal_equidistant_projection, with the logarithm in place of the
plain distance. All map coordinates have home at (0, 0), x to the east and y downwards, as SVG has it.
"""

import math
from collections.abc import Callable
from typing import Protocol

EARTH_KM = 6371.0088  # mean radius, IUGG
# The scale: RADIUS map units at 13,000 km; below some 350 km it is nearly linear. The map ends at EDGE_KM: the rest, a
# cap around the antipode, would be smeared along the rim. What lies there is shown on the rim, in its true direction.
RADIUS, RADIUS_KM, NEAR_KM, EDGE_KM = 266, 13_000, 350, 18_000

Vector = tuple[float, float, float]
Point = tuple[float, float]


class Located(Protocol):
    """An object with coordinates in degrees, such as a Place of the map or a City."""

    latitude: float
    longitude: float


def distance_km(a: Located, b: Located) -> float:
    """Great-circle distance in km, by the haversine formula (R. W. Sinnott, Sky & Telescope 68, 1984, p. 159)."""
    north_a, north_b = math.radians(a.latitude), math.radians(b.latitude)
    east = math.radians(b.longitude) - math.radians(a.longitude)
    h = math.sin((north_b - north_a) / 2) ** 2 + math.cos(north_a) * math.cos(north_b) * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


def radius(km: float) -> float:
    """Map units between home and a place that many km away; no more than the edge of the map."""
    return RADIUS * math.log1p(min(km, EDGE_KM) / NEAR_KM) / math.log1p(RADIUS_KM / NEAR_KM)


EDGE = radius(EDGE_KM)


def directions_from(latitude: float, longitude: float) -> Callable[[float, float], Vector]:
    """A function from latitude and longitude to a unit vector (east, north, up), as seen from home."""
    north, meridian = math.radians(latitude), math.radians(longitude)
    sin_home, cos_home = math.sin(north), math.cos(north)

    def direction_of(latitude: float, longitude: float) -> Vector:
        north, east = math.radians(latitude), math.radians(longitude) - meridian
        outward, polar = math.cos(north) * math.cos(east), math.sin(north)
        return (
            math.cos(north) * math.sin(east),
            cos_home * polar - sin_home * outward,
            sin_home * polar + cos_home * outward,
        )

    return direction_of


def to_map(vector: Vector) -> Point:
    """The map coordinates of the place in the direction of a unit vector (east, north, up)."""
    east, north, up = vector
    level = math.hypot(east, north)
    if not level:  # home itself, or its antipode: every direction is right
        return (0.0, 0.0) if up > 0 else (0.0, -EDGE)
    scale = radius(EARTH_KM * math.atan2(level, up)) / level
    return east * scale, -north * scale
