"""Checks of uploaded documents: only PDFs are kept, and of those only what can do nothing but be read (ADR 13).

Everything else is refused with what it is and what to do. So is a PDF that cannot be read here: readers who get it from the
council could not tell whether to trust it.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from twinning.core.files.readers import Reader, Unreadable

ENDING = "pdf"
SAMPLE = b"""%PDF-1.7
1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
2 0 obj << /Type /Pages /Count 1 /Kids [3 0 R] >> endobj
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >> endobj
trailer << /Root 1 0 R /Size 4 >>
startxref
0
%%EOF
"""
READER = Reader(Path(__file__).with_name("pdf_reader.py"), megabytes=640, sample=SAMPLE)
ZIP, OLE, RTF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rtf"
# Files of other kinds that people take for documents: the first bytes, bytes that stand uncompressed somewhere in the file,
# and what the kind is called. Nothing is unpacked to find out.
OTHER_KINDS = (
    (ZIP, b"word/document", _("a Word document")),
    (ZIP, b"xl/workbook", _("an Excel workbook")),
    (ZIP, b"ppt/presentation", _("a PowerPoint presentation")),
    (ZIP, b"application/vnd.oasis.opendocument.", _("an OpenDocument file, as LibreOffice writes it")),
    (ZIP, b"", _("an archive (ZIP) or a file of an office program")),
    (OLE, b"", _("a Word, Excel or PowerPoint file of an older kind, or one with a password")),
    (RTF, b"", _("a rich text document (RTF)")),
)
OTHER_KIND = _("This is %(kind)s, not a PDF. Save it as a PDF and upload that.")
NOT_A_PDF = _("This is no PDF, whatever its name says. Save the document as a PDF and upload that.")
UNREADABLE = _("This PDF cannot be read: it is damaged, or made in a way that no reader should trust. Save it again, for example by printing it to a PDF, and upload that.")  # fmt: skip
# By the reasons that pdf_reader gives; they are the codes of the errors.
REFUSED = {
    "encryption": _("This PDF is encrypted or asks for a password. Save it without protection: everybody must be able to read it."),
    "program": _("This PDF contains a program (JavaScript). Print it to a new PDF and upload that."),
    "form": _("This PDF has fields to fill in or to sign, or sends what is typed to somebody. Print it to a new PDF and upload that."),
    "opening": _("This PDF does something by itself when it is opened, shown or printed. Print it to a new PDF and upload that."),
    "launch": _("This PDF opens other programs or files. Print it to a new PDF and upload that."),
    "files": _("This PDF has other files inside it, or looks for them. Upload them as documents of their own, and this one without them."),
    "media": _("This PDF plays sounds or films, or shows something that moves. Print it to a new PDF and upload that."),
    "outside": _("This PDF loads parts of itself from elsewhere. Print it to a new PDF and upload that."),
    "link": _("This PDF has a link that leads neither to a place in it nor to a web page or an email address (%(name)s). Remove the link, or write it with https:// in full, and save the PDF again."),
    "unknown": _("This PDF contains something of which this site does not know what it does (%(name)s). Print it to a new PDF and upload that."),
}  # fmt: skip


@dataclass(frozen=True)
class Pdf:
    """The facts about a PDF that can be kept."""

    pages: int
    has_text: bool


def read_pdf(upload) -> Pdf:
    """The facts about an upload. Raises ValidationError with the reasons if it is not to be kept."""
    upload.seek(0)
    if upload.read(5) == b"%PDF-":
        return _read_pdf(upload)
    upload.seek(0)
    content = b"".join(upload.chunks())
    for beginning, mark, kind in OTHER_KINDS:
        if content.startswith(beginning) and mark in content:
            raise ValidationError(OTHER_KIND, code="other_kind", params={"kind": kind})
    raise ValidationError(NOT_A_PDF, code="not_a_pdf")


def _read_pdf(upload) -> Pdf:
    try:
        facts = json.loads(READER.read(upload))
    except (Unreadable, ValueError) as error:
        raise ValidationError(UNREADABLE, code="unreadable") from error
    if found := facts.pop("refused"):
        raise ValidationError(
            [ValidationError(REFUSED[one], code=one, params={"name": found[one]}) for one in sorted(found)]
        )
    return Pdf(**facts)
