"""Pictures have the colours of the pages."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from twinning.core.colours import VIVID, degrees, oklch
from twinning.core.poster import AMBER, GROUND

TOKENS = (Path(settings.BASE_DIR) / "static/core/tokens.css").read_text()


def test_the_twelve_hues_are_those_of_the_pages():
    found = re.findall(r"\.hue-(\d+) \{ --hue: (\d+); --vivid: ([\d.]+);? \}", TOKENS)
    assert {int(number): (int(hue), float(vivid)) for number, hue, vivid in found} == {
        number: (degrees(number), vivid) for number, vivid in enumerate(VIVID, 1)
    }


@pytest.mark.parametrize(("name", "colour"), [("bar", GROUND), ("accent", AMBER)])
def test_the_site_has_its_own_colours(name, colour):
    lightness, chroma, hue = re.search(rf"--{name}: light-dark\(oklch\((\S+)% (\S+) (\S+)\)", TOKENS).groups()
    assert oklch(float(lightness) / 100, float(chroma), float(hue)) == colour


# The values of https://www.w3.org/TR/css-color-4/#ok-lab for pure colours, to three places.
@pytest.mark.parametrize(
    ("colour", "pure"),
    [
        ((0.628, 0.2577, 29.23), (255, 0, 0)),
        ((0.8664, 0.2948, 142.5), (0, 255, 0)),
        ((0.452, 0.3132, 264.05), (0, 0, 255)),
        ((1, 0, 0), (255, 255, 255)),
        ((0.5, 0, 0), (99, 99, 99)),
    ],
)
def test_oklch_is_that_of_css(colour, pure):
    assert all(abs(part - exact) <= 1 for part, exact in zip(oklch(*colour), pure, strict=True))
