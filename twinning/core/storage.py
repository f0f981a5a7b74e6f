"""Where uploads lie: a file is there whole, or not at all.

What is being written has a temporary name in a folder of its own, which no row names and no view reads. It gets its real
name in one step when the disk has all of it. A full disk or a killed process leave nothing else behind.
"""

import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.utils.translation import gettext_lazy as _

INCOMING = "incoming"
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_SPACE = _(
    "Nothing is saved: there is no space left for files on the server. Tell whoever runs it; what you typed stands here."
)


NO_ANSWER = _(
    "Nothing is saved: the place where files are kept does not answer. Try again in a few minutes; if that does not help, "
    "tell whoever runs the server. What you typed stands here."
)


class NotKept(Exception):
    """A file cannot be stored now; ``error`` says why in the editor's words."""

    def __init__(self, why: str):
        super().__init__(why)
        self.error = ValidationError(why)


class PrivateStorage(FileSystemStorage):
    """Files below MEDIA_ROOT, each under the name that it was given and no other."""

    def _save(self, name: str, content) -> str:
        place, half = Path(self.path(name)), Path(self.path(INCOMING)) / secrets.token_hex(16)
        try:
            for folder in (place.parent, half.parent):
                folder.mkdir(parents=True, exist_ok=True)
            with half.open("xb") as written:
                for chunk in content.chunks():
                    written.write(chunk)
                written.flush()
                os.fsync(written.fileno())
            if self.file_permissions_mode is not None:
                half.chmod(self.file_permissions_mode)
            half.rename(place)
            _sync(place.parent)
        except OSError as error:
            if error.errno in FULL:
                raise NotKept(NO_SPACE) from error
            raise
        finally:
            half.unlink(missing_ok=True)
        return name

    def names(self) -> Iterator[str]:
        """The name of every file, whether or not anything needs it, and what was never finished."""
        root = Path(self.location)
        for path in root.rglob("*"):
            if path.is_file():
                yield path.relative_to(root).as_posix()


def _sync(folder: Path) -> None:
    """Make a new name outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
