"""The drawings of the demonstration are the same wherever they are drawn, and no two alike."""

from io import BytesIO

import pytest
from PIL import Image

from news.demo.pictures import DRAWN, canvas, drawing

# As the demonstration draws them; the rest of the suite has them drawn small.
PIXELS = canvas.PIXELS


@pytest.mark.parametrize("name", DRAWN)
def test_drawing_is_a_picture_for_large_screens(name, monkeypatch):
    monkeypatch.setattr(canvas, "PIXELS", PIXELS)
    with Image.open(BytesIO(DRAWN[name]())) as picture:
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (1440, 960))
        assert len(picture.reduce(8).getcolors(30_000)) > 100


def test_drawing_is_the_same_each_time():
    name = next(iter(DRAWN))
    assert DRAWN[name]() == drawing(name)


def test_no_two_are_alike():
    assert len({drawing(name) for name in DRAWN}) == len(DRAWN)
