"""OpenDocument spreadsheets: as LibreOffice writes them, and as nobody should."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from twinning.core.spreadsheets.files import read
from twinning.core.spreadsheets.making import csv_of, workbook_of
from twinning.core.spreadsheets.packages import MOST_UNPACKED
from twinning.core.spreadsheets.sheets import NotReadable, Sheet

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)
ROWS = """
<table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell>
  <table:table-cell table:number-columns-repeated="2"><text:p>Since</text:p></table:table-cell>
  <table:table-cell table:number-columns-repeated="16381"/></table:table-row>
<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row table:number-rows-repeated="2">
  <table:table-cell><office:annotation><text:p>a note</text:p></office:annotation><text:p>Brno<text:span>!</text:span></text:p></table:table-cell>
  <table:table-cell office:value-type="date" office:date-value="1969-06-02T00:00:00"><text:p>02.06.69</text:p></table:table-cell>
  <table:table-cell office:value-type="float" office:value="381346"><text:p>381 346</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048569"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
"""


def make_ods(rows: str = ROWS, *, prolog: str = "", **entries: str) -> BytesIO:
    body = f"<office:body><office:spreadsheet><table:table>{rows}</table:table></office:spreadsheet></office:body>"
    content = f"{prolog}<office:document-content {NAMES}>{body}</office:document-content>"
    files = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content} | entries
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as book:
        for name, text in files.items():
            book.writestr(name, text)
    file.seek(0)
    return file


def sheet(file: BytesIO) -> Sheet:
    return read(file, len(file.getbuffer()))


def test_dates_numbers_notes_and_repeated_cells_and_rows_are_read():
    found = sheet(make_ods())
    assert found.header == ["Name", "Since", "Since"]
    assert found.rows == [(5, ["Brno!", "1969-06-02", "381346"]), (6, ["Brno!", "1969-06-02", "381346"])]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (make_ods(**{"Basic/Standard/Module1.xml": "x"}), "macros"),
        (make_ods(**{"content.xml": " " * (MOST_UNPACKED + 1)}), "too large"),
        (make_ods(prolog='<!DOCTYPE a [<!ENTITY b "c">]>'), "spreadsheet program"),
        (make_ods(**{"content.xml": "<broken"}), "CSV"),
        (make_ods(**{"content.xml": "<empty/>"}), "CSV"),
        (make_ods(ROWS.replace('rows-repeated="2"', 'rows-repeated="999999999999"')), "more than"),
        (make_ods(ROWS.replace('rows-repeated="2"', 'rows-repeated="many"')), "CSV"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(file, said):
    with pytest.raises(NotReadable) as error:
        sheet(file)
    assert said in " ".join(error.value.messages)


def test_what_is_made_here_is_read_here_and_what_looks_like_a_formula_is_text():
    rows = [["Name", "Notes & <more>"], ["'=Brno", "+44 113"]]
    for data in (csv_of(rows).encode(), workbook_of({"Cities": rows, "Legend": [["a"]]})):
        assert sheet(BytesIO(data)).rows == [(2, ["=Brno", "+44 113"])]
