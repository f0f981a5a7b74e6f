"""Spreadsheets as councils have them: encodings, separators, dates of Excel, broken and hostile files."""

from io import BytesIO

import pytest

from tests.workbooks import NS, make_workbook
from twinning.core.imports.columns import Target, match
from twinning.core.spreadsheets.files import read
from twinning.core.spreadsheets.packages import MOST_UNPACKED
from twinning.core.spreadsheets.sheets import LARGEST_FILE, MOST_COLUMNS, MOST_ROWS, NotReadable, Sheet


def sheet(data: bytes | BytesIO) -> Sheet:
    file = BytesIO(data) if isinstance(data, bytes) else data
    return read(file, len(file.getbuffer()))


def refused(data: bytes | BytesIO) -> str:
    with pytest.raises(NotReadable) as error:
        sheet(data)
    return " ".join(error.value.messages)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_is_read_in_every_usual_spelling(encoding, delimiter):
    text = f'Name{delimiter}Since\r\n"Besançon{delimiter} Doubs"{delimiter}1969\r\n'
    found = sheet(text.encode(encoding))
    assert (found.header, found.rows) == (["Name", "Since"], [(2, [f"Besançon{delimiter} Doubs", "1969"])])


def test_empty_lines_are_left_out_and_counted():
    assert sheet(b"\n,\nName,Since\n\nBrno,1991\n").rows == [(5, ["Brno", "1991"])]


@pytest.mark.parametrize("data", [b"", b"Name,Since\n", b"\n\n"])
def test_file_without_rows_is_refused(data):
    assert "no row" in refused(data)


def test_open_quotation_mark_is_refused():
    assert "quotation mark" in refused(b'Name\n"Brno\nLille\n')


@pytest.mark.parametrize("data", [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", b"\x00\x01\x02", b"%PDF-1.7\x00"])
def test_other_files_are_refused(data):
    assert ".xlsx" in refused(data)


def test_file_that_is_too_large_is_not_even_read():
    with pytest.raises(NotReadable):
        read(None, LARGEST_FILE + 1)


def test_too_many_rows_are_refused_and_columns_beyond_the_limit_are_not_looked_at():
    assert str(MOST_ROWS) in refused(b"Name\n" + b"x\n" * (MOST_ROWS + 1))
    assert len(sheet(b"Name" + b",x" * 300 + b"\nBrno\n").header) == MOST_COLUMNS


def test_workbook_is_read_with_dates_numbers_and_gaps():
    book = make_workbook(
        [["Name", "Since", "Year", "People"], ["Brno", (25356, 1), (25356, 2), 381346], [None, None, 1.5]]
    )
    found = sheet(book)
    assert found.header == ["Name", "Since", "Year", "People"]
    assert found.rows == [(2, ["Brno", "1969-06-02", "1969-06-02", "381346"]), (3, ["", "", "1.5"])]


def test_workbook_of_old_excel_for_mac_counts_from_1904():
    assert sheet(make_workbook([["Since"], [(23894, 1)]], properties='date1904="1"')).rows == [(2, ["1969-06-02"])]


def test_shared_texts_are_read_without_their_phonetic_guide():
    strings = f"<sst {NS}><si><t>Name</t></si><si><r><t>杭</t></r><r><t>州</t></r><rPh><t>こう</t></rPh></si></sst>"
    lines = '<row><c r="A1" t="s"><v>0</v></c></row><row><c r="A2" t="s"><v>1</v></c></row>'
    book = make_workbook(
        [], sheet=f"<worksheet {NS}><sheetData>{lines}</sheetData></worksheet>", **{"xl/sharedStrings.xml": strings}
    )
    assert sheet(book).rows == [(2, ["杭州"])]


@pytest.mark.parametrize("name", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_workbook_with_macros_is_refused(name):
    assert "macros" in refused(make_workbook([["Name"], ["Brno"]], **{name: "x"}))


def test_zip_bomb_is_refused():
    assert "too large" in refused(make_workbook([], sheet=" " * (MOST_UNPACKED + 1)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_workbook_with_entities_is_refused(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet {NS}>&b;</worksheet>'
    assert "spreadsheet program" in refused(make_workbook([], sheet=text.encode(encoding)))


@pytest.mark.parametrize(
    "book",
    [
        BytesIO(b"PK\x03\x04 and nothing more"),
        make_workbook([["Name"]], **{"xl/workbook.xml": "<broken"}),
        make_workbook([["Name"]], **{"xl/workbook.xml": f"<workbook {NS}/>"}),
        make_workbook([], sheet=f'<worksheet {NS}><row><c r="A1" t="s"><v>7</v></c></row></worksheet>'),
        make_workbook([], sheet=f'<worksheet {NS}><row><c r="1" t="s"><v>7</v></c></row></worksheet>'),
        make_workbook([["Since"], [(9e99, 1)]]),
    ],
)
def test_broken_workbook_is_refused_with_a_sentence(book):
    assert "CSV" in refused(book)


def test_columns_are_found_by_what_people_write():
    targets = (Target("name", "Name", also=("city",)), Target("population_year", "Year of population"))
    header = ["CITY ", "Remarks", "population-year", "Name"]
    assert {place: target.field for place, target in match(header, targets).items()} == {
        0: "name",
        2: "population_year",
    }
