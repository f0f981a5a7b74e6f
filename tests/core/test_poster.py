"""Pictures for sharing are drawn once for all who ask, in the colours of their page."""

from io import BytesIO

import pytest
from PIL import Image

from twinning.core import poster
from twinning.core.colours import tone
from twinning.core.poster import SIZE, Words

HUES = range(13)


def shown(words: Words) -> Image.Image:
    return Image.open(BytesIO(poster.drawn(words)))


@pytest.mark.parametrize("hue", HUES)
def test_ground_is_that_of_the_hue(hue):
    picture = shown(Words("Brno", hue=hue))
    assert picture.size == SIZE
    commonest = max(picture.crop((0, 200, 1200, 240)).getcolors(SIZE[0] * 40))[1]
    ground = tone(hue, 0.36) if hue else poster.GROUND
    assert all(abs(part - own) < 16 for part, own in zip(commonest, ground, strict=True))


def test_words_are_seen():
    assert poster.drawn(Words("Brno")) != poster.drawn(Words("Lille"))
    assert poster.drawn(Words("Brno", kind="City")) != poster.drawn(Words("Brno", kind="Theme"))
    assert poster.drawn(Words("Brno", detail="1991")) != poster.drawn(Words("Brno", detail="1992"))


def test_words_that_cannot_be_written_leave_the_cloth():
    assert poster.drawn(Words("杭州")) == poster.drawn(Words(""))


def test_a_crowd_costs_as_much_as_one():
    words = Words("A name that no other test draws")
    before = poster.drawn.cache_info()
    drawn = [poster.drawn(words) for _visitor in range(50)]
    after = poster.drawn.cache_info()
    assert len({id(one) for one in drawn}) == 1
    assert (after.misses - before.misses, after.hits - before.hits) == (1, 49)
    assert after.maxsize == poster.KEPT
