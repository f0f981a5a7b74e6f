"""Writing what a plan says, many rows at a time: a query for each row is what an import took its minutes for."""

from collections.abc import Iterator, Sequence

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from twinning.core.addresses import give_addresses, note_old_addresses
from twinning.core.history import snapshots
from twinning.core.history.events import EventKind
from twinning.core.history.many import note_all, note_found, related_keys, take_all
from twinning.core.history.snapshots import content_relations
from twinning.core.imports.batches import ImportBatch, note_external_ids
from twinning.core.imports.columns import EXTERNAL_ID, OLD_ADDRESSES
from twinning.core.imports.plans import Outcome, Plan, Row
from twinning.core.publishing.copies import begin
from twinning.core.search.index import index_all

AT_ONCE = 100  # rows; others can write in between


def in_parts(rows: Sequence) -> Iterator[Sequence]:
    """A list in pieces of AT_ONCE."""
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))


def may_import(model: type[models.Model], *, by) -> bool:
    """Whether somebody may add and change records of a kind, and see those that they can name."""
    named = {field.related_model._meta for field in content_relations(model)}
    sees = all(by.has_perm(f"{opts.app_label}.view_{opts.model_name}") for opts in named)
    return sees and all(model.has_right(right, by=by) for right in ("add", "change"))


def check_rights(model: type[models.Model], *, by) -> None:
    """Raise PermissionDenied unless somebody may import records of a kind."""
    if not may_import(model, by=by):
        raise PermissionDenied


class Writing:
    """Mixin of an Importer: writes the rows of its plan."""

    def write(self, plan: Plan, *, file_name: str, by, with_doubles: bool = False) -> ImportBatch | None:
        """Write what is new or changed, all of it or nothing; None if there is nothing to write."""
        check_rights(self.model, by=by)
        if not (rows := plan.written(with_doubles=with_doubles)):
            return None
        with transaction.atomic():
            batch = ImportBatch.objects.begin(self.model, file_name=file_name, by=by, at=self.at)
            for part in in_parts(rows):
                batch.add(part, left=self.write_rows(part, by=by))
        return batch

    def write_rows(self, rows: Sequence[Row], *, by) -> list[Row]:
        """Write some rows in one transaction; returns those that are refused now, with the reason in ``problems``."""
        try:
            with transaction.atomic():
                self._lock([row.record.pk for row in rows if row.outcome == Outcome.CHANGED])
                self._write([row for row in rows if self._is_still(row)], by=by)
        except IntegrityError:
            if len(rows) > 1:
                return [row for one in rows for row in self.write_rows([_as_new(one)], by=by)]
            rows[0].refuse("", _("Somebody has added a record of the same name or address meanwhile."))
        return [row for row in rows if row.problems]

    def _lock(self, keys: list[int]) -> None:
        """Read some records and their working copies again, locked until the transaction ends."""
        for key in keys:
            self.stored.pop(key, None)
            self.copies.pop(key, None)
        self._read(self.model._base_manager.filter(pk__in=keys), lock=True)
        for name, field in self.relations.items():
            self.related[name] |= related_keys(field, keys)

    def _is_still(self, row: Row) -> bool:
        """Whether the same would come of a row now; if not, it is refused."""
        if row.outcome != Outcome.CHANGED:
            return True
        again = Row(row.number, row.name, values=row.values, related=row.related)
        self.compare(again)
        if again.mark != row.mark:
            row.refuse("", _("Somebody has changed the record since you looked."))
        row.record, row.copy = again.record, again.copy
        return not row.problems

    def _write(self, rows: list[Row], *, by) -> None:
        self._write_new([row for row in rows if row.outcome == Outcome.NEW], by=by)
        self._write_drafts([row for row in rows if row.outcome == Outcome.CHANGED and not row.is_public], by=by)
        for row in rows:
            if row.outcome == Outcome.CHANGED and row.is_public:
                self._write_copy(row, by=by)
        ids = {row.values[EXTERNAL_ID]: row.record.pk for row in rows if EXTERNAL_ID in row.values}
        note_external_ids(self.model, ids)

    def _write_new(self, rows: list[Row], *, by) -> None:
        if not (records := [row.record for row in rows]):
            return
        give_addresses(records, but=self.new_slugs)
        self.model._base_manager.bulk_create(records)
        old = (
            (slug, row.record) for row in rows for slug in row.values.get(OLD_ADDRESSES, ()) if slug != row.record.slug
        )
        note_old_addresses(self.model, old)
        for name, field in self.relations.items():
            through, own, other = field.remote_field.through, field.m2m_field_name(), field.m2m_reverse_field_name()
            through._base_manager.bulk_create(
                through(**{f"{own}_id": row.record.pk, f"{other}_id": key})
                for row in rows
                for key in row.related.get(name, ())
            )
        self.write_parts(rows)
        self._note(records, EventKind.ADD, by=by)

    def write_parts(self, rows: list[Row]) -> None:
        """Write the parts of new records that columns fill."""

    def _write_drafts(self, rows: list[Row], *, by) -> None:
        records = [row.record for row in rows]
        note_found(records, at=self.at)
        for row in rows:
            row.record.save()
            for name, keys in row.related.items():
                getattr(row.record, name).set(keys)
        self._note(records, EventKind.CHANGE, by=by)

    def _note(self, records: list, what: str, *, by) -> None:
        """Write the search entries and the history of records."""
        keys = [record.pk for record in records]
        index_all(self.model._base_manager.filter(pk__in=keys))
        note_all(records, what, by=by, at=self.at, snapshots=take_all(self.model, keys))

    def _write_copy(self, row: Row, *, by) -> None:
        work, fields = begin(row.record, by=by, at=self.at), snapshots.values_of(row.record, only=row.values)
        changed = {
            "fields": work.snapshot["fields"] | fields,
            "relations": work.snapshot["relations"] | row.related,
        }
        work.keep(work.snapshot | changed, by=by, at=self.at)


def _as_new(row: Row) -> Row:
    """A row whose transaction was rolled back, to be written again."""
    if row.outcome == Outcome.NEW:
        row.record.pk, row.record._state.adding = None, True
    return row
