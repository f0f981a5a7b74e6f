"""How a partnership stands: its beginning with all that changed since, and what is true of it on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partners.kinds import LONGEST_CODE, partnership_kind, partnership_kinds
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDate, PartialDateField, bounds
from twinning.core.fields.links import LinkField
from twinning.core.search.index import SearchablePart


class Holder(models.TextChoices):
    """Who keeps a partnership alive on our side."""

    COUNCIL = "council", _("The council")
    ASSOCIATION = "association", _("A twinning association")
    BOTH = "both", _("The council and an association")


class Status(models.TextChoices):
    """How a partnership stands on a day, computed on read and never stored."""

    PROPOSED = "proposed", _("Proposed")
    ACTIVE = "active", _("Active")
    DORMANT = "dormant", _("Dormant")
    SUSPENDED = "suspended", _("Suspended")
    ENDED = "ended", _("Ended")


BECOMES = [choice for choice in Status.choices if choice[0] != Status.PROPOSED]


class Change(SearchablePart):
    """What a partnership became after its beginning: dormant, active again, a twinning, held by an association, ended."""

    owner = "city"

    city = models.ForeignKey("partners.City", models.CASCADE, related_name="changes")
    date = PartialDateField(_("from"))
    date_earliest, date_latest = bounds()
    status = models.CharField(_("the partnership is"), max_length=20, choices=BECOMES, default=Status.ACTIVE)
    kind = models.CharField(
        _("kind of partnership"), max_length=LONGEST_CODE, choices=partnership_kinds, blank=True,
        help_text=_("Only if it changed."),
    )  # fmt: skip
    held_by = models.CharField(
        _("held by"), max_length=20, choices=Holder, blank=True, help_text=_("Only if it changed.")
    )
    reason = LineField(
        _("reason"), max_length=250, blank=True,
        help_text=_("Shown to the public. Needed if the partnership is dormant, suspended or ended."),
    )  # fmt: skip
    source = LineField(_("source"), max_length=250, blank=True, help_text=_("Where this is written down."))
    source_url = LinkField(_("link to the source"), blank=True)

    class Meta:
        ordering = (F("date_earliest").asc(nulls_last=True), "pk")
        verbose_name = _("change of the partnership")
        verbose_name_plural = _("changes of the partnership")
        constraints = [
            models.CheckConstraint(
                name="partners_change_standstill_has_reason",
                condition=Q(status=Status.ACTIVE) | ~Q(reason=""),
                violation_error_message=_("Give a reason for a partnership that is dormant, suspended or ended."),
            )
        ]

    def __str__(self):
        return self.in_words

    @property
    def in_words(self) -> str:
        """What the partnership became, and when: “Dormant since 2010”."""
        status, date = self.get_status_display(), self.date
        if not date or self.status == Status.ENDED:
            return ", ".join(filter(None, [status, date and str(date)]))
        said = _("%(status)s since the %(date)s") if date.edtf.endswith("X") else _("%(status)s since %(date)s")
        return said % {"status": status, "date": date}

    @property
    def became(self) -> str:
        """What the partnership became: “Twin city, held by: The council”; that it is active is said if nothing else is."""
        held_by = self.held_by and _("held by: %(holder)s") % {"holder": self.get_held_by_display()}
        news = [self.kind and partnership_kind(self.kind), held_by]
        is_told = any(news) and self.status == Status.ACTIVE
        return capfirst(", ".join(filter(None, ["" if is_told else self.get_status_display(), *news])))

    @property
    def place_in_time(self) -> tuple[date, int]:
        """Where it stands among the changes of its city; without a date it is the latest, as in ``Meta.ordering``."""
        return self.date_earliest or date.max, self.pk

    def has_come(self, *, on: date) -> bool:
        return not self.date_earliest or self.date_earliest <= on


@dataclass(frozen=True)
class Standing:
    """What is true of a partnership on a day.

    ``code`` is that of its kind, ``since`` its beginning, ``kind_since`` the beginning of what it is called today; ``last`` is
    the change that made it what it is. ``story`` has all changes, with those to come.
    """

    status: Status
    code: str
    kind_since: PartialDate | None
    held_by: Holder
    since: PartialDate | None
    last: Change | None
    story: Sequence[Change]

    @classmethod
    def of(cls, city, changes: Sequence[Change], *, on: date) -> "Standing":
        story = sorted(changes, key=lambda change: change.place_in_time)
        come = [change for change in reversed(story) if change.has_come(on=on)]
        last, called = next(iter(come), None), next((change for change in come if change.kind), None)
        is_to_come = city.is_proposed or bool(city.since_earliest and city.since_earliest > on)
        return cls(
            status=Status(last.status) if last else Status.PROPOSED if is_to_come else Status.ACTIVE,
            code=called.kind if called else city.kind,
            kind_since=called.date if called else city.since,
            held_by=Holder(next((change.held_by for change in come if change.held_by), city.held_by)),
            since=city.since,
            last=last,
            story=story,
        )

    @property
    def kind(self) -> str:
        """What it is called."""
        return partnership_kind(self.code)

    @property
    def is_active(self) -> bool:
        return self.status == Status.ACTIVE

    @property
    def is_over(self) -> bool:
        return self.status == Status.ENDED

    @property
    def until(self) -> PartialDate | None:
        """When it ended, if it has and somebody knows."""
        return self.last.date if self.is_over else None

    @property
    def explained(self) -> Change | None:
        """The change whose reason stands at the top of the page, because the partnership is not active."""
        return None if self.is_active else self.last
