"""The dots of a map with many cities: those that would lie on one another stand as one dot, with their number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from partners.worldmap.labels import DOT, to_tenths
from partners.worldmap.projection import Point

AIR = 2  # between two dots


@dataclass(frozen=True)
class Cluster:
    """One city or several near one another, at their middle; ``hue`` is that of the city if it is one."""

    x: float
    y: float
    number: int = 1
    hue: int = 0

    @property
    def radius(self) -> float:
        """Larger with the number, with room for its digits."""
        return DOT if self.number == 1 else round(min(9 + 2 * math.log2(self.number), 24), 1)

    def overlaps(self, other: Self) -> bool:
        return math.dist((self.x, self.y), (other.x, other.y)) < self.radius + other.radius + AIR

    def joined(self, other: Self) -> Self:
        number = self.number + other.number
        middle = (
            (one * self.number + two * other.number) / number for one, two in ((self.x, other.x), (self.y, other.y))
        )
        return type(self)(*middle, number)

    def beside_home(self) -> Self:
        """The same, moved outwards until the dot of home stands free; rounded as everything on the map."""
        far, least = math.hypot(self.x, self.y), self.radius + DOT + AIR
        push = max(1, least / far) if far else 0
        x, y = to_tenths((self.x * push, self.y * push) if far else (0, least))
        return type(self)(x, y, self.number, self.hue)


def clusters_of(dots: Sequence[Point], hues: Sequence[int]) -> tuple[Cluster, ...]:
    """The clusters of all dots, no two of which overlap unless home pushed them together; the largest first."""
    clusters: list[Cluster] = []
    for (x, y), hue in zip(dots, hues, strict=True):
        cluster = Cluster(x, y, 1, hue)
        # What grows may come to lie on another one.
        while near := next((other for other in clusters if other.overlaps(cluster)), None):
            clusters.remove(near)
            cluster = near.joined(cluster)
        clusters.append(cluster)
    return tuple(sorted((cluster.beside_home() for cluster in clusters), key=lambda one: -one.number))
