"""What happens within a period: publications, photo calls, anniversaries, and days on which something has to be decided."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from news.calendars import Entry, of_anniversary, of_photo_call
from news.models.issued import Issued
from news.models.photo_calls import Kind
from news.models.pre_election import PreElectionPeriod
from news.models.releases import PressRelease
from news.planner.periods import Period
from partners import queries
from partners.anniversaries import anniversaries
from partners.models import City, Memorandum
from partners.radar import Reminder, dates_to_come
from twinning.core.accounts import User
from twinning.core.desk.queries import content_types, kinds_with
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.in_words import state_in_words
from twinning.core.publishing.steps import State

# Of each sort, so many are shown of a period; that there are more is said.
MOST = 200
PEOPLE = ("submitted_by", "approved_by", "withdrawn_by", "taken_down_by")
# What happens on the day, for whoever decides about it.
TO_DECIDE = {
    "expiring": gettext_lazy("Ends: %(record)s"),
    "renewal": gettext_lazy("An agreement ends, and its renewal is not signed: %(record)s"),
    "notice": gettext_lazy("Last day for notice: %(record)s"),
    "review": gettext_lazy("Look at the page again: %(record)s"),
}


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One thing in the calendar, with the page of the back office where it is looked after.

    What is known to a month or a year only has no day, and no entry in the calendars of other programs.
    """

    name: str
    kind: str
    why: str
    url: str
    day: date | None = None
    moment: datetime | None = None
    entry: Entry | None = None

    @property
    def place(self) -> tuple:
        """By which the calendar sorts: what has no hour stands first on its day."""
        return (self.day or date.min, self.moment is not None, self.moment or self.name, self.name)


Finder = Callable[[User, Period, datetime], Iterator[Happening]]


def happenings(*, by: User, period: Period, at: datetime, finders: tuple[Finder, ...] = ()) -> list[Happening]:
    """What happens within a period and a person may see, in its order."""
    found = (one for find in finders or FINDERS for one in find(by, period, at))
    return sorted(found, key=lambda one: one.place)


def publications(by: User, period: Period, at: datetime) -> Iterator[Happening]:
    """What has become public or is approved to, but for what was first issued before the site: that is not announced."""
    for kind in kinds_with("view", by=by):
        records = _within(kind.objects.filter(taken_down_at=None), period)
        records = records.filter(first_issued_start=None) if issubclass(kind, Issued) else records
        for record in records[:MOST]:
            yield _publication(record, record, at)


def corrections(by: User, period: Period, at: datetime) -> Iterator[Happening]:
    """The working copies that are approved, and replace what is public at their moment."""
    kinds = content_types(kinds_with("view", by=by))
    copies = _within(WorkingCopy.objects.filter(content_type__in=kinds, failure=""), period)
    for copy in copies.defer("snapshot").prefetch_related("record")[:MOST]:
        if copy.record:
            yield _publication(copy, copy.record, at)


def _within(records: models.QuerySet, period: Period) -> models.QuerySet:
    """What is approved for a moment within a period; nothing else has one."""
    within = records.filter(publish_at__gte=period.begin, publish_at__lt=period.end)
    return within.select_related(*_people_of(records.model)).order_by("publish_at", "pk")


def _people_of(model: type[models.Model]) -> list[str]:
    """The colleagues whom the state in words may name."""
    return [name for name in PEOPLE if hasattr(model, name)]


def _publication(subject, record, at: datetime) -> Happening:
    is_copy = subject is not record
    kind = _("Working copy: %s") % record._meta.verbose_name if is_copy else capfirst(_kind_of(record))
    url, name = _url(record, "copy" if is_copy else "change"), f"{subject._meta.label_lower}-{subject.pk}@publication"
    title = _("Goes out: %s") if subject.state(at=at) == State.SCHEDULED else _("Went out: %s")
    changed = getattr(subject, "updated_at", subject.approved_at)
    return Happening(
        name=str(record), kind=kind, why=state_in_words(subject, at=at), url=url,
        day=timezone.localdate(subject.publish_at), moment=subject.publish_at,
        entry=Entry(name, title % record, subject.publish_at, changed, url, kind),
    )  # fmt: skip


