"""check_files: it finds missing, changed and unneeded files, and sweeps no file that a record, a copy or the history needs."""

import os
import time
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from partners.models import Document
from tests.factories import (
    SCAN,
    drawn,
    make_city,
    make_document,
    make_memorandum,
    make_photo,
    make_superuser,
    publish,
)  # fmt: skip
from twinning.core.files import quarantine
from twinning.core.files.removal import KEPT_FOR
from twinning.core.files.storage import INCOMING
from twinning.core.history.events import EventKind, content, note
from twinning.core.management.commands import check_files
from twinning.core.models import Photo
from twinning.core.publishing.copies import begin
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db

DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    """An empty folder for the files of one test."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def check(**options) -> str:
    output = StringIO()
    call_command("check_files", stdout=output, **options)
    return output.getvalue()


def check_fails(**options) -> tuple[str, str]:
    """The output of the command and its error when something is wrong."""
    output = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("check_files", stdout=output, **options)
    assert ended.value.returncode == 1
    return output.getvalue().strip(), str(ended.value)


def make_orphan(name: str, *, days: float = 2) -> Path:
    """A file of that age that nothing needs."""
    path = Path(default_storage.path(default_storage.save(name, ContentFile(b"left over"))))
    make_old(path, days=days)
    return path


def make_old(path: Path, *, days: float = 2) -> None:
    os.utime(path, (time.time() - days * DAY,) * 2)


def test_command_counts_files_when_nothing_is_wrong(document):
    assert check() == "1 files, 1 needed, 0 wrong\n"


def test_missing_file_is_named_with_its_owner(document):
    default_storage.delete(document.file.name)
    found, ended = check_fails()
    assert found == f"{document.file.name}: missing, needed by document {document.pk}"
    assert ended == "0 files, 1 needed, 1 wrong"


def test_changed_file_is_found_by_its_checksum(document):
    path = Path(document.file.path)
    path.write_bytes(path.read_bytes().replace(b"scan", b"scam"))
    assert "not what it was" in check_fails()[0]


def in_quarantine() -> set[str]:
    """The names in quarantine, without the day."""
    return {quarantine.own_name(name) for name in default_storage.names() if quarantine.is_in(name)}


def make_needed(memorandum, number: int) -> None:
    for _document in range(number):
        make_document(memorandum)


def test_file_that_nothing_needs_is_reported_and_put_into_quarantine_when_asked(document):
    make_needed(document.memorandum, 19)
    path = make_orphan("ab/left-over")
    assert check_fails() == ("ab/left-over: needed by nothing", "21 files, 20 needed, 1 wrong")
    assert path.exists()
    assert check(sweep=True) == "21 files, 20 needed, 0 wrong, 1 put into quarantine, 0 deleted\n"
    assert not path.exists()
    assert in_quarantine() == {"ab/left-over"}
    assert check() == "20 files, 20 needed, 0 wrong\n"


def test_quarantine_ends_after_thirty_days(document, time_machine):
    make_orphan("ab/left-over")
    check(sweep=True, yes=True)
    swept_at = timezone.now()
    for days, is_there in ((1, True), (29, True), (31, False)):
        time_machine.move_to(swept_at + timedelta(days=days))
        check(sweep=True)
        assert bool(in_quarantine()) == is_there


def test_what_is_needed_after_all_comes_back_from_quarantine(document):
    path, row = Path(document.file.path), Document.objects.filter(pk=document.pk)
    make_old(path)
    row.update(file="ab/another")
    check_fails(sweep=True, yes=True)
    row.update(file=document.file.name)
    assert f"{document.file.name}: missing" in check_fails()[0]
    assert check(put_back=True) == "0 files, 1 needed, 0 wrong, 1 put back\n"
    assert path.read_bytes() == SCAN
    assert check() == "1 files, 1 needed, 0 wrong\n"


@pytest.mark.parametrize("known", [0, 18], ids=["empty", "another"])
def test_database_that_does_not_know_the_files_costs_none_of_them(document, known):
    make_needed(document.memorandum, 19)
    for name in list(default_storage.names()):
        make_old(Path(default_storage.path(name)))
    Document.objects.filter(pk__in=Document.objects.order_by("pk").values("pk")[known:]).delete()
    stored = set(default_storage.names())
    found, ended = check_fails(sweep=True)
    assert ended == check_files.TOO_MANY % (20 - known)
    assert found.count("needed by nothing") == 20 - known
    assert set(default_storage.names()) == stored
    assert f"{20 - known} put into quarantine" in check(sweep=True, yes=True)
    assert len(in_quarantine()) == 20 - known


def test_recent_file_that_nothing_needs_is_not_swept():
    path = make_orphan("ab/young", days=0.9)
    assert check(sweep=True, yes=True) == "1 files, 0 needed, 0 wrong, 0 put into quarantine, 0 deleted\n"
    assert path.exists()


def test_unfinished_upload_is_swept(media_root):
    half = media_root / INCOMING / "half"
    half.parent.mkdir()
    half.write_bytes(b"half")
    make_old(half)
    check(sweep=True, yes=True)
    assert in_quarantine() == {f"{INCOMING}/half"}


def test_no_address_leads_into_the_quarantine(client, public_document):
    token, name = public_document.token, public_document.name
    make_old(Path(public_document.file.path))
    Document.objects.all().delete()
    check(sweep=True, yes=True)
    assert in_quarantine() == {public_document.file.name}
    for path in (f"/files/{token}/{name}", *(f"/files/{kept}" for kept in default_storage.names())):
        assert client.get(path).status_code == 404


def test_files_of_a_replaced_photo_are_left_alone_for_an_hour(time_machine):
    photo = make_photo()
    replaced_at, old = timezone.now(), {photo.file.name, *photo.renditions.values_list("file", flat=True)}
    for name in old:
        make_old(Path(default_storage.path(name)))
    photo.file = ContentFile(drawn(400, 300), name="new.jpg")
    photo.save()
    do_owed()
    assert "0 put into quarantine" in check(sweep=True)
    assert old <= set(default_storage.names())
    time_machine.move_to(replaced_at + KEPT_FOR + timedelta(minutes=1))
    do_owed()
    assert not old & set(default_storage.names())
    assert ", 0 wrong" in check()


def test_backup_of_the_database_before_and_of_the_files_after_a_replacement_is_whole():
    photo = make_photo()
    backup = Photo.objects.filter(pk=photo.pk).values().get()
    photo.file = ContentFile(drawn(400, 300), name="new.jpg")
    photo.save()
    do_owed()
    Photo.objects.filter(pk=photo.pk).update(**backup)
    assert "wrong" not in check(sweep=True).replace("0 wrong", "")


def test_sizes_that_are_owed_are_counted_and_what_failed_is_told(time_machine):
    photo = Photo.objects.create(title="Hall", credit="Desk", file=ContentFile(drawn(), name="hall.jpg"))
    assert check() == "1 files, 1 needed, 0 wrong, sizes of 1 photos owed\n"
    path = Path(photo.file.path)
    path.rename(path.with_name("away"))
    do_owed()
    assert f"make_renditions({photo.pk}) failed 1 times: FileNotFoundError" in check_fails()[0]
    path.with_name("away").rename(path)
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    do_owed()
    assert "owed" not in check()


def test_file_of_a_working_copy_only_is_needed():
    memorandum = publish(make_memorandum(make_city()))
    document = make_document(memorandum)
    begin(memorandum, by=make_superuser(), at=timezone.now())
    document.delete()
    make_old(Path(document.file.path))
    assert "0 put into quarantine" in check(sweep=True, yes=True)
    default_storage.delete(document.file.name)
    assert "needed by a working copy" in check_fails()[0]


def test_file_of_an_earlier_state_only_is_needed(document):
    note(
        document.memorandum,
        EventKind.CHANGE,
        by=make_superuser(),
        at=timezone.now(),
        snapshot=content(document.memorandum),
    )
    document.delete()
    make_old(Path(document.file.path))
    assert "0 put into quarantine" in check(sweep=True, yes=True)
    default_storage.delete(document.file.name)
    assert "needed by the history" in check_fails()[0]


def test_file_of_an_earlier_state_of_a_working_copy_is_needed():
    memorandum = publish(make_memorandum(make_city()))
    document = make_document(memorandum)
    copy = begin(memorandum, by=make_superuser(), at=timezone.now())
    emptied = copy.snapshot | {"parts": copy.snapshot["parts"] | {"documents": []}}
    copy.keep(emptied, by=make_superuser(), at=timezone.now())
    document.delete()
    make_old(Path(document.file.path))
    assert "1 needed" in check(sweep=True, yes=True)
    assert Path(document.file.path).read_bytes() == SCAN
