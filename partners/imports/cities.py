"""Import of cities with their partnerships."""

from collections import Counter, defaultdict
from functools import cached_property, lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partners.countries import PartnerCountries, names_of
from partners.doubles import Known
from partners.gazetteer import KnownPlace, PlacesByName
from partners.kinds import partnership_kinds
from partners.models import City, Focus, Theme
from partners.models.standing import Holder
from twinning.core.fields.dates import PartialDate
from twinning.core.imports.cells import degrees, listed, number, one_of, paragraphs
from twinning.core.imports.columns import EXTERNAL_ID, OF_ID, Target, key_of
from twinning.core.imports.importing import Importer
from twinning.core.imports.others import Others
from twinning.core.imports.plans import Row


@lru_cache(maxsize=8)
def _countries(_language: str | None, _own: tuple[str, ...]) -> dict[str, str]:
    """The codes of the countries by every name that people use; remembered for a language and the council's own list."""
    probe, found = City(), {}
    for code in PartnerCountries().countries:
        probe.country = code
        found |= {key_of(name): code for name in (*names_of(probe.country)[::-1], code) if key_of(name) not in found}
    return found


def country(text: str) -> str:
    """A country by its code, by its name, or by another name that people use."""
    known = _countries(get_language(), tuple(PartnerCountries().override))
    if code := known.get(key_of(text)):
        return code
    message = _("We know no country “%(text)s”. Write its name in English or its code, such as DE.")
    raise ValidationError(message % {"text": text[:50]})


LOOK_UP = gettext_lazy("If it is empty, it is looked up in the gazetteer by the name.")
LOOKED_UP = ("country", "latitude", "longitude", "time_zone")
MOST_NAMED = 4
THEMES_OF_NEW = gettext_lazy(
    "Of a new city. Names or addresses, with semicolons between them; they have to be here already."
)


