"""Uploads are taken for what they are, and what can do more than be read is refused."""

import resource
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from news.demo.paper import document
from partners.models import Document
from tests.back_office import errors, form_url, press, signed_in
from tests.factories import make_city, make_document, make_memorandum, make_superuser, make_user, publish, submit
from tests.hostile import HREF, NEUTRALISED, REFUSED, content_of, docx, odt, pdf, relation
from twinning.core.documents import Paper, read

pytestmark = pytest.mark.django_db


def seconds() -> float:
    """The computing that this process and the readers that it started have done: what a busy machine does not change."""
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + readers.ru_utime + readers.ru_stime


@pytest.fixture
def editor():
    return signed_in(make_user("Twinning editor"))


def upload(editor, content: bytes, name: str = "scan.pdf", **fields):
    typed = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>"} | fields
    sent = {f"documents-0-{field}": value for field, value in typed.items()}
    sent |= {"documents-TOTAL_FORMS": "1", "documents-0-file": SimpleUploadedFile(name, content)}
    return press(editor, make_memorandum(make_city()), **sent)


@pytest.mark.parametrize("what", REFUSED)
def test_hostile_file_is_refused_with_a_sentence_within_a_second(what):
    name, content, word = REFUSED[what]
    content = content() if callable(content) else content
    memorandum, kept, began = make_memorandum(make_city()), set(default_storage.names()), seconds()
    with pytest.raises(ValidationError, match=word):
        make_document(memorandum, name=name, content=content)
    assert seconds() - began < 1
    assert not Document.objects.exists()
    assert set(default_storage.names()) == kept


@pytest.mark.parametrize("what", NEUTRALISED)
def test_harmless_file_under_a_hostile_name_is_kept_as_what_it_is(client, what):
    uploaded, content, name = NEUTRALISED[what]
    given = ContentFile(content)
    given.name = uploaded
    document = make_document(make_memorandum(make_city()), file=given)
    publish(document.memorandum)
    response = client.get(document.get_absolute_url())
    assert document.name == name
    assert response.getvalue() == content
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert response["Content-Disposition"].startswith("inline" if name.endswith(".pdf") else "attachment")


def test_refused_file_brings_the_form_back_with_its_sentence_and_the_rest(editor):
    name, content, _word = REFUSED["PDF with JavaScript"]
    response = upload(editor, content, name, title="The scan")
    assert errors(response) == [
        "documents-0-file: This PDF contains a program (JavaScript or an interactive form). Print it to a new PDF and "
        "upload that."
    ]
    assert 'value="The scan"' in response.content.decode()
    assert not Document.objects.exists()


def test_all_reasons_against_a_file_are_given_at_once():
    content = pdf(b"/OpenAction << /S /Launch /F (a) >> /AA << /O << /S /JavaScript /JS (1) >> >>")
    with pytest.raises(ValidationError) as refused:
        read(ContentFile(content))
    assert len(refused.value.messages) == 2


@pytest.mark.parametrize(
    ("content", "paper"),
    [
        (document(["one", "two", "three"]), Paper("pdf", 3, True)),
        (document(["one", "two"], scanned=True), Paper("pdf", 2, True)),
        (content_of(b""), Paper("pdf", 1, False)),
        (docx(), Paper("docx", 3, True)),
        (odt(), Paper("odt", 2, True)),
        (docx(("word/_rels/document.xml.rels", relation("hyperlink", f"{HREF}/"))), Paper("docx", 3, True)),
    ],
    ids=["print", "scan with text", "scan without text", "Word", "LibreOffice", "Word with a link"],
)
def test_pages_are_counted_and_the_text_layer_is_seen(content, paper):
    assert read(ContentFile(content)) == paper


def test_secrets_of_the_site_are_not_handed_to_the_reader(monkeypatch):
    asked = {}
    monkeypatch.setattr("subprocess.run", lambda *args, **options: asked.update(options) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read(ContentFile(document(["nobody has read this before"])))
    assert asked["env"] == {}


def test_page_says_what_kind_of_file_it_is_how_long_and_how_large(client):
    memorandum = make_memorandum(make_city())
    make_document(memorandum, content=document(["one", "two", "three"]).ljust(120 * 1024))
    make_document(memorandum, content=docx(), name="text.docx", kind="text")
    page = client.get(publish(memorandum).get_absolute_url()).content.decode()
    assert "Scan of the signed paper · PDF, 3 pages, 120.0\xa0KB" in page
    assert "Text · DOCX, 3 pages, " in page


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
