"""Sheets: the rows of a spreadsheet as texts, from CSV in any usual spelling or from an Excel workbook."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import StringIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST_FILE = 20_000_000
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 20_000, 200, 100_000
DELIMITERS = ",;\t|"
_GUARD = re.compile(r"^'(?=\s*[=+\-@])")  # which programs put before what looks like a formula


class NotReadable(ValidationError):
    """Error: the file as a whole cannot be taken; its message says what to do instead."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: the names of its columns, and its rows with the number that each has in the file."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def check_size(size: int) -> None:
    """Refuse a file that is larger than a register of partnerships would be."""
    if size > LARGEST_FILE:
        message = _("The file is larger than %(most)d MB. Split it into several, and import one after the other.")
        raise NotReadable(message % {"most": LARGEST_FILE // 1_000_000})


def sheet_of(lines: Iterable[list[str]]) -> Sheet:
    """The sheet with these lines; empty ones count, and are left out. The first one that is not empty has the names."""
    header, rows = None, []
    for number, cells in enumerate(lines, 1):
        cells = [_GUARD.sub("", cell.strip()) for cell in cells[:MOST_COLUMNS]]
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise NotReadable(_("Row %(number)d has a cell that is far too long.") % {"number": number})
        if not any(cells):
            continue
        if header is None:
            header = cells
        else:
            rows.append((number, cells))
        if len(rows) > MOST_ROWS:
            raise NotReadable(_("There are more than %(most)d rows. Split the file.") % {"most": MOST_ROWS})
    if not rows:
        raise NotReadable(
            _("There is no row in it. The first row has the names of the columns, the others the records.")
        )
    return Sheet(header, rows)


def read_csv(data: bytes) -> Iterator[list[str]]:
    """The lines of a CSV file, with commas, semicolons or tabulators, in UTF-8, UTF-16 or the Windows encoding."""
    text = _decoded(data)
    try:
        yield from csv.reader(StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    except csv.Error:
        raise NotReadable(_("This CSV is broken: a quotation mark is open or stands in the wrong place.")) from None


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise NotReadable(
            _("This is no CSV file and no Excel workbook (.xlsx). Save the spreadsheet as one of the two.")
        )
    return text


def _delimiter(text: str) -> str:
    """The sign that stands most often in the first line, outside of quotation marks."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(first.split('"')[::2])
    return max(DELIMITERS, key=outside.count)
