"""Statements of Wikidata that two cities are twinned (P190), read from a file that its query service or an item gives."""

import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from twinning.core.fields.dates import PartialDate
from twinning.core.spreadsheets.sheets import NotReadable, check_size, read_csv, sheet_of

TWINNED, START, END = "P190", "P580", "P582"
CENTURY, DECADE, YEAR, MONTH, DAY = range(7, 12)  # precisions of Wikidata
_ITEM = re.compile(r"(?:^|/)(Q[1-9]\d{0,15})$")
_TIME = re.compile(r"\+?(\d{4})-(\d\d)-(\d\d)T00:00:00Z(?:/(\d{1,2}))?")
# Every twinning of our city, seen from both sides, as the query service has it.
QUERY = """SELECT ?from ?fromLabel ?to ?toLabel ?start ?startPrecision ?end ?endPrecision WHERE {
  { ?from p:P190 ?twinned . FILTER(?from = wd:%(home)s) }
  UNION { ?twinned ps:P190 wd:%(home)s . ?from p:P190 ?twinned }
  ?twinned ps:P190 ?to .
  MINUS { ?twinned wikibase:rank wikibase:DeprecatedRank }
  OPTIONAL { ?twinned pqv:P580 [ wikibase:timeValue ?start ; wikibase:timePrecision ?startPrecision ] }
  OPTIONAL { ?twinned pqv:P582 [ wikibase:timeValue ?end ; wikibase:timePrecision ?endPrecision ] }
  SERVICE wikibase:label { bd:serviceParam wikibase:language "[AUTO_LANGUAGE],en,mul" }
}"""


@dataclass(frozen=True)
class Statement:
    """One item says that it is twinned with another, and perhaps since when and until when."""

    item: str
    other: str
    item_label: str = ""
    other_label: str = ""
    start: PartialDate | None = None
    end: PartialDate | None = None

    @property
    def row(self) -> dict[str, str]:
        """The statement as a row of the query's result, from which ``read`` makes it again."""
        return {
            "from": self.item, "fromLabel": self.item_label, "to": self.other, "toLabel": self.other_label,
            "start": time_of(self.start) if self.start else "", "end": time_of(self.end) if self.end else "",
        }  # fmt: skip


def read(data: bytes) -> list[Statement]:
    """The statements in the file; raises NotReadable with a sentence if there is none."""
    check_size(len(data))
    is_json = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    rows = _rows_of_json(data) if is_json else _rows_of_csv(data)
    if found := [statement for row in rows if (statement := _statement(row))]:
        return found
    raise NotReadable(
        _("There is no statement about twinned cities in this file. It is the result of the query below, or an item, as JSON or CSV.")
    )  # fmt: skip


def _statement(row: dict) -> Statement | None:
    item, other = (_ITEM.search(str(row.get(name) or "")) for name in ("from", "to"))
    if not (item and other):
        return None
    labels = (" ".join(str(row.get(name) or "").split())[:100] for name in ("fromLabel", "toLabel"))
    dates = (_date(row.get(name), row.get(f"{name}Precision")) for name in ("start", "end"))
    return Statement(item[1], other[1], *labels, *dates)


def _rows_of_csv(data: bytes) -> Iterator[dict]:
    sheet = sheet_of(read_csv(data))
    return (dict(zip(sheet.header, cells, strict=False)) for _number, cells in sheet.rows)


def _rows_of_json(data: bytes) -> Iterable[dict]:
    try:
        found = json.loads(data.decode("utf-8-sig"))
        return list(_rows_of(found))
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        raise NotReadable(_("This JSON is neither a result of the query below nor an item of Wikidata.")) from None


def _rows_of(found) -> Iterator[dict]:
    """The rows of the three kinds of JSON: an item, a result, and a result with the types of its values."""
    if isinstance(found, list):
        yield from (dict(row) for row in found)
    elif "entities" in found:
        yield from (row for key, item in found["entities"].items() for row in _rows_of_item(key, item))
    else:
        for row in found["results"]["bindings"]:
            yield {name: cell["value"] for name, cell in row.items()}


def _rows_of_item(key: str, item: dict) -> Iterator[dict]:
    label = item.get("labels", {}).get("en", {}).get("value", "")
    for claim in item.get("claims", {}).get(TWINNED, []):
        if claim.get("rank") != "deprecated" and "datavalue" in claim["mainsnak"]:
            other = claim["mainsnak"]["datavalue"]["value"]["id"]
            yield {"from": key, "fromLabel": label, "to": other} | dict(_qualifiers(claim.get("qualifiers", {})))


def _qualifiers(found: dict) -> Iterator[tuple[str, str]]:
    for name, code in (("start", START), ("end", END)):
        for snak in found.get(code, [])[:1]:
            if "datavalue" in snak:
                value = snak["datavalue"]["value"]
                yield from ((name, value["time"]), (f"{name}Precision", str(value["precision"])))


def _date(time, precision) -> PartialDate | None:
    """A time of Wikidata as a partial date; None for what is none, unknown, or before our era."""
    if not (found := _TIME.fullmatch(str(time or ""))):
        return None
    year, month, day = found.groups()[:3]
    told = str(precision or found[4] or "")
    known = int(told) if told.isdecimal() else YEAR if (month, day) in (("00", "00"), ("01", "01")) else DAY
    edtf = {
        CENTURY: f"{(int(year) - 1) // 100:02}XX", DECADE: f"{year[:3]}X", YEAR: year,
        MONTH: f"{year}-{month}", DAY: f"{year}-{month}-{day}",
    }.get(known)  # fmt: skip
    with suppress(ValidationError, ValueError):
        return PartialDate.stored(edtf) if edtf else None
    return None


def time_of(date: PartialDate) -> str:
    """A partial date as Wikidata writes it, with its precision; empty for what it has no time for, such as “about 1991”."""
    if found := re.fullmatch(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?", date.edtf):
        year, month, day = found.groups()
        return f"+{year}-{month or '00'}-{day or '00'}T00:00:00Z/{DAY if day else MONTH if month else YEAR}"
    if found := re.fullmatch(r"(\d{3})X", date.edtf):
        return f"+{found[1]}0-00-00T00:00:00Z/{DECADE}"
    if found := re.fullmatch(r"(\d{2})XX", date.edtf):
        return f"+{int(found[1]) + 1}00-00-00T00:00:00Z/{CENTURY}"
    return ""
