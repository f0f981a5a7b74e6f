#!/usr/bin/env python3
"""Make partners/data/land-110m.json from the land-110m.json of the npm package world-atlas.

    bin/convert_land.py land-110m.json > partners/data/land-110m.json

The source is TopoJSON (github.com/topojson/topojson-specification): arcs of quantised, delta-encoded points that
rings refer to by number, ~number for an arc walked backwards. The result is one flat list per ring in hundredths of a
degree, [longitude, latitude, then the differences to the point before ...]. Land lies to the right of every ring,
which partners/worldmap/land.py relies on.
"""

import json
import sys
from itertools import accumulate, pairwise
from pathlib import Path


def points_of_arc(arc, transform):
    """The arc's points in hundredths of a degree."""
    (x_scale, y_scale), (x_shift, y_shift) = transform["scale"], transform["translate"]
    steps = accumulate(arc, lambda point, step: (point[0] + step[0], point[1] + step[1]))
    return [(round(100 * (x * x_scale + x_shift)), round(100 * (y * y_scale + y_shift))) for x, y in steps]


def points_of_ring(numbers, arcs):
    """The arcs one after the other; the point where two of them meet is kept once."""
    points = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += [point for point in arc if not points or point != points[-1]]
    return points


def deltas(points):
    flat = [*points[0]]
    for (x0, y0), (x1, y1) in pairwise(points):
        flat += [x1 - x0, y1 - y0]
    return flat


def main(path):
    topology = json.loads(Path(path).read_text())
    arcs = [points_of_arc(arc, topology["transform"]) for arc in topology["arcs"]]
    polygons = [polygon for shape in topology["objects"]["land"]["geometries"] for polygon in shape["arcs"]]
    rings = [points_of_ring(ring, arcs) for polygon in polygons for ring in polygon]
    lines = ",\n".join(json.dumps(deltas(ring), separators=(",", ":")) for ring in rings if len(ring) > 3)
    print(f"[\n{lines}\n]")


if __name__ == "__main__":
    main(sys.argv[1])
