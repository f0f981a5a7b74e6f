"""The ready pictures for sharing: one for each hue and one for the site, in the colours of the pages."""

import re
from math import cos, radians, sin
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from twinning.core.sharing.pictures import hue_of, sharing_picture

STATIC = Path(settings.BASE_DIR) / "static"
TOKENS = (STATIC / "core/tokens.css").read_text()
HUES = range(13)


def ready(hue: int) -> Path:
    return STATIC / sharing_picture(hue=hue).path.removeprefix("/static/")


def srgb(lightness: float, chroma: float, hue: float) -> tuple[float, ...]:
    """A colour of OKLCH from 0 to 255 (https://www.w3.org/TR/css-color-4/#color-conversion-code)."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return tuple(255 * (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055) for part in linear)


def ground(hue: int) -> tuple[float, ...]:
    """The ground of a page in a hue, or of the site, as tokens.css has it."""
    if not hue:
        lightness, chroma, angle = re.search(r"--bar: light-dark\(oklch\((\S+)% (\S+) (\S+)\)", TOKENS).groups()
        return srgb(float(lightness) / 100, float(chroma), float(angle))
    angle, vivid = re.search(rf"\.hue-{hue} {{ --hue: (\d+); --vivid: ([\d.]+);", TOKENS).groups()
    lightness, strength = re.search(r"--ground: oklch\((\d+)% calc\(([\d.]+) \* var\(--vivid\)\)", TOKENS).groups()
    return srgb(float(lightness) / 100, float(strength) * float(vivid), float(angle))


@pytest.mark.parametrize("hue", HUES)
def test_ready_picture_has_the_ground_of_its_hue(hue):
    with Image.open(ready(hue)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert picture.convert("RGB").getpixel((20, 20)) == pytest.approx(ground(hue), abs=4)


def test_every_ready_picture_is_another_one_and_all_are_light():
    contents = {ready(hue).read_bytes() for hue in HUES}
    assert len(contents) == len(HUES)
    assert sum(map(len, contents)) <= 250_000


def test_no_ready_picture_is_left_over():
    assert {*(STATIC / "core/sharing").iterdir()} == {ready(hue) for hue in HUES}


def test_hue_is_that_of_the_first_city_by_name():
    assert hue_of([{"name": "Zwolle", "hue": 9}, {"name": "Brno", "hue": 7}]) == 7
    assert hue_of([]) == 0
