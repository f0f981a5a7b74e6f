"""Coordinates are rounded, not refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.models import City
from tests.back_office import form_url, press
from tests.errors import codes_in
from tests.factories import make_city
from twinning.core.fields.numbers import CoordinateField

pytestmark = pytest.mark.django_db


def test_coordinate_with_more_digits_is_rounded(editor):
    city = make_city()
    press(editor, city, latitude="51.51358999911", longitude="-7.4653000000000001")
    city.refresh_from_db()
    assert (city.latitude, city.longitude) == (Decimal("51.51359"), Decimal("-7.46530"))
    assert (
        'name="latitude" value="51.51359" step="any"'
        in editor.get(form_url(City) if not city else form_url(city)).content.decode()
    )


def test_coordinate_is_rounded_by_a_plain_save():
    city = make_city(latitude="51.5135899", longitude=7.46530000001)
    city.refresh_from_db()
    assert (city.latitude, city.longitude) == (Decimal("51.51359"), Decimal("7.46530"))


@pytest.mark.parametrize("typed", ["91", "NaN", "1e999", "north", "Infinity", "-90.000006"])
def test_what_is_no_latitude_is_refused(editor, typed):
    assert [code for code in codes_in(press(editor, make_city(), latitude=typed)) if code.startswith("latitude")]


@given(st.decimals(-180, 180))
def test_any_coordinate_keeps_its_place_to_a_metre(value):
    if value.is_finite():
        assert abs(CoordinateField().to_python(value) - value) <= Decimal("0.000005")
