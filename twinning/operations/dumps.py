"""The database as a file: written while the site goes on, and read into a place that is empty."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.core.management.base import CommandError
from django.db import connection

NO_PROGRAM = "%s is not installed here; on Debian: apt install postgresql-client"


def is_empty() -> bool:
    """Whether the database has no table yet."""
    return not connection.introspection.table_names()


def dump(path: Path) -> None:
    """Write the database as it is at one moment into a new file; nobody who writes meanwhile has to wait."""
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")
        return
    with closing(_sqlite(f"{_file().as_uri()}?mode=ro")) as source, closing(_sqlite(path.as_uri())) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # so that it is one file


def check(path: Path, *, engine: str) -> None:
    """Raise CommandError if a file is not what ``dump`` writes of this kind of database."""
    if engine == "postgresql":
        _run("pg_restore", "--list", path)
        return
    try:
        with closing(_sqlite(f"{path.as_uri()}?mode=ro")) as copy:
            [[found]] = copy.execute("PRAGMA integrity_check(1)").fetchall()
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise CommandError(f"The database in the backup is damaged: {found}")


def load(path: Path) -> None:
    """Fill the empty database from a file, all of it or nothing; the file may be gone afterwards."""
    if connection.vendor == "postgresql":
        name = f"--dbname={connection.settings_dict['NAME']}"
        _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", name, path)
        return
    connection.close()
    for ending in ("-wal", "-shm"):  # of the empty one
        _file().with_name(_file().name + ending).unlink(missing_ok=True)
    shutil.move(path, _file())


def _file() -> Path:
    return Path(connection.settings_dict["NAME"]).resolve()


def _sqlite(uri: str) -> sqlite3.Connection:
    return sqlite3.connect(uri, uri=True, timeout=60)


def _run(program: str, *arguments) -> None:
    """Run a program of PostgreSQL on our database; CommandError says in its own words what went wrong."""
    if not (found := shutil.which(program)):
        raise CommandError(NO_PROGRAM % program)
    done = subprocess.run(  # noqa: S603 - words of ours
        [found, *arguments], env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise CommandError(f"{program} failed: {done.stderr.decode(errors='replace').strip()[-2000:]}")


def _environment() -> dict[str, str]:
    """What programs of PostgreSQL need to reach our database; a password stands in no list of processes."""
    usual = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    found = {theirs: str(usual[ours]) for theirs, ours in named.items() if usual.get(ours)}
    options = {f"PG{name.upper()}": str(value) for name, value in usual["OPTIONS"].items() if name.startswith("ssl")}
    return {"PATH": os.environ["PATH"], "PGCONNECT_TIMEOUT": "10", **options, **found}
