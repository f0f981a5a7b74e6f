"""What kind of document an upload is, by its content, and what stands against keeping it.

PDF, ODT and DOCX, and of those only what can do nothing but be read. What nobody can read here is refused: whoever gets it
from the council could not tell whether to trust it.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from twinning.core import packages

PDF = "pdf"
LONGEST_WAIT = 60
KINDS_TAKEN = _("This is no PDF, ODT or DOCX document, whatever its name says. Save it as a PDF and upload that.")
UNREADABLE = _("This PDF cannot be read: it is damaged, or made in a way that no reader should trust. Save it again, for example by printing it to a PDF, and upload that.")  # fmt: skip
REFUSED = {
    "encryption": _("This PDF is encrypted or asks for a password. Save it without protection: everybody must be able to read it."),
    "program": _("This PDF contains a program (JavaScript or an interactive form). Print it to a new PDF and upload that."),
    "launch": _("This PDF opens other programs or files. Print it to a new PDF and upload that."),
    "files": _("This PDF has other files inside it. Upload them as documents of their own, and this one without them."),
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A document that can be kept: the ending that its content asks for, its pages if they are known, and its text layer."""

    ending: str
    pages: int | None = None
    has_text: bool | None = None


def read(upload) -> Paper:
    """What an upload is. Raises ValidationError with the reason if it is not to be kept."""
    upload.seek(0)
    start = upload.read(8)
    if start.startswith(b"%PDF-"):
        return _read_pdf(b"".join(upload.chunks()))
    if start.startswith(b"PK\x03\x04"):
        upload.seek(0)
        ending, pages = packages.read(upload)
        return Paper(ending, pages, has_text=True)
    raise ValidationError(KINDS_TAKEN)


def _read_pdf(content: bytes) -> Paper:
    reader = Path(__file__).with_name("pdf_reader.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", reader], input=content, capture_output=True, timeout=LONGEST_WAIT, env={}, check=True
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        raise ValidationError(UNREADABLE) from error
    if found["has"]:
        raise ValidationError([REFUSED[what] for what in found["has"]])
    return Paper(PDF, found["pages"], found["has_text"])
