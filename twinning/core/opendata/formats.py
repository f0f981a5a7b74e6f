"""Formats of open data: each turns a set and its records into the pieces of a file, record by record."""

import csv
import json
from collections.abc import Iterable, Iterator

from twinning.core.opendata.datasets import Dataset

# A spreadsheet calculates what begins with one of these; the wide ones are those of Chinese and Japanese keyboards.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
SEPARATOR = "; "
TYPES = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "geojson": "application/geo+json",
    "csv": "text/csv; charset=utf-8",
}


def pieces(dataset: Dataset, records: Iterable, ending: str) -> Iterator[str]:
    """The text of a file, in pieces."""
    return _WRITERS[ending](dataset, records)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one that looks like a formula gets an apostrophe in front."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _fields(dataset: Dataset, record) -> dict:
    return {column.name: column.of(record) for column in dataset.columns}


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(dataset: Dataset, records: Iterable) -> Iterator[str]:
    for record in records:
        yield f"{_json(_fields(dataset, record))}\n"


def _between(values: Iterable, opening: str, closing: str) -> Iterator[str]:
    """An array of JSON, a value a line."""
    yield opening
    separator = "\n"
    for value in values:
        yield f"{separator}{_json(value)}"
        separator = ",\n"
    yield closing


def _array(dataset: Dataset, records: Iterable) -> Iterator[str]:
    return _between((_fields(dataset, record) for record in records), "[", "\n]\n")


def _features(dataset: Dataset, records: Iterable) -> Iterator[str]:
    features = (_feature(_fields(dataset, record)) for record in records)
    return _between(features, '{"type": "FeatureCollection", "features": [', "\n]}\n")


def _feature(fields: dict) -> dict:
    point = {"type": "Point", "coordinates": [fields.pop("longitude"), fields.pop("latitude")]}
    return {"type": "Feature", "id": fields["id"], "geometry": point, "properties": fields}


class _Echo:
    """A file for the CSV writer that hands back what is written."""

    @staticmethod
    def write(text: str) -> str:
        return text


def _table(dataset: Dataset, records: Iterable) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow([column.name for column in dataset.columns])
    for record in records:
        yield writer.writerow([_cell(column.of(record)) for column in dataset.columns])


def _cell(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = SEPARATOR.join(item if isinstance(item, str) else _json(item) for item in value)
    return harmless(value) if isinstance(value, str) else value


_WRITERS = {"json": _array, "jsonl": _lines, "geojson": _features, "csv": _table}
