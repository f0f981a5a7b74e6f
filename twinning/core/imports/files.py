"""The file of an import: which kind it is, by its first bytes and not by its name."""

from twinning.core.imports.sheets import Sheet, check_size, read_csv, sheet_of
from twinning.core.imports.workbooks import read_workbook


def read(file, size: int) -> Sheet:
    """The sheet in an open binary file; raises NotReadable with a sentence for people."""
    check_size(size)
    is_zip = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    return sheet_of(read_workbook(file) if is_zip else read_csv(file.read()))
