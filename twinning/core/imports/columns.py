"""Columns of an import: what a record can have, and which column of a sheet has it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.fields.folding import fold

EXTERNAL_ID, OLD_ADDRESSES = "external_id", "old_addresses"
OF_ID = gettext_lazy("What tells the record from all others in your list; the next import finds it by that.")


@dataclass(frozen=True)
class Target:
    """What a column can fill: the name of a field, its name for people, an example, and how a text becomes its value.

    ``also`` are other names for the same, ``legend`` says what belongs there. ``read`` raises ValidationError with the
    reason.
    """

    field: str
    label: str
    example: str = ""
    also: tuple[str, ...] = ()
    read: Callable[[str], Any] = str
    legend: str = ""

    @property
    def names(self) -> set[str]:
        return {key_of(name) for name in (self.field, str(self.label), *self.also)}


def key_of(name: str) -> str:
    """The name of a column without what people write differently: “Population-Year ” is “populationyear”."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def match(header: Sequence[str], targets: Sequence[Target]) -> dict[int, Target]:
    """Which column fills what, by its place; the first of two with the same name counts."""
    found = {}
    for place, name in enumerate(header):
        for target in targets:
            if key_of(name) in target.names and target not in found.values():
                found[place] = target
    return found


def rows_of(targets: Sequence[Target]) -> list[list[str]]:
    """The names of the columns, and an example of each."""
    return [[str(target.label) for target in targets], [target.example for target in targets]]


def legend_of(model: type[models.Model], targets: Sequence[Target], needed: Sequence[str]) -> list[list[str]]:
    """What belongs into each column: its name, whether a new record needs it, an example, and other names for it."""
    fields = {field.name: field for field in model._meta.get_fields()}
    lines = [
        [
            str(target.label),
            _("yes") if target.field in needed else "",
            target.example,
            str(target.legend or getattr(fields.get(target.field), "help_text", "")),
            ", ".join(target.also),
        ]
        for target in targets
    ]
    return [[_("Column"), _("Needed"), _("Example"), _("What belongs there"), _("Also called")], *lines]
