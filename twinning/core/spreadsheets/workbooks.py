"""The first sheet of an Excel workbook (XLSX), read as text: no formula is calculated and no macro is run."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from twinning.core.spreadsheets.packages import Package, reading
from twinning.core.spreadsheets.sheets import MOST_COLUMNS, NotReadable

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# Formats of Excel's own that are dates; times of day alone are none.
_DATE_FORMATS = {*range(14, 18), 22, *range(27, 37), *range(50, 59)}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_FIRST_DAY, _FIRST_DAY_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)


def read_workbook(file) -> Iterator[list[str]]:
    """The rows of the first sheet as lists of texts; dates as 1969-06-02."""
    with reading(file) as book:
        yield from _Workbook(book).rows()


class _Workbook:
    """A workbook, with what its cells share."""

    def __init__(self, book: Package):
        self.book = book
        if any("vbaproject" in name.lower() or "macrosheets" in name.lower() for name in book.names):
            raise NotReadable(_("This workbook has macros. Save it as an Excel workbook without macros (.xlsx)."))
        self.strings = self._strings()
        self.is_date = self._date_styles()
        properties = self.book.root("xl/workbook.xml").find(f"{_NS}workbookPr")
        is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.first_day = _FIRST_DAY_1904 if is_1904 else _FIRST_DAY

    def rows(self) -> Iterator[list[str]]:
        """The rows of the sheet that stands first."""
        for row in self.book.root(self._first_sheet()).iter(f"{_NS}row"):
            cells = {}
            for place, cell in enumerate(row.iter(f"{_NS}c")):
                column = _column(cell.get("r", "")) if cell.get("r") else place
                if column < MOST_COLUMNS:
                    cells[column] = self._text(cell)
            yield [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]

    def _first_sheet(self) -> str:
        first = self.book.root("xl/workbook.xml").find(f"{_NS}sheets")[0]
        [key] = [value for name, value in first.items() if name.endswith("}id")]
        for relation in self.book.root("xl/_rels/workbook.xml.rels"):
            if relation.get("Id") == key:
                target = relation.get("Target", "")
                return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        raise KeyError(key)

    def _strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.book.names:
            return []
        return [_words(item) for item in self.book.root("xl/sharedStrings.xml").iter(f"{_NS}si")]

    def _date_styles(self) -> list[bool]:
        """For each style whether it shows a number as a date."""
        if "xl/styles.xml" not in self.book.names:
            return []
        root = self.book.root("xl/styles.xml")
        own = {
            int(one.get("numFmtId")) for one in root.iter(f"{_NS}numFmt")
            if re.search("[yd]", _QUOTED.sub("", one.get("formatCode", "")), re.IGNORECASE)
        }  # fmt: skip
        styles = root.find(f"{_NS}cellXfs")
        return [
            int(style.get("numFmtId", 0)) in _DATE_FORMATS | own for style in (styles if styles is not None else [])
        ]

    def _text(self, cell: ElementTree.Element) -> str:
        kind, value = cell.get("t", "n"), cell.findtext(f"{_NS}v") or ""
        if kind == "s":
            return self.strings[int(value)] if value else ""
        if kind == "inlineStr":
            return "".join(map(_words, cell.iter(f"{_NS}is")))
        if kind == "e":
            return ""
        style = int(cell.get("s", 0))
        is_date = kind == "n" and value and style < len(self.is_date) and self.is_date[style]
        return self._day(value) if is_date else value.removesuffix(".0")

    def _day(self, value: str) -> str:
        moment = self.first_day + timedelta(days=float(value))
        return moment.date().isoformat()


def _words(item: ElementTree.Element) -> str:
    """The text of an entry without its phonetic guide."""
    guides = {text for guide in item.iter(f"{_NS}rPh") for text in guide.iter(f"{_NS}t")}
    return "".join(text.text or "" for text in item.iter(f"{_NS}t") if text not in guides)


def _column(reference: str) -> int:
    """The number of the column of a cell such as “AB12”, from 0 on."""
    number = 0
    for letter in re.match("[A-Z]+", reference)[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1
