"""What the site and Wikidata say of the same partnerships: what one of them lacks, and where they differ."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from partners.doubles import all_names, probable_doubles
from partners.models import City
from partners.models.standing import Standing, Status
from partners.wikidata.statements import Statement, time_of
from twinning.core.fields.dates import PartialDate
from twinning.core.sharing.linked_data import absolute

# Earlier dates need the name of a calendar, which no rule of ours can know.
FIRST_GREGORIAN_YEAR = 1583


@dataclass(frozen=True)
class Line:
    """What Wikidata lacks: that an item is twinned with another, or since when or until when; and the page that says so."""

    city: City
    item: str
    other: str
    since: PartialDate | None
    until: PartialDate | None
    is_new: bool

    @property
    def reference(self) -> str:
        return absolute(self.city.get_absolute_url())


@dataclass(frozen=True)
class Disagreement:
    """A date that the site and Wikidata have, and that cannot be the same."""

    city: City
    item: str
    what: str
    ours: str
    theirs: PartialDate


@dataclass(frozen=True)
class Unknown:
    """A city that Wikidata names and the site does not show; ``ours`` are records here that it probably is."""

    item: str
    name: str
    start: PartialDate | None
    end: PartialDate | None
    ours: list[City]


@dataclass
class Comparison:
    """The differences; ``agreeing`` are public cities of which both say the same, ``left_out`` has those with a reason."""

    lines: list[Line] = field(default_factory=list)
    disagreements: list[Disagreement] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    agreeing: list[City] = field(default_factory=list)
    left_out: list[tuple[City, str]] = field(default_factory=list)


def compare(statements: Iterable[Statement], *, home: str, at: datetime) -> Comparison:
    """Compare the public cities with the statements about our own, whose item is ``home``."""
    found, about = Comparison(), defaultdict(list)
    for statement in statements:
        about[statement.item, statement.other].append(statement)
    # Of an item alone, nobody knows what stands in the others.
    sides = "both" if not about or any(other == home for _item, other in about) else "ours"
    public = list(City.objects.published(at=at).with_changes())
    for city in public:
        now = city.standing(on=timezone.localdate(at))
        if reason := _reason_to_leave_out(city, now):
            found.left_out.append((city, reason))
        else:
            _compare_city(found, city, now, about, home=home, sides=sides)
    found.unknown = list(_unknown(about, {city.wikidata_id for city in public}, home=home))
    return found


def _reason_to_leave_out(city: City, now: Standing) -> str:
    if not city.wikidata_id:
        return _("It has no Wikidata id.")
    if city.home_side:
        return _("Our side is %(side)s, which has an item of its own.") % {"side": city.home_side}
    if now.status == Status.PROPOSED:
        return _("It is only proposed.")
    if now.is_over and not (now.until and time_of(now.until)):
        return _("It has ended, and no date says when.")
    early = [date for date in (now.since, now.until) if date and date.earliest.year < FIRST_GREGORIAN_YEAR]
    return _("Its dates are from before 1583, for which Wikidata asks for a calendar.") if early else ""


def _compare_city(found: Comparison, city: City, now: Standing, about: dict, *, home: str, sides: str) -> None:
    pairs = [(home, city.wikidata_id), (city.wikidata_id, home)][: 2 if sides == "both" else 1]
    lines = [line for pair in pairs if (line := _line(city, now, *pair, about.get(pair, [])))]
    differing = [one for pair in pairs for one in _disagreements(city, now, pair[0], about.get(pair, []))]
    found.lines += lines
    found.disagreements += differing
    if not (lines or differing):
        found.agreeing.append(city)


def _line(city: City, now: Standing, item: str, other: str, there: list[Statement]) -> Line | None:
    """What Wikidata lacks of a partnership on the page of one item; None if it lacks nothing."""
    has_start, has_end = any(one.start for one in there), any(one.end for one in there)
    since = now.since if now.since and time_of(now.since) and not has_start else None
    until = now.until if now.until and not has_end else None
    return Line(city, item, other, since, until, not there) if since or until or not there else None


def _disagreements(city: City, now: Standing, item: str, there: list[Statement]) -> Iterator[Disagreement]:
    starts, ends = [one.start for one in there if one.start], [one.end for one in there if one.end]
    if now.since and starts and not any(_may_be_same(now.since, start) for start in starts):
        yield Disagreement(city, item, _("since"), str(now.since), starts[0])
    if now.until and ends and not any(_may_be_same(now.until, end) for end in ends):
        yield Disagreement(city, item, _("until"), str(now.until), ends[0])
    if there and len(ends) == len(there) and not now.is_over:
        yield Disagreement(city, item, _("until"), _("not ended"), ends[0])


def _may_be_same(one: PartialDate, other: PartialDate) -> bool:
    return one.earliest <= other.latest and other.earliest <= one.latest


def _unknown(about: dict, public: set[str], *, home: str) -> Iterator[Unknown]:
    """The cities that Wikidata names beside ours, and the site does not show, by name."""
    theirs = defaultdict(list)
    for (item, other), there in about.items():
        if home in (item, other) and (partner := other if item == home else item) not in public | {home}:
            theirs[partner] += there
    names = all_names() if theirs else {}
    ours = dict(City.objects.exclude(wikidata_id="").values_list("wikidata_id", "pk"))
    found = [_of_theirs(item, there, names, ours.get(item)) for item, there in theirs.items()]
    return iter(sorted(found, key=lambda one: (one.name.casefold(), one.item)))


def _of_theirs(item: str, there: list[Statement], names: dict[City, set[str]], key: int | None) -> Unknown:
    labels = (one.other_label if one.other == item else one.item_label for one in there)
    name = next(filter(None, labels), "")
    same = [city for city in names if city.pk == key]
    probable = same or ([] if not name else list(probable_doubles([name], None, None, among=names)))
    start, end = (next((d for one in there if (d := getattr(one, side))), None) for side in ("start", "end"))
    return Unknown(item, "" if name == item else name, start, end, probable)
