"""Countries of partner cities: those of ISO 3166, those with a user-assigned code, and other names people search for."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django_countries import Countries
from django_countries.fields import CountryField

# ISO 3166-1 leaves these codes to those who need them; COUNTRIES_OVERRIDE adds others: {"XI": "Northern Ireland"}.
USER_ASSIGNED = {"XK": _("Kosovo")}
# Former names, and common ones, that are not in the name shown.
OTHER_NAMES = {
    "BY": [_("Byelorussia")],
    "CD": [_("Zaire")],
    "CI": [_("Ivory Coast")],
    "CV": [_("Cape Verde")],
    "CZ": [_("Czech Republic"), _("Czechoslovakia")],
    "DE": [_("East Germany, GDR")],
    "GB": [_("UK, Great Britain")],
    "IR": [_("Persia")],
    "KH": [_("Kampuchea")],
    "LK": [_("Ceylon")],
    "MK": [_("Macedonia")],
    "MM": [_("Burma")],
    "NL": [_("Holland")],
    "RU": [_("Soviet Union, USSR")],
    "RS": [_("Yugoslavia")],
    "SK": [_("Czechoslovakia")],
    "SZ": [_("Swaziland")],
    "TH": [_("Siam")],
    "TL": [_("East Timor")],
    "TR": [_("Turkey")],
    "US": [_("USA")],
    "ZW": [_("Rhodesia")],
}


class PartnerCountries(Countries):
    """The list of countries, with those of USER_ASSIGNED and of the setting COUNTRIES_OVERRIDE."""

    @property
    def override(self) -> dict:
        return USER_ASSIGNED | (getattr(settings, "COUNTRIES_OVERRIDE", None) or {})


class PartnerCountryField(CountryField):
    """Model field: the country of a city. Its column is that of a CountryField."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"countries": PartnerCountries} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("countries")
        return name, "django_countries.fields.CountryField", args, kwargs


def names_of(country) -> list[str]:
    """The names by which a country is searched for, the shown one first."""
    return [str(country.name), *map(str, OTHER_NAMES.get(country.code, ()))]
