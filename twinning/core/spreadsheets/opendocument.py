"""The first sheet of an OpenDocument spreadsheet (ODS), read as text under the same limits as an Excel workbook."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from twinning.core.spreadsheets.packages import Package, reading
from twinning.core.spreadsheets.sheets import MOST_COLUMNS, NotReadable

CONTENT = "content.xml"
FILLING = 1000  # so many empty rows are nobody's
_NS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = _NS % "table", _NS % "office", _NS % "text"
_MACROS = ("Basic/", "Scripts/")


def read_opendocument(file) -> Iterator[list[str]]:
    """The rows of the first sheet as lists of texts; dates as 1969-06-02."""
    with reading(file) as book:
        if any(name.startswith(_MACROS) and not name.endswith("/") for name in book.names):
            raise NotReadable(_("This spreadsheet has macros. Save it without them, or as CSV."))
        table = book.root(CONTENT).find(f".//{_TABLE}table")
        yield from _rows(table)


def is_opendocument(book: Package) -> bool:
    return CONTENT in book.names and "mimetype" in book.names


def _rows(table) -> Iterator[list[str]]:
    for row in table.iter(f"{_TABLE}table-row"):
        cells, times = _cells(row), _times(row, "rows")
        # Programs fill the sheet up to its last row with an empty one that is repeated a million times.
        for _time in range(times if cells or times < FILLING else 1):
            yield cells


def _cells(row) -> list[str]:
    cells = []
    for cell in row:
        if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            cells += [_text_of(cell)] * min(_times(cell, "columns"), MOST_COLUMNS + 1 - len(cells))
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _times(element, of: str) -> int:
    return max(1, int(element.get(f"{_TABLE}number-{of}-repeated", 1)))


def _text_of(cell) -> str:
    kind = cell.get(f"{_OFFICE}value-type")
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "").partition("T")[0]
    if kind in ("float", "percentage", "currency"):
        return cell.get(f"{_OFFICE}value", "").removesuffix(".0")
    notes = {id(p) for note in cell.iter(f"{_OFFICE}annotation") for p in note.iter(f"{_TEXT}p")}
    return "\n".join("".join(p.itertext()) for p in cell.iter(f"{_TEXT}p") if id(p) not in notes)
