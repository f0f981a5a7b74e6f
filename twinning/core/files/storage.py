"""Storage of uploads in a folder: a file is there whole, or not at all.

A file is written under a temporary name in a folder of its own, which no row names and no view reads. It gets its real
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
DISK_FULL_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_SPACE = _(
    "Nothing is saved: there is no space left for files on the server. Tell whoever runs it; what you typed stands here."
)
NO_ANSWER = _(
    "Nothing is saved: the place where files are kept does not answer. Try again in a few minutes; if that does not help, "
    "tell whoever runs the server. What you typed stands here."
)


class FileNotStored(Exception):
    """A file cannot be stored now; ``error`` is a ValidationError that says why."""

    def __init__(self, message: str, *, code: str):
        super().__init__(message)
        self.error = ValidationError(message, code=code)


class PrivateStorage(FileSystemStorage):
    """Files below MEDIA_ROOT, each under the name that it was given and no other."""

    def _save(self, name: str, content) -> str:
        path, temporary = Path(self.path(name)), Path(self.path(INCOMING)) / secrets.token_hex(16)
        try:
            for folder in (path.parent, temporary.parent):
                folder.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if self.file_permissions_mode is not None:
                temporary.chmod(self.file_permissions_mode)
            temporary.rename(path)
            _sync(path.parent)
        except OSError as error:
            if error.errno in DISK_FULL_ERRORS:
                raise FileNotStored(NO_SPACE, code="no_space") from error
            raise
        finally:
            temporary.unlink(missing_ok=True)
        return name

    def move(self, name: str, new_name: str) -> None:
        """Give a file another name, in one step."""
        path = Path(self.path(new_name))
        path.parent.mkdir(parents=True, exist_ok=True)
        Path(self.path(name)).rename(path)

    def take(self, file: Path, name: str) -> None:
        """Move a file of the same disk here; whoever moves many has the disk keep them all afterwards (``os.sync``)."""
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.file_permissions_mode is not None:
            file.chmod(self.file_permissions_mode)
        file.rename(path)

    def names(self) -> Iterator[str]:
        """The name of every file, whether or not anything needs it, and of every temporary file."""
        root = Path(self.location)
        for path in root.rglob("*"):
            if path.is_file():
                yield path.relative_to(root).as_posix()


def _sync(folder: Path) -> None:
    """Have the disk keep the names in a folder, so that they outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
