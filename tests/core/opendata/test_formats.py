"""Formats of open data: values, formulas, and files that are not held in memory."""

import csv
import json
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from itertools import repeat

import pytest
from django.test import RequestFactory

from twinning.core.fields.dates import PartialDate
from twinning.core.opendata.answers import MOST_IN_MEMORY, data_response
from twinning.core.opendata.datasets import Column, Dataset, named, partial_date
from twinning.core.opendata.formats import harmless, pieces


def dataset(*columns: Column) -> Dataset:
    return Dataset("things", "Things", "Some things.", columns, lambda *, at: (), ("csv", "json", "jsonl", "geojson"))


def text(ending: str, records, *columns: Column) -> str:
    return "".join(pieces(dataset(*columns), records, ending))


ITSELF = Column("it", "Itself.", lambda record: record)


@pytest.mark.parametrize("formula", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠A"])
def test_text_that_looks_like_a_formula_gets_an_apostrophe(formula):
    assert harmless(formula) == f"'{formula}"
    [_head, row] = csv.reader(StringIO(text("csv", [formula], ITSELF), newline=""))
    assert row == [f"'{formula}"]


def test_number_below_zero_is_no_formula():
    assert text("csv", [Decimal("-1.5")], ITSELF) == "it\r\n-1.5\r\n"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("", None),
        (None, None),
        (0, 0),
        (False, False),
        (Decimal("7.46530"), 7.4653),
        (date(1969, 6, 2), "1969-06-02"),
        (datetime(2021, 2, 12, 10, tzinfo=UTC), "2021-02-12T10:00:00Z"),
        (["a", "b"], ["a", "b"]),
    ],
)
def test_value_as_json_has_it(value, told):
    assert json.loads(text("json", [value], ITSELF)) == [{"it": told}]


def test_value_as_csv_has_it():
    rows = list(csv.reader(StringIO(text("csv", [True, None, ["a", "b"], 'say "no"\nor yes'], ITSELF), newline="")))
    assert rows == [["it"], ["true"], [""], ["a; b"], ['say "no"\nor yes']]


def test_list_that_begins_like_a_formula_gets_an_apostrophe():
    assert text("csv", [["=1", "b"]], ITSELF) == "it\r\n'=1; b\r\n"


def test_nothing_is_a_file_too():
    assert json.loads(text("json", [], ITSELF)) == []
    assert text("jsonl", [], ITSELF) == ""
    assert text("csv", [], ITSELF) == "it\r\n"


def test_features_are_points():
    columns = [Column(name, "", lambda record, name=name: record[name]) for name in ("id", "longitude", "latitude")]
    told = json.loads(text("geojson", [{"id": "a", "longitude": 7.5, "latitude": 51.5}], *columns))
    [feature] = told["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [7.5, 51.5]}
    assert (feature["id"], feature["properties"]) == ("a", {"id": "a"})


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("1960s", ["196X", "1960-01-01", "1969-12-31"]),
        ("about 1991", ["1991~", "1991-01-01", "1991-12-31"]),
        ("[..1991]", ["[..1991]", None, "1991-12-31"]),
    ],
)
def test_partial_date_has_its_earliest_and_its_latest_day(typed, told):
    columns = partial_date("since", "", lambda record: record)
    assert [column.name for column in columns] == ["since", "since_earliest", "since_latest"]
    assert [column.of(PartialDate.parse(typed)) for column in columns] == told
    assert [column.of(None) for column in columns] == [None, None, None]


def test_ids_and_names_stand_in_the_same_order():
    ids, names = named("city", "", lambda record: record)
    rows = [{"data_id": "1", "name": "Lille"}, {"data_id": "2", "name": "Brno"}]
    assert (ids.of(rows), names.of(rows)) == (["2", "1"], ["Brno", "Lille"])


def close(response) -> None:
    """Close the file of a response, and not the connections to the database, as the end of a request does."""
    for closer in response._resource_closers:
        closer()


def test_large_file_is_not_held_in_memory():
    request = RequestFactory().get("/data/things.jsonl")
    tracemalloc.start()
    response = data_response(request, repeat("x" * 100_000, 500), name="x", content_type="text/plain", links={})
    size = sum(len(chunk) for chunk in response.streaming_content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    close(response)
    assert size == int(response["Content-Length"]) == 50_000_000
    assert most < 3 * MOST_IN_MEMORY


def test_same_bytes_have_the_same_etag_and_are_not_sent_twice():
    ask = RequestFactory()
    first = data_response(ask.get("/"), ["a", "b"], name="x", content_type="text/plain", links={"next": "https://a"})
    etag = first["ETag"]
    close(first)
    again = data_response(
        ask.get("/", headers={"if-none-match": etag}), ["ab"], name="x", content_type="text/plain", links={}
    )
    assert (again.status_code, again["ETag"]) == (304, etag)
    assert first["Link"] == '<https://a>; rel="next"'