def _kind_of(record) -> str:
    return record.get_kind_display() if isinstance(record, PressRelease) else record._meta.verbose_name


def photo_calls(by: User, period: Period, at: datetime) -> Iterator[Happening]:
    """The photo calls, also those that are not public yet."""
    if not PressRelease.has_right("view", by=by):
        return
    within = PressRelease.objects.filter(event_starts_at__gte=period.begin, event_starts_at__lt=period.end)
    calls = within.filter(kind=Kind.PHOTO_CALL, withdrawn_at=None, taken_down_at=None).select_related(*PEOPLE)
    for call in calls.order_by("event_starts_at", "pk")[:MOST]:
        url, state = _url(call, "change"), state_in_words(call, at=at)
        about = _("%(where)s. %(state)s.") % {"where": call.event_where, "state": state}
        yield Happening(
            name=call.headline, kind=_("Photo call, on the spot"), why=about, url=url,
            day=timezone.localdate(call.event_starts_at), moment=call.event_starts_at,
            entry=of_photo_call(call, url=url),
        )  # fmt: skip


def round_years(by: User, period: Period, at: datetime) -> Iterator[Happening]:
    """The round anniversaries of what is public."""
    kinds = [kind for kind in (City, Memorandum) if kind.has_right("view", by=by)]
    cities = queries.cities(at=at) if City in kinds else []
    agreements = queries.agreements(at=at) if Memorandum in kinds else []
    for one in anniversaries(cities, agreements, on=period.first):
        if one.when.earliest <= period.last and one.when.latest >= period.first:
            why = _("%(when)s, counted from %(since)s.") % {"when": one.when, "since": one.since}
            yield Happening(
                name=str(one), kind=_("Anniversary"), why=why, url=_url(one.record, "change"),
                day=one.when.earliest if one.is_day else None, entry=of_anniversary(one) if one.is_day else None,
            )  # fmt: skip


def decisions(by: User, period: Period, at: datetime) -> Iterator[Happening]:
    """The days to come on which an agreement ends or renews itself, or a page is to be looked at again."""
    kinds = [kind for kind in (City, Memorandum) if kind.has_right("view", by=by)]
    for one in dates_to_come(on=timezone.localdate(at)) if kinds else []:
        if one.until in period and type(one.record) in kinds:
            yield decision(one)


def elections(by: User, period: Period, at: datetime) -> Iterator[Happening]:
    """The first and the last day of pre-election periods."""
    if not by.has_perm("news.view_preelectionperiod"):
        return
    found = PreElectionPeriod.objects.filter(begins__lte=period.last, ends__gte=period.first)
    for one in found.order_by("begins"):
        for day, said in ((one.begins, _("First day: %s")), (one.ends, _("Last day: %s"))):
            if day in period:
                name, why = said % one.election, _("New releases need two approvers, %s.") % one.days
                yield Happening(name=name, kind=_("Pre-election period"), why=why, url=_url(one, "change"), day=day)


def decision(one: Reminder) -> Happening:
    """A day on which something has to be decided."""
    said = TO_DECIDE[one.code] % {"record": one.record}
    entry = Entry(f"{one.name}@radar".replace(" ", "-"), said, one.until, one.record.updated_at, one.url, one.advice)
    return Happening(name=said, kind=_("To decide"), why=one.advice, url=one.url, day=one.until, entry=entry)


def _url(record, page: str) -> str:
    opts = record._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=[record.pk])


# What goes out and what happens is in everybody's calendar; decisions stand on the page for all, and in the calendar of
# whoever is responsible.
OUTWARD = (publications, corrections, photo_calls, round_years)
FINDERS = (*OUTWARD, elections, decisions)
