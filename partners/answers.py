"""What residents ask about a partnership, often by freedom-of-information request, and the answers that are recorded."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import starmap

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from partners import queries
from partners.models import City, Decision, Delegation, Memorandum, Outcome
from partners.models.life import ALIVE
from partners.models.story import amount
from partners.timeline import Entry, beginning

ANSWERS = "answers"  # the address below that of the city


@dataclass(frozen=True)
class YearOfVisits:
    """The visits of a year and what those cost of which that is known; ``year`` is None where no single one is certain."""

    year: int | None
    visits: list[Delegation]

    @property
    def with_cost(self) -> list[Delegation]:
        return [visit for visit in self.visits if visit.has_cost]

    @property
    def cost(self) -> str:
        return amount(sum(visit.cost for visit in self.with_cost))


class Answers:
    """The answers about one partnership, each asked when a page has a place for it; the city comes from ``for_page``."""

    def __init__(self, city: City, *, at: datetime):
        self.city, self.at = city, at
        self.today = timezone.localdate(at)
        self.standing = city.standing(on=self.today)

    @property
    def beginning(self) -> Entry:
        """The beginning with its sources."""
        return beginning(self.city)

    @cached_property
    def agreements(self) -> list[Memorandum]:
        """The public agreements that are in force."""
        found = queries.agreements(at=self.at, city=self.city.pk)
        return [memorandum for memorandum in found if memorandum.status_now in ALIVE]

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was decided about the public agreements, the latest last."""
        return queries.decisions(at=self.at, city=self.city.pk)

    @property
    def outcomes(self) -> list[Outcome]:
        return self.city.shown_outcomes

    @cached_property
    def years(self) -> list[YearOfVisits]:
        """The years with a visit of which the cost is known, the latest first; what has no certain year stands last."""
        by_year = defaultdict(list)
        for visit in queries.delegations(city=self.city.pk):
            by_year[visit.date.year].append(visit)
        found = sorted(starmap(YearOfVisits, by_year.items()), key=lambda one: one.year or 0, reverse=True)
        return [year for year in found if year.with_cost]


def not_recorded(city: City) -> list[str]:
    """The questions of residents that nothing in a record answers, for those who could write it down."""
    visits = city.delegations.all()
    is_decided = city.decision_body or Decision.objects.filter(memorandum__cities=city).exists()
    there = {
        _("Why are we partners?"): city.why,
        _("Since when?"): city.since or city.is_proposed,
        _("Who says since when? (the source)"): city.since_source or city.is_proposed,
        _("Who decided?"): is_decided,
        _("What did it cost per year? (no visit with its cost)"): visits.filter(cost__isnull=False).exists(),
        _("What did some visits cost?"): not (visits and visits.filter(cost=None).exists()),
        _("What came of it?"): city.outcomes.exists(),
    }
    return [question for question, is_recorded in there.items() if not is_recorded]
