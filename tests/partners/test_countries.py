"""Countries: user-assigned codes can be chosen, other names are found."""

import pytest

from partners.models import City
from tests.back_office import press
from tests.factories import make_city, publish


@pytest.mark.django_db
def test_kosovo_can_be_chosen_and_has_its_name(editor, client):
    city = make_city("Pristina")
    press(editor, city, country="XK")
    city.refresh_from_db()
    assert (city.country.code, city.country.name) == ("XK", "Kosovo")
    assert "Kosovo" in client.get(publish(city).get_absolute_url()).content.decode()


def test_council_can_add_other_user_assigned_codes(settings):
    settings.COUNTRIES_OVERRIDE = {"XI": "Northern Ireland"}
    countries = type(City._meta.get_field("country").countries)()
    assert (countries.name("XI"), countries.name("XK"), countries.name("DE")) == (
        "Northern Ireland",
        "Kosovo",
        "Germany",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("country", "words"), [("NL", "Holland"), ("CZ", "Czechoslovakia"), ("MM", "burma"), ("XK", "kosovo")]
)
def test_city_is_found_by_another_name_of_its_country(client, country, words):
    publish(make_city("Somewhere", country=country))
    assert "Somewhere" in client.get("/search/", {"q": words}).content.decode()
