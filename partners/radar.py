"""The renewal radar: what about agreements and partnerships asks for a decision, each with the page on which it is taken."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, Max, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.models import City, Document, Memorandum
from partners.models.life import ALIVE, Status, lead_time
from partners.models.standing import Status as Standing
from twinning.core.backoffice.reading import EDIT
from twinning.core.publishing.copies import WorkingCopy

LONG_NEGOTIATED = timedelta(days=365)
QUIET = 3  # years
# What happens in a partnership, by the dates of its parts and of its agreements.
HAPPENINGS = ("milestones__date", "changes__date", "outcomes__date", "delegations__date", "memoranda__signed")
TO_DECIDE = {"no-date", "long-negotiated", "expiring", "renewal", "notice"}
RECORDED = Q(taken_down_at=None)


@dataclass(frozen=True)
class Reminder:
    """Something to decide: about which record, why, what to do, where, and until when if there is such a day."""

    code: str
    record: models.Model
    page: str
    until: date | None = None

    @property
    def advice(self) -> str:
        return str(ADVICE[self.code])

    @property
    def url(self) -> str:
        """The address in the back office of the form, at the right place, or of the page of the verb that is advised.

        What is public is read first; its “Edit” leads to the same place, and a working copy that is there opens at once.
        """
        opts, record, place = self.record._meta, self.record, PLACES.get(self.code, "")
        name = "copy" if self.page == "change" and getattr(record, "has_copy", False) else self.page
        is_waiting = record.copy_waits if name == "copy" else record.submitted_at and not record.approved_at
        page = reverse(f"admin:{opts.app_label}_{opts.model_name}_{name}", args=[record.pk])
        return page + (f"?{EDIT}=1" if place and is_waiting else "") + place

    @property
    def owners(self) -> set[int]:
        """The keys of those who are responsible for it and work here; empty if that is nobody."""
        cities = self.record.cities.all() if isinstance(self.record, Memorandum) else [self.record]
        return {city.owner_id for city in cities if works_here(city.owner)}

    @property
    def name(self) -> str:
        """What tells it from every other reminder, and stays the same from day to day."""
        return f"{self.code} {self.record._meta.model_name} {self.record.pk} {self.until or ''}".strip()


ADVICE = {
    "no-date": _("It is planned without a date. Find one, or abandon it."),
    "long-negotiated": _("It has been negotiated for more than a year. Record the signing, or abandon it."),
    "expiring": _("It ends soon. Renew it, or let it run out."),
    "renewal": _(
        "It is to renew an agreement that ends soon, and is not signed. See that it is, and record the signing."
    ),
    "notice": _("It renews itself soon. Give notice, or let it go on."),
    "no-document": _("It is signed, but there is no document. Add the scan."),
    "quiet": _("Nothing is recorded of this partnership for three years. Add what happened, or write that it rests."),
    "review": _("The page is due to be looked at again."),
    "no-owner": _("Nobody who works here is responsible for it. Choose somebody."),
}
# Where on a form the answer is written.
PLACES = {
    "no-date": "#id_planned",
    "no-document": "#documents-group",
    "quiet": "#milestones-group",
    "review": "#id_review_on",
    "no-owner": "#id_owner",
}
# Which of some cities, by their keys, there was news about since a day: this app knows nothing of news.
HeardOf = Callable[[list[int], date], set[int]]


def radar(*, on: date, heard_of: HeardOf | None = None) -> list[Reminder]:
    """What asks for a decision on a day, the most urgent first."""
    return _most_urgent_first([*of_agreements(on=on), *of_cities(on=on, heard_of=heard_of)])


def dates_to_come(*, on: date) -> list[Reminder]:
    """All days to come on which something ends, renews itself or is to be looked at again, however far away."""
    days = [one for agreement in _agreements(on) for one in _ends(agreement, on, within=None)]
    reviews = City.objects.filter(RECORDED, review_on__gte=on).select_related("owner")
    return _most_urgent_first([*days, *(Reminder("review", city, "change", city.review_on) for city in reviews)])


def works_here(person) -> bool:
    """Whether somebody has an account with which they can sign in."""
    return bool(person and person.is_active and person.is_staff)


def _most_urgent_first(found: Iterable[Reminder]) -> list[Reminder]:
    return sorted(found, key=lambda one: (one.until or date.max, one.code, one.record.pk))


def of_agreements(*, on: date) -> list[Reminder]:
    """What asks for a decision about agreements, the most urgent first."""
    return _most_urgent_first(one for agreement in _agreements(on) for one in _needs(agreement, on))


def _agreements(on: date) -> models.QuerySet:
    documents = Document.objects.filter(memorandum=OuterRef("pk"))
    parties = Prefetch("cities", City.objects.select_related("owner").only("name", "owner"))
    recorded = Memorandum.objects.filter(RECORDED).with_status(on=on, at=None)
    renewals = Prefetch("renewed_by__cities", parties.queryset)
    found = recorded.annotate(has_document=Exists(documents), **_copies(Memorandum))
    found = found.select_related("renewed_by")
    return found.prefetch_related(parties, renewals).order_by()


def _needs(agreement: Memorandum, on: date) -> Iterator[Reminder]:
    """What an agreement needs on a day."""
    status = agreement.status_now
    if status == Status.PLANNED and not (agreement.planned or agreement.is_signed):
        yield Reminder("no-date", agreement, "change")
    if status == Status.NEGOTIATED and agreement.negotiated_earliest + LONG_NEGOTIATED < on:
        yield Reminder("long-negotiated", agreement, "sign")
    yield from _ends(agreement, on, within=lead_time())
    if status in (*ALIVE, Status.SUSPENDED) and not agreement.has_document:
        yield Reminder("no-document", agreement, "change")


def _ends(agreement: Memorandum, on: date, *, within: timedelta | None) -> Iterator[Reminder]:
    """The day on which an agreement in force ends or renews itself, if that is near enough."""
    if agreement.status_now not in ALIVE:
        return
    end = agreement.ended_on_earliest or (None if agreement.renewal_months else agreement.ends_latest)
    renewal = getattr(agreement, "renewed_by", None)
    found = [Reminder("notice", agreement, "end", agreement.next_decision(on=on))]
    if not renewal:
        found.append(Reminder("expiring", agreement, "renew", end))
    elif not renewal.is_signed:
        found.append(Reminder("renewal", renewal, "sign", end))
    yield from (one for one in found if one.until and (within is None or one.until <= on + within))


def of_cities(*, on: date, heard_of: HeardOf | None = None) -> list[Reminder]:
    """What asks for a decision about partnerships, the most urgent first."""
    cities = list(_cities(on))
    quiet = [city for city in cities if _is_quiet(city, on)]
    lively = heard_of([city.pk for city in quiet], _years_before(on, QUIET)) if quiet and heard_of else set()
    found = [Reminder("quiet", city, "change") for city in quiet if city.pk not in lively]
    found += [
        Reminder("review", city, "change", city.review_on) for city in cities if city.review_on and city.review_on <= on
    ]
    found += [Reminder("no-owner", city, "change") for city in cities if not works_here(city.owner)]
    return _most_urgent_first(found)


def _cities(on: date) -> models.QuerySet:
    """The partnerships that have not ended, with the last day that is recorded of each kind of event."""
    there = City.objects.filter(RECORDED).with_status(on=on).exclude(status_now=Standing.ENDED).select_related("owner")
    last = {f"{name.partition('__')[0]}_last": _last(name) for name in HAPPENINGS}
    return there.annotate(**_copies(City), **last).order_by()


def _copies(model: type[models.Model]) -> dict[str, Exists]:
    """Annotations: whether somebody has begun a working copy, and whether that waits for approval."""
    kind = ContentType.objects.get_for_model(model)
    copies = WorkingCopy.objects.filter(content_type=kind, object_id=OuterRef("pk"))
    return {"has_copy": Exists(copies), "copy_waits": Exists(copies.filter(submitted_at__isnull=False))}


def _last(name: str) -> Subquery:
    """The last beginning of a kind of event of a city; each in a query of its own, for together they would multiply."""
    city = City.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    return Subquery(city.annotate(last=Max(f"{name}_earliest")).values("last"))


def _is_quiet(city: City, on: date) -> bool:
    """Whether nothing is recorded of an active partnership for QUIET years."""
    last = [city.since_earliest, *(getattr(city, f"{name.partition('__')[0]}_last") for name in HAPPENINGS)]
    return city.status_now == Standing.ACTIVE and max(filter(None, last), default=date.min) < _years_before(on, QUIET)


def _years_before(on: date, years: int) -> date:
    return on.replace(year=on.year - years, day=min(on.day, 28))
