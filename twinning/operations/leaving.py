"""What a council takes along when it leaves: all that the site knows, as files that people can read without it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

from twinning.operations import folders
from twinning.operations.backup import deleted_files_stay
from twinning.operations.internal_part import InternalPart
from twinning.operations.static_copy import StaticCopy

README, PUBLIC, INTERNAL = "README.txt", "public/", "internal/"


def take_along(
    target: Path, *, at: datetime, is_public_only: bool, with_readers: bool, say: Callable[[str], None]
) -> dict:
    """Write the folder, whole or not at all; returns how many files and bytes it has, and what is wrong in it."""
    with deleted_files_stay(), folders.writing(target) as folder:
        copy = StaticCopy(folder, PUBLIC, at=at, say=say)
        copy.write()
        inside = InternalPart(folder, INTERNAL, at=at, say=say)
        if not is_public_only:
            inside.write(with_readers=with_readers)
        told = {"broken": copy.broken, "missing": inside.missing}
        folder.add_text(README, _readme(at=at, is_public_only=is_public_only, with_readers=with_readers, **told))
    return {"files": folder.files, "bytes": folder.bytes, **told}


def _readme(*, at: datetime, **told) -> str:
    context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL, "checksums": folders.CHECKSUMS}
    return render_to_string(f"operations/{README}", context | {"at": at.isoformat(timespec="seconds")} | told)
