"""The register of agreements: as it stands or stood on a day, narrowed, sorted and in pages.

What narrows it is asked as plain rows of all agreements and counted here; only those on the page are read whole.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import queries
from partners.kinds import agreement_kind
from partners.models import Memorandum
from partners.models.life import Status
from twinning.core.fields.dates import PartialDate
from twinning.core.fields.folding import fold, sort_key
from twinning.core.search.choosers import MOST_LINKS, Chooser, options_of
from twinning.core.templatetags.text import by_name
from twinning.core.web.filters import FilterLink
from twinning.core.web.http import address, query_string, text_parameter
from twinning.core.web.paging import numbered_page

AGREEMENTS_A_PAGE = 25
LAST_YEAR = 2999


class Fact(NamedTuple):
    """What the register is narrowed and sorted by, of one agreement; ``year`` is that of the signing, if it is certain.

    ``signed`` and ``until`` are days as texts, which sort as days do; NEVER if there is none.
    """

    pk: int
    status: str
    kind: str
    year: str
    signed: str
    until: str
    title: str
    slug: str


class Row(NamedTuple):
    """What the page says of one agreement, in words."""

    title: str
    url: str
    kind: str
    parties: str
    signed: str
    until: str
    status: str
    status_name: str

    @classmethod
    def of(cls, memorandum: Memorandum, *, kind: str, status: str) -> "Row":
        names = [*(city["name"] for city in by_name(memorandum.parties)), memorandum.other_parties]
        return cls(
            memorandum.title, memorandum.get_absolute_url(), kind, ", ".join(filter(None, names)), _signing(memorandum),
            str(memorandum.shown_until or ""), memorandum.status_now, status,
        )  # fmt: skip


def _signing(memorandum: Memorandum) -> str:
    """When and where it was signed, or what is known instead."""
    if memorandum.status_now == Status.NEGOTIATED:
        return _("Not yet")
    if memorandum.signed:
        return ", ".join(filter(None, [str(memorandum.signed), memorandum.place]))
    return " ".join(render_to_string("partners/_signed.html", {"memorandum": memorandum}).split())


class Filter(NamedTuple):
    """One filter on the page: links, or for many values a field that searches."""

    id: str
    label: str
    links: Sequence[FilterLink]
    chooser: Chooser | None = None
    chooser_label: str = ""


class Column(NamedTuple):
    """The head of a column: by what it sorts, where that leads, and how the list is sorted by it now."""

    label: str
    url: str
    sorted: str


LABELS = {
    "status": (gettext_lazy("Status"), gettext_lazy("All"), gettext_lazy("Find a status")),
    "city": (gettext_lazy("City"), gettext_lazy("All cities"), gettext_lazy("Find a city")),
    "theme": (gettext_lazy("Theme"), gettext_lazy("All themes"), gettext_lazy("Find a theme")),
    "kind": (gettext_lazy("Kind"), gettext_lazy("All kinds"), gettext_lazy("Find a kind")),
    "year": (gettext_lazy("Signed in"), gettext_lazy("All years"), gettext_lazy("Find a year")),
}
UNKNOWN = {
    "status": gettext_lazy("We do not know the status “%(asked)s”."),
    "city": gettext_lazy("No agreement is with the city “%(asked)s”."),
    "theme": gettext_lazy("No agreement has the theme “%(asked)s”."),
    "kind": gettext_lazy("No agreement is of the kind “%(asked)s”."),
    "year": gettext_lazy("No agreement was signed in “%(asked)s”."),
}
STATUSES = list(Status.values)
# By what each column sorts; what has no date stands first among the newest, because it is still to come.
SORTS: dict[str, Callable[[Fact], tuple]] = {
    "title": attrgetter("title", "slug"),
    "signed": attrgetter("signed", "slug"),
    "until": attrgetter("until", "slug"),
    "status": lambda fact: (STATUSES.index(fact.status), fact.slug),
}
HEADS = {
    "title": gettext_lazy("Agreement"),
    "signed": gettext_lazy("Signed"),
    "until": gettext_lazy("Until"),
    "status": gettext_lazy("Status"),
}
USUAL = "-signed"


class Register:
    """The register for one request. ``unknown`` are sentences about what was asked for and is not there."""

    def __init__(self, request):
        self.request, self.at = request, request.visit.at
        self.today, self.unknown = timezone.localdate(self.at), []
        self.on = self._day(text_parameter(request, "on"))
        asked = text_parameter(request, "sort")
        self.sort = asked if asked.removeprefix("-") in SORTS else ""
        self.is_whole = text_parameter(request, "whole") == "on"
        self.chosen = {name: self._value(name, text_parameter(request, name)) for name in LABELS}

    @property
    def day(self) -> date:
        """The day whose register this is."""
        return self.on or self.today

    @property
    def kept(self) -> dict[str, str]:
        """What was asked for, as it stands in addresses."""
        whole = "on" if self.is_whole else ""
        return self.chosen | {"on": self.on.isoformat() if self.on else "", "sort": self.sort, "whole": whole}

    @property
    def whole_url(self) -> str:
        """The address of all of it on one page, to be printed."""
        return self._address(whole="on")

    @property
    def names(self) -> list[str]:
        """What is chosen, in words."""
        return [self._names[name][value] for name, value in self.chosen.items() if value]

    @property
    def is_narrowed(self) -> bool:
        """Whether something beside the status is chosen, so that the filters stand open."""
        return bool(self.on or any(value for name, value in self.chosen.items() if name != "status"))

    def _day(self, asked: str) -> date | None:
        """The day that was asked for; None for today and for what is no day, which ``unknown`` then says."""
        if not asked:
            return None
        try:
            when = PartialDate.parse(asked)
        except ValidationError:
            when = None
        if when and when.earliest == when.latest and when.latest.year <= LAST_YEAR:
            return when.earliest
        self.unknown.append(_("“%(asked)s” is no day. Write it like 1996-05-01.") % {"asked": asked})
        return None

    def _value(self, name: str, asked: str) -> str:
        """The value of a filter for what was asked: a value, or the only one with this name or beginning."""
        if not asked:
            return ""
        names, wanted = self._names[name], fold(asked)
        found = [value for value, label in names.items() if value == asked or fold(label) == wanted]
        found = found or [value for value, label in names.items() if wanted and fold(label).startswith(wanted)]
        if not found and name in ("city", "theme"):
            found = [slug for slug in [queries.slug_now(name, asked, at=self.at)] if slug in names]
        if len(found) == 1:
            return found[0]
        self.unknown.append(UNKNOWN[name] % {"asked": asked})
        return ""

    # What there is ----------------------------------------------------------------------------------------------------

    @cached_property
    def facts(self) -> list[Fact]:
        """All agreements of that day; of a past day, those that were signed or negotiated by then."""
        found = map(Fact._make, queries.register(at=self.at, on=self.day))
        if self.day >= self.today:
            return list(found)
        day = self.day.isoformat()
        return [fact for fact in found if fact.status != Status.PLANNED or fact.signed <= day]

    @cached_property
    def _ties(self) -> dict[str, dict[int, list[str]]]:
        """The public cities and themes of each agreement, by its key."""
        ties = {}
        for name, asked in (("city", queries.register_cities), ("theme", queries.register_themes)):
            ties[name] = defaultdict(list)
            for key, slug, label in asked(at=self.at):
                ties[name][key].append(slug)
                self._tied[name][slug] = label
        return ties

    @cached_property
    def _tied(self) -> dict[str, dict[str, str]]:
        return {"city": {}, "theme": {}}

    @cached_property
    def _numbers(self) -> dict[str, Counter]:
        """How many agreements of that day have each value of each filter."""
        return {name: self._count(name, self.facts) for name in LABELS}

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        """The values of each filter that some agreement has, with what people read, in their order."""
        numbers = self._numbers
        named = {name: [(slug, self._tied[name][slug]) for slug in numbers[name]] for name in self._ties}
        named["kind"] = [(code, agreement_kind(code)) for code in numbers["kind"]]
        return {
            "status": {status.value: str(status.label) for status in Status},
            **{name: dict(sorted(pairs, key=lambda pair: sort_key(pair[1]))) for name, pairs in named.items()},
            "year": {year: year for year in sorted(numbers["year"], reverse=True)},
        }

    def _count(self, name: str, facts: list[Fact]) -> Counter:
        if name in self._ties:
            ties = self._ties[name]
            return Counter(chain.from_iterable(ties[fact.pk] for fact in facts if fact.pk in ties))
        return Counter(filter(None, map(attrgetter(name), facts)))

    def _has(self, fact: Fact, name: str, value: str) -> bool:
        return value in self._ties[name].get(fact.pk, ()) if name in self._ties else getattr(fact, name) == value

    def _fitting(self, *, but: str = "") -> list[Fact]:
        """The agreements that have all chosen values, leaving one filter out of account."""
        chosen = {name: value for name, value in self.chosen.items() if value and name != but}
        if not chosen:
            return self.facts
        return [fact for fact in self.facts if all(self._has(fact, *pair) for pair in chosen.items())]

    # What the page shows ----------------------------------------------------------------------------------------------

    @cached_property
    def page(self):
        """The agreements of the page that was asked for, in the chosen order."""
        sort = self.sort or USUAL
        facts = sorted(self._fitting(), key=SORTS[sort.removeprefix("-")], reverse=sort.startswith("-"))
        size = max(len(facts), 1) if self.is_whole else AGREEMENTS_A_PAGE
        page = numbered_page(self.request, [fact.pk for fact in facts], size=size, **self.kept)
        found = queries.register_rows(at=self.at, on=self.day, keys=list(page.records)) if page.records else []
        by_key = {memorandum.pk: memorandum for memorandum in found}
        for memorandum in found:
            memorandum.shown_until = memorandum.until(on=self.day, today=self.today)
        return page._replace(records=[by_key[key] for key in page.records if key in by_key])

    @property
    def rows(self) -> tuple[Row, ...]:
        """The agreements of that page, in words."""
        statuses, kinds = self._names["status"], self._names["kind"]
        return tuple(Row.of(one, kind=kinds[one.kind], status=statuses[one.status_now]) for one in self.page.records)

    @cached_property
    def filters(self) -> list[Filter]:
        """The filters; each link keeps what is chosen in the others, and says how many it leads to."""
        return [self._filter(name) for name in LABELS]

    def _filter(self, name: str) -> Filter:
        label, everything, another = LABELS[name]
        fitting = self._fitting(but=name)
        numbers = self._numbers[name] if fitting is self.facts else self._count(name, fitting)
        chosen, kept, chooser = self.chosen[name], {key: value for key, value in self.kept.items() if key != name}, None
        offered = [(value, named) for value, named in self._names[name].items() if numbers[value] or value == chosen]
        if len(offered) > MOST_LINKS:
            given = {key: value for key, value in kept.items() if value}
            chooser = Chooser(name, address("partners:memoranda"), given, options_of(offered))
            offered = [pair for pair in offered if pair[0] == chosen]
        links = [FilterLink(everything, self._address(**{name: ""}), not chosen)]
        for value, named in offered:
            links.append(FilterLink(named, self._address(**{name: value}), value == chosen, numbers[value]))
        return Filter(f"filter-{name}", label, links, chooser, another)

    @property
    def columns(self) -> dict[str, Column]:
        """The heads of the columns that sort; the one by which the list is sorted turns it round."""
        now = self.sort or USUAL
        found = {}
        for name, label in HEADS.items():
            direction = {name: "ascending", f"-{name}": "descending"}.get(now, "")
            first = USUAL if name == "signed" else name
            turned = f"-{name}" if direction == "ascending" else name
            found[name] = Column(label, self._address(sort=turned if direction else first), direction)
        return found

    def _address(self, **changed: str) -> str:
        return address("partners:memoranda") + query_string(**self.kept | changed)
