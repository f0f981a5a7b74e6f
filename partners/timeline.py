"""The timeline of a partnership: what happened, in one list by partial date, with the source that says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby, starmap

from django.utils import timezone
from django.utils.translation import gettext as _

from partners import queries
from partners.models import Change, City, Delegation, Focus, Memorandum, Milestone
from partners.models.life import Status
from partners.models.standing import Standing
from twinning.core.fields.dates import PartialDate


@dataclass(frozen=True)
class Entry:
    """What happened: its date, a text or the name of a page, what it is, and what the sources say.

    Nothing but values: pages with the same entries share one rendering (``kept``).
    """

    date: PartialDate | None
    text: str
    url: str = ""
    language: str = ""
    what: str = ""
    note: str = ""
    more: str = ""  # rich text
    source: str = ""
    source_url: str = ""
    sources_differ: str = ""
    sources_differ_url: str = ""
    people: int | None = None
    cost: str = ""
    paid_by: str = ""
    report_url: str = ""


@dataclass(frozen=True)
class Day:
    """A date as it is known, with all that has this date."""

    date: PartialDate | None
    entries: tuple[Entry, ...]


class Timeline:
    """What happened in a partnership, without its press releases, which a page adds."""

    def __init__(self, entries: Iterable[Entry]):
        self.entries = list(entries)

    @classmethod
    def of(
        cls, city: City, standing: Standing, *, memoranda: list[Memorandum], focuses: list[Focus], at: datetime
    ) -> "Timeline":
        """The timeline of a city, with its public agreements and themes."""
        on = timezone.localdate(at)
        agreements = chain.from_iterable(map(_agreement, memoranda))
        signings = queries.further_signings(at=at, city=city.pk) if memoranda else []
        themes = (_theme(focus, on=on) for focus in focuses if focus.begins or focus.ends)
        milestones = map(_milestone, queries.milestones(city=city.pk))
        visits = map(_visit, queries.delegations(city=city.pk))
        again = starmap(_signed_again, signings)
        return cls([*_partnership(city, standing), *milestones, *agreements, *again, *themes, *visits])

    def days(self, releases: Iterable = ()) -> tuple[Day, ...]:
        """All entries by date, with those of some releases; what has no date stands last, as its change is the latest."""
        entries = sorted([*self.entries, *map(_release, releases)], key=lambda entry: _place(entry.date))
        by_date = groupby(entries, key=lambda entry: entry.date)
        return tuple(Day(when, tuple(same)) for when, same in by_date)

    def has(self, memorandum: Memorandum) -> bool:
        """Whether it tells of an agreement."""
        return any(entry.url == memorandum.get_absolute_url() for entry in self.entries)


def _place(when: PartialDate | None) -> tuple[date, int, str]:
    """By the earliest day that a date can mean, and the vaguer one first: “1968” before “1 January 1968”."""
    return (when.earliest, -when.latest.toordinal(), when.edtf) if when else (date.max, 0, "")


def _partnership(city: City, standing: Standing) -> Iterator[Entry]:
    if city.since or standing.story:
        yield beginning(city)
    yield from map(_change, standing.story)


def beginning(city: City) -> Entry:
    """How the partnership began."""
    return Entry(
        city.since,
        city.beginning,
        what=_("Beginning of the partnership"),
        source=city.since_source,
        source_url=city.since_source_url,
        sources_differ=city.sources_differ,
        sources_differ_url=city.sources_differ_url,
    )


def _change(change: Change) -> Entry:
    what, source, url = _("Change of the partnership"), change.source, change.source_url
    return Entry(change.date, change.became, what=what, note=change.reason, source=source, source_url=url)


def _milestone(milestone: Milestone) -> Entry:
    return Entry(
        milestone.date,
        milestone.title,
        more=milestone.text,
        source=milestone.source,
        source_url=milestone.source_url,
        sources_differ=milestone.sources_differ,
        sources_differ_url=milestone.sources_differ_url,
    )


def _agreement(memorandum: Memorandum) -> Iterator[Entry]:
    """What happened to an agreement: it was signed, planned, given up or ended."""

    def entry(when, what, note=""):
        return Entry(when, memorandum.title, memorandum.get_absolute_url(), what=what, note=note)

    if memorandum.signed:
        yield entry(memorandum.signed, _in_place(_("Agreement signed"), memorandum.place))
    elif memorandum.planned and memorandum.status_now in (Status.PLANNED, Status.NEGOTIATED):
        yield entry(memorandum.planned, _in_place(_("Agreement to be signed"), memorandum.planned_place))
    if memorandum.abandoned_on:
        yield entry(memorandum.abandoned_on, _("Agreement given up, never signed"), memorandum.end_reason)
    if memorandum.ended_on:
        yield entry(memorandum.ended_on, _("Agreement ended"), memorandum.end_reason)


def _signed_again(title: str, slug: str, when: PartialDate, place: str) -> Entry:
    named = Memorandum(title=title, slug=slug)
    return Entry(when, title, named.get_absolute_url(), what=_in_place(_("Agreement signed again"), place))


def _in_place(what: str, place: str) -> str:
    return f"{what}, {place}" if place else what


def _theme(focus: Focus, *, on: date) -> Entry:
    """Work on a theme; its note only when it is over, because the page has those of today in a list of their own."""
    if focus.begins and focus.begins == focus.ends:
        what = _("Work on this theme")
    elif focus.begins and focus.ends:
        what = _("Work on this theme, %(begins)s to %(ends)s") % {"begins": focus.begins, "ends": focus.ends}
    else:
        what = _("Work on this theme begins") if focus.begins else _("Work on this theme ends")
    note = focus.note if focus.is_over(on=on) else ""
    return Entry(focus.begins or focus.ends, focus.theme.name, focus.theme.get_absolute_url(), what=what, note=note)


def _visit(visit: Delegation) -> Entry:
    return Entry(
        visit.date,
        visit.purpose,
        what=visit.get_direction_display(),
        people=visit.people,
        cost=visit.cost_in_words,
        paid_by=visit.paid_by,
        report_url=visit.report_url,
    )


def _release(release) -> Entry:
    what, language = release.get_kind_display(), release.language
    return Entry(release.issued, release.headline, release.get_absolute_url(), language, what=what)
