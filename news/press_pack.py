"""The press pack: all that a newsroom needs of one release, as one zip that is written while it is sent."""

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
# What a spreadsheet takes for the beginning of a formula; the wide signs where Chinese or Japanese is written (OWASP).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A zip knows no later day.
LATEST = (2107, 12, 31, 0, 0, 0)


@dataclass(frozen=True)
class Entry:
    """One file of the pack: a text of ours, or a file that is read when its turn comes."""

    name: str
    content: str | File

    def chunks(self) -> Iterator[bytes]:
        if isinstance(self.content, str):
            yield self.content.encode()
            return
        with self.content.open("rb") as file:
            yield from file.chunks()


class _Sink:
    """Where the zip is written to: keeps what came since it was last asked, and cannot go back."""

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
    """What the pack of a release that came ``for_page`` contains; ``context`` is that of its page."""
    photos = list(enumerate(release.shown_photos, start=1))
    named = [(_name(number, use), use) for number, use in photos]
    context = {**context, "photos": named}
    texts = [Entry(f"release.{kind}", render_to_string(f"news/press_pack.{kind}", context)) for kind in ("txt", "html")]
    manifest = [Entry("photos.csv", _manifest(named))] if named else []
    return [*texts, *manifest, *(Entry(name, use.photo.file) for name, use in named)]


def stream(packed: list[Entry], *, folder: str, at: datetime) -> Iterator[bytes]:
    """The zip, piece by piece, no more of it in memory than a piece of a photo; its files are dated ``at``."""
    sink, date = _Sink(), min(timezone.localtime(at).timetuple()[:6], LATEST)
    with ZipFile(sink, "w") as pack:
        for entry in packed:
            info = ZipInfo(f"{folder}/{entry.name}", date)
            info.compress_type = ZIP_DEFLATED if isinstance(entry.content, str) else ZIP_STORED
            with pack.open(info, "w") as written:
                for chunk in entry.chunks():
                    written.write(chunk)
                    yield sink.take()
    yield sink.take()


def _name(number: int, use: ReleasePhoto) -> str:
    return f"photos/{number}-{use.photo.name}"


def _manifest(named: list[tuple[str, ReleasePhoto]]) -> str:
    """Who took what, and what can be seen, photo by photo; with the mark by which spreadsheets know Unicode."""
    file = StringIO("\ufeff", newline="")
    file.seek(0, 2)
    rows = csv.writer(file)
    rows.writerow(
        [_("File"), _("Caption"), _("Description"), _("Credit"), _("Licence"), _("Terms"), _("Width"), _("Height")]
    )
    for name, use in named:
        photo = use.photo
        words = (name, use.caption, use.alt, photo.credit, photo.licence, photo.licence_url)
        rows.writerow([*map(_no_formula, words), photo.width, photo.height])
    return file.getvalue()


def _no_formula(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
