"""History events in words, for the history page and the log: person, details, and the fields that changed."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.accounts import User
from twinning.core.fields.moments import moment_in_words
from twinning.core.history.compare import Difference, Names, differences, display_name
from twinning.core.history.events import EventKind, HistoryEvent, labels

_WAYS = {
    "password": gettext_lazy("password"),
    "totp": gettext_lazy("authenticator app"),
    "recovery_codes": gettext_lazy("recovery code"),
    "webauthn": gettext_lazy("passkey"),
    "socialaccount": gettext_lazy("the council's sign-on"),
}
_LOGIN = {
    "new password": gettext_lazy("Password changed."),
    "no password": gettext_lazy("Password taken away: this account cannot log in with one."),
    "link asked for": gettext_lazy("A link to choose a new password was asked for and sent."),
    "invitation": gettext_lazy("A link to choose a password was sent."),
    "app added": gettext_lazy("Authenticator app added."),
    "app removed": gettext_lazy("Authenticator app removed."),
    "passkey added": gettext_lazy("Passkey added."),
    "passkey removed": gettext_lazy("Passkey removed."),
    "recovery codes": gettext_lazy("New recovery codes made."),
    "calendar made": gettext_lazy("New address of the own calendar made."),
    "calendar ended": gettext_lazy("Address of the own calendar ended."),
    "second factors removed": gettext_lazy("All second factors removed."),
}


@dataclass(frozen=True)
class HistoryEntry:
    """An event in words; ``details`` and ``changes`` are lines, ``before`` is the event with the previous snapshot."""

    event: HistoryEvent
    person: str
    details: list[str]
    changes: list[str] = field(default_factory=list)
    before: HistoryEvent | None = None


def describe(events: list[HistoryEvent], *, model: type[models.Model] | None = None, reader=None) -> list[HistoryEntry]:
    """Entries for some events, the newest first, in a constant number of queries.

    With the ``model`` of the one record to which all events belong, they say which fields changed, of those that the
    ``reader`` may see. The previous snapshot has to be among the events or the last one before them.
    """
    people = _people(events)
    pairs = _with_previous_snapshots(events) if model else {}
    compared = [pair for pair in pairs.values() if pair[1]]
    names = Names(model, [event.snapshot for pair in compared for event in pair]) if compared else None
    entries = []
    for event in events:
        _event, before = pairs.get(event.pk, (event, None))
        found = differences(model, before.snapshot, event.snapshot, names=names, reader=reader) if before else []
        entry = HistoryEntry(event, person_name(event), list(details(event, people)), _change_lines(found), before)
        entries.append(entry)
    return entries


def _with_previous_snapshots(events: list[HistoryEvent]) -> dict[int, tuple[HistoryEvent, HistoryEvent | None]]:
    """Each event with a snapshot, by its key, and the event with the previous snapshot of the record."""
    states = [event for event in events if event.snapshot is not None]
    if not states:
        return {}
    older = [*states[1:], states[-1].last_state()]
    return {event.pk: (event, before) for event, before in zip(states, older, strict=True)}


def _people(events: list[HistoryEvent]) -> dict[int, User]:
    """The colleagues to whose keys the details of events refer."""
    named = [event.details for event in events if event.what == EventKind.COPY_PUBLISHED]
    keys = {said["begun_by"] for said in named} | {step[2] for said in named for step in said["steps"]}
    return User.objects.in_bulk(keys - {None}) if keys else {}


def person_name(event: HistoryEvent) -> str:
    """The name of the person of an event; empty where it is not known who brought what was found."""
    if event.by:
        return display_name(event.by)
    return _("whoever has the link") if event.what == EventKind.LINK_OPENED else ""


def _moment(iso: str | None) -> str:
    return moment_in_words(datetime.fromisoformat(iso)) if iso else ""


def details(event: HistoryEvent, people: dict[int, User]):
    """The lines of an event beside person, moment and remark."""
    said = event.details
    if event.what == EventKind.FOUND:
        yield _("How it was, written down before the next change.")
    if line := _publication_line(event):
        yield line
    if said.get("own_work"):
        yield _("Approved by an author of it: nobody else looked at it.")
    if said.get("public_reason"):
        yield _("Public reason: %s") % said["public_reason"]
    if said.get("reason"):
        yield _("Why it could not wait: %s") % said["reason"]
    if said.get("link"):
        yield _("For %(link)s.") % said
    if said.get("file"):
        yield _("File: %(file)s") % said
    if said.get("expires_at"):
        yield _("Expires on %s.") % _moment(said["expires_at"])
    if said.get("login"):
        yield str(_LOGIN[said["login"]])
    if said.get("ways"):
        yield _("With %s.") % ", ".join(str(_WAYS.get(way, way)) for way in said["ways"])
    if said.get("of_at"):
        yield _("The state of %s.") % _moment(said["of_at"])
    yield from (_("Not brought back: %s") % missing for missing in said.get("missing", []))
    yield from _holder_lines(said)
    if said.get("is_minor"):
        yield _("A minor change: no public note tells of it.")
    if event.what == EventKind.COPY_PUBLISHED:
        yield from _copy_lines(said, people)
    if event.what == EventKind.REFUSED:
        yield _("Sent to %(path)s without the right to it.") % said
        if said["asked"]:
            yield _("Asked for: %s") % ", ".join(name.strip("_").replace("_", " ") for name in said["asked"])


def _publication_line(event: HistoryEvent) -> str:
    """The moment of publication that an event set or moved."""
    said = event.details
    now, was = said.get("publish_at") or said.get("now"), said.get("was")
    if was and not now:
        return _("No longer embargoed until %s.") % _moment(was)
    if was and datetime.fromisoformat(now) <= event.at:
        return _("Embargo lifted; it was %s.") % _moment(was)
    if was:
        return _("Embargo moved from %(was)s to %(now)s.") % {"was": _moment(was), "now": _moment(now)}
    return _("Public from %s.") % _moment(now) if now else ""


def _holder_lines(said: dict):
    if said.get("told"):
        yield _("Told by email: %s") % "; ".join(said["told"])
    if said.get("to_call"):
        yield _("To be called: %s") % "; ".join(holder["name"] for holder in said["to_call"])


def _copy_lines(said: dict, people: dict[int, User]):
    words = labels()
    for what, at, by, remark in [["begun", said["begun_at"], said["begun_by"], ""], *said["steps"]]:
        step = _("Begun") if what == "begun" else words.get(what, what)
        line = {"step": step, "when": _moment(at), "who": display_name(people[by]) if by in people else "–"}
        yield _("%(step)s on %(when)s by %(who)s") % line + (f": {remark}" if remark else "")


def _change_lines(found: list[Difference]) -> list[str]:
    """The labels of the fields that changed: a line for the record itself and one for each part."""
    by_place = {}
    for difference in found:
        by_place.setdefault((difference.place, difference.part_change), []).append(difference.label)
    lines = []
    for (place, part_change), fields in by_place.items():
        named = ", ".join(dict.fromkeys(fields))
        lines.append(place if part_change else f"{place} ({named})" if place else named)
    return lines
