"""The files of the demonstration: small, with pictures for large screens, no two alike."""

from itertools import combinations

import pytest
from PIL import Image, ImageChops

from news.demo.records import FILES

PICTURES = sorted(FILES.glob("*.webp"))
LARGEST = 600_000


def opened(path) -> Image.Image:
    with Image.open(path) as picture:
        return picture.convert("RGB")


def test_files_are_600_kilobytes_at_most():
    assert sum(path.stat().st_size for path in FILES.iterdir()) <= LARGEST


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_picture_fills_a_large_screen(path):
    picture = opened(path)
    assert picture.size == (1440, 960)
    assert len(picture.reduce(8).getcolors(30_000)) > 100


def test_no_two_pictures_are_alike():
    assert len(PICTURES) > 1
    for one, other in combinations(map(opened, PICTURES), 2):
        assert ImageChops.difference(one, other).getbbox()
