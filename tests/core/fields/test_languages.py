"""Languages: the direction in which each is written, and the names of its months."""

import pytest

from twinning.core.fields.languages import direction, months_called
from twinning.core.templatetags.text import lang


@pytest.mark.parametrize("tag", ["ar", "he", "fa", "ur", "ar-EG", "fa-AF", "ckb", "az-Arab", "ku-Arab-IQ", "yi", "dv"])
def test_language_is_written_from_right_to_left(tag):
    assert direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["de", "zh-Hans", "ar-Latn", "ks-Deva", "en-gb", "az", "tr", "fr-CA", "es-419"])
def test_language_is_written_from_left_to_right(tag):
    assert direction(tag) == "ltr"


def test_direction_stands_beside_the_language():
    assert lang("ar") == ' lang="ar" dir="rtl"'
    assert lang("de") == ' lang="de" dir="ltr"'
    assert lang("") == ""


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("oktober", {10}),
        ("jänner", {1}),
        ("října", {10}),
        ("août", {8}),
        ("listopad", {10, 11}),
        ("sept", {9}),
        ("x", set()),
    ],
)
def test_months_are_known_by_their_names_in_every_language(name, months):
    assert months_called(name) == months
