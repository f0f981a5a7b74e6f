"""The map of the partner cities: projection, outline of the land, labels and drawing."""

import gzip
import json
import math
import re
import subprocess
import sys
from itertools import combinations, pairwise
from types import SimpleNamespace

import pytest
from django.conf import settings as project
from django.template import engines
from django.utils import translation
from hypothesis import example, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from partners.worldmap import Place, distance_km, world_map
from partners.worldmap.clusters import clusters_of
from partners.worldmap.labels import DOT, HALF, Box
from partners.worldmap.land import outline
from partners.worldmap.projection import EDGE, directions_from, to_map

LEEDS = Place("Leeds", 53.7997, -1.5491)
HOMES = {
    "Leeds": (53.7997, -1.5491),
    "Wellington": (-41.2866, 174.7756),
    "Quito": (-0.1807, -78.4678),
    "Reykjavík": (64.1466, -21.9426),
    "Suva": (-18.1416, 178.4419),
    "north pole": (90, 0),
    "antipode of Central Asia": (-45, -90),
}
PARTNERS = [
    Place("Siegen", 50.8748, 8.0243, 5, "/cities/siegen/"),
    Place("Lille", 50.6292, 3.0573, 1, "/cities/lille/"),
    Place("Dortmund", 51.5136, 7.4653, 2, "/cities/dortmund/"),
    Place("Hangzhou", 30.2741, 120.1551, 6, "/cities/hangzhou/"),
    Place("Brno", 49.1951, 16.6068, 9, "/cities/brno/"),
    Place("Durban", -29.8587, 31.0218, 11, "/cities/durban/"),
]
# Ten towns so near to one another that their names stand far off, each at the end of a line.
NEIGHBOURS = [
    Place(f"Neustadt {number}", *spot)
    for number, spot in enumerate(
        [(51.6, 5.7), (51.7, 4.8), (52.1, 7.3), (51.8, 4.6), (51.5, 5.3), (51.0, 7.8), (52.5, 4.2), (52.2, 6.4), (51.3, 5.1), (51.8, 5.8)]
    )
]  # fmt: skip
# Far enough from any coast that the simplified outline cannot matter.
INLAND = [(55, 83), (38, -98), (-15, -48), (-24, 133), (12, 18), (-85, 0), (45, 85)]
AT_SEA = [(0, -140), (-40, -110), (35, -45), (-30, 85), (45, -170), (-25, -15), (-55, -140), (15, 170)]

