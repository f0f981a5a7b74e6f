"""Languages: the direction in which each is written."""

import pytest

from twinning.core.fields.languages import direction
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
