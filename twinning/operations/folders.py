"""A folder that is written whole or not at all, with the checksum of each file in it.

The checksums stand in a file that ``sha256sum --check`` reads, so that nobody needs this program to compare them.
"""

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.core.management.base import CommandError

CHECKSUMS = "checksums.sha256"
NOT_EMPTY = "%s is not empty. Name a new folder, or an empty one."
OWN_DISK = "%s is the top of a disk of its own. Name a new folder in it."


class Folder:
    """A folder that is being written: adds files by their path in it, each once."""

    def __init__(self, root: Path):
        self.root, self.files, self.bytes = root, 0, 0
        self._checksums = (root / CHECKSUMS).open("w", encoding="utf-8")

    def add(self, path: str, chunks: Iterable[bytes]) -> None:
        """Write a file, chunk by chunk."""
        if ".." in PurePosixPath(path).parts or path.startswith("/"):
            raise ValueError(path)
        target, digest = self.root / path, hashlib.sha256()
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as file:
            for chunk in chunks:
                digest.update(chunk)
                self.bytes += file.write(chunk)
        self._checksums.write(f"{digest.hexdigest()}  {path}\n")
        self.files += 1

    def add_text(self, path: str, text: str) -> None:
        self.add(path, [text.encode()])

    def close(self) -> None:
        self._checksums.close()


@contextmanager
def writing(target: Path) -> Iterator[Folder]:
    """Context manager: a new folder, which has its name when the disk has all of it; on a failure nothing is left.

    Nobody else on the machine can read it.
    """
    _check_free(target)
    part = target.with_name(f".{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    try:
        folder = Folder(part)
        try:
            yield folder
        finally:
            folder.close()
        os.sync()
        part.rename(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _check_free(target: Path) -> None:
    if target.is_mount():
        raise CommandError(OWN_DISK % target)
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise CommandError(NOT_EMPTY % target)
