"""Checks of texts against the register: names of partner cities, and how many years a partnership has lasted."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import City, Memorandum, Milestone
from twinning.core.fields.dates import PartialDate
from twinning.core.writing.checks import Check, Draft, Finding
from twinning.core.writing.language import LANGUAGE_CHECKS, around

# Only sentences about a partnership are compared: “for 12 years an orchestra” says nothing of it.
_PARTNERSHIP = re.compile(
    r"\b(partner|twin|friend|link(ed|s)? (with|to|between)|ties|anniversary|together)", re.IGNORECASE
)
_YEARS = re.compile(r"\b(?P<number>\d{1,3})(?:[ \xa0-](?:full )?years?\b|(?:st|nd|rd|th) anniversary\b)", re.IGNORECASE)
_SINCE = re.compile(r"\bsince (?P<year>1[0-9]{3}|20[0-9]{2})\b", re.IGNORECASE)


def other_names(draft: Draft) -> Iterator[Finding]:
    """Another name of a partner city where its name in English is the one that the site writes."""
    cities = City.objects.exclude(other_names="").only("name", "local_name", "other_names")
    aliases = [(alias, city) for city in cities for alias in _aliases(city)]
    for passage in draft.passages if aliases else ():
        for paragraph in passage.paragraphs if passage.is_in_site_language else ():
            for alias, city in aliases:
                if alias in paragraph and (found := re.search(rf"(?<!\w){re.escape(alias)}(?!\w)", paragraph)):
                    said = _("“%(alias)s” is another name of %(city)s, which this site calls “%(city)s”.")
                    where = around(paragraph, *found.span())
                    yield Finding(said % {"alias": alias, "city": city}, where, passage.where, passage.anchor, city)


def _aliases(city: City) -> set[str]:
    named = {name.strip() for name in city.other_names.split(",")}
    return {name for name in named if name and name not in (city.name, city.local_name)}


def years_of_partnerships(draft: Draft) -> Iterator[Finding]:
    """A number of years, or a year, that the register does not know of the city in the same sentence."""
    cities = cities_of(draft.record)
    known = _dates(cities) if cities else {}
    for passage in draft.passages if cities else ():
        for sentence in passage.sentences if passage.is_in_site_language else ():
            named = [city for city in cities if city.name in sentence] or (cities if len(cities) == 1 else [])
            if len(named) == 1 and _PARTNERSHIP.search(sentence):
                for said, excerpt in _compared(sentence, named[0], known[named[0].pk], draft):
                    yield Finding(said, excerpt, passage.where, passage.anchor, named[0])


def cities_of(record) -> list[City]:
    """The partner cities that a record is about."""
    if isinstance(record, City):
        return [record]
    return list(record.cities.all()) if hasattr(record, "cities") else []


def _dates(cities: Iterable[City]) -> dict[int, list[PartialDate]]:
    """All dates that the register knows of each city: of the partnership, its agreements and its milestones."""
    known = {city.pk: [date for date in (city.since, city.anniversaries_from) if date] for city in cities}
    signed = Memorandum.objects.filter(cities__in=known, signed_earliest__isnull=False)
    happened = Milestone.objects.filter(city__in=known, date_earliest__isnull=False)
    for city, date in [*signed.values_list("cities", "signed"), *happened.values_list("city", "date")]:
        if city in known:
            known[city].append(date)
    return known


def _compared(sentence: str, city: City, known: list[PartialDate], draft: Draft) -> Iterator[tuple[str, str]]:
    if not city.since:
        return
    has_lasted = city.since.full_years(on=draft.on)
    register = _("The register has %(city)s since %(since)s.") % {"city": city, "since": city.since}
    if has_lasted:
        register = _("The register has %(city)s since %(since)s, %(years)d years ago.") % {
            "city": city,
            "since": city.since,
            "years": has_lasted,
        }
    for found in _YEARS.finditer(sentence):
        if not any(_may_be(int(found["number"]), date, draft) for date in known):
            yield register, around(sentence, *found.span())
    for found in _SINCE.finditer(sentence):
        if not any(date.earliest.year <= int(found["year"]) <= date.latest.year for date in known):
            yield register, around(sentence, *found.span())


def _may_be(years: int, date: PartialDate, draft: Draft) -> bool:
    """Whether so many years can have passed since a date, counted in full years or in calendar years."""
    return draft.on.year - date.latest.year - 1 <= years <= draft.on.year - date.earliest.year


REGISTER_CHECKS = (
    Check(code="years", label=gettext_lazy("Years of partnerships"), warns=years_of_partnerships),
    Check(code="names", label=gettext_lazy("Names of partner cities"), warns=other_names),
)
CHECKS = (*REGISTER_CHECKS, *LANGUAGE_CHECKS)
