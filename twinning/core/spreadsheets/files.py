"""The file of an import: which kind it is, by its content and not by its name."""

from collections.abc import Iterator

from twinning.core.spreadsheets.opendocument import is_opendocument, read_opendocument
from twinning.core.spreadsheets.packages import reading
from twinning.core.spreadsheets.sheets import Sheet, check_size, read_csv, sheet_of
from twinning.core.spreadsheets.workbooks import read_workbook


def read(file, size: int) -> Sheet:
    """The sheet in an open binary file; raises NotReadable with a sentence for people."""
    check_size(size)
    is_zip = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    return sheet_of(_read_package(file) if is_zip else read_csv(file.read()))


def _read_package(file) -> Iterator[list[str]]:
    with reading(file) as book:
        of_opendocument = is_opendocument(book)
    return read_opendocument(file) if of_opendocument else read_workbook(file)
