"""Documents that are zip archives: ODT and DOCX. What is in them is looked at, never executed and never parsed as XML.

Sizes are believed only as an upper bound: what the directory of the archive says is checked before anything is unpacked,
and what is unpacked stops there.
"""

import re
import struct
import zipfile
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_ENTRIES = 2_000
LARGEST_DIRECTORY = 512 * 1024
LARGEST_CONTENT = 100 * 1024 * 1024
LARGEST_PART = 16 * 1024 * 1024
HIGHEST_RATIO = 200
# Up to here a high ratio is only a very regular text.
SMALL = 1024 * 1024
HEAD = 64 * 1024

ODT = b"application/vnd.oasis.opendocument.text"
DOCX = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
END_OF_DIRECTORY = b"PK\x05\x06"
# Parts of a document that are programs, and those that are files of another program.
PROGRAMS = re.compile(r"vbaproject|vbadata|(^|/)(basic|scripts|dialogs|activex)/", re.IGNORECASE)
OBJECTS = re.compile(r"(^|/)embeddings/|oleobject|\.(exe|dll|js|vbs|jar|scr|com|bat|cmd|ps1|hta|lnk)$", re.IGNORECASE)
PROLOG_ENDS = re.compile(rb"<[A-Za-z_]")
PAGES = {
    "odt": ("meta.xml", re.compile(rb'meta:page-count="(\d{1,5})"')),
    "docx": ("docProps/app.xml", re.compile(rb"<Pages>(\d{1,5})</Pages>")),
}

UNREADABLE = _("This document is damaged, or not made as an ODT or DOCX document is. Save it as a PDF and upload that.")
NEITHER = _("This archive is neither an ODT nor a DOCX document. Save the document as a PDF and upload that.")
TOO_MUCH = _("Unpacked, this document would be far larger than any agreement. Save it as a PDF and upload that.")
WITH_PROGRAM = _("This document contains macros. Save it without them, or as a PDF, and upload that.")
WITH_FILES = _("This document has files of other programs inside it. Save it as a PDF and upload that.")
LOADS = _("This document loads something from elsewhere when it is opened. Save it as a PDF and upload that.")
LOCKED = _("This document is encrypted. Save it without a password: everybody must be able to read it.")


def read(upload) -> tuple[str, int | None]:
    """The ending and, if it says so, the number of pages of a document. Raises ValidationError with the reason."""
    _check_directory(upload)
    try:
        with zipfile.ZipFile(upload) as archive:
            _check_entries(archive)
            ending = _ending(archive)
            _check_xml(archive)
            return ending, _pages(archive, ending)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, KeyError, ValueError, OSError) as error:
        raise ValidationError(UNREADABLE) from error


def _check_directory(upload) -> None:
    """Bound the directory before Python reads it: an archive can list a million names."""
    upload.seek(max(0, upload.size - 65_557))
    tail = upload.read()
    found = tail.rfind(END_OF_DIRECTORY)
    if found < 0 or len(tail) - found < 22:
        raise ValidationError(UNREADABLE)
    disk, _first, here, entries, size, _offset, comment = struct.unpack("<HHHHIIH", tail[found + 4 : found + 22])
    if disk or here != entries or found + 22 + comment != len(tail):
        raise ValidationError(UNREADABLE)
    if entries > MOST_ENTRIES or size > LARGEST_DIRECTORY:
        raise ValidationError(TOO_MUCH)
    upload.seek(0)


def _check_entries(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len({name.lower() for name in names}) < len(names) or not all(map(_is_plain, names)):
        raise ValidationError(UNREADABLE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise ValidationError(LOCKED)
    if min((entry.header_offset for entry in entries), default=1) != 0:
        raise ValidationError(UNREADABLE)
    whole = sum(entry.file_size for entry in entries)
    if whole > LARGEST_CONTENT or any(_is_bomb(entry) for entry in entries):
        raise ValidationError(TOO_MUCH)
    if any(PROGRAMS.search(name) for name in names):
        raise ValidationError(WITH_PROGRAM)
    if any(OBJECTS.search(name) for name in names):
        raise ValidationError(WITH_FILES)


def _is_plain(name: str) -> bool:
    """Whether the name of an entry leads nowhere but into the archive."""
    return name.isprintable() and "\\" not in name and not name.startswith("/") and ".." not in name.split("/")


def _is_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size)


def _ending(archive: zipfile.ZipFile) -> str:
    names = archive.namelist()
    if names[0] == "mimetype":
        if _part(archive, "mimetype").strip() == ODT and "content.xml" in names:
            if b"encryption-data" in _part(archive, "META-INF/manifest.xml"):
                raise ValidationError(LOCKED)
            return "odt"
    elif "[Content_Types].xml" in names and "word/document.xml" in names:
        types = _part(archive, "[Content_Types].xml")
        if b"macroEnabled" in types:
            raise ValidationError(WITH_PROGRAM)
        if DOCX in types:
            return "docx"
    raise ValidationError(NEITHER)


def _part(archive: zipfile.ZipFile, name: str, most: int = LARGEST_PART) -> bytes:
    with archive.open(name) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise ValidationError(TOO_MUCH)
    return content


def _check_xml(archive: zipfile.ZipFile) -> None:
    """Refuse what a reader of the document would fetch or run: entities, templates and pictures from elsewhere, events."""
    for name in archive.namelist():
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as part:
                _check_prolog(part.read(HEAD))
        if name.endswith(".rels"):
            _check_relations(_part(archive, name))
        elif name in ("content.xml", "styles.xml"):
            _check_opendocument(_part(archive, name))


def _check_prolog(head: bytes) -> None:
    """No document type, so no entities; in no encoding in which one could hide."""
    begins = PROLOG_ENDS.search(head)
    if b"\0" in head or b"<!DOCTYPE" in head or not begins:
        raise ValidationError(UNREADABLE)
    declared = re.search(rb"encoding\s*=\s*[\"']([^\"']*)", head[: begins.start()])
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise ValidationError(UNREADABLE)


def _check_relations(relations: bytes) -> None:
    for relation in re.findall(rb"<(?:\w+:)?Relationship\s[^>]*>", relations):
        is_external = b"&#" in relation or re.search(rb"TargetMode\s*=\s*[\"']\s*External", relation, re.IGNORECASE)
        if is_external and not re.search(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", relation):
            raise ValidationError(LOADS)


def _check_opendocument(content: bytes) -> None:
    if b"script:event-listener" in content or b"<script:" in content:
        raise ValidationError(WITH_PROGRAM)
    for tag in re.findall(rb"<draw:(?:image|object|object-ole|plugin|floating-frame|applet)\s[^>]*>", content):
        target = re.search(rb"xlink:href\s*=\s*[\"']([^\"']*)", tag)
        if target and re.match(rb"\s*(\w+:|//|/|\.\./)|.*&#", target[1]):
            raise ValidationError(LOADS)


def _pages(archive: zipfile.ZipFile, ending: str) -> int | None:
    """What the program that wrote the document counted; nobody else can without laying it out."""
    name, pattern = PAGES[ending]
    counted = pattern.search(_part(archive, name, SMALL)) if name in archive.namelist() else None
    return int(counted[1]) or None if counted else None
