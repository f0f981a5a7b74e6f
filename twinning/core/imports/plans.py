"""Plans: what each row of a sheet would do, worked out before anything is written."""

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

    ``differences`` have the name of a column, the value that is there and the new one; ``problems`` the name of a column,
    or an empty text, and the reason.
    """

    number: int
    name: str
    outcome: Outcome = Outcome.REFUSED
    record: models.Model | None = None
    copy: WorkingCopy | None = None
    is_public: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)

    def refuse(self, label: str, reason: str) -> None:
        """Note why nothing is written of the row."""
        self.outcome = Outcome.REFUSED
        self.problems.append((str(label), str(reason)))

    def compare(self, label: str, old, new) -> None:
        """Note a difference, if it is one."""
        if old != new:
            self.differences.append((str(label), _shown(old), _shown(new)))


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

    @property
    def written(self) -> list[Row]:
        """The rows of which something is written."""
        return [row for row in self.rows if row.outcome in (Outcome.NEW, Outcome.CHANGED)]


def _shown(value) -> str:
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"
