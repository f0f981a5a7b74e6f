"""Samples of hostile documents: files to refuse, and harmless files with hostile names."""

import zipfile
import zlib
from io import BytesIO

from pypdf import PdfWriter

from tests.acting_papers import JS
from tests.papers import assemble, make_pdf, stream

ODF = "application/vnd.oasis.opendocument"
# Legacy Word, Excel and PowerPoint files, and newer ones with a password.
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


def archive(*parts: tuple[str, str | bytes]) -> bytes:
    """A zip archive with these parts in this order; “mimetype” is not compressed, as OpenDocument wants it."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts:
            zipped.writestr(name, content, zipfile.ZIP_STORED if name == "mimetype" else None)
    return made.getvalue()


def office(part: str) -> bytes:
    """A document as Microsoft Office writes it, with the part that says of which program it is."""
    return archive(("[Content_Types].xml", "<Types/>"), ("_rels/.rels", "<Relationships/>"), (part, "<w:document/>"))


def opendocument(kind: str) -> bytes:
    """A document as LibreOffice writes it."""
    return archive(("mimetype", f"{ODF}.{kind}"), ("content.xml", "<office:document-content/>"))


DOCX = office("word/document.xml")


def pdf(catalogue: bytes = b"", *more: bytes, trailer: bytes = b"") -> bytes:
    return make_pdf(["Agreement"], catalogue=catalogue, more=more, trailer=trailer)


def hidden_in_an_object_stream() -> bytes:
    """JavaScript in a compressed object that no table lists."""
    inner = b"9 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    return pdf(b"", stream(zlib.compress(inner), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"))


def nested(depth: int) -> bytes:
    return pdf(b"/Deep " + b"[" * depth + b"]" * depth)


def circle_of_pages() -> bytes:
    return assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"])


def content_of(content: bytes, entries: bytes = b"") -> bytes:
    """A PDF whose only page shows this content."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
    kids = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"
    return assemble([b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, stream(content, entries), font])


def encrypted(password: str) -> bytes:
    """A PDF that nobody but its owner may change, and that opens with a password, or without if it is empty."""
    made, writer = BytesIO(), PdfWriter(BytesIO(pdf()), full=True)
    writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(made)
    return made.getvalue()


def deflated(piece: bytes, number: int, times: int = 1) -> bytes:
    """A PDF whose only page shows so many of these pieces, compressed so many times."""
    made = zlib.compressobj(1)
    content = b"".join(made.compress(piece) for _piece in range(number)) + made.flush()
    for _time in range(times - 1):
        content = zlib.compress(content)
    return content_of(content, b"/Filter [" + b"/FlateDecode " * times + b"]")


# The name of the upload, its content, and the codes of the errors that refuse it. A function makes content that takes long.
REFUSED = {
    "HTML as PDF": ("a.pdf", b"<script>alert(1)</script>", "not_a_pdf"),
    "HTML before a PDF": ("a.pdf", b"<html>" + pdf(), "not_a_pdf"),
    "SVG with script": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "not_a_pdf"),
    "program as PDF": ("a.pdf", b"MZ\x90\x00" + bytes(200), "not_a_pdf"),
    "picture": ("a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(200), "not_a_pdf"),
    "zeros": ("a.pdf", bytes(5000), "not_a_pdf"),
    "nothing": ("a.pdf", b"", "size"),
    "PDF cut off": ("a.pdf", pdf()[:200], "unreadable"),
    "PDF that is only a first line": ("a.pdf", b"%PDF-1.7\n", "unreadable"),
    "PDF without pages": ("a.pdf", make_pdf([]), "unreadable"),
    "PDF whose pages go in a circle": ("a.pdf", circle_of_pages(), "unreadable"),
    "PDF nested deeply": ("a.pdf", lambda: nested(100_000), "unreadable"),
    "PDF with a bomb": ("a.pdf", lambda: deflated(bytes(1_000_000), 400, times=2), "unreadable"),
    "PDF with a page that never ends": ("a.pdf", lambda: deflated(b"BT (a) Tj ET\n" * 20_000, 100), "unreadable"),
    "PDF with JavaScript": ("a.pdf", pdf(b"/OpenAction " + JS), "opening program"),
    "PDF with JavaScript by name": ("a.pdf", pdf(b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", JS), "program"),
    "PDF with JavaScript spelt oddly": ("a.pdf", pdf(b"/OpenAction << /S /J#61vaScript /J#53 (1) >>"), "opening program"),
    "PDF with JavaScript that nothing names": ("a.pdf", pdf(b"", JS), "program"),
    "PDF with JavaScript in an object stream": ("a.pdf", hidden_in_an_object_stream(), "program"),
    "PDF with JavaScript behind its end": ("a.pdf", pdf() + b"9 0 obj " + JS + b" endobj", "program"),
    "PDF with an XFA form": ("a.pdf", pdf(b"/AcroForm << /XFA [] >>"), "form"),
    "PDF that launches": ("a.pdf", pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "launch opening"),
    "PDF with a file inside": ("a.pdf", pdf(b"/Names << /EmbeddedFiles << /Names [] >> >>"), "files"),
    "PDF with a file on a page": ("a.pdf", pdf(b"", b"<< /Type /Filespec /EF << /F 5 0 R >> >>"), "files"),
    "PDF that wants a password": ("a.pdf", lambda: encrypted("secret"), "encryption"),
    "PDF that is encrypted without a password": ("a.pdf", lambda: encrypted(""), "encryption"),
    "PDF encrypted in no known way": ("a.pdf", pdf(trailer=b"/Encrypt << /Filter /Standard /V 9 >>"), "unreadable"),
    "program as DOCX": ("a.docx", b"\x7fELF" + bytes(200), "not_a_pdf"),
    "Word document": ("a.docx", DOCX, "other_kind"),
    "Word document as PDF": ("a.pdf", DOCX, "other_kind"),
    "Word document before a PDF": ("a.pdf", DOCX + pdf(), "other_kind"),
    "Word document cut off": ("a.docx", DOCX[:-40], "other_kind"),
    "Word document that is a bomb": ("a.docx", lambda: archive(("word/document.xml", bytes(90 * 1024 * 1024))), "other_kind"),
    "older Word document": ("a.doc", OLE, "other_kind"),
    "Excel workbook": ("a.xlsx", office("xl/workbook.xml"), "other_kind"),
    "OpenDocument text": ("a.odt", opendocument("text"), "other_kind"),
    "rich text": ("a.rtf", b"{\\rtf1 Agreement}", "other_kind"),
    "Java archive": ("a.pdf", archive(("META-INF/MANIFEST.MF", "Main-Class: A"), ("A.class", b"")), "other_kind"),
}  # fmt: skip
# The name of the upload, its content, and the name under which it is kept.
NEUTRALISED = {
    "PDF as HTML": ("a.html", pdf(), "a.pdf"),
    "PDF as a program": ("agreement.pdf.exe", pdf(), "agreement_pdf.pdf"),
    "PDF with two endings": ("agreement.exe.pdf", pdf(), "agreement_exe.pdf"),
    "PDF that reads from right to left": ("agreement\u202efdp.exe", pdf(), "agreementfdp.pdf"),
    "PDF with control characters": ("a\r\nSet-Cookie: b=1\x00.pdf", pdf(), "aSet-Cookie_b1.pdf"),
    "PDF with a page of HTML behind it": ("a.pdf", pdf() + b"\n<script>alert(1)</script>", "a.pdf"),
    "PDF with an archive behind it": ("a.pdf", pdf() + DOCX, "a.pdf"),
}