latitudes = st.floats(-90, 90, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)
spots = st.builds(SimpleNamespace, latitude=latitudes, longitude=longitudes)
# Crowded on purpose: identical, neighbouring, antipodal and far places, names of any length and script.
crowded = st.one_of(
    st.tuples(latitudes, longitudes),
    st.sampled_from([(53.7997, -1.5491), (-53.7997, 178.4509), (50.8748, 8.0243), (90.0, 0.0)]),
    st.tuples(st.floats(49, 53), st.floats(2, 9)),
)
names = st.one_of(
    st.text("Abcdilmw ñŁ'-杭州Ж", min_size=1, max_size=30).filter(str.strip),
    st.sampled_from(["Lille", "Frankfurt am Main", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"]),
)
places = st.lists(st.builds(lambda name, spot: Place(name, *spot), names, crowded), max_size=30)


@pytest.mark.parametrize(
    ("name", "km"),
    [("Siegen", 726), ("Lille", 472), ("Dortmund", 658), ("Hangzhou", 9121), ("Brno", 1352), ("Durban", 9817)],
)
def test_distances_from_leeds(name, km):
    partner = next(place for place in PARTNERS if place.name == name)
    assert round(distance_km(LEEDS, partner)) == km


@given(home=spots, spot=spots)
def test_bearing_is_kept_and_nothing_lies_beyond_the_edge(home, spot):
    x, y = to_map(directions_from(home.latitude, home.longitude)(spot.latitude, spot.longitude))
    assert math.hypot(x, y) <= EDGE + 1e-6
    if 1 < distance_km(home, spot) < 20_000:
        a, b = math.radians(home.latitude), math.radians(spot.latitude)
        east = math.radians(spot.longitude - home.longitude)
        bearing = math.atan2(
            math.sin(east) * math.cos(b), math.cos(a) * math.sin(b) - math.sin(a) * math.cos(b) * math.cos(east)
        )
        assert math.cos(math.atan2(x, -y) - bearing) == pytest.approx(1, abs=1e-6)


def corners(path):
    """The closed shapes of an SVG path in tenths of map units, as lists of points; arcs in small steps."""
    shapes, r = [], EDGE * 10
    for command, numbers in re.findall(r"([MlAaz])([-\d ]*)", path):
        values = [int(number) for number in re.findall(r"-?\d+", numbers)]
        if command == "M":
            shapes.append([(values[0], values[1])])
        elif command == "l":
            for dx, dy in zip(values[::2], values[1::2], strict=True):
                x, y = shapes[-1][-1]
                shapes[-1].append((x + dx, y + dy))
        elif command in ("A", "a"):
            (x0, y0), (x, y) = shapes[-1][-1], values[5:]
            x, y = (x0 + x, y0 + y) if command == "a" else (x, y)
            start = math.atan2(x0, -y0)
            turn = (math.atan2(x, -y) - start) % math.tau
            assert (turn > math.pi + 1e-3) <= values[3]
            bearings = [start + turn * i / 90 for i in range(91)]
            shapes[-1] += [(r * math.sin(bearing), -r * math.cos(bearing)) for bearing in bearings]
    return shapes


def is_inside(shapes, point):
    """Whether a point lies inside the shapes by the even-odd rule."""
    px, py = point[0] * 10, point[1] * 10
    edges = [edge for shape in shapes for edge in pairwise([*shape, shape[0]])]
    crossed = [(y0 > py) != (y1 > py) and px < x0 + (py - y0) * (x1 - x0) / (y1 - y0) for (x0, y0), (x1, y1) in edges]
    return sum(crossed) % 2 == 1


@runs(max_examples=60, deadline=None)
@given(latitude=latitudes, longitude=longitudes)
@example(*HOMES["antipode of Central Asia"])  # the whole edge is land
@example(*HOMES["Suva"])
@example(*HOMES["north pole"])
def test_land_is_land_and_sea_is_sea_from_anywhere(latitude, longitude):
    home = SimpleNamespace(latitude=latitude, longitude=longitude)
    look, shapes = directions_from(latitude, longitude), corners(outline(latitude, longitude))
    assert max(math.hypot(*point) for shape in shapes for point in shape) <= EDGE * 10 + 1
    for spot in INLAND + AT_SEA:
        if distance_km(home, SimpleNamespace(latitude=spot[0], longitude=spot[1])) < 17_000:
            assert is_inside(shapes, to_map(look(*spot))) == (spot in INLAND), spot


@pytest.mark.parametrize("name", HOMES)
def test_nothing_runs_along_the_edge_as_a_hairline(name):
    for shape in corners(outline(*HOMES[name])):
        depth = EDGE - min(math.hypot(*point) for point in shape) / 10
        assert depth > 2.5 or depth < 0.2  # the whole edge, as one circle, is no hairline


def steps(line):
    (x0, y0), (x1, y1) = line
    return [(x0 + (x1 - x0) * i / 100, y0 + (y1 - y0) * i / 100) for i in range(101)]


def do_cross(one, other):
    """Whether two lines meet between their ends (not if they are parallel)."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = *one, *other
    slant = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    along_one = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) * math.copysign(1, slant)
    along_other = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) * math.copysign(1, slant)
    return bool(slant) and 0 < along_one < abs(slant) and 0 < along_other < abs(slant)


def assert_nothing_collides(world):
    marks = [world.home, *world.marks]
    dots = [Box.around(mark.x, mark.y, 2 * DOT, 2 * DOT) for mark in marks]
    labelled = [(i, mark.label) for i, mark in enumerate(marks) if mark.label]
    for (_, a), (_, b) in combinations(labelled, 2):
        assert not a.target.overlaps(b.target)
        assert not (a.leader and b.leader and do_cross(a.leader, b.leader))
    for i, label in labelled:
        assert not any(label.text.overlaps(dot) for dot in dots)
        assert not any(label.target.overlaps(dot) for j, dot in enumerate(dots) if j != i)
        assert max(map(abs, label.target)) <= HALF
        assert min(label.target.width, label.target.height) * 480 >= 24 * 2 * HALF
        if label.leader:
            for x, y in steps(label.leader):
                assert not any(Box(x, y, x, y).overlaps(other.target) for j, other in labelled if j != i)
                assert min(math.dist((x, y), (mark.x, mark.y)) for mark in marks) > DOT
    taken = [*dots, *(label.target for _, label in labelled)]
    rings = [ring.label for ring in world.rings if ring.label]
    assert not any(ring.overlaps(box) for ring in rings for box in taken)
    assert not any(a.overlaps(b) for a, b in combinations(rings, 2))


@runs(max_examples=40, deadline=None)
@given(home=st.sampled_from(list(HOMES)), places=places)
@example("Leeds", NEIGHBOURS)
def test_labels_never_collide(home, places):
    assert_nothing_collides(world_map(Place(home, *HOMES[home]), places))


@runs(max_examples=30, deadline=None)
@given(home=st.sampled_from(list(HOMES)), spots=st.lists(crowded, min_size=31, max_size=200))
def test_clusters_count_every_city_and_keep_clear_of_home(home, spots):
    world = world_map(Place(home, *HOMES[home]), [Place("Neustadt", *spot) for spot in spots])
    assert world.number == len(spots)
    assert min(math.hypot(one.x, one.y) - one.radius for one in world.clusters) > DOT
    assert not world.marks


@runs(max_examples=30, deadline=None)
@given(dots=st.lists(st.tuples(st.floats(100, 200), st.floats(100, 200)), max_size=100))
def test_clusters_away_from_home_never_overlap(dots):
    assert not any(one.overlaps(other) for one, other in combinations(clusters_of(dots, [1] * len(dots)), 2))


@runs(max_examples=20, deadline=None)
@given(places=places.filter(bool))
def test_labels_never_collide_around_one_city(places):
    world = world_map(LEEDS, places, places[0])
    assert_nothing_collides(world)
    assert world.focus.place == places[0]
    assert {mark.place for mark in world.marks if mark.label} <= {places[0]}


@runs(max_examples=40, deadline=None)
@given(home=spots, spot=spots)
def test_a_city_alone_has_its_name_on_the_map(home, spot):
    home = Place("Kingston upon Hull", home.latitude, home.longitude)
    world = world_map(home, [Place("Frankfurt am Main", spot.latitude, spot.longitude)])
    assert world.marks[0].label
    assert world.home.label


def test_every_city_of_leeds_has_its_name_on_the_map():
    world = world_map(LEEDS, PARTNERS)
    assert all(mark.label for mark in (world.home, *world.marks))
    assert all(ring.label for ring in world.rings)


def test_map_is_computed_once():
    assert world_map(LEEDS, PARTNERS) is world_map(LEEDS, list(PARTNERS))


def cities(places=PARTNERS):
    return [SimpleNamespace(**vars(place), get_absolute_url=lambda url=place.url: url) for place in places]


def render(cities, focus=None):
    template = engines["django"].from_string("{% load maps %}{% world_map cities focus=focus %}")
    return template.render({"cities": cities, "focus": focus})


def test_links_on_the_map_are_in_the_order_of_the_list():
    drawing, _, listed = render(cities()).partition("</svg>")
    urls = [place.url for place in PARTNERS]
    assert re.findall(r'<a [^>]*href="([^"]+)"', drawing) == urls
    assert re.findall(r'<a [^>]*href="([^"]+)"', listed) == urls


def test_city_without_room_for_its_name_stays_in_the_list():
    crowd = [Place(f"Neustadt an der Weinstraße {n}", 49.35, 8.14, 1, f"/cities/{n}/") for n in range(30)]
    drawing, _, listed = render(cities(crowd)).partition("</svg>")
    on_map = re.findall(r'<a [^>]*href="([^"]+)"', drawing)
    assert 0 < len(on_map) < 30
    assert listed.count("is-on-map") == len(on_map)
    assert listed.count("<a ") == 30


def test_page_of_a_city_shows_its_ray_only():
    html = render(cities(), focus=cities()[2])
    assert html.count('class="ray') == 1
    assert 'role="img"' in html
    assert "<a " not in html
    assert "Dortmund on the world as seen from Leeds, 658\xa0km away." in html


def test_numbers_in_the_drawing_do_not_follow_the_language():
    with translation.override("de"):
        html = render(cities())
    assert "9.121\xa0km" in html
    assert not re.search(r'="[-\d.]+,\d', html)


def test_drawing_needs_no_inline_style():
    assert "style=" not in render(cities())


@pytest.mark.parametrize("name", HOMES)
def test_map_of_thirty_cities_is_at_most_16_kb(name, settings):
    settings.HOME_LATITUDE, settings.HOME_LONGITUDE = HOMES[name]
    many = [Place(f"Partner {n}", 75 - 4.9 * n, n * 47 % 360 - 180, 1 + n % 12, f"/cities/{n}/") for n in range(30)]
    assert len(gzip.compress(render(cities(many)).encode())) <= 16_000


def test_land_data_is_converted_from_topojson(tmp_path):
    # Two arcs; the second is walked backwards, and the point where they meet is kept once.
    source = tmp_path / "land.json"
    source.write_text(json.dumps({
        "transform": {"scale": [0.5, 0.25], "translate": [-10, 50]},
        "arcs": [[[0, 0], [2, 4]], [[0, 0], [4, 0], [-2, 4]]],
        "objects": {"land": {"geometries": [{"type": "MultiPolygon", "arcs": [[[0, -2]]]}]}},
    }))  # fmt: skip
    script = project.BASE_DIR / "bin" / "convert_land.py"
    result = subprocess.run([sys.executable, script, source], capture_output=True, text=True, check=True)
    assert json.loads(result.stdout) == [[-1000, 5000, 100, 100, 100, -100, -200, 0]]


def test_rounding_takes_nothing_from_a_target():
    assert {Box.around(hundredths / 100, 0, 30, 30).width for hundredths in range(100)} == {30}
