"""The index of many partner cities: by country and letter, narrowed by words; for fewer than MOST_AS_CARDS there is none."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from partners import queries
from partners.countries import PartnerCountries, names_of
from partners.models import City
from twinning.core.fields.folding import sort_key
from twinning.core.web.filters import FilterLink
from twinning.core.web.http import query_string, text_parameter
from twinning.core.web.paging import numbered_page

MOST_AS_CARDS = 30
MOST_ON_A_PAGE = 60


class Country(NamedTuple):
    """A country and those of its cities that are shown."""

    name: str
    cities: list[City]


def _letter(name: str) -> str:
    return sort_key(name)[:1].upper()


class CityIndex:
    """What a request asks of the index: ``found`` has the cities with the words, the country and the letter."""

    def __init__(self, request, cities: Sequence[City]):
        names = {code: str(PartnerCountries().name(code)) for code in {city.country.code for city in cities}}
        self.countries = dict(sorted(names.items(), key=lambda country: sort_key(country[1])))
        place = {code: number for number, code in enumerate(self.countries)}
        self.cities = sorted(cities, key=lambda city: (place[city.country.code], sort_key(city.name), city.slug))
        self.words = text_parameter(request, "q")
        self.former_names = defaultdict(list)
        for former in queries.former_names(at=request.visit.at) if self.words else ():
            self.former_names[former.city_id].append(str(former))
        letters = {_letter(city.name) for city in self.cities}
        asked = {"country": text_parameter(request, "country"), "letter": text_parameter(request, "letter")}
        self.country = asked["country"] if asked["country"] in self.countries else ""
        self.letter = asked["letter"].upper() if asked["letter"].upper() in letters else ""
        known = {"country": self.country, "letter": self.letter}
        self.unknown = [text[:50] for name, text in asked.items() if text and not known[name]]
        self.fitting = [city for city in self.cities if self._fits(city)]
        self.found = [city for city in self.fitting if self.letter in ("", _letter(city.name))]
        self.page = numbered_page(request, self.found, size=MOST_ON_A_PAGE, **self._kept)

    def _fits(self, city: City) -> bool:
        if self.country not in ("", city.country.code):
            return False
        wanted = sort_key(self.words).split()
        own = [city.name, city.local_name, city.other_names, *self.former_names[city.pk]]
        names = [*own, *names_of(city.country)] if wanted else []
        return all(word in sort_key(" ".join(names)) for word in wanted)

    @property
    def _kept(self) -> dict[str, str]:
        return {"q": self.words, "country": self.country, "letter": self.letter}

    @property
    def is_narrowed(self) -> bool:
        return any(self._kept.values())

    @property
    def letters(self) -> list[FilterLink]:
        """All letters, then those with which the cities begin that have the words and the country."""
        numbers = Counter(_letter(city.name) for city in self.fitting)
        return [
            FilterLink(_("All letters"), self._address(letter=""), not self.letter),
            *(FilterLink(letter, self._address(letter=letter), letter == self.letter) for letter in sorted(numbers)),
        ]

    @property
    def overview(self) -> list[FilterLink]:
        """The countries with their number of cities, in place of more cities than a page has room for."""
        if self.is_narrowed or len(self.found) <= MOST_ON_A_PAGE:
            return []
        numbers = Counter(city.country.code for city in self.found)
        return [
            FilterLink(name, self._address(country=code), False, numbers[code]) for code, name in self.countries.items()
        ]

    @property
    def groups(self) -> list[Country]:
        """The cities of the page by country."""
        by_country = groupby(self.page.records, lambda city: city.country.code)
        return [Country(self.countries[code], list(cities)) for code, cities in by_country]

    def _address(self, **changed: str) -> str:
        return reverse("partners:cities") + query_string(**self._kept | changed)
