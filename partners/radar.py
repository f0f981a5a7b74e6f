"""The renewal radar: what about agreements and partnerships asks for a decision, each with the page on which it is taken."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Exists, Max, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.models import City, Document, Memorandum
from partners.models.life import ALIVE, Status, lead_time
from partners.models.standing import Status as Standing

LONG_NEGOTIATED = timedelta(days=365)
QUIET = 3  # years
TO_DECIDE = {"no-date", "long-negotiated", "expiring", "notice"}
RECORDED = Q(taken_down_at=None)


@dataclass(frozen=True)
class Reminder:
    """Something to decide: about which record, why, what to do, where, and until when if there is such a day."""

    code: str
    record: models.Model
    advice: str
    page: str
    until: date | None = None

    @property
    def url(self) -> str:
        """The address in the back office of the form, or of the page of the verb that is advised."""
        opts = self.record._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_{self.page}", args=[self.record.pk])


ADVICE = {
    "no-date": _("It is planned without a date. Find one, or abandon it."),
    "long-negotiated": _("It has been negotiated for more than a year. Record the signing, or abandon it."),
    "expiring": _("It ends soon. Renew it, or let it run out."),
    "notice": _("It renews itself soon. Give notice, or let it go on."),
    "no-document": _("It is signed, but there is no document. Add the scan."),
    "quiet": _("Nothing is recorded of this partnership for three years. Add what happened, or write that it rests."),
    "review": _("The page is due to be looked at again."),
    "no-owner": _("Nobody who works here is responsible for it. Choose somebody."),
}


def radar(*, on: date, news: Mapping[int, date] | None = None) -> list[Reminder]:
    """What asks for a decision on a day, the most urgent first.

    ``news`` has the day of the latest news about each city, by its key; this app knows nothing of news.
    """
    return _most_urgent_first([*_of_agreements(on), *_of_cities(on, news or {})])


def decisions(*, on: date) -> list[Reminder]:
    """The agreements about which somebody has to decide on a day, the most urgent first."""
    return _most_urgent_first(one for one in _of_agreements(on) if one.code in TO_DECIDE)


def _most_urgent_first(found: Iterable[Reminder]) -> list[Reminder]:
    return sorted(found, key=lambda one: (one.until or date.max, one.code, one.record.pk))


def _of_agreements(on: date) -> Iterator[Reminder]:
    documents = Document.objects.filter(memorandum=OuterRef("pk"))
    agreements = (
        Memorandum.objects.filter(RECORDED).with_status(on=on, at=None).annotate(has_document=Exists(documents))
    )
    for agreement in agreements.order_by():
        for code, page, until in _needs(agreement, on):
            yield Reminder(code, agreement, ADVICE[code], page, until)


def _needs(agreement: Memorandum, on: date) -> Iterator[tuple[str, str, date | None]]:
    """What an agreement needs on a day: code, page and last day."""
    status, decision = agreement.status_now, agreement.next_decision(on=on)
    if status == Status.PLANNED and not (agreement.planned or agreement.is_signed):
        yield "no-date", "change", None
    if status == Status.NEGOTIATED and agreement.negotiated_earliest + LONG_NEGOTIATED < on:
        yield "long-negotiated", "sign", None
    if status == Status.EXPIRING:
        yield "expiring", "renew", agreement.ended_on_earliest or agreement.ends_latest
    if status in ALIVE and decision and decision <= on + lead_time():
        yield "notice", "end", decision
    if status in (*ALIVE, Status.SUSPENDED) and not agreement.has_document:
        yield "no-document", "change", None


def _of_cities(on: date, news: Mapping[int, date]) -> Iterator[Reminder]:
    cities = City.objects.filter(RECORDED).with_status(on=on).exclude(status_now=Standing.ENDED).select_related("owner")
    latest = {name: Max(f"{name}_earliest") for name in ("milestones__date", "changes__date", "memoranda__signed")}
    for city in cities.annotate(
        **{name.partition("__")[0] + "_last": last for name, last in latest.items()}
    ).order_by():
        last = [city.since_earliest, city.milestones_last, city.changes_last, city.memoranda_last, news.get(city.pk)]
        if city.status_now == Standing.ACTIVE and max(filter(None, last), default=date.min) < _years_before(on, QUIET):
            yield Reminder("quiet", city, ADVICE["quiet"], "change")
        if city.review_on and city.review_on <= on:
            yield Reminder("review", city, ADVICE["review"], "change", city.review_on)
        if not (city.owner and city.owner.is_active and city.owner.is_staff):
            yield Reminder("no-owner", city, ADVICE["no-owner"], "change")


def _years_before(on: date, years: int) -> date:
    return on.replace(year=on.year - years, day=min(on.day, 28))
