"""Merging two edits of one form: the fields changed here are put into what a colleague has saved meanwhile."""

import re
from dataclasses import dataclass, field

from django import forms
from django.db import models
from django.http import QueryDict

Values = dict[str, list[str]]


@dataclass
class Typed:
    """The fields and parts of a form that a user has changed since opening it."""

    fields: set[str] = field(default_factory=set)
    # By the prefix of the formset, and then by the key of the part: its row and its changed fields.
    parts: dict[str, dict[int, tuple[int, set[str]]]] = field(default_factory=dict)
    # By the prefix of the formset: the rows of new parts.
    added: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def read(cls, form: forms.BaseForm, formsets: list[forms.BaseFormSet]) -> "Typed":
        """Read bound forms that were made while the database is as it was when the form was opened."""
        typed = cls(fields=set(form.changed_data))
        for formset in formsets:
            known = [(index, part) for index, part in enumerate(formset.initial_forms) if part.instance.pk]
            typed.parts[formset.prefix] = {part.instance.pk: (i, set(part.changed_data)) for i, part in known}
            rows = enumerate(formset.forms)
            typed.added[formset.prefix] = [i for i, part in rows if not part.instance.pk and part.has_changed()]
        return typed


@dataclass
class Shown:
    """The values of an unchanged form: its fields, and its parts by the prefix of their formset."""

    fields: Values
    parts: dict[str, list[tuple[int, Values]]]

    @classmethod
    def read(cls, form: forms.BaseForm, formsets: list[forms.BaseFormSet]) -> "Shown":
        """Read unbound forms."""
        parts = {
            formset.prefix: [(part.instance.pk, _sent(part)) for part in formset.initial_forms] for formset in formsets
        }
        return cls(fields=_sent(form), parts=parts)


def with_plain_newlines(post: QueryDict) -> QueryDict:
    """The data with LF as line end, as in the database: browsers send CR LF, and every text would seem changed."""
    data = QueryDict(mutable=True, encoding=post.encoding)
    for name, values in post.lists():
        data.setlist(name, [value.replace("\r\n", "\n") for value in values])
    return data


def merge(post: QueryDict, typed: Typed, shown: Shown) -> QueryDict:
    """The data of a form with the values that a colleague has saved (``shown``) and those that were ``typed`` here.

    Where both changed a field, the value typed here is kept. A part that the colleague has removed becomes a new one if
    it was changed here.
    """
    data = post.copy()
    for name, values in shown.fields.items():
        if name not in typed.fields:
            data.setlist(name, values)
    for prefix, current in shown.parts.items():
        mine = typed.parts.get(prefix, {})
        rows = [_merged_row(post, prefix, values, mine.get(key)) for key, values in current]
        kept = len(rows)
        removed = mine.keys() - {key for key, _values in current}
        orphans = [mine[key][0] for key in removed if mine[key][1] - {"DELETE"}]
        for index in sorted([*orphans, *typed.added.get(prefix, [])]):
            rows.append({name: values for name, values in _row(post, prefix, index).items() if name != "id"})
        _write_rows(data, prefix, rows, kept)
    return data


def _merged_row(post: QueryDict, prefix: str, values: Values, mine: tuple[int, set[str]] | None) -> Values:
    if not mine:
        return values
    index, changed = mine
    return values | {name: list_ for name, list_ in _row(post, prefix, index).items() if name in changed}


def _row(post: QueryDict, prefix: str, index: int) -> Values:
    start = f"{prefix}-{index}-"
    return {name.removeprefix(start): values for name, values in post.lists() if name.startswith(start)}


def _write_rows(data: QueryDict, prefix: str, rows: list[Values], kept: int) -> None:
    for name in [name for name in data if re.match(rf"{re.escape(prefix)}-\d+-", name)]:
        del data[name]
    for index, row in enumerate(rows):
        for name, values in row.items():
            data.setlist(f"{prefix}-{index}-{name}", values)
    data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), str(kept)


def _sent(form: forms.BaseForm) -> Values:
    """The data that a browser would send for an unchanged form, by the names of the fields."""
    return {bound.name: _values(bound) for bound in form if not isinstance(bound.field.widget, forms.FileInput)}


def _values(bound: forms.BoundField) -> list[str]:
    widget, value = bound.field.widget, bound.value()
    if isinstance(widget, forms.CheckboxInput):
        return ["on"] if value else []
    if isinstance(value, list | tuple | models.QuerySet):
        return [str(getattr(one, "pk", one)) for one in value]
    shown = widget.format_value(value)
    if isinstance(shown, list | tuple):
        return [str(one) for one in shown]
    return ["" if shown is None else str(shown)]
