"""Words in pictures fit, and no box stands where a letter should be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from twinning.core.lettering import _font, _is_box, fit, writable

ROOM = {"width": 600, "height": 200, "sizes": (80, 60, 40)}


@pytest.mark.parametrize(
    "text", ["Łódź", "České Budějovice", "Århus", "Timișoara", "Kırşehir", "Θεσσαλονίκη", "Київ", "Huế"]
)
def test_names_of_european_cities_are_written_as_they_are(text):
    assert writable(text) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("A delegation from Hangzhou (杭州) arrives", "A delegation from Hangzhou arrives"),
        ("Leeds 🎉 celebrates", "Leeds celebrates"),
        ("杭州", ""),
        ("مدينة Leeds", ""),
        ("a\u0308rger", "ärger"),
    ],
)
def test_what_the_font_does_not_know_is_left_out(text, written):
    assert writable(text) == written


@given(st.text(max_size=40))
def test_no_box_is_ever_written(text):
    assert not any(_is_box(character) for character in writable(text) if character != " ")


@given(st.text(st.characters(codec="latin-1"), max_size=200))
def test_every_text_fits(text):
    lines = fit(text, **ROOM)
    assert lines.height <= ROOM["height"] + 1
    assert all(_font(lines.size, lines.weight).getlength(line) <= ROOM["width"] for line in lines.lines)


def test_short_text_is_large_and_long_text_small_and_cut():
    assert fit("Brno", **ROOM).size == 80
    long = fit("Leeds and Dortmund renew their agreement " * 5, **ROOM)
    assert long.size == 40
    assert long.lines[-1].endswith("…")


def test_word_that_is_too_wide_is_cut():
    assert fit("Donaudampfschifffahrtsgesellschaft" * 2, **ROOM).lines[0].endswith("…")


def test_lines_stand_below_each_other():
    lines = fit("Leeds and Dortmund sign again", **ROOM)
    picture = Image.new("L", (700, 300))
    lines.draw(ImageDraw.Draw(picture), 20, 30, 255)
    left, top, right, bottom = picture.getbbox()
    assert 18 <= left < right <= 620
    assert 30 <= top < bottom <= 30 + lines.height + 2
