"""Documents: only PDFs that can do nothing but be read are kept; each refusal says what to do."""

import resource
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from news.demo.records import FILES
from partners.models import Document
from tests import acting_papers
from tests.back_office import errors, form_url, press
from tests.factories import make_city, make_document, make_memorandum, make_superuser, publish, submit
from tests.hostile import DOCX, NEUTRALISED, OLE, REFUSED, archive, content_of, office, opendocument, pdf
from tests.papers import make_pdf
from twinning.core.files.documents import REFUSED as SENTENCES
from twinning.core.files.documents import Pdf, read_pdf

pytestmark = pytest.mark.django_db


def seconds() -> float:
    """The processor time of this process and of the readers that it started, which a busy machine does not change."""
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + readers.ru_utime + readers.ru_stime


def upload_document(editor, content: bytes, name: str = "scan.pdf", **fields):
    typed = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>"} | fields
    sent = {f"documents-0-{field}": value for field, value in typed.items()}
    sent |= {"documents-TOTAL_FORMS": "1", "documents-0-file": SimpleUploadedFile(name, content)}
    return press(editor, make_memorandum(make_city()), **sent)


@pytest.mark.parametrize("sample", REFUSED)
def test_hostile_file_is_refused_within_a_second(sample):
    name, content, codes = REFUSED[sample]
    content = content() if callable(content) else content
    memorandum, stored, began = make_memorandum(make_city()), set(default_storage.names()), seconds()
    with pytest.raises(ValidationError) as refused:
        make_document(memorandum, name=name, content=content)
    assert seconds() - began < 1
    assert [error.code for error in refused.value.error_list] == codes.split()
    assert not Document.objects.exists()
    assert set(default_storage.names()) == stored


@pytest.mark.parametrize("sample", NEUTRALISED)
def test_harmless_pdf_with_a_hostile_name_is_kept_under_a_safe_one(client, sample):
    uploaded, content, name = NEUTRALISED[sample]
    given = ContentFile(content)
    given.name = uploaded
    document = make_document(make_memorandum(make_city()), file=given)
    publish(document.memorandum)
    response = client.get(document.get_absolute_url())
    assert document.name == name
    assert response.getvalue() == content
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline")


def test_form_comes_back_with_the_reason_and_the_other_fields_when_a_file_is_refused(editor):
    name, content, codes = REFUSED["PDF with JavaScript"]
    response = upload_document(editor, content, name, title="The scan")
    assert errors(response) == [f"documents-0-file: {SENTENCES[code]}" for code in codes.split()]
    assert 'value="The scan"' in response.content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (DOCX, "a Word document"),
        (office("xl/workbook.xml"), "an Excel workbook"),
        (office("ppt/presentation.xml"), "a PowerPoint presentation"),
        *((opendocument(kind), "an OpenDocument file, as LibreOffice writes it") for kind in ("text", "spreadsheet")),
        (archive(("Index/Document.iwa", "")), "an archive (ZIP) or a file of an office program"),
        (OLE, "a Word, Excel or PowerPoint file of an older kind, or one with a password"),
        (b"{\\rtf1 Agreement}", "a rich text document (RTF)"),
    ],
    ids=["Word", "Excel", "PowerPoint", "LibreOffice Writer", "LibreOffice Calc", "Pages", "older Word", "rich text"],
)
def test_editor_of_an_office_document_reads_what_it_is_and_what_to_do(editor, content, kind):
    response = upload_document(editor, content, "agreement.docx")
    assert errors(response) == [f"documents-0-file: This is {kind}, not a PDF. Save it as a PDF and upload that."]
    assert not Document.objects.exists()


def test_all_reasons_for_a_refusal_are_given_at_once():
    content = pdf(b"/OpenAction << /S /Launch /F (a) >> /AA << /O << /S /JavaScript /JS (1) >> >>")
    with pytest.raises(ValidationError) as refused:
        read_pdf(ContentFile(content))
    assert {error.code for error in refused.value.error_list} == {"launch", "opening", "program"}


def test_editor_reads_which_link_is_not_taken():
    with pytest.raises(ValidationError, match=r"\(file:///etc/passwd\)"):
        read_pdf(ContentFile(acting_papers.REFUSED["links to a file"][0]))


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (make_pdf(["one", "two", "three"]), Pdf(pages=3, has_text=True)),
        ((FILES / "memorandum-of-understanding-scan.pdf").read_bytes(), Pdf(pages=2, has_text=True)),
        (content_of(b""), Pdf(pages=1, has_text=False)),
    ],
    ids=["print", "scan with text", "scan without text"],
)
def test_pages_are_counted_and_the_text_layer_is_seen(content, facts):
    assert read_pdf(ContentFile(content)) == facts


def test_page_shows_the_kind_the_pages_and_the_size_of_a_document(client):
    memorandum = make_memorandum(make_city())
    make_document(memorandum, content=make_pdf(["one", "two", "three"]).ljust(120 * 1024))
    make_document(memorandum, content=make_pdf(["one"]).ljust(20 * 1024), kind="text")
    page = client.get(publish(memorandum).get_absolute_url()).content.decode()
    assert "Scan of the signed paper · PDF, 3 pages, 120.0\xa0KB" in page
    assert "Text · PDF, 1 page, 20.0\xa0KB" in page


def test_editor_of_a_scan_without_text_reads_what_to_do(editor):
    memorandum = make_memorandum(make_city())
    make_document(memorandum)
    assert "“OCR”" not in editor.get(form_url(memorandum)).content.decode()
    make_document(memorandum, content=content_of(b""))
    assert "“OCR”" in editor.get(form_url(memorandum)).content.decode()


@pytest.mark.parametrize("summary", ["", "<p></p>", "<p>&nbsp;</p>"])
def test_document_without_a_summary_cannot_be_published(summary):
    memorandum = make_memorandum(make_city())
    make_document(memorandum, title="The charter")
    unread = make_document(memorandum, title="The letter")
    Document.objects.filter(pk=unread.pk).update(summary=summary)
    with pytest.raises(ValidationError, match="Write what “The letter” says") as refused:
        submit(memorandum).approve(by=make_superuser(), at=memorandum.submitted_at)
    assert len(refused.value.messages) == 1
