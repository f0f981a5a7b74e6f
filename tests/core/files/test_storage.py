"""Storage in a folder: an upload is kept whole or not at all, whatever goes wrong."""

import errno
import os
import signal
import subprocess
import sys
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from partners.models import Document
from tests.back_office import errors, form_url, press, sent_by_browser
from tests.factories import SCAN, drawn, make_city, make_document, make_memorandum, publish
from twinning.core.files import quarantine
from twinning.core.files.private import WRONG_SIZE
from twinning.core.files.storage import INCOMING, NO_SPACE, FileNotStored, PrivateStorage
from twinning.core.files.uploads import LARGEST_FILE
from twinning.core.models import Photo

pytestmark = pytest.mark.django_db

KILLED_WHILE_SAVING = """
import os, signal, sys
from django.conf import settings
settings.configure(USE_I18N=False)
from twinning.core.files.storage import PrivateStorage

class Half:
    def chunks(self):
        yield b"half"
        os.kill(os.getpid(), signal.SIGKILL)

PrivateStorage(location=sys.argv[1])._save("ab/name", Half())
"""


@pytest.fixture
def storage(tmp_path):
    return PrivateStorage(location=tmp_path)


@pytest.fixture
def full_disk(monkeypatch):
    def fails(handle):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fails)


def stored() -> set[str]:
    """The names of all files in the storage."""
    return set(default_storage.names())


def new_document(**fields) -> dict:
    """The fields of a form with one new document."""
    typed = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>"} | fields
    return {f"documents-0-{name}": value for name, value in typed.items()} | {"documents-TOTAL_FORMS": "1"}


def test_file_gets_its_name_only_when_it_is_complete(storage):
    class Watched(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            assert [name.split("/")[0] for name in storage.names()] == [INCOMING]
            yield b" and half"

    name = storage.save("ab/name", Watched(b""))
    assert Path(storage.path(name)).read_bytes() == b"half and half"
    assert list(storage.names()) == [name]


def test_killed_process_leaves_only_a_temporary_file(tmp_path):
    done = subprocess.run([sys.executable, "-c", KILLED_WHILE_SAVING, str(tmp_path)], cwd=Path(__file__).parents[3])
    assert done.returncode == -signal.SIGKILL
    assert [name.split("/")[0] for name in PrivateStorage(location=tmp_path).names()] == [INCOMING]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_full_disk_leaves_nothing(storage, monkeypatch, number):
    def full(handle):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileNotStored) as refused:
        storage.save("ab/name", ContentFile(b"content"))
    assert refused.value.error.code == "no_space"
    assert list(storage.names()) == []


