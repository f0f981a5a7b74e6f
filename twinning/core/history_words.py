"""Events as colleagues read them: who did what, with what remark, and which fields changed."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.comparison import Difference, Names, called, differences
from twinning.core.history import HistoryEvent, What
from twinning.core.models import User
from twinning.core.moments import moment_in_words

_LOGIN = {
    "new password": gettext_lazy("Password changed."),
    "no password": gettext_lazy("Password taken away: this account cannot log in with one."),
}
_REASONS = {What.WITHDRAW: gettext_lazy("Public reason: %s"), None: gettext_lazy("Why it could not wait: %s")}


@dataclass(frozen=True)
class Told:
    """An event in words. ``details`` and ``changes`` are lines; ``before`` is the event that left the state before."""

    event: HistoryEvent
    who: str
    details: list[str]
    changes: list[str] = field(default_factory=list)
    before: HistoryEvent | None = None


def tell(events: list[HistoryEvent], *, model: type[models.Model] | None = None, reader=None) -> list[Told]:
    """Events, the newest first, in words. With the ``model`` of their one record also what changed for the ``reader`` to
    see, where the state before is among the events or just before them. The number of queries does not grow with the events."""
    people = _people(events)
    states = _with_states_before(events) if model else {}
    pairs = [pair for pair in states.values() if pair[1]]
    names = Names(model, [state.snapshot for pair in pairs for state in pair]) if pairs else None
    told = []
    for event in events:
        _event, before = states.get(event.pk, (event, None))
        changes = differences(model, before.snapshot, event.snapshot, names=names, reader=reader) if before else []
        told.append(Told(event, who(event), list(details(event, people)), _in_lines(changes), before))
    return told


def _with_states_before(events: list[HistoryEvent]) -> dict[int, tuple[HistoryEvent, HistoryEvent | None]]:
    """Each event that left a state with the one that left the state before, the last of them from the database."""
    states = [event for event in events if event.snapshot is not None]
    if not states:
        return {}
    older = [*states[1:], states[-1].last_state()]
    return {event.pk: (event, before) for event, before in zip(states, older, strict=True)}


def _people(events: list[HistoryEvent]) -> dict[int, User]:
    """The colleagues whom the details of events name by their keys."""
    named = [event.details for event in events if event.what == What.COPY_PUBLISHED]
    keys = {said["begun_by"] for said in named} | {step[2] for said in named for step in said["steps"]}
    return User.objects.in_bulk(keys - {None}) if keys else {}


def who(event: HistoryEvent) -> str:
    """Who did it; nobody of the office opened a link, and it is not known who brought what was found."""
    if event.by:
        return called(event.by)
    return _("whoever has the link") if event.what == What.LINK_OPENED else ""


def _moment(iso: str | None) -> str:
    return moment_in_words(datetime.fromisoformat(iso)) if iso else ""


def details(event: HistoryEvent, people: dict[int, User]):
    """What an event says beside person, moment and remark, line by line."""
    said = event.details
    if event.what == What.FOUND:
        yield _("How it was, written down before the next change.")
    if moved := _moved(event):
        yield moved
    if said.get("reason"):
        yield _REASONS.get(event.what, _REASONS[None]) % said["reason"]
    if said.get("link"):
        yield _("For %(link)s.") % said
    if said.get("file"):
        yield _("File: %(file)s") % said
    if said.get("expires_at"):
        yield _("Expires on %s.") % _moment(said["expires_at"])
    if said.get("login"):
        yield str(_LOGIN[said["login"]])
    if said.get("of_at"):
        yield _("The state of %s.") % _moment(said["of_at"])
    yield from (_("Not brought back: %s") % lost for lost in said.get("lost", []))
    yield from _of_holders(said)
    if event.what == What.COPY_PUBLISHED:
        yield from _of_copy(said, people)
    if event.what == What.REFUSED:
        yield _("Sent to %(path)s without the right to it.") % said
        if said["asked"]:
            yield _("Asked for: %s") % ", ".join(name.strip("_").replace("_", " ") for name in said["asked"])


def _moved(event: HistoryEvent) -> str:
    """From which moment on something is public, and until which it was to wait before."""
    said = event.details
    now, was = said.get("publish_at") or said.get("now"), said.get("was")
    if was and not now:
        return _("No longer embargoed until %s.") % _moment(was)
    if was and datetime.fromisoformat(now) <= event.at:
        return _("Embargo lifted; it was %s.") % _moment(was)
    if was:
        return _("Embargo moved from %(was)s to %(now)s.") % {"was": _moment(was), "now": _moment(now)}
    return _("Public from %s.") % _moment(now) if now else ""


def _of_holders(said: dict):
    if said.get("told"):
        yield _("Told by email: %s") % "; ".join(said["told"])
    if said.get("to_call"):
        yield _("To be called: %s") % "; ".join(holder["name"] for holder in said["to_call"])


def _of_copy(said: dict, people: dict[int, User]):
    for what, at, by, remark in [["begun", said["begun_at"], said["begun_by"], ""], *said["steps"]]:
        step = _("Begun") if what == "begun" else What(what).label
        line = {"step": step, "when": _moment(at), "who": called(people[by]) if by in people else "–"}
        yield _("%(step)s on %(when)s by %(who)s") % line + (f": {remark}" if remark else "")


def _in_lines(found: list[Difference]) -> list[str]:
    """What changed, a line for the record itself and one for each part."""
    by_place = {}
    for difference in found:
        by_place.setdefault((difference.place, difference.fate), []).append(difference.label)
    lines = []
    for (place, fate), labels in by_place.items():
        fields = ", ".join(dict.fromkeys(labels))
        lines.append(place if fate else f"{place} ({fields})" if place else fields)
    return lines
