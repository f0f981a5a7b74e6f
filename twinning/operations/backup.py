"""Making a backup of a site in use: the database first, and then all files, none of which is removed meanwhile."""

import logging
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import CommandError
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from twinning.core.files import quarantine, removal
from twinning.core.files.storage import INCOMING
from twinning.operations import archive, dumps

# In VAR_DIR, for /metrics: when the last whole backup was made from this machine.
NOTE = "last-backup"

log = logging.getLogger(__name__)

SECONDS_BETWEEN = 60
# What a backup that was killed left behind.
ABANDONED_AFTER = timedelta(days=1)


def make(target: Path, *, at: datetime) -> dict[str, int]:
    """Write a backup into a new file; returns how many files and bytes it holds."""
    database = target.with_name(f".{target.name}.database.part")
    database.unlink(missing_ok=True)
    try:
        with deleted_files_stay(), archive.writing(target, recipient=settings.BACKUP_RECIPIENT) as writer:
            gone_before = removal.names_to_remove()
            database.touch(mode=0o600)
            dumps.dump(database)
            with database.open("rb") as file:
                writer.add(archive.DATABASE, file, database.stat().st_size)
            number = _add_files(writer, may_go=gone_before)
            writer.finish({"made_at": at.isoformat(), "engine": connection.vendor, "migrations": applied_migrations()})
    finally:
        database.unlink(missing_ok=True)
    note_made(at)
    return {"files": number, "bytes": target.stat().st_size}


def note_made(at: datetime) -> None:
    """Write down when a backup was made. It is there, even where this cannot be written."""
    try:
        (Path(settings.VAR_DIR) / NOTE).write_text(at.isoformat())
    except OSError as error:
        log.warning("The moment of the backup could not be written down: %s", error.strerror)


def last_made_at() -> datetime | None:
    """When the last backup was made from this machine; None if there was none, or nobody can read when."""
    try:
        return datetime.fromisoformat((Path(settings.VAR_DIR) / NOTE).read_text())
    except (FileNotFoundError, ValueError):
        return None


def applied_migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _add_files(writer: archive.Writer, *, may_go: set[str]) -> int:
    """Add all files of the storage; those in ``may_go`` belong to no row any more, and may be removed meanwhile."""
    number = 0
    for name in sorted(default_storage.names()):
        if name.startswith(f"{INCOMING}/") or quarantine.is_in(name):
            continue
        try:
            with default_storage.open(name) as file:
                writer.add(archive.FILES + name, file, file.size)
        except FileNotFoundError:
            if name not in may_go:
                raise CommandError(f"{name} went away during the backup. Nothing was written; try again.") from None
        else:
            number += 1
    return number


@contextmanager
def deleted_files_stay():
    """Context manager: removals of files that are owed are put off again and again until the end."""
    is_over = Event()

    def put_off():
        while not is_over.wait(SECONDS_BETWEEN):
            try:
                removal.put_off()
            except DatabaseError:
                log.warning("The removal of files could not be put off for a backup", exc_info=True)
            finally:
                connection.close()

    removal.put_off()
    thread = Thread(target=put_off, name="backup", daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()


def forget_older(folder: Path, *, keep: int, at: datetime) -> list[str]:
    """Delete all backups of a folder but the newest, and what killed ones left behind; returns the names of the backups."""
    over = sorted(folder.glob("twinning-*.tar*"))[:-keep]
    for path in over:
        path.unlink()
    for path in folder.glob(".twinning-*.part"):
        if path.stat().st_mtime < (at - ABANDONED_AFTER).timestamp():
            path.unlink()
    return [path.name for path in over]
