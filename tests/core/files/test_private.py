"""Private files: nobody can guess their addresses, and the owner's gate decides at each request."""

from cProfile import Profile

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from partners.models import Document
from tests.factories import (
    SCAN,
    hide,
    make_city,
    make_document,
    make_memorandum,
    make_photo,
    make_superuser,
    publish,
    show,
)
from tests.hostile_pictures import glass, written
from tests.papers import make_pdf
from tests.previews import make_link
from twinning.core.files.private import LARGEST_FILE, check_size
from twinning.core.history.events import current_state
from twinning.core.history.snapshots import as_if, take
from twinning.core.publishing.copies import begin
from twinning.core.publishing.restore import restore

pytestmark = pytest.mark.django_db

CORRECTED = make_pdf(["corrected"])


def test_pdf_of_a_published_agreement_is_shown_by_the_browser_in_a_sandbox(client, document):
    publish(document.memorandum)
    response = client.get(document.get_absolute_url())
    assert response.getvalue() == SCAN
    assert response["Content-Disposition"] == 'inline; filename="scan.pdf"'
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("uploaded", "name"),
    [
        ("杭州 2018.pdf", "杭州_2018.pdf"),
        ("مذكرة.pdf", "مذكرة.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("..\\..\\boot.ini", "boot.pdf"),
        ("fdp.\u202etxt\r\nX-Evil: 1.pdf", "fdp_txtX-Evil_1.pdf"),
        ("page.html", "page.pdf"),
        ("scan.tar.gz", "scan_tar.pdf"),
        ("fees.pdf.exe", "fees_pdf.pdf"),
        ("fees.exe.pdf", "fees_exe.pdf"),
        ("fees.exe\x00.pdf", "fees_exe.pdf"),
        ("???", "document.pdf"),
        ("..", "document.pdf"),
        ("?.pdf", "document.pdf"),
        (f"{'a' * 300}.pdf", f"{'a' * 140}.pdf"),
        (f"{'я' * 300}.pdf", f"{'я' * 70}.pdf"),
        (f"a{'是' * 300}.pdf", f"a{'是' * 46}.pdf"),
    ],
    ids=ascii,
)
def test_uploaded_name_is_made_safe_and_gets_the_ending_of_the_content(client, uploaded, name):
    content = ContentFile(SCAN)
    content.name = uploaded
    document = make_document(make_memorandum(make_city()), file=content)
    publish(document.memorandum)
    assert document.name == name
    assert client.get(document.get_absolute_url()).getvalue() == SCAN


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "withdrawn", "taken-down"])
def test_file_of_a_hidden_agreement_is_not_found(client, document, state):
    hide(document.memorandum, state, now=timezone.now())
    absent = client.get("/files/nothing-of-that-name/scan.pdf")
    hidden = client.get(document.get_absolute_url())
    assert hidden.status_code == absent.status_code == 404


def test_file_is_not_found_once_its_agreement_is_withdrawn(client, document):
    publish(document.memorandum)
    assert b"".join(client.get(document.get_absolute_url())) == SCAN
    document.memorandum.withdraw(by=make_superuser(), at=timezone.now(), reason="Wrong.")
    assert client.get(document.get_absolute_url()).status_code == 404


def test_right_token_with_another_name_is_not_found(client, document):
    publish(document.memorandum)
    assert client.get(f"/files/{document.token}/other.pdf").status_code == 404


def test_path_in_the_storage_has_nothing_of_the_name(document):
    assert "scan" not in document.file.name
    assert document.file.path.startswith(str(settings.MEDIA_ROOT))


def replace_file(document: Document, content: bytes = CORRECTED, *, name: str = "better.pdf") -> Document:
    document.file = ContentFile(content, name=name)
    document.save()
    return document


def test_replaced_file_keeps_its_address_and_its_old_content_is_gone(client, document):
    publish(document.memorandum)
    address, stored = document.get_absolute_url(), document.file.name
    etag = client.head(address)["ETag"]
    replace_file(document)
    assert (document.get_absolute_url(), document.size) == (address, len(CORRECTED))
    assert document.file.name != stored
    answer = client.get(address, headers={"if-none-match": etag})
    assert (answer.getvalue(), answer["ETag"] != etag) == (CORRECTED, True)


def test_replaced_file_of_another_kind_keeps_its_address_but_for_the_ending(client):
    photo = make_photo()
    show(photo, publish(make_city()))
    address = photo.get_absolute_url()
    photo.file = ContentFile(written(glass(), "PNG"), name="glass.png")
    photo.save()
    assert photo.get_absolute_url() == address.removesuffix("jpg") + "png"
    assert client.get(photo.get_absolute_url()).getvalue().startswith(b"\x89PNG")
    assert client.get(address).status_code == 404


def test_file_replaced_before_publication_stays_hidden(client, document):
    replace_file(document)
    assert client.get(document.get_absolute_url()).status_code == 404


def test_refused_replacement_leaves_the_file_as_it_was(client, document):
    publish(document.memorandum)
    with pytest.raises(ValidationError) as refused:
        replace_file(document, b"no document", name="scan.pdf")
    assert refused.value.code == "not_a_pdf"
    assert client.get(document.get_absolute_url()).getvalue() == SCAN


def test_file_replaced_in_a_working_copy_is_public_at_the_same_address_when_the_copy_is(client, document):
    memorandum = publish(document.memorandum)
    copy = begin(memorandum, by=make_superuser(), at=timezone.now())
    with as_if(memorandum, copy.snapshot):
        replace_file(Document.objects.get())
        written = take(memorandum)
    copy.keep(written, by=make_superuser(), at=timezone.now())
    _link, preview = make_link(memorandum, copy=copy)
    assert client.get(document.get_absolute_url()).getvalue() == SCAN
    assert client.get(f"{preview}files/{document.token}/{document.name}").getvalue() == CORRECTED
    publish(copy, at=timezone.now())
    assert client.get(document.get_absolute_url()).getvalue() == CORRECTED


def test_file_restored_from_the_history_has_its_address_again(client, document):
    before = current_state(document.memorandum, at=timezone.now())
    replace_file(document)
    restore(document.memorandum, before, by=make_superuser(), at=timezone.now())
    publish(document.memorandum)
    assert client.get(document.get_absolute_url()).getvalue() == SCAN


def test_immutable_file_gets_a_new_address_for_new_content(document, monkeypatch):
    monkeypatch.setattr(Document, "is_immutable", True)
    address = document.get_absolute_url()
    assert replace_file(document).get_absolute_url() != address


def test_record_without_its_file_is_not_found(client, document):
    publish(document.memorandum)
    document.file.storage.delete(document.file.name)
    assert client.get(document.get_absolute_url()).status_code == 404


def upload_of(size: int) -> ContentFile:
    """An upload that claims to have so many bytes."""
    upload = ContentFile(b"")
    upload.size = size
    return upload


@pytest.mark.parametrize("size", [0, LARGEST_FILE + 1])
def test_empty_and_huge_files_are_refused(size):
    with pytest.raises(ValidationError) as refused:
        check_size(upload_of(size))
    assert refused.value.code == "size"


@pytest.mark.parametrize("size", [1, LARGEST_FILE])
def test_files_up_to_the_limit_are_taken(size):
    check_size(upload_of(size))


def test_public_photo_is_found_with_few_calls(client):
    # Each page asks for several; what is asked of the database is compiled once.
    photo = make_photo()
    show(photo, publish(make_city()))
    for _time in range(2):
        profile = Profile()
        response = profile.runcall(client.get, photo.get_absolute_url())
        assert response.getvalue()
    assert sum(entry.callcount for entry in profile.getstats()) <= 3_000
