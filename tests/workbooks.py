"""Excel workbooks for tests, as spreadsheet programs write them, and as they do not."""

from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STYLES = (
    f'<styleSheet {NS}><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;h&quot;"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def cell(reference: str, value) -> str:
    """A cell with a text, a number, or a pair of a number and a style."""
    if isinstance(value, str):
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    number, style = value if isinstance(value, tuple) else (value, 0)
    return f'<c r="{reference}" s="{style}"><v>{number}</v></c>'


def make_workbook(rows: list[list], *, properties: str = "", sheet: str = "", **entries: str) -> BytesIO:
    """A workbook with one sheet; None leaves a cell out. ``entries`` are further files in it by name."""
    lines = "".join(
        f'<row r="{number}">'
        + "".join(cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row) if value is not None)
        + "</row>"
        for number, row in enumerate(rows, 1)
    )
    target = "http://schemas.openxmlformats.org/package/2006/relationships"
    files = {
        "xl/workbook.xml": f'<workbook {NS} {R}><workbookPr {properties}/><sheets><sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{target}"><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": sheet or f"<worksheet {NS}><sheetData>{lines}</sheetData></worksheet>",
    }
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as book:
        for name, text in (files | entries).items():
            book.writestr(name, text)
    file.seek(0)
    return file
