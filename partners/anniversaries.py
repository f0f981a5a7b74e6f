"""Round anniversaries of partnerships and agreements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from partners.models import City, Memorandum
from partners.models.memoranda import Status
from twinning.core.fields.dates import PartialDate

ROUND = 5  # years
IN_FORCE = (Status.IN_FORCE, Status.EXPIRING)


@dataclass(frozen=True)
class Anniversary:
    """A round number of years with a city or since an agreement was signed; ``when`` is as precise as the date."""

    years: int
    when: PartialDate
    city: City | None = None
    memorandum: Memorandum | None = None

    @property
    def is_day(self) -> bool:
        """Whether ``when`` is a day, and not a month or a year."""
        return self.when.earliest == self.when.latest


def next_anniversary(cities: Iterable[City], memoranda: Iterable[Memorandum], *, on: date) -> Anniversary | None:
    """The next round anniversary of an active partnership or an agreement in force; None without any.

    Agreements have to carry ``status_now``. Of two at the same time the longer one is returned.
    """
    dated = [(city.celebrated_from, {"city": city}) for city in cities if city.standing(on=on).is_active]
    dated += [(m.signed, {"memorandum": m}) for m in memoranda if m.status_now in IN_FORCE]
    found = [(since.next_anniversary(on=on, every=ROUND), record) for since, record in dated if since]
    coming = [Anniversary(*following, **record) for following, record in found if following]
    return min(coming, key=lambda one: (one.when.latest, -one.years), default=None)
