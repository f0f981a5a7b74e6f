"""Backups are whole while people write, are told from damaged ones, and come back row by row and byte by byte, closed."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tarfile
import time
from contextlib import closing as closing_file
from contextlib import nullcontext
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from pathlib import Path
from threading import Event, Thread

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from partners.models import Document
from tests.checkout import ROOT, SAFE, run
from tests.databases import empty_database, rows
from tests.factories import (
    SCAN,
    copy_releases,
    make_city,
    make_document,
    make_memorandum,
    make_photo,
    make_release,
    publish,
)
from twinning.core.files import removal
from twinning.core.files.storage import INCOMING
from twinning.core.models import OwedTask, Photo
from twinning.core.web import closing
from twinning.operations import backup, dumps, restore

FILES = ("partners_document", "core_photo", "core_rendition")
# What a restore changes on purpose.
ENDED = {"django_session", "usersessions_usersession", "core_openform", "core_cacheentry", "core_owedtask"}


@pytest.fixture(autouse=True)
def place(settings, tmp_path) -> Path:
    """A site with a folder of its own."""
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.MEDIA_ROOT.mkdir()
    return tmp_path


def made(place: Path, name: str = "backup.tar") -> Path:
    call_command("backup", place / name, stdout=StringIO())
    return place / name


def said(command: str, *arguments, **options) -> str:
    output = StringIO()
    call_command(command, *arguments, stdout=output, **options)
    return output.getvalue()


def refused(command: str, *arguments, **options) -> str:
    with pytest.raises(CommandError) as ended:
        said(command, *arguments, **options)
    return str(ended.value)


def unpacked(source: Path, folder: Path) -> Path:
    with tarfile.open(source) as tar:
        tar.extractall(folder, filter="data")
    return folder


class Elsewhere:
    """Another machine, on which nothing is but the program."""

    def __init__(self, folder: Path, database: dict):
        folder.mkdir()
        self.folder, self.database = folder, database
        self.settings = SAFE | {"SITE_URL": "https://international.wolfsburg.test", "VAR_DIR": str(folder)} | database

    def run(self, *command) -> subprocess.CompletedProcess:
        return run(ROOT, "manage.py", *map(str, command), **self.settings)

    def rows(self) -> dict[str, list[dict]]:
        return rows(self.database.get("DATABASE_URL") or self.folder / "db.sqlite3")

    def files(self) -> dict[str, bytes]:
        return files_below(self.folder / "files")


@pytest.fixture
def elsewhere(place):
    with empty_database("elsewhere") as database:
        yield Elsewhere(place / "elsewhere", database)


def files_below(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# A site in use -------------------------------------------------------------------------------------------------------


class Writers:
    """Two people who go on writing: one adds documents, one deletes photos."""

    def __init__(self):
        self.is_over, self.added, self.deleted, self.failures = Event(), [], [], []
        self._threads = [Thread(target=self._go_on, args=[step]) for step in (self._add, self._delete)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        self.wait_for(3)
        return self

    def __exit__(self, *failure):
        self.is_over.set()
        for thread in self._threads:
            thread.join()
        assert not self.failures

    def wait_for(self, more: int) -> None:
        """Return when so many more steps of each have been saved."""
        over, goals = time.monotonic() + 60, (len(self.added) + more, len(self.deleted) + more)
        while not self.failures and (len(self.added) < goals[0] or len(self.deleted) < goals[1]):
            assert time.monotonic() < over
            time.sleep(0.01)

    def _go_on(self, step) -> None:
        try:
            while not self.is_over.is_set():
                step()
        except Exception as error:
            self.failures.append(error)
        finally:
            connection.close()

    def _add(self) -> None:
        document = make_document(self.memorandum, content=SCAN + b"%% %d\n" % len(self.added))
        self.added.append(document.pk)
        self.is_over.wait(0.02)

    def _delete(self) -> None:
        make_photo()
        oldest = Photo.objects.order_by("pk").first()
        oldest.delete()
        self.deleted.append(oldest.pk)
        self.is_over.wait(0.02)


@pytest.fixture
def writers():
    call_command("sync_roles", verbosity=0)  # a test before has emptied the tables; a restore makes what is missing
    writers = Writers()
    writers.memorandum = make_memorandum(make_city())
    for _photo in range(5):
        make_photo()
    return writers


@pytest.fixture
def written_between(monkeypatch, writers):
    """Both go on between the copy of the database and that of the files."""
    dump = dumps.dump

    def dump_and_wait(path):
        writers.wait_for(2)
        dump(path)
        writers.wait_for(4)

    monkeypatch.setattr(dumps, "dump", dump_and_wait)


@pytest.mark.django_db(transaction=True)
def test_backup_under_two_writers_comes_back_with_no_row_and_no_file_different(
    place, writers, written_between, elsewhere
):
    with writers:
        before = set(writers.added)
        source = made(place)
        after = set(writers.added)
    done = elsewhere.run("restore", source)
    assert done.returncode == 0, done.stderr
    assert (elsewhere.folder / "closed").read_text() == closing.RESTORED
    saved, restored = rows_of(unpacked(source, place / "unpacked")), elsewhere.rows()
    assert restored.keys() == saved.keys()
    assert {table for table in saved if restored[table] != saved[table]} - ENDED == set()
    documents = {row["id"] for row in restored["partners_document"]}
    assert before <= documents < after
    assert restored["core_photo"]
    found = {name: sha256(content).hexdigest() for name, content in elsewhere.files().items()}
    named = {row["file"]: row["sha256"] for table in FILES for row in restored[table]}
    assert named.items() <= found.items()
    assert found.keys() - named.keys() == owed_removals(restored)


@pytest.mark.django_db(transaction=True)
def test_backup_fails_if_a_file_that_its_database_names_was_deleted(place, writers, written_between, monkeypatch):
    """The negative control: without the hour in which deleted files stay."""
    monkeypatch.setattr(removal, "KEPT_FOR", timedelta())
    monkeypatch.setattr(backup, "deleted_files_stay", nullcontext)
    names = type(default_storage._wrapped).names

    def names_before_some_go(storage):
        found = list(names(storage))
        for owed in OwedTask.objects.of(removal.remove):
            owed.do()
        return found

    monkeypatch.setattr(type(default_storage._wrapped), "names", names_before_some_go)
    with writers:
        assert "went away during the backup" in refused("backup", place / "backup.tar")
    assert not list(place.glob("*backup.tar*"))


def rows_of(folder: Path) -> dict[str, list[dict]]:
    """All rows of the database in an unpacked backup."""
    with empty_database("compared") as database:
        if url := database.get("DATABASE_URL"):
            subprocess.run(
                [shutil.which("pg_restore"), "--no-owner", f"--dbname={url}", folder / "database"], check=True
            )
        return rows(url or folder / "database")


def owed_removals(restored: dict) -> set[str]:
    tasks = [row for row in restored["core_owedtask"] if row["path"] == removal.remove.module_path]
    arguments = [row["arguments"] for row in tasks]
    return {name for found in arguments for name in (json.loads(found) if isinstance(found, str) else found)}


# The commands --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_backups_of_a_folder_are_named_for_their_moment_and_older_ones_go(place, document, monkeypatch):
    monkeypatch.setattr(dumps, "dump", lambda path: path.write_bytes(b"rows"))
    for day in range(1, 6):
        (place / f"twinning-2026010{day}T000000Z.tar").touch()
    (place / "another.tar").touch()
    (place / ".twinning-20260101T000000Z.tar.part").touch()
    os.utime(place / ".twinning-20260101T000000Z.tar.part", (0, 0))
    lines = said("backup", place, keep=3).splitlines()
    assert re.fullmatch(rf"{place}/twinning-\d{{8}}T\d{{6}}Z\.tar: 1 files, \d+ bytes", lines[0])
    assert [line.removeprefix("deleted: ") for line in lines[1:]] == [
        f"twinning-2026010{day}T000000Z.tar" for day in (1, 2, 3)
    ]
    assert len(list(place.glob("twinning-*.tar"))) == 3
    assert (place / "another.tar").exists()
    assert not list(place.glob(".*"))


@pytest.mark.django_db
def test_backup_is_read_again_and_said_to_be_whole(place, document, monkeypatch):
    monkeypatch.setattr(dumps, "dump", empty_sqlite)
    monkeypatch.setattr(connection, "vendor", "sqlite")
    source = made(place)
    assert "whole" in said("verify_backup", source)
    assert "is there already" in refused("backup", source)
    source.write_bytes(source.read_bytes().replace(SCAN[:20], SCAN[:19] + b"!"))
    assert "not what it was" in refused("verify_backup", source)


def empty_sqlite(path: Path) -> None:
    with closing_file(sqlite3.connect(path)) as copy:
        copy.execute("CREATE TABLE core_user (id)")


@pytest.mark.django_db
def test_unfinished_uploads_and_the_quarantine_are_left_out(place, document, monkeypatch):
    monkeypatch.setattr(dumps, "dump", lambda path: path.write_bytes(b"rows"))
    for name in (f"{INCOMING}/abc", "quarantine/2026-01-01/ab/abc"):
        default_storage.save(name, ContentFile(b"left over"))
    source = made(place)
    with tarfile.open(source) as tar:
        assert tar.getnames() == ["database", f"files/{document.file.name}", "manifest.json"]


@pytest.mark.django_db
def test_removals_are_put_off_while_a_backup_runs():
    removal.remove_later(["ab/soon"])
    OwedTask.objects.update(due_at=timezone.now() + timedelta(minutes=1))
    removal.put_off()
    assert OwedTask.objects.get().due_at > timezone.now() + timedelta(minutes=59)


@pytest.mark.django_db
def test_restore_refuses_a_place_that_is_not_empty(place):
    assert "the database has tables" in refused("restore", place / "nothing.tar")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dumps, "is_empty", lambda: True)
        default_storage.save("ab/abc", ContentFile(b"ours"))
        assert "the files have ab/abc" in refused("restore", place / "nothing.tar")
    assert closing.state() == ""


@pytest.mark.parametrize(
    ("manifest", "words"),
    [
        ({"engine": "oracle", "migrations": []}, "another kind of database"),
        ({"engine": None, "migrations": ["core.0001_initial", "core.9999_newer"]}, "newer version"),
    ],
)
def test_restore_refuses_what_this_version_cannot_read(manifest, words):
    with pytest.raises(CommandError, match=words):
        restore._check_version({**manifest, "engine": manifest["engine"] or connection.vendor})


def test_backup_of_an_older_version_and_of_apps_that_are_gone_is_taken():
    restore._check_version({"engine": connection.vendor, "migrations": ["core.0001_initial", "gone.0001_initial"]})


@pytest.mark.django_db
def test_half_a_restore_is_not_backed_up(place):
    closing.close(closing.RESTORING)
    assert "did not end" in refused("backup", place / "backup.tar")


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_five_thousand_items_are_back_within_a_minute(place, elsewhere, capsys):
    release = publish(make_release(cities=[make_city()]))
    make_document(publish(make_memorandum(make_city("Lille"))))
    copy_releases(4_999)
    copy_documents(5_000)
    begun = time.monotonic()
    source = made(place)
    taken = time.monotonic() - begun
    begun = time.monotonic()
    done = elsewhere.run("restore", source)
    back = time.monotonic() - begun
    with capsys.disabled():
        print(f"\n5,000 releases and 5,000 files: backup in {taken:.1f} s, restore in {back:.1f} s")  # noqa: T201 - the figures
    assert done.returncode == 0, done.stderr
    assert len(elsewhere.rows()["news_pressrelease"]) == release.__class__.objects.count() == 5_000
    assert len(elsewhere.files()) == 5_001
    assert back <= 60


def copy_documents(number: int) -> None:
    """So many more files of the size of a small scan, each with other bytes."""
    like, rows = Document.objects.get(), []
    for count in range(number):
        content, token = b"%d" % count + SCAN * (20_000 // len(SCAN)), f"{count:032x}"
        path = Path(default_storage.path(f"{token[-2:]}/{token}"))
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        values = {
            "file": f"{token[-2:]}/{token}",
            "token": token,
            "sha256": sha256(content).hexdigest(),
            "size": len(content),
        }
        rows.append(Document(memorandum=like.memorandum, title="Scan", name=like.name, **values))
    Document.objects.bulk_create(rows)
