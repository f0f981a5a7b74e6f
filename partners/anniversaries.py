"""Round anniversaries of partnerships and agreements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

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

    def __str__(self):
        if self.city:
            return _("%(years)d years with %(name)s") % {"years": self.years, "name": self.city.name}
        said = _("%(years)d years since the signing of “%(title)s”")
        return said % {"years": self.years, "title": self.memorandum.title}

    @property
    def record(self) -> City | Memorandum:
        return self.city or self.memorandum

    @property
    def since(self) -> PartialDate:
        """The date from which it counts."""
        return self.city.celebrated_from if self.city else self.memorandum.signed

    @property
    def is_day(self) -> bool:
        """Whether ``when`` is a day, and not a month or a year."""
        return self.when.earliest == self.when.latest


def next_anniversary(cities: Iterable[City], memoranda: Iterable[Memorandum], *, on: date) -> Anniversary | None:
    """The next round anniversary of an active partnership or an agreement in force; None without any.

    Of two at the same time the longer one is returned.
    """
    return next(iter(anniversaries(cities, memoranda, on=on)), None)


def anniversaries(cities: Iterable[City], memoranda: Iterable[Memorandum], *, on: date) -> list[Anniversary]:
    """The next round anniversary of each active partnership and each agreement in force, the first one first.

    Agreements have to carry ``status_now``.
    """
    dated = [(city.celebrated_from, {"city": city}) for city in cities if city.standing(on=on).is_active]
    dated += [(m.signed, {"memorandum": m}) for m in memoranda if m.status_now in IN_FORCE]
    found = [(since.next_anniversary(on=on, every=ROUND), record) for since, record in dated if since]
    coming = [Anniversary(*following, **record) for following, record in found if following]
    return sorted(coming, key=lambda one: (one.when.latest, -one.years))
