"""Importing: the base of the imports of each kind of record. First a plan, then, in one transaction, what it says."""

from copy import copy
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from twinning.core.addresses import old_slugs
from twinning.core.history import snapshots
from twinning.core.history.events import EventKind, note_state
from twinning.core.imports.batches import ImportBatch, external_ids, note_batch
from twinning.core.imports.columns import Target
from twinning.core.imports.plans import Outcome, Plan, Row
from twinning.core.imports.sheets import NotReadable, Sheet
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.steps import State

EXTERNAL_ID = "external_id"


class Importer:
    """Base of an import at a moment. A row is found again by its external id, its address, or its name.

    Cells that are empty change nothing. What is public gets a working copy; all else that is written is a draft.
    """

    model: type[models.Model]
    targets: tuple[Target, ...]
    needed: tuple[str, ...]  # the fields without which no record can be made; the first is its name

    def __init__(self, *, at: datetime, lock: bool = False):
        self.at, self.seen = at, {}
        stored = self.model._base_manager.all()
        self.stored = {one.pk: one for one in (stored.select_for_update(of=("self",)) if lock else stored)}
        kind = ContentType.objects.get_for_model(self.model)
        self.copies = {work.object_id: work for work in WorkingCopy.objects.filter(content_type=kind)}
        self.by_id = external_ids(self.model)
        self.by_slug = dict(old_slugs(self.model).values_list("slug", "object_id"))
        self.by_slug |= {one.slug: pk for pk, one in self.stored.items()}
        self.field_names = {one.name for one in snapshots.content_fields(self.model)}

    def named(self, values: dict[str, Any]) -> list[models.Model]:
        """The records that have the name of a row."""
        raise NotImplementedError

    def check(self, row: Row) -> None:
        """Refuse values of ``row.record`` that do not go together, or that another record has."""

    def plan(self, sheet: Sheet, columns: dict[int, Target]) -> Plan:
        """The plan of a sheet whose columns fill these targets."""
        there = {target.field for target in columns.values()}
        name = next(target for target in self.targets if target.field == self.needed[0])
        if name.field not in there:
            raise NotReadable(
                _("There is no column “%(name)s”. The first row has the names of the columns.") % {"name": name.label}
            )
        unknown = [name for place, name in enumerate(sheet.header) if name and place not in columns]
        rows = [self._plan_row(number, cells, columns, len(sheet.header)) for number, cells in sheet.rows]
        return Plan(rows, unknown)

    def _plan_row(self, number: int, cells: list[str], columns: dict[int, Target], width: int) -> Row:
        given = {target: cells[place] for place, target in columns.items() if place < len(cells) and cells[place]}
        row = Row(number, next((text for target, text in given.items() if target.field == self.needed[0]), "–"))
        if any(cells[width:]):
            row.refuse("", _("It has more cells than there are columns; a comma or a quotation mark may be wrong."))
        for target, text in given.items():
            try:
                row.values[target.field] = target.read(text)
            except ValidationError as error:
                row.refuse(target.label, " ".join(error.messages))
        if not row.problems:
            self._compare(row)
        return row

    def _compare(self, row: Row) -> None:
        try:
            found = self._find(row.values)
        except ValidationError as error:
            row.refuse("", " ".join(error.messages))
            return
        if found and (earlier := self.seen.setdefault(found.pk, row.number)) != row.number:
            row.refuse("", _("Row %(number)d is about the same record.") % {"number": earlier})
            return
        before = self._as_it_stands(row, found)
        if not row.problems:
            row.record = copy(found) if found else self.model()
            self._fill(row)
            self.check(row)
        if not row.problems:
            self._note_differences(row, before)

    def _find(self, values: dict[str, Any]) -> models.Model | None:
        """The record that a row is about; raises ValidationError if it could be more than one."""
        for key in (self.by_id.get(values.get(EXTERNAL_ID)), self.by_slug.get(values.get("slug"))):
            if key in self.stored:
                return self.stored[key]
        found = self.named(values)
        if len(found) > 1:
            message = _("%(number)d records have this name. Write the address of the one that is meant.")
            raise ValidationError(message % {"number": len(found)})
        return found[0] if found else None

    def _as_it_stands(self, row: Row, found: models.Model | None) -> dict:
        """The values that the row is compared with; refuses what may not be changed as it stands."""
        if not found:
            return {}
        state = found.state(at=self.at)
        row.copy, row.is_public = self.copies.get(found.pk), state == State.PUBLISHED
        if row.copy and row.copy.submitted_at:
            row.refuse("", _("Its working copy waits for approval. Have it sent back or published first."))
        elif state not in (State.DRAFT, State.PUBLISHED):
            message = _("It is in the state “%(state)s”. Only drafts and public pages are changed.")
            row.refuse("", message % {"state": state.label})
        return row.copy.snapshot["fields"] if row.copy else snapshots.values_of(found)

    def _fill(self, row: Row) -> None:
        """Put the values of the row into its record, and refuse those that its form would refuse."""
        given = {name: value for name, value in row.values.items() if name in self.field_names}
        for name, value in given.items():
            setattr(row.record, name, value)
        checked = given.keys() | (set(self.needed) if row.record.pk is None else set())
        labels = {target.field: target.label for target in self.targets}
        try:
            row.record.clean_fields(exclude={one.name for one in self.model._meta.fields} - checked)
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                row.refuse(labels.get(name, name), " ".join(messages))

    def _note_differences(self, row: Row, before: dict) -> None:
        after = snapshots.values_of(row.record)
        for target in self.targets:
            if target.field in row.values and target.field in self.field_names:
                row.compare(target.label, before.get(target.field), after[target.field])
        is_new = row.record.pk is None
        row.outcome = Outcome.NEW if is_new else Outcome.CHANGED if row.differences else Outcome.UNCHANGED

    def write(self, plan: Plan, *, file_name: str, by) -> ImportBatch | None:
        """Write what is new or changed, all of it or nothing; None if there is nothing to write."""
        rights = {Outcome.NEW: "add", Outcome.CHANGED: "change"}
        if not all(self.model().has_right(rights[row.outcome], by=by) for row in plan.written):
            raise PermissionDenied
        if not plan.written:
            return None
        with transaction.atomic():
            for row in plan.written:
                self._write(row, by=by)
            records = [(row.record.pk, row.outcome, row.values.get(EXTERNAL_ID, "")) for row in plan.written]
            return note_batch(self.model, records, file_name=file_name, by=by, at=self.at)

    def _write(self, row: Row, *, by) -> None:
        if row.is_public:
            work = begin(row.record, by=by, at=self.at)
            values = snapshots.values_of(row.record)
            given = {name: values[name] for name in row.values if name in self.field_names}
            work.keep(work.snapshot | {"fields": work.snapshot["fields"] | given}, by=by, at=self.at)
            return
        row.record.save()
        note_state(row.record, EventKind.ADD if row.outcome == Outcome.NEW else EventKind.CHANGE, by=by, at=self.at)
