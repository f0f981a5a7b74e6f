"""Packages: the zip files with XML that office programs write, read up to a size, without documents that declare anything.

Written here because a library for spreadsheets would read a hostile file without limits.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _

from twinning.core.spreadsheets.sheets import NotReadable

MOST_UNPACKED = 20_000_000
# What the parts of a broken file are taken for.
BROKEN = (
    *(BadZipFile, ElementTree.ParseError, NotImplementedError, RuntimeError, EOFError, zlib.error),
    *(AttributeError, KeyError, IndexError, TypeError, ValueError, OverflowError),
)


class _WithoutDeclarations(ElementTree.TreeBuilder):
    """Builder of documents that declare nothing: no spreadsheet program does, and entities can be made to grow."""

    def doctype(self, *declared):
        raise NotReadable(_("This workbook was not written by a spreadsheet program. Save it as CSV and try again."))


class Package:
    """A zip file whose entries together are not larger than a spreadsheet would be."""

    def __init__(self, book: ZipFile):
        self._book, self._unpacked, self.names = book, 0, book.namelist()

    def _read(self, name: str) -> bytes:
        """An entry, unless all entries together are too large (a zip bomb)."""
        with self._book.open(name) as entry:
            data = entry.read(MOST_UNPACKED - self._unpacked + 1)
        self._unpacked += len(data)
        if self._unpacked > MOST_UNPACKED:
            raise NotReadable(_("This workbook is too large when it is unpacked. Split it, or save it as CSV."))
        return data

    def root(self, name: str) -> ElementTree.Element:
        """The XML of an entry."""
        parser = ElementTree.XMLParser(target=_WithoutDeclarations())  # noqa: S314 - it takes no declaration, so no entity
        parser.feed(self._read(name))
        return parser.close()


@contextmanager
def reading(file) -> Iterator[Package]:
    """Context manager: an open package; what breaks while it is read becomes one sentence."""
    try:
        with ZipFile(file) as book:
            yield Package(book)
    except BROKEN:
        raise NotReadable(_("This is no spreadsheet that we can read. Save it as CSV and try again.")) from None
