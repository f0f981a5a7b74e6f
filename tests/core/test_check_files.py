"""What is stored and what needs it are compared in both directions; nothing that a record may come back to is swept."""

import os
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import SCAN, make_city, make_document, make_memorandum, make_superuser, publish
from twinning.core.copies import begin
from twinning.core.history import What, note
from twinning.core.storage import INCOMING, PrivateStorage

pytestmark = pytest.mark.django_db

DAY = 24 * 60 * 60


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    """A place without the files of other tests."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def document():
    return make_document(make_memorandum(make_city()))


def check(**options) -> str:
    output = StringIO()
    call_command("check_files", stdout=output, **options)
    return output.getvalue()


def faults(**options) -> tuple[str, str]:
    """What the command writes and how it ends when something is wrong."""
    output = StringIO()
    with pytest.raises(CommandError) as ended:
        call_command("check_files", stdout=output, **options)
    assert ended.value.returncode == 1
    return output.getvalue().strip(), str(ended.value)


def left_over(name: str, *, days: float = 2) -> Path:
    path = Path(default_storage.path(default_storage.save(name, ContentFile(b"left over"))))
    aged(path, days=days)
    return path


def aged(path: Path, *, days: float = 2) -> None:
    os.utime(path, (time.time() - days * DAY,) * 2)


def test_all_is_well(document):
    assert check() == "1 files, 1 needed, 0 wrong\n"


def test_missing_file_is_named_with_what_needs_it(document):
    default_storage.delete(document.file.name)
    found, ended = faults()
    assert found == f"{document.file.name}: missing, needed by document {document.pk}"
    assert ended == "0 files, 1 needed, 1 wrong"


def test_changed_file_is_found_by_its_checksum(document):
    path = Path(document.file.path)
    path.write_bytes(path.read_bytes().replace(b"scan", b"scam"))
    assert "not what it was" in faults()[0]


def test_file_that_nothing_needs_is_reported_and_swept_when_asked(document):
    path = left_over("ab/left-over")
    assert faults() == ("ab/left-over: needed by nothing", "2 files, 1 needed, 1 wrong")
    assert path.exists()
    assert check(sweep=True) == "2 files, 1 needed, 0 wrong, 1 removed\n"
    assert not path.exists()
    assert Path(document.file.path).exists()


def test_what_may_still_be_being_saved_is_left_alone():
    path = left_over("ab/young", days=0.9)
    assert check(sweep=True) == "1 files, 0 needed, 0 wrong, 0 removed\n"
    assert path.exists()


def test_upload_that_was_never_finished_is_swept(place):
    half = place / INCOMING / "half"
    half.parent.mkdir()
    half.write_bytes(b"half")
    aged(half)
    check(sweep=True)
    assert list(PrivateStorage(location=place).names()) == []


def test_file_of_a_working_copy_only_is_needed():
    memorandum = publish(make_memorandum(make_city()))
    document = make_document(memorandum)
    begin(memorandum, by=make_superuser(), at=timezone.now())
    document.delete()
    aged(Path(document.file.path))
    assert check(sweep=True) == "1 files, 1 needed, 0 wrong, 0 removed\n"
    default_storage.delete(document.file.name)
    assert "needed by a working copy" in faults()[0]


def test_file_of_an_earlier_state_only_is_needed(document):
    note(document.memorandum, What.CHANGE, by=make_superuser(), at=timezone.now(), with_content=True)
    document.delete()
    aged(Path(document.file.path))
    assert check(sweep=True) == "1 files, 1 needed, 0 wrong, 0 removed\n"
    default_storage.delete(document.file.name)
    assert "needed by the history" in faults()[0]


def test_file_of_an_earlier_state_of_a_working_copy_is_needed():
    memorandum = publish(make_memorandum(make_city()))
    document = make_document(memorandum)
    copy = begin(memorandum, by=make_superuser(), at=timezone.now())
    emptied = copy.snapshot | {"parts": copy.snapshot["parts"] | {"documents": []}}
    copy.keep(emptied, by=make_superuser(), at=timezone.now())
    document.delete()
    aged(Path(document.file.path))
    assert "1 needed" in check(sweep=True)
    assert Path(document.file.path).read_bytes() == SCAN
