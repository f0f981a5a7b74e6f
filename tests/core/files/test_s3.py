"""S3 storage: files are kept and sent like those in a folder, through the same gate."""

from datetime import timedelta
from io import SEEK_CUR, SEEK_END, StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone

from partners.models import Document
from tests.back_office import errors, press, signed_in
from tests.factories import SCAN, make_city, make_document, make_memorandum, make_superuser, make_user, publish
from tests.s3 import empty_bucket, s3_server, use_s3
from twinning.core.files.s3 import PrivateS3Storage
from twinning.core.files.storage import NO_ANSWER

pytestmark = pytest.mark.django_db

BODY = bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def server():
    with s3_server() as address:
        yield address


@pytest.fixture
def options(server):
    with empty_bucket(server) as found:
        yield found


@pytest.fixture
def storage(options):
    return PrivateS3Storage(**options)


@pytest.fixture
def default_on_s3(settings, options):
    """The default storage of the site is the S3 storage."""
    use_s3(settings, options)


@pytest.fixture
def requested_ranges(storage) -> list[str]:
    """The ranges that are requested from the store, in order."""
    ranges = []
    storage.client.meta.events.register(
        "before-call.s3.GetObject", lambda params, **kwargs: ranges.append(params["headers"]["Range"])
    )
    return ranges


# The storage ----------------------------------------------------------------------------------------------------------


def test_saved_file_is_there_under_its_name(storage):
    assert storage.save("ab/name", ContentFile(BODY)) == "ab/name"
    assert (storage.exists("ab/name"), storage.size("ab/name")) == (True, len(BODY))
    assert list(storage.names()) == ["ab/name"]
    assert abs(timezone.now() - storage.get_modified_time("ab/name")).total_seconds() < 60
    with storage.open("ab/name") as file:
        assert file.read() == BODY


def test_names_are_listed_over_several_pages(storage):
    storage.client.get_paginator = with_page_size(storage.client.get_paginator, size=2)
    names = [storage.save(f"ab/{number}", ContentFile(b"a")) for number in range(5)]
    assert list(storage.names()) == names


def with_page_size(get_paginator, *, size: int):
    def get(operation):
        paginator = get_paginator(operation)
        paginate = paginator.paginate
        paginator.paginate = lambda **place: paginate(**place, PaginationConfig={"PageSize": size})
        return paginator

    return get


@pytest.mark.parametrize("method", ["open", "size", "get_modified_time"])
def test_missing_object_is_a_missing_file(storage, method):
    with pytest.raises(FileNotFoundError):
        getattr(storage, method)("ab/nothing")
    assert not storage.exists("ab/nothing")
    storage.delete("ab/nothing")


def test_object_deleted_while_open_is_a_missing_file(storage):
    storage.save("ab/name", ContentFile(BODY))
    with storage.open("ab/name") as file:
        storage.delete("ab/name")
        with pytest.raises(FileNotFoundError):
            file.read()


def test_object_is_read_from_any_position(storage, requested_ranges):
    storage.save("ab/name", ContentFile(BODY))
    with storage.open("ab/name") as file:
        assert requested_ranges == []
        file.seek(1000)
        assert (file.read(10), file.tell()) == (BODY[1000:1010], 1010)
        assert file.read(10) == BODY[1010:1020]
        file.seek(-5, SEEK_END)
        assert (file.read(), file.read()) == (BODY[-5:], b"")
        file.seek(-10, SEEK_CUR)
        assert file.read(3) == BODY[-10:-7]
    assert requested_ranges == ["bytes=1000-", f"bytes={len(BODY) - 5}-", f"bytes={len(BODY) - 10}-"]


def test_storage_has_no_public_urls(storage):
    storage.save("ab/name", ContentFile(BODY))
    with pytest.raises(NotImplementedError):
        storage.url("ab/name")


# The site -------------------------------------------------------------------------------------------------------------