class CityImporter(Importer):
    """The import of cities with their partnerships."""

    model = City
    needed = ("name", "country", "latitude", "longitude", "time_zone", "summary")
    targets = (
        Target(EXTERNAL_ID, gettext_lazy("External id"), "P-017", ("id", "number", "key"), legend=OF_ID),
        Target("name", gettext_lazy("Name"), "Dortmund", ("city", "town", "partner city", "name in English")),
        Target("slug", gettext_lazy("Address"), "dortmund", ("slug",), str.lower),
        Target("country", gettext_lazy("Country"), "Germany", ("country code",), country, LOOK_UP),
        Target("local_name", gettext_lazy("Name in its own language"), "", ("local name",)),
        Target("local_language", gettext_lazy("Language of that name"), "de", ("language",)),
        Target("other_names", gettext_lazy("Other names"), "Tremonia", ("aliases",)),
        Target("latitude", gettext_lazy("Latitude"), "51.5136", ("lat",), degrees, LOOK_UP),
        Target("longitude", gettext_lazy("Longitude"), "7.4653", ("lon", "lng", "long"), degrees, LOOK_UP),
        Target("time_zone", gettext_lazy("Time zone"), "Europe/Berlin", legend=LOOK_UP),
        Target("population", gettext_lazy("Population"), "593,000", ("inhabitants",), number),
        Target("population_year", gettext_lazy("Year of population"), "2023", (), number),
        Target("wikidata_id", gettext_lazy("Wikidata id"), "Q1295", ("wikidata",), str.upper),
        Target("official_site", gettext_lazy("Official website"), "https://www.dortmund.de/", ("website", "url")),
        Target("kind", gettext_lazy("Kind of partnership"), "Twin city", ("kind", "type"), one_of(partnership_kinds)),
        Target("held_by", gettext_lazy("Held by"), "The council", (), one_of(lambda: Holder.choices)),
        Target("since", gettext_lazy("Since"), "1969", ("partner since", "year"), PartialDate.parse),
        Target("home_side", gettext_lazy("Our side"), ""),
        Target("summary", gettext_lazy("Summary"), "Friends since the twinning oath of 1969."),
        Target("why", gettext_lazy("Why we are partners"), "Peace between former enemies.", ("why", "reason"), paragraphs),
        Target("story", gettext_lazy("Story"), "", ("history",), paragraphs),
        Target("decision_body", gettext_lazy("Decided by"), "Full council"),
        Target("decision_on", gettext_lazy("Decided on"), "2 June 1969", (), PartialDate.parse),
        Target("themes", gettext_lazy("Themes"), "", ("theme",), listed, THEMES_OF_NEW),
        Target("internal_notes", gettext_lazy("Internal notes"), "", ("notes", "remarks")),
    )  # fmt: skip

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.by_name, self.rows_by_name = defaultdict(list), {}
        for city in self.stored.values():
            self.by_name[key_of(city.name), city.country.code].append(city)
        self.names = Counter(city.name for city in self.stored.values())
        self.known = Known()

    @cached_property
    def themes(self) -> Others:
        return Others(Theme)

    @cached_property
    def focuses(self) -> dict[int, set[int]]:
        """The themes of each city."""
        found = defaultdict(set)
        for city, theme in Focus.objects.order_by().values_list("city", "theme"):
            found[city].add(theme)
        return found

    @cached_property
    def places(self) -> PlacesByName:
        return PlacesByName()

    def named(self, row: Row) -> list[City]:
        values = row.values
        return self.by_name[key_of(values.get("name", "")), values.get("country", "")]

    def complete(self, row: Row) -> None:
        super().complete(row)
        if "themes" in row.values:
            try:
                row.values["themes"] = self.themes.keys(row.values["themes"])
            except ValidationError as error:
                row.refuse(self.label("themes"), " ".join(error.messages))

    def propose(self, row: Row) -> set[str]:
        refused = self._look_up(row)
        values = row.values
        names = [values.get(name, "") for name in ("name", "local_name", "other_names")]
        where = values.get("latitude"), values.get("longitude")
        row.doubles = self.known.doubles(names, *where)
        said = _("row %(number)d of this file") % {"number": row.number}
        self.known.add(names, *where, name=f"{row.name} ({said})")
        return refused

    def _look_up(self, row: Row) -> set[str]:
        """Fill in what the gazetteer knows of a new city, if it knows exactly one place of its name; or refuse what is missing."""
        missing = [name for name in LOOKED_UP if name not in row.values]
        places = self.places.named(row.values["name"], code=row.values.get("country", "")) if missing else []
        if missing and len(places) != 1:
            self._refuse_unknown(row, missing, places)
            return set(missing)
        self._take_over(row, missing, *places)
        return set()

    def _take_over(self, row: Row, missing: list[str], place: KnownPlace | None = None) -> None:
        """Take what is missing from a place of the gazetteer, and say so."""
        for target in self.targets:
            if target.field in missing:
                found = place.as_fields[target.field]
                row.values[target.field] = target.read(found)
                shown = place.country if target.field == "country" else found
                row.proposed.append((str(target.label), shown, _("the gazetteer")))

    def _refuse_unknown(self, row: Row, missing: list[str], places: list) -> None:
        """Refuse a row whose place is not known; what is missing is then not said once more."""
        message = _("It is not in the file, and the gazetteer knows no place of this name.")
        if places:
            named = "; ".join(map(str, places[:MOST_NAMED]))
            message = _("It is not in the file, and several places have this name: %(places)s.") % {"places": named}
        row.refuse(", ".join(map(self.label, missing)), message)

    def check(self, row: Row) -> None:
        city = row.record
        labels = {target.field: target.label for target in self.targets}
        if city.population and not city.population_year:
            row.refuse(labels["population_year"], _("Say which year the population is from."))
        if city.latitude == 0 == city.longitude:
            row.refuse(labels["latitude"], _("0, 0 lies in the sea off Africa. Leave both empty, or look them up."))
        self._check_themes(row, city, labels["themes"])
        self._check_name(row, city, labels["name"])
        self.check_address(row)

    def _check_themes(self, row: Row, city: City, label: str) -> None:
        """Themes stand in the form with the time in which they were worked on: only a new city gets them from a file."""
        wanted = row.values.get("themes")
        if city.pk and wanted and not set(wanted) <= self.focuses[city.pk]:
            row.refuse(label, _("Themes come along with new cities only; add them in the form of this one."))

    def _note_differences(self, row: Row, before: dict) -> None:
        super()._note_differences(row, before)
        if row.record.pk is None and row.values.get("themes"):
            target = next(target for target in self.targets if target.field == "themes")
            row.compare(target, [], row.values["themes"], shown=self._names_of_themes)

    def _names_of_themes(self, keys: list[int]) -> str:
        return ", ".join(str(self.themes.records[key]) for key in keys)

    def write_parts(self, rows: list[Row]) -> None:
        Focus.objects.bulk_create(
            Focus(city=row.record, theme_id=key) for row in rows for key in row.values.get("themes", ())
        )

    def _check_name(self, row: Row, city: City, label: str) -> None:
        earlier = self.rows_by_name.setdefault(city.name, row.number)
        if earlier != row.number:
            row.refuse(label, _("Row %(number)d has the same.") % {"number": earlier})
        is_own = city.pk and self.stored[city.pk].name == city.name
        if not is_own and self.names[city.name]:
            row.refuse(label, _("Another city has this name. Write the country or the region behind it."))
