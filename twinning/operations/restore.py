"""Restoring a backup into an empty place. The site is closed before anything is in it, and stays so until somebody opens it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from twinning.core.files.needed import needed_files, problem
from twinning.core.files.removal import names_to_remove
from twinning.core.history import hidings
from twinning.core.web import closing
from twinning.operations import after_restore, archive, dumps

NOT_EMPTY = "This place is not empty: %s. Restore into a new database and a new VAR_DIR, or empty both first."
OTHER_ENGINE = "The backup is one of %s, and DATABASE_URL names another kind of database."
NEWER = "The backup is of a newer version of the site, which knows %s. Install that version first."


def refuse_unless_empty() -> None:
    """Raise CommandError if there is a database or a file here that would be lost."""
    if not dumps.is_empty():
        raise CommandError(NOT_EMPTY % "the database has tables")
    if name := next(iter(default_storage.names()), None):
        raise CommandError(NOT_EMPTY % f"the files have {name}")


def restore(source: Path, *, identity: str, log: list[str], at: datetime) -> Iterator[str]:
    """Restore a backup; yields a line for each thing that was done. Nothing is there before all of the backup was read.

    ``log`` has the lines of the site's log from after the backup, as far as there are any.
    """
    refuse_unless_empty()
    with _folder() as folder:
        manifest = archive.read(source, identity=identity, into=folder)
        _check_version(manifest)
        dumps.check(folder / archive.DATABASE, engine=manifest["engine"])
        yield f"read: {len(manifest['members'])} members, each with its checksum"
        closing.close(closing.RESTORING)
        dumps.load(folder / archive.DATABASE)
        call_command("migrate", verbosity=0, interactive=False)
        call_command("sync_roles", verbosity=0)
        made_at = datetime.fromisoformat(manifest["made_at"])
        yield from after_restore.put_in_order(made_at=made_at, at=at)
        yield f"{_put_files(folder / archive.FILES)} files put back"
    if problems := [line for needed in needed_files() if (line := problem(*needed))]:
        raise CommandError("\n".join(["The site stays closed, because files are wrong:", *problems]))
    for hiding in hidings.found_in(log, since=made_at):
        yield f"after the backup: {hiding.what} {hiding.label} {hiding.pk}, at {hiding.at.isoformat()}; repeat it"
    closing.close(closing.RESTORED)


@contextmanager
def _folder() -> Iterator[Path]:
    """Context manager: a folder for what is read, on the disk on which it will stay."""
    with TemporaryDirectory(prefix="restoring-", dir=settings.VAR_DIR) as folder:
        yield Path(folder)


def _check_version(manifest: dict) -> None:
    if manifest["engine"] != connection.vendor:
        raise CommandError(OTHER_ENGINE % manifest["engine"])
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    apps = {name.partition(".")[0] for name in known}
    newer = [name for name in manifest["migrations"] if name.partition(".")[0] in apps and name not in known]
    if newer:
        raise CommandError(NEWER % newer[0])


def _put_files(folder: Path) -> int:
    """Put the files that something needs into the storage; what came into the backup after its database is left out."""
    names = {name for name, _checksum, _owner in needed_files()} | names_to_remove()
    there = sorted(name for name in names if (folder / name).is_file())
    for name in there:
        default_storage.take(folder / name, name)
    os.sync()  # once for all of them, and for the database
    return len(there)
