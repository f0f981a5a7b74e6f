"""Sets of open data: their columns, declared once for all formats, for the data package and for the page about them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from twinning.core.fields.dates import PartialDate

# The types of Table Schema (Frictionless); a list is an array in JSON, and stands in one cell of CSV.
STRING, INTEGER, NUMBER, BOOLEAN, DATE, MOMENT, LIST = (
    *("string", "integer", "number", "boolean", "date", "datetime"),
    "array",
)


@dataclass(frozen=True)
class Column:
    """A column: its name, which does not change, what it means, its type, and its value for a record."""

    name: str
    about: str
    value: Callable[[Any], Any]
    type: str = STRING

    def of(self, record) -> Any:
        """The value for a record as JSON has it."""
        value = self.value(record)
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, Decimal):
            return float(value)
        return None if value in ("", None) else value


@dataclass(frozen=True)
class Dataset:
    """A set of records as open data.

    ``records(at=)`` has those that are public at a moment; with a ``page_size``, ``records(at=, after=)`` has those behind
    a position, and ``position`` says where a record stands.
    """

    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    records: Callable[..., Iterable]
    endings: tuple[str, ...]
    page_size: int = 0
    position: Callable[[Any], str] | None = None


def partial_date(name: str, about: str, value: Callable[[Any], PartialDate | None]) -> tuple[Column, Column, Column]:
    """Three columns of a partial date: EDTF, the earliest and the latest day that it can mean."""

    def bound(which: str, open_end: date):
        def day(record):
            known = getattr(value(record), which, None)
            return None if known == open_end else known

        return day

    return (
        Column(name, about, lambda record: getattr(value(record), "edtf", None)),
        Column(f"{name}_earliest", _("The first day that it can mean."), bound("earliest", date.min), DATE),
        Column(f"{name}_latest", _("The last day that it can mean."), bound("latest", date.max), DATE),
    )


def named(prefix: str, about: str, rows: Callable[[Any], list[dict]], name: str = "name") -> tuple[Column, Column]:
    """Two columns with records that are named: their ids and, in the same order, their names."""

    def each(key: str):
        return lambda record: [row[key] for row in sorted(rows(record), key=lambda row: (row[name], row["data_id"]))]

    return (
        Column(f"{prefix}_ids", about, each("data_id"), LIST),
        Column(f"{prefix}_names", _("Their names, in the same order."), each(name), LIST),
    )
