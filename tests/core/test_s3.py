"""With an S3-compatible store, files are kept and sent like those in a folder, through the same gate."""

from datetime import timedelta
from io import SEEK_CUR, SEEK_END, StringIO

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.utils import timezone
from moto.server import ThreadedMotoServer

from partners.models import Document
from tests.back_office import errors, press, signed_in
from tests.factories import SCAN, make_city, make_document, make_memorandum, make_superuser, make_user, publish
from twinning.core.s3 import PrivateS3Storage

pytestmark = pytest.mark.django_db

KEYS = {"access_key": "key", "secret_key": "secret", "region": "eu-west-2"}
BODY = bytes(range(256)) * 4096


@pytest.fixture(scope="module")
def server():
    """An S3 of this machine's own; it logs each request, which nobody needs to read."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def options(server):
    """A bucket without objects."""
    account = {"aws_access_key_id": KEYS["access_key"], "aws_secret_access_key": KEYS["secret_key"]}
    bucket = boto3.resource("s3", endpoint_url=server, region_name=KEYS["region"], **account).Bucket("uploads")
    bucket.create(CreateBucketConfiguration={"LocationConstraint": KEYS["region"]})
    yield {"bucket": "uploads", "endpoint_url": server, **KEYS}
    bucket.objects.delete()
    bucket.delete()


@pytest.fixture
def storage(options):
    return PrivateS3Storage(**options)


@pytest.fixture
def in_use(settings, options):
    """The site keeps its uploads there."""
    use(settings, options)


def use(settings, options: dict) -> None:
    default = {"BACKEND": "twinning.core.s3.PrivateS3Storage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"default": default}


@pytest.fixture
def asked(storage) -> list[str]:
    """The ranges that are asked of the store."""
    ranges = []
    storage.client.meta.events.register(
        "before-call.s3.GetObject", lambda params, **kwargs: ranges.append(params["headers"]["Range"])
    )
    return ranges


# The storage ----------------------------------------------------------------------------------------------------------


def test_what_is_kept_is_there_under_its_name(storage):
    assert storage.save("ab/name", ContentFile(BODY)) == "ab/name"
    assert (storage.exists("ab/name"), storage.size("ab/name")) == (True, len(BODY))
    assert list(storage.names()) == ["ab/name"]
    assert abs(timezone.now() - storage.get_modified_time("ab/name")).total_seconds() < 60
    with storage.open("ab/name") as file:
        assert file.read() == BODY


def test_more_objects_than_one_answer_lists_are_all_named(storage):
    storage.client.get_paginator = paginated_by(storage.client.get_paginator, size=2)
    names = [storage.save(f"ab/{number}", ContentFile(b"a")) for number in range(5)]
    assert list(storage.names()) == names


def paginated_by(get_paginator, *, size: int):
    def get(operation):
        paginator = get_paginator(operation)
        paginate = paginator.paginate
        paginator.paginate = lambda **place: paginate(**place, PaginationConfig={"PageSize": size})
        return paginator

    return get


@pytest.mark.parametrize("question", ["open", "size", "get_modified_time"])
def test_what_is_absent_is_absent_as_in_a_folder(storage, question):
    with pytest.raises(FileNotFoundError):
        getattr(storage, question)("ab/nothing")
    assert not storage.exists("ab/nothing")
    storage.delete("ab/nothing")


def test_object_that_goes_while_it_is_read_is_absent(storage):
    storage.save("ab/name", ContentFile(BODY))
    with storage.open("ab/name") as file:
        storage.delete("ab/name")
        with pytest.raises(FileNotFoundError):
            file.read()


def test_object_is_read_from_any_place(storage, asked):
    storage.save("ab/name", ContentFile(BODY))
    with storage.open("ab/name") as file:
        assert asked == []
        file.seek(1000)
        assert (file.read(10), file.tell()) == (BODY[1000:1010], 1010)
        assert file.read(10) == BODY[1010:1020]
        file.seek(-5, SEEK_END)
        assert (file.read(), file.read()) == (BODY[-5:], b"")
        file.seek(-10, SEEK_CUR)
        assert file.read(3) == BODY[-10:-7]
    assert asked == ["bytes=1000-", f"bytes={len(BODY) - 5}-", f"bytes={len(BODY) - 10}-"]


def test_store_gives_no_address_to_anybody(storage):
    storage.save("ab/name", ContentFile(BODY))
    with pytest.raises(NotImplementedError):
        storage.url("ab/name")


# The site -------------------------------------------------------------------------------------------------------------


def test_file_is_sent_whole_in_part_or_not_at_all(client, in_use):
    document = make_document(publish(make_memorandum(make_city())), content=SCAN.ljust(200_000))
    address, stored = document.get_absolute_url(), SCAN.ljust(200_000)
    whole = client.get(address)
    assert (whole.getvalue(), whole["Content-Length"]) == (stored, "200000")
    part = client.get(address, headers={"range": "bytes=1000-150999"})
    assert (part.status_code, part.getvalue()) == (206, stored[1000:151_000])
    assert client.get(address, headers={"if-none-match": whole["ETag"]}).status_code == 304
    assert client.head(address)["Content-Length"] == "200000"


def test_hidden_file_is_not_found_and_neither_is_a_lost_one(client, in_use):
    document = make_document(publish(make_memorandum(make_city())))
    default_storage.delete(document.file.name)
    lost = client.get(document.get_absolute_url())
    default_storage.save(document.file.name, ContentFile(SCAN))
    document.memorandum.take_down(by=make_superuser(), at=timezone.now())
    hidden = client.get(document.get_absolute_url())
    assert hidden.status_code == lost.status_code == 404
    assert (hidden.content, dict(hidden.headers)) == (lost.content, dict(lost.headers))


@pytest.mark.parametrize("most_in_memory", [0, 10**6])
def test_upload_in_a_form_is_kept(in_use, settings, most_in_memory):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = most_in_memory
    sent = with_document(SimpleUploadedFile("scan.pdf", SCAN))
    press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), **sent)
    with Document.objects.get().file.open() as kept:
        assert kept.read() == SCAN


def test_store_that_does_not_answer_brings_the_form_back(settings, options):
    use(settings, options | {"endpoint_url": "http://127.0.0.1:1"})
    sent = with_document(SimpleUploadedFile("scan.pdf", SCAN))
    response = press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), place="Leeds", **sent)
    assert ["does not answer" in error for error in errors(response)] == [True]
    assert 'value="Leeds"' in response.content.decode()
    assert not Document.objects.exists()


def test_store_that_refuses_brings_the_form_back(settings, options):
    use(settings, options | {"bucket": "of-somebody-else"})
    sent = with_document(SimpleUploadedFile("scan.pdf", SCAN))
    response = press(signed_in(make_user("Twinning editor")), make_memorandum(make_city()), **sent)
    assert ["does not answer" in error for error in errors(response)] == [True]


def with_document(upload) -> dict:
    typed = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>", "file": upload}
    return {f"documents-0-{name}": value for name, value in typed.items()} | {"documents-TOTAL_FORMS": "1"}


def check(**options) -> str:
    output = StringIO()
    call_command("check_files", stdout=output, **options)
    return output.getvalue()


def test_files_are_checked_by_what_is_in_them_and_swept(in_use, time_machine):
    document = make_document(make_memorandum(make_city()))
    default_storage.save("ab/left-over", ContentFile(b"left over"))
    assert check() == "2 files, 1 needed, 0 wrong\n"
    time_machine.move_to(timezone.now() + timedelta(days=2))
    with pytest.raises(CommandError, match="2 files, 1 needed, 1 wrong"):
        check()
    assert check(sweep=True) == "2 files, 1 needed, 0 wrong, 1 removed\n"
    default_storage.save(document.file.name, ContentFile(SCAN.replace(b"scan", b"scam")))
    with pytest.raises(CommandError, match="1 files, 1 needed, 1 wrong"):
        check()
