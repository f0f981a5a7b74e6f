"""What happens to an agreement, as verbs: sign, renew, amend, suspend, resume, end, abandon.

Each is declared once as a step (ADR 15). It changes the content, so a public agreement gets it by way of its working copy.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.agreement_parts import Suspension
from partners.models.life import ALIVE, Status
from twinning.core.fields.dates import PartialDate
from twinning.core.history import snapshots
from twinning.core.history.events import EventKind, note
from twinning.core.publishing.copies import lock
from twinning.core.publishing.steps import State, Step, table
from twinning.core.publishing.writing import writing

EDITABLE = (State.DRAFT, State.IN_REVIEW, State.PUBLISHED, State.WITHDRAWN)


@dataclass(frozen=True, kw_only=True)
class Verb(Step):
    """A step that changes the content. ``obstacle`` says why it cannot begin on a day; ``lead`` what its page is for."""

    obstacle: Callable[[models.Model, date], str]
    lead: str

    @property
    def page(self) -> str:
        """The name of the address in the back office on which it is taken."""
        return f"admin:partners_memorandum_{self.name}"


def _no_signing(record, on: date) -> str:
    if record.is_signed:
        return _("It is signed already.")
    return _("It was abandoned.") if record.abandoned_on else ""


def _no_renewal(record, on: date) -> str:
    if not record.has_begun(on=on):
        return _("Only an agreement that is signed and in force can be renewed. Change the plan of this one instead.")
    successor = getattr(record, "renewed_by", None)
    return _("It has been renewed already, by “%(title)s”.") % {"title": successor} if successor else ""


def _no_amendment(record, on: date) -> str:
    is_alive = record.status(on=on, at=None) in (*ALIVE, Status.SUSPENDED)
    return "" if is_alive else _("Only an agreement that is in force can be amended.")


def _no_suspension(record, on: date) -> str:
    return "" if record.status(on=on, at=None) in ALIVE else _("Only an agreement that is in force can be suspended.")


def _no_resumption(record, on: date) -> str:
    return "" if record.open_spell(on=on) else _("It is not suspended.")


def _no_end(record, on: date) -> str:
    if record.ended_on:
        return _("Its end is recorded already.")
    if not record.is_signed:
        return _("It is not signed. What is never signed is abandoned.")
    is_over = record.status(on=on, at=None) in (Status.RENEWED, Status.EXPIRED)
    return _("It is over already: it was renewed, or ran out.") if is_over else ""


def _no_abandoning(record, on: date) -> str:
    if record.is_signed:
        return _("A signed agreement cannot be abandoned. Record its end instead.")
    return _("It was abandoned already.") if record.abandoned_on else ""


SIGN = Verb(
    name="sign", right="change", begins=EDITABLE, label=_("Record the signing"), done=_("Signing recorded"),
    obstacle=_no_signing, lead=_("When and where it was signed, and by whom. What was planned stays beside it."),
)  # fmt: skip
RENEW = Verb(
    name="renew", right="add", begins=EDITABLE, label=_("Renew it"), done=_("Renewal begun"),
    obstacle=_no_renewal,
    lead=_("Begins the draft of a new agreement, filled in from this one. This one counts as renewed when that is in force."),
)  # fmt: skip
AMEND = Verb(
    name="amend", right="add", begins=EDITABLE, label=_("Amend it"), done=_("Amendment begun"),
    obstacle=_no_amendment, lead=_("Begins the draft of an addendum. This agreement stays in force."),
)  # fmt: skip
SUSPEND = Verb(
    name="suspend", right="change", begins=EDITABLE, label=_("Suspend it"), done=_("Suspension recorded"),
    obstacle=_no_suspension, lead=_("From when it is suspended, and why. The reason is shown to the public."),
)  # fmt: skip
RESUME = Verb(
    name="resume", right="change", begins=EDITABLE, label=_("Resume it"), done=_("Resumption recorded"),
    obstacle=_no_resumption, lead=_("From when it is in force again."),
)  # fmt: skip
END = Verb(
    name="end", right="change", begins=EDITABLE, label=_("Record its end"), done=_("End recorded"),
    obstacle=_no_end, lead=_("When it ends before its time, and why. The reason is shown to the public."),
)  # fmt: skip
ABANDON = Verb(
    name="abandon", right="change", begins=EDITABLE, label=_("Abandon it"), done=_("Abandoned"),
    obstacle=_no_abandoning, lead=_("When it was given up without being signed, and why. The reason is shown to the public."),
)  # fmt: skip
VERBS = table(SIGN, RENEW, AMEND, SUSPEND, RESUME, END, ABANDON)


class Verbs:
    """Mixin of an agreement: its verbs. ``decision`` is what the council decided: ``body``, ``date``, ``url``."""

    verbs = VERBS

    def why_no(self, verb: str, *, by, at: datetime) -> str:
        """Why a person who may edit cannot take a verb now; empty if they can."""
        if (state := self.state(at=at)) not in EDITABLE:
            return _("This is not possible now: the record is “%(state)s”.") % {"state": state.label}
        return self.verbs[verb].obstacle(self, timezone.localdate(at))

    def open_spell(self, *, on: date) -> Suspension | None:
        """The suspension that has begun by a day and has no end."""
        spells = (spell for spell in self.suspensions.all() if not spell.ends and spell.begins_earliest <= on)
        return next(spells, None)

    def sign(
        self, *, by, at: datetime, signed: PartialDate, place: str = "", signatories: Iterable[dict] = (),
        signatories_unknown: bool = False, decision: dict | None = None, remark: str = "",
    ) -> None:  # fmt: skip
        """Record a signing: the day, the place, and who signed for whom in which office."""
        with self._doing("sign", by=by, at=at, decision=decision, remark=remark) as fresh:
            if signed.earliest > timezone.localdate(at):
                message = _("That day is still to come. Write it under “planned for” until it is signed.")
                raise ValidationError({"signed": ValidationError(message, code="to_come")})
            fresh.signed, fresh.place, fresh.signatories_unknown = signed, place, signatories_unknown
            fresh.check_signing(list(fresh.cities.all()), signed=signed)
            for signatory in signatories:
                _save_part(fresh.signatories.model(memorandum=fresh, **signatory))

    def suspend(
        self, *, by, at: datetime, begins: PartialDate, reason: str, decision: dict | None = None, remark: str = ""
    ) -> None:
        """Record that it is suspended from a day on."""
        with self._doing("suspend", by=by, at=at, decision=decision, remark=remark) as fresh:
            spell = Suspension(memorandum=fresh, begins=begins, reason=reason)
            if (status := fresh.status(on=begins.latest, at=None)) not in ALIVE:
                message = _("On that day it was not in force: %(status)s.")
                refused = ValidationError(message, code="not_in_force", params={"status": status.label})
                raise ValidationError({"begins": refused})
            _save_part(spell)

    def resume(self, *, by, at: datetime, ends: PartialDate, decision: dict | None = None, remark: str = "") -> None:
        """Record that it is in force again from a day on."""
        with self._doing("resume", by=by, at=at, decision=decision, remark=remark) as fresh:
            spell = fresh.open_spell(on=timezone.localdate(at))
            if ends.latest < spell.begins.earliest:
                message = _("It was suspended later, on %(begins)s.")
                refused = ValidationError(message, code="too_early", params={"begins": spell.begins})
                raise ValidationError({"ends": refused})
            spell.memorandum, spell.ends = fresh, ends
            _save_part(spell)

    def end(
        self, *, by, at: datetime, end_reason: str, ended_on: PartialDate | None = None, notice_on: date | None = None,
        decision: dict | None = None, remark: str = "",
    ) -> None:  # fmt: skip
        """Record its end; of an agreement that renews itself, a notice is enough, from which the day follows."""
        with self._doing("end", by=by, at=at, decision=decision, remark=remark) as fresh:
            if not ended_on and notice_on and fresh.renews_itself:
                ended_on = PartialDate.of(fresh.end_after_notice(notice_on))
            if not ended_on:
                message = _("Say when it ends.")
                raise ValidationError({"ended_on": ValidationError(message, code="required")})
            fresh.ended_on, fresh.notice_on, fresh.end_reason = ended_on, notice_on, end_reason

    def abandon(
        self,
        *,
        by,
        at: datetime,
        abandoned_on: PartialDate,
        end_reason: str,
        decision: dict | None = None,
        remark: str = "",
    ) -> None:
        """Record that it was given up without being signed."""
        with self._doing("abandon", by=by, at=at, decision=decision, remark=remark) as fresh:
            fresh.abandoned_on, fresh.end_reason = abandoned_on, end_reason

    def renew(
        self,
        *,
        by,
        at: datetime,
        title: str,
        planned: PartialDate | None = None,
        ends: PartialDate | None = None,
        remark: str = "",
    ):
        """Begin the draft that takes its place; returns that."""
        terms = ("kind", "other_parties", "purpose", "languages", "renewal_months", "notice_days")
        filled = {name: getattr(self, name) for name in terms} | {"title": title, "planned": planned, "ends": ends}
        return self._followed("renew", {"renews": self, **filled}, by, at, remark)

    def amend(self, *, by, at: datetime, title: str, planned: PartialDate | None = None, remark: str = ""):
        """Begin the draft of an addendum; returns that."""
        filled = {"other_parties": self.other_parties, "languages": self.languages, "kind": self.kind_of_addendum()}
        return self._followed("amend", {"amends": self, "title": title, "planned": planned, **filled}, by, at, remark)

    @contextmanager
    def _doing(self, name: str, *, by, at: datetime, decision: dict | None, remark: str) -> Iterator[models.Model]:
        """Take a verb: yields the agreement as it is to be; afterwards it is checked and saved as a whole, or not at all."""
        verb = self.verbs[name]
        with writing(self, verb, by=by, at=at, remark=remark) as fresh:
            if why := verb.obstacle(fresh, timezone.localdate(at)):
                raise ValidationError(why, code="not_possible_now")
            yield fresh
            fresh.full_clean()
            fresh.save()
            if decision:
                _save_part(fresh.decisions.model(memorandum=fresh, about=name, **decision))

    def _followed(self, name: str, fields: dict, by, at: datetime, remark: str) -> models.Model:
        """The draft of an agreement that renews or amends this one, with the same cities and themes."""
        if not self.has_right(self.verbs[name].right, by=by):
            raise PermissionDenied
        with transaction.atomic():
            stored = lock(type(self), self.pk)
            if why := stored.why_no(name, by=by, at=at):
                raise ValidationError(why, code="not_possible_now")
            follower = type(self)(**fields)
            follower.full_clean()
            follower.save()
            follower.cities.set(stored.cities.all())
            follower.themes.set(stored.themes.all())
            note(follower, EventKind.ADD, by=by, at=at, snapshot=snapshots.take(follower))
            note(stored, name, by=by, at=at, remark=remark, link=follower.title)
        return follower


def _save_part(part: models.Model) -> None:
    part.full_clean()
    part.save()
