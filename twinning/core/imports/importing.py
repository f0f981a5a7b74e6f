"""Importing: the base of the imports of each kind of record, and the plan of what a sheet would do."""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.translation import gettext as _

from twinning.core.addresses import old_slugs
from twinning.core.history import snapshots
from twinning.core.history.compare import display_value
from twinning.core.history.many import related_keys
from twinning.core.imports.batches import LONGEST_ID, external_ids
from twinning.core.imports.columns import EXTERNAL_ID, OLD_ADDRESSES, Target
from twinning.core.imports.others import Others
from twinning.core.imports.plans import Outcome, Plan, Row
from twinning.core.imports.writing import Writing
from twinning.core.publishing.copies import WorkingCopy
from twinning.core.publishing.steps import State
from twinning.core.spreadsheets.sheets import NotReadable, Sheet

TOLD_EVERY = 100  # rows


class Importer(Writing):
    """Base of an import at a moment. A row is found again by its external id, its address, or its name.

    Cells that are empty change nothing. What is public gets a working copy; all else that is written is a draft.
    """

    model: type[models.Model]
    targets: tuple[Target, ...]
    others: dict[str, Others] = {}  # by the relations that columns fill
    needed: tuple[str, ...]  # the fields without which no record can be made; the first is its name

    def __init__(self, *, at: datetime, lock: bool = False):
        self.at, self.seen, self.stored, self.copies, self.choices = at, {}, {}, {}, {}
        of_model, fields = snapshots.content_relations(self.model), snapshots.content_fields(self.model)
        self.relations = {one.name: one for one in of_model if one.name in {target.field for target in self.targets}}
        self.fields = {one.name: one for one in fields}
        self.related = {name: related_keys(one) for name, one in self.relations.items()}
        self._read(self.model._base_manager.all(), lock=lock)
        self.by_id, self.rows_by_id, self.new_slugs = external_ids(self.model), {}, {}
        self.by_slug = dict(old_slugs(self.model).values_list("slug", "object_id"))
        self.by_slug |= {one.slug: pk for pk, one in self.stored.items()}

    def _read(self, records: models.QuerySet, *, lock: bool) -> None:
        kind = ContentType.objects.get_for_model(self.model)
        works = WorkingCopy.objects.filter(content_type=kind)
        if lock:
            records = records.select_for_update(of=("self",))
        found = {one.pk: one for one in records}
        self.stored |= found
        self.copies |= {work.object_id: work for work in works if work.object_id in found}

    def named(self, row: Row) -> list[models.Model]:
        """The records that have the name of a row."""
        raise NotImplementedError

    def complete(self, row: Row) -> None:
        """Find the other records that a row names; refuses names that lead to none."""
        for name in self.relations.keys() & row.values.keys():
            try:
                row.related[name] = self.others[name].keys(row.values.pop(name))
            except ValidationError as error:
                row.refuse(self.label(name), " ".join(error.messages))

    def propose(self, row: Row) -> set[str]:
        """Fill in what a row with a new record does not say, and note which records it probably is.

        Returns the fields that it has refused.
        """
        return set()

    def check(self, row: Row) -> None:
        """Refuse values of ``row.record`` that do not go together, or that another record has."""

    def check_address(self, row: Row) -> None:
        """Refuse an address that another record has or had, or that another row wants."""
        slug, label = row.record.slug, self.label("slug")
        if "slug" not in row.values or row.problems:
            return
        if self.by_slug.get(slug, row.record.pk) != row.record.pk:
            row.refuse(label, _("Another record has or had this address."))
            return
        self.refuse_what_is_wrong(row, [row.record.clean])
        if self.new_slugs.setdefault(slug, row.number) != row.number:
            row.refuse(label, _("Row %(number)d has the same.") % {"number": self.new_slugs[slug]})

    def refuse_what_is_wrong(self, row: Row, checks: Iterable[Callable[[], None]]) -> None:
        """Refuse a row for what its record's own checks say."""
        for check in checks:
            try:
                check()
            except ValidationError as error:
                by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
                for field, messages in by_field.items():
                    row.refuse("" if field == NON_FIELD_ERRORS else self.label(field), " ".join(messages))

    def plan(
        self, sheet: Sheet, columns: dict[int, Target], *, tell: Callable[[int], None] = lambda done: None
    ) -> Plan:
        """The plan of a sheet whose columns fill these targets; ``tell`` hears now and then how many rows are done."""
        there = {target.field for target in columns.values()}
        name = next(target for target in self.targets if target.field == self.needed[0])
        if name.field not in there:
            raise NotReadable(
                _("There is no column “%(name)s”. The first row has the names of the columns.") % {"name": name.label}
            )
        unknown = [name for place, name in enumerate(sheet.header) if name and place not in columns]
        rows = []
        for number, cells in sheet.rows:
            if len(rows) % TOLD_EVERY == 0:
                tell(len(rows))
            rows.append(self._plan_row(number, cells, columns, len(sheet.header)))
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
        self.complete(row)
        if not row.problems:
            self.compare(row)
        return row

    def label(self, field: str) -> str:
        """The name of a column for people."""
        return next((str(target.label) for target in self.targets if target.field == field), field)

    def compare(self, row: Row) -> None:
        """Say what would come of a row, from its values."""
        try:
            found = self._find(row)
        except ValidationError as error:
            row.refuse("", " ".join(error.messages))
            return
        if found and (earlier := self.seen.setdefault(found.pk, row.number)) != row.number:
            row.refuse("", _("Row %(number)d is about the same record.") % {"number": earlier})
            return
        self._check_id(row)
        self._check_old_addresses(row, found)
        before = self._as_it_stands(row, found)
        if not row.problems:
            row.record = copy(found) if found else self.model()
            refused = set() if found else self.propose(row)
            self._fill(row, but=refused)
            self.check(row)
        if not row.problems:
            self._note_differences(row, before)

    def _check_id(self, row: Row) -> None:
        value = row.values.get(EXTERNAL_ID, "")
        if len(value) > LONGEST_ID:
            row.refuse(self.label(EXTERNAL_ID), _("It is longer than %(most)d characters.") % {"most": LONGEST_ID})
        if value and (earlier := self.rows_by_id.setdefault(value, row.number)) != row.number:
            row.refuse(self.label(EXTERNAL_ID), _("Row %(number)d has the same.") % {"number": earlier})

    def _check_old_addresses(self, row: Row, found: models.Model | None) -> None:
        """Refuse old addresses that could not lead to the record, or that belong to another one."""
        label = self.label(OLD_ADDRESSES)
        for slug in row.values.get(OLD_ADDRESSES, ()):
            owner = self.by_slug.get(slug)
            if not slug or slug.isdecimal():
                row.refuse(label, _("The last part of an old address has to have letters, so that it can lead here."))
            elif owner and owner != (found and found.pk):
                row.refuse(label, _("Another record has or had the address “%(slug)s”.") % {"slug": slug})
            elif found and not owner:
                row.refuse(label, _("Old addresses come along with new records only; this one is here already."))
            elif (earlier := self.new_slugs.setdefault(slug, row.number)) != row.number:
                row.refuse(label, _("Row %(number)d has the same.") % {"number": earlier})

    def _find(self, row: Row) -> models.Model | None:
        """The record that a row is about; raises ValidationError if it could be more than one."""
        values = row.values
        addresses = [values.get("slug"), *values.get(OLD_ADDRESSES, ())]
        for key in (self.by_id.get(values.get(EXTERNAL_ID)), *map(self.by_slug.get, addresses)):
            if key in self.stored:
                return self.stored[key]
        found = self.named(row)
        if len(found) > 1:
            message = _("%(number)d records have this name. Write the address of the one that is meant.")
            raise ValidationError(message % {"number": len(found)})
        return found[0] if found else None

    def _as_it_stands(self, row: Row, found: models.Model | None) -> dict:
        """The snapshot that the row is compared with; refuses what may not be changed as it stands."""
        if not found:
            return {"fields": {}, "relations": {}}
        state = found.state(at=self.at)
        row.copy, row.is_public = self.copies.get(found.pk), state == State.PUBLISHED
        if row.copy and row.copy.submitted_at:
            row.refuse("", _("Its working copy waits for approval. Have it sent back or published first."))
        elif state not in (State.DRAFT, State.PUBLISHED):
            message = _("It is in the state “%(state)s”. Only drafts and public pages are changed.")
            row.refuse("", message % {"state": state.label})
        if row.copy:
            return row.copy.snapshot
        related = {name: self.related[name].get(found.pk, []) for name in self.relations}
        return {"fields": snapshots.values_of(found), "relations": related}

    def _fill(self, row: Row, *, but: set[str]) -> None:
        """Put the values of the row into its record, and refuse those that its form would refuse; ``but`` are refused."""
        given = {name: value for name, value in row.values.items() if name in self.fields}
        for name, value in given.items():
            setattr(row.record, name, value)
        checked = given.keys() | (set(self.needed) if row.record.pk is None else set())
        try:
            row.record.clean_fields(exclude={one.name for one in self.model._meta.fields} - (checked - but))
        except ValidationError as error:
            for name, messages in error.message_dict.items():
                row.refuse(self.label(name), " ".join(messages))

    def _note_differences(self, row: Row, before: dict) -> None:
        after = snapshots.values_of(row.record, only=row.values)
        for target in self.targets:
            name = target.field
            if name in row.related:
                row.compare(target, before["relations"].get(name, []), row.related[name], shown=self._names(name))
            elif name in row.values and name in self.fields:
                row.compare(target, before["fields"].get(name), after[name], shown=self._in_words(name))
        is_new = row.record.pk is None
        row.outcome = Outcome.NEW if is_new else Outcome.CHANGED if row.changes else Outcome.UNCHANGED

    def _in_words(self, name: str) -> Callable[[Any], str]:
        """How the values of a field are shown."""
        field = self.fields[name]
        if field.is_relation:
            return lambda key: str(self.stored.get(key, key))  # all of them lead to records of the same kind
        if name not in self.choices:
            self.choices[name] = dict(field.flatchoices)  # that of a country takes longer than all else in a row
        if known := self.choices[name]:
            return lambda value: known.get(value, value)
        return lambda value: display_value(field, {name: value}, None)

    def _names(self, name: str) -> Callable[[list[int]], str]:
        """How the records at the other end of a relation are shown."""
        there = self.others[name].records
        return lambda keys: ", ".join(str(there[key]) for key in keys if key in there)
