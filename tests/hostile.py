"""Files that nobody should publish, made here: what they claim to be, what they are, and what has to become of them."""

import struct
import zipfile
import zlib
from io import BytesIO

from news.demo.paper import assemble, document, stream

W = "application/vnd.openxmlformats-officedocument.wordprocessingml"
HREF = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = f'<?xml version="1.0" encoding="UTF-8"?><Types><Override ContentType="{W}.document.main+xml"/></Types>'
XXE = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]><d>&e;</d>'
MANIFEST = "<manifest:manifest/>"
BILLION_LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>'


def archive(*parts: tuple[str, str | bytes], stored: tuple = ("mimetype",)) -> bytes:
    """A zip archive with these parts in this order."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, (2021, 2, 12, 10, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            zipped.writestr(entry, content)
    return made.getvalue()


def docx(*more: tuple[str, str | bytes], types: str = TYPES, body: str | bytes = "<w:document/>") -> bytes:
    """A document as Word writes it, of three pages, with further parts."""
    app = ("docProps/app.xml", "<Properties><Pages>3</Pages></Properties>")
    return archive(("[Content_Types].xml", types), ("word/document.xml", body), app, *more)


def odt(*more: tuple[str, str | bytes], content: str = "<office:document-content/>", manifest: str = MANIFEST) -> bytes:
    """A document as LibreOffice writes it, of two pages, with further parts."""
    return archive(
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content),
        ("meta.xml", '<office:meta><meta:document-statistic meta:page-count="2"/></office:meta>'),
        ("META-INF/manifest.xml", manifest),
        *more,
    )


def relation(kind: str, target: str) -> str:
    return (
        f'<Relationships><Relationship Type="{HREF}/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    )


def pdf(catalogue: bytes = b"", *more: bytes, trailer: bytes = b"") -> bytes:
    return document(["Agreement"], catalogue=catalogue, more=more, trailer=trailer)


def hidden_in_an_object_stream() -> bytes:
    """JavaScript in a compressed object that no table lists."""
    inner = b"9 0 << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    return pdf(b"", stream(zlib.compress(inner), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"))


def nested(depth: int) -> bytes:
    return pdf(b"/Deep " + b"[" * depth + b"]" * depth)


def circle_of_pages() -> bytes:
    return assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"])


def content_of(content: bytes, entries: bytes = b"") -> bytes:
    """A PDF whose only page shows this."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>"
    kids = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>"
    return assemble([b"<< /Type /Catalog /Pages 2 0 R >>", kids, page, stream(content, entries), font])


def deflated(piece: bytes, number: int, times: int = 1) -> bytes:
    """A PDF whose only page shows so many of these pieces, compressed so many times."""
    made = zlib.compressobj(1)
    content = b"".join(made.compress(piece) for _piece in range(number)) + made.flush()
    for _time in range(times - 1):
        content = zlib.compress(content)
    return content_of(content, b"/Filter [" + b"/FlateDecode " * times + b"]")


def encrypted_flag(content: bytes) -> bytes:
    """An archive that says of its entries that they are encrypted."""
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.find(mark)
        while start >= 0:
            content = content[: start + place] + b"\x01" + content[start + place + 1 :]
            start = content.find(mark, start + 4)
    return content


def lying_about_sizes() -> bytes:
    """An archive whose directory says that a part of 64 megabytes has 100 bytes."""
    content = docx(("word/styles.xml", bytes(64 * 1024 * 1024)))
    return content.replace(struct.pack("<I", 64 * 1024 * 1024), struct.pack("<I", 100))


def many_entries(number: int) -> bytes:
    return docx(*((f"word/{n}.xml", "") for n in range(number)))


def one_more_directory() -> bytes:
    """Two archives behind one another: readers differ in which one they open."""
    return docx() + docx(("word/vbaProject.bin", b"macro"))


JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
# By what they are: the name of the upload, its content, and a word of the sentence that refuses it. What takes long to make
# is made by the test that wants it.
REFUSED = {
    "HTML as PDF": ("a.pdf", b"<script>alert(1)</script>", "no PDF"),
    "HTML before a PDF": ("a.pdf", b"<html>" + pdf(), "no PDF"),
    "SVG with script": ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "no PDF"),
    "program as PDF": ("a.pdf", b"MZ\x90\x00" + bytes(200), "no PDF"),
    "ELF as DOCX": ("a.docx", b"\x7fELF" + bytes(200), "no PDF"),
    "old Word": ("a.doc", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "no PDF"),
    "RTF": ("a.docx", b"{\\rtf1 Agreement}", "no PDF"),
    "picture": ("a.pdf", b"\x89PNG\r\n\x1a\n" + bytes(200), "no PDF"),
    "zeros": ("a.pdf", bytes(5000), "no PDF"),
    "nothing": ("a.pdf", b"", "must not be empty"),
    "PDF cut off": ("a.pdf", pdf()[:200], "cannot be read"),
    "PDF that is only a first line": ("a.pdf", b"%PDF-1.7\n", "cannot be read"),
    "PDF without pages": ("a.pdf", document([]), "cannot be read"),
    "PDF whose pages go in a circle": ("a.pdf", circle_of_pages(), "cannot be read"),
    "PDF nested deeply": ("a.pdf", lambda: nested(100_000), "cannot be read"),
    "PDF with a bomb": ("a.pdf", lambda: deflated(bytes(1_000_000), 400, times=2), "cannot be read"),
    "PDF with a page that never ends": ("a.pdf", lambda: deflated(b"BT (a) Tj ET\n" * 20_000, 100), "cannot be read"),
    "PDF with JavaScript": ("a.pdf", pdf(b"/OpenAction " + JS), "JavaScript"),
    "PDF with JavaScript by name": ("a.pdf", pdf(b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>", JS), "JavaScript"),
    "PDF with JavaScript spelt oddly": ("a.pdf", pdf(b"/OpenAction << /S /J#61vaScript /J#53 (1) >>"), "JavaScript"),
    "PDF with JavaScript that nothing names": ("a.pdf", pdf(b"", JS), "JavaScript"),
    "PDF with JavaScript in an object stream": ("a.pdf", hidden_in_an_object_stream(), "JavaScript"),
    "PDF with JavaScript behind its end": ("a.pdf", pdf() + b"9 0 obj " + JS + b" endobj", "JavaScript"),
    "PDF with an XFA form": ("a.pdf", pdf(b"/AcroForm << /XFA [] >>"), "JavaScript"),
    "PDF that launches": ("a.pdf", pdf(b"/OpenAction << /S /Launch /F (cmd.exe) >>"), "opens other"),
    "PDF with a file inside": ("a.pdf", pdf(b"/Names << /EmbeddedFiles << /Names [] >> >>"), "files inside"),
    "PDF with a file on a page": ("a.pdf", pdf(b"", b"<< /Type /Filespec /EF << /F 5 0 R >> >>"), "files inside"),
    "PDF that is encrypted": ("a.pdf", pdf(trailer=b"/Encrypt << /Filter /Standard /V 9 >>"), "cannot be read|encrypted"),
    "DOCX with macros": ("a.docx", docx(("word/vbaProject.bin", b"macro")), "macros"),
    "DOCM as DOCX": ("a.docx", docx(types=TYPES.replace("document.main", "document.macroEnabled.main")), "macros"),
    "DOCX with a program": ("a.docx", docx(("word/embeddings/oleObject1.bin", b"MZ")), "files of other programs"),
    "DOCX with a template from elsewhere": ("a.docx", docx(("word/_rels/settings.xml.rels", relation("attachedTemplate", "https://example.org/t.dotm"))), "loads something"),
    "DOCX with an entity": ("a.docx", docx(body=XXE), "damaged"),
    "DOCX with a billion laughs": ("a.docx", docx(body=BILLION_LAUGHS), "damaged"),
    "DOCX with an entity in UTF-16": ("a.docx", docx(body=XXE.encode("utf-16")), "damaged"),
    "DOCX with an entity in UTF-7": ("a.docx", docx(body='<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE d+AD4-<d/>'), "damaged"),
    "DOCX that is a bomb": ("a.docx", lambda: docx(("word/media/a.bin", bytes(90 * 1024 * 1024))), "far larger"),
    "DOCX of many middling parts": ("a.docx", lambda: docx(*((f"word/{n}.bin", bytes(1024 * 1024)) for n in range(101))), "far larger"),
    "DOCX of many entries": ("a.docx", lambda: many_entries(2_100), "far larger"),
    "DOCX that lies about sizes": ("a.docx", lying_about_sizes, "damaged|far larger"),
    "DOCX that leads out": ("a.docx", docx(("../../etc/cron.d/a", "x")), "damaged"),
    "DOCX with the same part twice": ("a.docx", docx(("Word/document.xml", "<a/>")), "damaged"),
    "DOCX cut off": ("a.docx", docx()[:-40], "damaged"),
    "DOCX behind a program": ("a.docx", b"PK\x03\x04 not yet" + docx(), "damaged"),
    "two archives": ("a.docx", one_more_directory(), "damaged|macros"),
    "encrypted DOCX": ("a.docx", encrypted_flag(docx()), "encrypted"),
    "spreadsheet as DOCX": ("a.docx", archive(("[Content_Types].xml", TYPES), ("xl/workbook.xml", "<a/>")), "neither"),
    "Java archive as ODT": ("a.odt", archive(("META-INF/MANIFEST.MF", "Main-Class: A"), ("A.class", b"")), "neither"),
    "presentation as ODT": ("a.odt", archive(("mimetype", "application/vnd.oasis.opendocument.presentation"), ("content.xml", "<a/>")), "neither"),
    "ODT with macros": ("a.odt", odt(("Basic/Standard/Module1.xml", "<script:module/>")), "macros"),
    "ODT with events": ("a.odt", odt(content="<office:d><script:event-listener/></office:d>"), "macros"),
    "ODT with a picture from elsewhere": ("a.odt", odt(content='<d><draw:image xlink:href="https://example.org/a"/></d>'), "loads something"),
    "ODT with an entity": ("a.odt", odt(content=XXE), "damaged"),
    "encrypted ODT": ("a.odt", odt(manifest="<manifest:encryption-data/>"), "encrypted"),
}  # fmt: skip
# What is kept, under which name.
NEUTRALISED = {
    "PDF as HTML": ("a.html", pdf(), "a.pdf"),
    "PDF as a program": ("agreement.pdf.exe", pdf(), "agreement_pdf.pdf"),
    "PDF with two endings": ("agreement.exe.pdf", pdf(), "agreement_exe.pdf"),
    "PDF that reads from right to left": ("agreement\u202efdp.exe", pdf(), "agreementfdp.pdf"),
    "PDF with control characters": ("a\r\nSet-Cookie: b=1\x00.pdf", pdf(), "aSet-Cookie_b1.pdf"),
    "PDF with a page of HTML behind it": ("a.pdf", pdf() + b"\n<script>alert(1)</script>", "a.pdf"),
    "PDF with an archive behind it": ("a.pdf", pdf() + docx(), "a.pdf"),
    "DOCX as PDF": ("a.pdf", docx(), "a.docx"),
    "ODT as DOCX": ("a.docx", odt(), "a.odt"),
}
