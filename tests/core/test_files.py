"""Private files: nobody can guess them, and the owner's gate decides at each request."""

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone

from tests.factories import SCAN, hide, make_city, make_document, make_memorandum, make_superuser, publish
from twinning.core.files import LARGEST_FILE, check_size

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    return make_document(make_memorandum(make_city()))


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
    ],
    ids=ascii,
)
def test_file_of_any_name_can_be_fetched_under_the_ending_of_what_it_is(client, uploaded, name):
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


def test_file_disappears_the_moment_its_agreement_is_withdrawn(client, document):
    publish(document.memorandum)
    assert b"".join(client.get(document.get_absolute_url())) == SCAN
    document.memorandum.withdraw(by=make_superuser(), at=timezone.now(), reason="Wrong.")
    assert client.get(document.get_absolute_url()).status_code == 404


def test_the_right_token_with_another_name_is_not_found(client, document):
    publish(document.memorandum)
    assert client.get(f"/files/{document.token}/other.pdf").status_code == 404


def test_stored_path_tells_nothing_of_the_name(document):
    assert "scan" not in document.file.name
    assert document.file.path.startswith(str(settings.MEDIA_ROOT))


def test_new_file_gets_a_new_address(document):
    old = document.token
    document.file = ContentFile(SCAN + b"\n", name="better.pdf")
    document.save()
    assert document.token != old
    assert (document.name, document.size) == ("better.pdf", len(SCAN) + 1)


def test_row_without_its_file_is_not_found(client, document):
    publish(document.memorandum)
    document.file.storage.delete(document.file.name)
    assert client.get(document.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("size", [0, LARGEST_FILE + 1])
def test_empty_and_huge_files_are_refused(size):
    upload = ContentFile(b"")
    upload.size = size
    with pytest.raises(ValidationError, match="must not be empty and may have"):
        check_size(upload)
