"""Plans: what each row of a sheet would do, worked out before anything is written."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from twinning.core.publishing.copies import WorkingCopy

SHOWN = 200  # characters of a value in a preview


class Outcome(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("refused")


@dataclass
class Row:
    """A row of a plan: its number in the file, the record that it is about, what becomes of it and why.

    ``related`` are the keys at the other end of relations. ``differences`` have the name of a column, the value that is
    there and the new one, ``changes`` the same as they are stored; ``problems`` the name of a column, or an empty text,
    and the reason. ``proposed`` is what the file does not say: the name of a column, the value and where that comes from;
    ``doubles`` name the records, each with its key or None, that a new one probably is.
    """

    number: int
    name: str
    outcome: Outcome = Outcome.REFUSED
    record: models.Model | None = None
    copy: WorkingCopy | None = None
    is_public: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    related: dict[str, list[int]] = field(default_factory=dict)
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    proposed: list[tuple[str, str, str]] = field(default_factory=list)
    doubles: list[tuple[str, int | None]] = field(default_factory=list)

    def refuse(self, label: str, reason: str) -> None:
        """Note why nothing is written of the row."""
        self.outcome = Outcome.REFUSED
        self.problems.append((str(label), str(reason)))

    def compare(self, target, old, new, *, shown=str) -> None:
        """Note a difference, if it is one."""
        if old != new:
            self.changes.append((target.field, old, new))
            self.differences.append((str(target.label), _shown(old, shown), _shown(new, shown)))

    @property
    def mark(self) -> str:
        """A text that is another one if something else would come of the row."""
        said = [self.outcome, self.record.pk if self.record else None, self.changes]
        return hashlib.sha256(json.dumps(said, default=str).encode()).hexdigest()


@dataclass
class Plan:
    """The plan of an import: its rows in the order of the file, and the columns that nobody knows."""

    rows: list[Row]
    unknown: list[str]

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many rows there are of each outcome."""
        found = Counter(row.outcome for row in self.rows)
        return {outcome: found[outcome] for outcome in Outcome}

    def written(self, *, with_doubles: bool) -> list[Row]:
        """The rows of which something is written; new records that are probably there already only if somebody wants it."""
        rows = [row for row in self.rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]
        return [row for row in rows if with_doubles or not row.doubles]


def _shown(value, in_words) -> str:
    text = "" if value is None or value == "" else str(in_words(value))
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
