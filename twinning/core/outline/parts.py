"""The parts of a form: its groups of fields and the groups of rows that stand between them, each with what it still lacks."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django import forms
from django.contrib.admin.helpers import AdminForm, Fieldset, InlineAdminFormSet
from django.contrib.admin.utils import flatten
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from twinning.core.outline.handbook import help_beside

EMPTY = (None, "", [], ())


@dataclass
class Lack:
    """Something that is missing or wrong in a part: what to do, and the id of the place where it is done."""

    words: str
    target: str


@dataclass
class Part:
    """A part of a form: a group of fields, or one of rows."""

    title: str
    heading: str  # its id
    number: int  # of the group, among all of its kind
    names: set[str]  # the fields, or the relation of the rows
    fieldset: Fieldset | None = None
    rows: InlineAdminFormSet | None = None
    help: str = ""  # HTML
    lacks: list[Lack] = field(default_factory=list)


def outline(form: AdminForm, inlines: list[InlineAdminFormSet], *, kind: str) -> list[Part]:
    """The parts of a form of a kind of record; rows stand below the fields that they belong to, the others at the end."""
    groups = [_fields(fieldset, number, kind) for number, fieldset in enumerate(form)]
    rows = [_rows(inline, number) for number, inline in enumerate(inlines)]
    placed = []
    for group in groups:
        placed += [group, *(part for part in rows if part.rows.opts.after in group.names)]
    placed += [part for part in rows if part not in placed]
    for part in placed:
        part.help = help_beside(kind, part.title, key=part.heading.removesuffix("-heading"))
    return placed


def _fields(fieldset: Fieldset, number: int, kind: str) -> Part:
    title = str(fieldset.name or capfirst(kind))
    return Part(title, f"fieldset-0-{number}-heading", number, set(flatten(fieldset.fields)), fieldset=fieldset)


def _rows(inline: InlineAdminFormSet, number: int) -> Part:
    title, prefix = capfirst(inline.opts.verbose_name_plural), inline.formset.prefix
    return Part(title, f"{prefix}-heading", number, {prefix}, rows=inline)


def fill_in(parts: list[Part], form: forms.BaseForm, missing: dict[str, list[str]]) -> list[str]:
    """Say in each part what is wrong in it or, before anything was sent, what is missing; returns what belongs to no part.

    ``missing`` are the messages of the rule that refuses publication, under the names of fields and of parts.
    """
    if not form.is_bound:
        missing = {name: [capfirst(str(form[name].label))] for name in _empty(form)} | missing
    for part in parts:
        part.lacks = list(_wrong_fields(part, form) if part.fieldset else _wrong_rows(part.rows))
        for name in [name for name in missing if name in part.names]:
            target = form[name].id_for_label if name in form.fields else part.heading
            part.lacks += [Lack(words, target) for words in missing[name]]
    known = set().union(*(part.names for part in parts))
    return [words for name, messages in missing.items() if name not in known for words in messages]


def _empty(form: forms.BaseForm) -> list[str]:
    """The fields without which the form cannot be saved and that are empty so far."""
    return [name for name, one in form.fields.items() if one.required and form[name].value() in EMPTY]


def _wrong_fields(part: Part, form: forms.BaseForm) -> Iterator[Lack]:
    for name in flatten(part.fieldset.fields):
        if name in form.errors and name in form.fields:
            yield Lack(capfirst(str(form[name].label)), form[name].id_for_label)


def _wrong_rows(inline: InlineAdminFormSet) -> Iterator[Lack]:
    """The fields that are wrong, each with the number of its row: “Photo 2: what can be seen”."""
    for number, row in enumerate(inline.formset.forms, start=1):
        name = _("%(part)s %(number)d") % {"part": capfirst(inline.opts.verbose_name), "number": number}
        for wrong in row.errors:
            if wrong in row.fields:
                yield Lack(f"{name}: {row[wrong].label}", row[wrong].id_for_label)
            else:
                yield Lack(f"{name}: {row.errors[wrong][0]}", f"{inline.formset.prefix}-heading")