def test_upload_that_breaks_off_leaves_nothing(storage):
    class Lost(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"half"
            raise OSError(errno.EIO, "gone")

    with pytest.raises(OSError, match="gone"):
        storage.save("ab/name", Lost(b""))
    assert list(storage.names()) == []


def test_form_comes_back_with_the_other_fields_when_the_disk_is_full(editor, full_disk):
    memorandum, before = make_memorandum(make_city()), stored()
    upload = SimpleUploadedFile("scan.pdf", SCAN)
    response = press(editor, memorandum, place="Leeds", **new_document(file=upload, title="The scan"))
    assert errors(response) == [NO_SPACE]
    page = response.content.decode()
    assert 'value="Leeds"' in page
    assert 'value="The scan"' in page
    assert not Document.objects.exists()
    assert stored() == before
    memorandum.refresh_from_db()
    assert memorandum.place == ""


def test_form_of_a_working_copy_comes_back_when_the_disk_is_full(editor, full_disk):
    memorandum = publish(make_memorandum(publish(make_city())))
    editor.post(form_url(memorandum), {"_copy": "on"})
    url = f"{form_url(memorandum).removesuffix('change/')}copy/"
    sent = sent_by_browser(editor.get(url)) | new_document(file=SimpleUploadedFile("scan.pdf", SCAN))
    response = editor.post(url, sent | {"place": "Leeds", "_save": "on"})
    assert errors(response) == [NO_SPACE]
    assert 'value="Leeds"' in response.content.decode()


def test_form_of_a_photo_comes_back_when_the_disk_is_full(editor, full_disk):
    before = stored()
    upload = SimpleUploadedFile("lille.jpg", drawn())
    response = press(editor, Photo, title="Lille by night", credit="Press desk", file=upload)
    assert errors(response) == [NO_SPACE]
    assert 'value="Lille by night"' in response.content.decode()
    assert not Photo.objects.exists()
    assert stored() == before


def test_form_comes_back_when_the_disk_is_full_while_a_large_file_arrives(editor, monkeypatch):
    class Full(BytesIO):
        name = "/nowhere"

        def write(self, data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    memorandum = make_memorandum(make_city())
    sent = sent_by_browser(editor.get(form_url(memorandum)))
    large = SimpleUploadedFile("scan.pdf", SCAN.ljust(3 * 1024 * 1024))
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", lambda **kwargs: Full())
    response = editor.post(form_url(memorandum), sent | new_document(file=large) | {"place": "Leeds", "_save": "on"})
    assert errors(response) == [f"documents-0-file: {NO_SPACE}"]
    assert 'value="Leeds"' in response.content.decode()


def test_large_file_is_kept(editor):
    large = SimpleUploadedFile("scan.pdf", SCAN.ljust(3 * 1024 * 1024))
    press(editor, make_memorandum(make_city()), **new_document(file=large))
    assert Path(Document.objects.get().file.path).read_bytes() == SCAN.ljust(3 * 1024 * 1024)


def test_no_more_than_the_limit_is_received_of_a_huge_file(editor, monkeypatch):
    received = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
        lambda self, raw_data, start: received.append(len(raw_data)),
    )
    huge = SimpleUploadedFile("scan.pdf", bytes(LARGEST_FILE + 5 * 1024 * 1024))
    response = press(editor, make_memorandum(make_city()), **new_document(file=huge))
    size = {"size": filesizeformat(LARGEST_FILE + 5 * 1024 * 1024), "limit": filesizeformat(LARGEST_FILE)}
    assert errors(response) == [f"documents-0-file: {WRONG_SIZE % size}"]
    assert sum(received) <= LARGEST_FILE + 64 * 1024


def test_failed_save_leaves_no_record(client):
    memorandum = publish(make_memorandum(make_city()))
    document = make_document(memorandum)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_document(memorandum, language=None)
    assert list(Document.objects.all()) == [document]


def test_file_of_an_interrupted_save_has_no_record_and_is_swept(settings, tmp_path, time_machine):
    settings.MEDIA_ROOT = tmp_path
    memorandum = make_memorandum(make_city())

    @transaction.atomic
    def interrupted_save():
        make_document(memorandum)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_save()
    assert not Document.objects.exists()
    assert len(stored()) == 1
    call_command("check_files", sweep=True, yes=True, stdout=StringIO())
    assert len(stored()) == 1, "it could still belong to a form that is being saved"
    time_machine.move_to(timezone.now() + timedelta(days=1, minutes=1))
    call_command("check_files", sweep=True, yes=True, stdout=StringIO())
    assert all(quarantine.is_in(name) for name in stored())


def test_file_is_stored_before_its_record(monkeypatch):
    memorandum, records = make_memorandum(make_city()), []
    save = PrivateStorage._save

    def counting_save(self, name, content):
        records.append(Document.objects.count())
        return save(self, name, content)

    monkeypatch.setattr(PrivateStorage, "_save", counting_save)
    make_document(memorandum)
    assert (records, Document.objects.count()) == ([0], 1)


def test_stored_file_is_readable_by_the_web_server(storage):
    storage.save("ab/name", ContentFile(b"content"))
    assert Path(storage.path("ab/name")).stat().st_mode & 0o777 == 0o644
