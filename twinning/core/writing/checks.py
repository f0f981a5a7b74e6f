"""Checks: what each looks for, what it found, and what somebody has set aside.

Each kind of record has a table of its checks, which says for each whether it blocks publication or only warns. What blocks
is asked by ``check_ready`` of the model, what warns by the back office, which knows the table as ``writing_checks``.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from itertools import islice

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone

from twinning.core.history import snapshots
from twinning.core.history.snapshots import rows_of
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.writing.passages import Passage, passages_of
from twinning.core.writing.set_aside import LONGEST_EXCERPT, SetAside

MOST_OF_A_KIND = 20
# Errors under the names of the fields or the parts that they are about.
type Reasons = dict[str, list[ValidationError]]


@dataclass(frozen=True)
class Finding:
    """Something to look at again: a sentence about it, and the words that it is about."""

    said: str
    excerpt: str
    where: str = ""  # the label of the text
    anchor: str = ""  # the id of an element of the form
    record: models.Model | None = None  # the record that it disagrees with
    check: str = ""
    set_aside: SetAside | None = None

    @property
    def url(self) -> str:
        """The address of the record that it disagrees with, in the back office."""
        opts = self.record._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.record.pk])

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from others of its record: the check and the words, wherever they stand."""
        return self.check, self.excerpt[:LONGEST_EXCERPT]


@dataclass(frozen=True)
class Draft:
    """A record as it is written, and the moment from which it is to be public."""

    record: models.Model
    at: datetime
    _rows: dict[str, list] = field(default_factory=dict)

    @cached_property
    def passages(self) -> list[Passage]:
        return passages_of(self.record, self.rows)

    def rows(self, name: str) -> list[models.Model]:
        """The parts of the record under one name, read once."""
        if name not in self._rows:
            self._rows[name] = rows_of(self.record, self.record._meta.get_field(name))
        return self._rows[name]

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check: its code, what it looks at in words, and the function that blocks publication or only warns."""

    code: str
    label: str
    blocks: Callable[[Draft], Reasons] | None = None
    warns: Callable[[Draft], Iterable[Finding]] | None = None


@dataclass(frozen=True)
class Findings:
    """What the checks that only warn have found: what is open, and what was set aside."""

    open: list[Finding] = field(default_factory=list)
    set_aside: list[Finding] = field(default_factory=list)


def reasons_against(record: models.Model, checks: Iterable[Check], *, at: datetime) -> Reasons:
    """Why a record cannot be public from a moment on: what those checks have found that block it."""
    draft, found = Draft(record, at), {}
    for check in checks:
        for place, errors in (check.blocks(draft) if check.blocks else {}).items():
            found[place] = [*found.get(place, ()), *errors]
    return {place: errors for place, errors in found.items() if errors}


def findings_of(subject: models.Model, checks: Iterable[Check], *, at: datetime) -> Findings:
    """What those checks that only warn have found in a record or in a working copy, before it is public."""
    if not isinstance(subject, WorkingCopy):
        return findings_in(subject, checks, at=at)
    record = subject.fresh_record()
    # That a copy no longer fits is said elsewhere.
    with suppress(ValidationError), snapshots.as_if(record, subject.snapshot, is_whole=False):
        return findings_in(record, checks, at=at)
    return Findings()


def findings_in(record: models.Model, checks: Iterable[Check], *, at: datetime) -> Findings:
    """As ``findings_of``, in a record as the database has it."""
    found = _found(record, checks, at=max(at, record.publish_at or at))
    kept = {(one.code, one.excerpt): one for one in SetAside.objects.of(record).select_related("by")} if found else {}
    marked = [replace(finding, set_aside=kept.get(finding.key)) for finding in found]
    return Findings([one for one in marked if not one.set_aside], [one for one in marked if one.set_aside])


def _found(record: models.Model, checks: Iterable[Check], *, at: datetime) -> list[Finding]:
    draft, found = Draft(record, at), {}
    for check in checks:
        for finding in islice(check.warns(draft) if check.warns else (), MOST_OF_A_KIND):
            named = replace(finding, check=check.code)
            found.setdefault(named.key, named)
    return list(found.values())