def test_file_is_sent_whole_in_part_or_not_at_all(client, default_on_s3):
    document = make_document(publish(make_memorandum(make_city())), content=SCAN.ljust(200_000))
    address, stored = document.get_absolute_url(), SCAN.ljust(200_000)
    whole = client.get(address)
    assert (whole.getvalue(), whole["Content-Length"]) == (stored, "200000")
    part = client.get(address, headers={"range": "bytes=1000-150999"})
    assert (part.status_code, part.getvalue()) == (206, stored[1000:151_000])
    assert client.get(address, headers={"if-none-match": whole["ETag"]}).status_code == 304
    assert client.head(address)["Content-Length"] == "200000"


def test_hidden_file_and_missing_one_get_the_same_answer(client, default_on_s3):
    document = make_document(publish(make_memorandum(make_city())))
    default_storage.delete(document.file.name)
    missing = client.get(document.get_absolute_url())
    default_storage.save(document.file.name, ContentFile(SCAN))
    document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    hidden = client.get(document.get_absolute_url())
    assert hidden.status_code == missing.status_code == 404
    assert (hidden.content, dict(hidden.headers)) == (missing.content, dict(missing.headers))


@pytest.mark.parametrize("most_in_memory", [0, 10**6])
def test_upload_in_a_form_is_kept(default_on_s3, settings, most_in_memory):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = most_in_memory
    sent = with_document(SimpleUploadedFile("scan.pdf", SCAN))
    press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), **sent)
    with Document.objects.get().file.open() as kept:
        assert kept.read() == SCAN


def test_store_that_does_not_answer_brings_the_form_back(settings, options):
    use_s3(settings, options | {"endpoint_url": "http://127.0.0.1:1"})
    sent = with_document(SimpleUploadedFile("scan.pdf", SCAN))
    response = press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), place="Leeds", **sent)
    assert errors(response) == [NO_ANSWER]
    assert 'value="Leeds"' in response.content.decode()
    assert not Document.objects.exists()


def test_store_that_refuses_brings_the_form_back(settings, options):
    use_s3(settings, options | {"bucket": "of-somebody-else"})
    sent = with_document(SimpleUploadedFile("scan.pdf", SCAN))
    response = press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), **sent)
    assert errors(response) == [NO_ANSWER]


def with_document(upload) -> dict:
    """The fields of a form with one new document."""
    typed = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>", "file": upload}
    return {f"documents-0-{name}": value for name, value in typed.items()} | {"documents-TOTAL_FORMS": "1"}


def check(**options) -> str:
    output = StringIO()
    call_command("check_files", stdout=output, **options)
    return output.getvalue()


def test_check_files_reads_the_objects_and_sweeps_them(default_on_s3, time_machine):
    document = make_document(make_memorandum(make_city()))
    default_storage.save("ab/left-over", ContentFile(b"left over"))
    assert check() == "2 files, 1 needed, 0 wrong\n"
    time_machine.move_to(timezone.now() + timedelta(days=2))
    with pytest.raises(CommandError, match="2 files, 1 needed, 1 wrong"):
        check()
    with pytest.raises(CommandError, match="Nothing was changed: 1 files would go"):
        check(sweep=True)
    assert check(sweep=True, yes=True) == "2 files, 1 needed, 0 wrong, 1 put into quarantine, 0 deleted\n"
    today = timezone.localdate().isoformat()
    assert set(default_storage.names()) == {document.file.name, f"quarantine/{today}/ab/left-over"}
    default_storage.move(document.file.name, f"quarantine/{today}/{document.file.name}")
    assert check(put_back=True) == "0 files, 1 needed, 0 wrong, 1 put back\n"
    time_machine.move_to(timezone.now() + timedelta(days=31))
    assert check(sweep=True) == "1 files, 1 needed, 0 wrong, 0 put into quarantine, 1 deleted\n"
    assert list(default_storage.names()) == [document.file.name]
    default_storage.save(document.file.name, ContentFile(SCAN.replace(b"scan", b"scam")))
    with pytest.raises(CommandError, match="1 files, 1 needed, 1 wrong"):
        check()
