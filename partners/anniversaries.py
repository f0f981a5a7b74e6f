"""What there will be to celebrate next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partners.models import City, Memorandum
from partners.models.memoranda import Status
from twinning.core.dates import PartialDate

ROUND = 5  # years
IN_FORCE = (Status.IN_FORCE, Status.EXPIRING)


@dataclass(frozen=True)
class Anniversary:
    """A round number of years with a city, or since an agreement was signed; ``when`` is as precise as the first date."""

    years: int
    when: PartialDate
    city: City | None = None
    memorandum: Memorandum | None = None

    @property
    def is_day(self) -> bool:
        """Whether the day is known; else it is a month or a year."""
        return self.when.earliest == self.when.latest


def next_anniversary(cities: Iterable[City], memoranda: Iterable[Memorandum], *, on: date) -> Anniversary | None:
    """The first to come of what is alive: active partnerships, and agreements in force, which carry ``status_now``.

    Of two at the same time the longer one.
    """
    dated = [(city.since, {"city": city}) for city in cities if city.status == City.Status.ACTIVE]
    dated += [(m.signed, {"memorandum": m}) for m in memoranda if m.status_now in IN_FORCE]
    found = [(since.next_anniversary(on=on, every=ROUND), record) for since, record in dated if since]
    coming = [Anniversary(*following, **record) for following, record in found if following]
    return min(coming, key=lambda one: (one.when.latest, -one.years), default=None)
