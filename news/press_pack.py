"""The press pack: text and photos of one release, as a ZIP file that is written while it is sent."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files import File
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from news.models import PressRelease, ReleasePhoto

NAME = "press-pack.zip"
TEXT_NAME = "text.txt"
# What a spreadsheet takes for the beginning of a formula; the wide signs where Chinese or Japanese is written (OWASP).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A zip knows no later day.
LATEST_DATE_IN_A_ZIP = (2107, 12, 31, 0, 0, 0)


@dataclass(frozen=True)
class Entry:
    """One file of the pack: a text, or a stored file that is opened when it is written."""

    name: str
    content: str | File

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.content, str):
            yield self.content.encode()
            return
        with self.content.open("rb") as file:
            yield from file.chunks()


class _ZipBuffer:
    """File object for ZipFile to write to: cannot seek, and hands over the bytes written since the last call."""

    def __init__(self):
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        taken, self._written = bytes(self._written), bytearray()
        return taken


def entries(release: PressRelease, context: dict) -> list[Entry]:
    """The files of the pack of a release from ``for_page``; ``context`` is that of its page."""
    photos = list(enumerate(release.shown_photos, start=1))
    named = [(_path_in_pack(number, use), use) for number, use in photos]
    context = {**context, "photos": named}
    texts = [Entry(f"release.{kind}", render_to_string(f"news/press_pack.{kind}", context)) for kind in ("txt", "html")]
    manifest = [Entry("photos.csv", _manifest(named))] if named else []
    return [*texts, *manifest, *(Entry(name, use.photo.file) for name, use in named)]


def stream(packed: list[Entry], *, folder: str, at: datetime) -> Iterator[bytes]:
    """The ZIP file in pieces, at most one chunk of a photo in memory; its files are dated ``at``."""
    buffer, date = _ZipBuffer(), min(timezone.localtime(at).timetuple()[:6], LATEST_DATE_IN_A_ZIP)
    with ZipFile(buffer, "w") as pack:
        for entry in packed:
            info = ZipInfo(f"{folder}/{entry.name}", date)
            info.compress_type = ZIP_DEFLATED if isinstance(entry.content, str) else ZIP_STORED
            with pack.open(info, "w") as written:
                for chunk in entry.chunks():
                    written.write(chunk)
                    yield buffer.take()
    yield buffer.take()


def _path_in_pack(number: int, use: ReleasePhoto) -> str:
    return f"photos/{number}-{use.photo.name}"


def _manifest(named: list[tuple[str, ReleasePhoto]]) -> str:
    """Captions, descriptions and credits as CSV; by the byte order mark spreadsheets know that it is UTF-8."""
    file = StringIO("\ufeff", newline="")
    file.seek(0, 2)
    rows = csv.writer(file)
    rows.writerow(
        [_("File"), _("Caption"), _("Description"), _("Credit"), _("Licence"), _("Terms"), _("Width"), _("Height")]
    )
    for name, use in named:
        photo = use.photo
        words = (name, use.caption, use.alt, photo.credit, photo.licence, photo.licence_url)
        rows.writerow([*map(_without_formula, words), photo.width, photo.height])
    return file.getvalue()


def _without_formula(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
