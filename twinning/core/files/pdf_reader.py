"""Program that reads a PDF from standard input and writes the facts about it as JSON.

What a PDF may do is a list of what is allowed (ADR 13): links within it and to web and mail addresses, comments, bookmarks. It
is asked of every object in the file, whichever table lists it and whichever revision it belongs to, because other readers may
find other objects than this one.
"""

import json
import logging
import re
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from itertools import accumulate, chain, islice, pairwise, takewhile

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    StreamObject,
    read_object,
)

SECONDS, SECONDS_PER_MEGABYTE = 0.5, 1.0
MOST_OBJECTS = 200_000
MOST_PAGES = 5_000
# A page in colour at 600 dots per inch has 105 megabytes.
LARGEST_STREAM = 128 * 1024 * 1024
CHUNK_SIZE = 1024 * 1024
# A text layer shows on the first pages, or there is none.
PAGES_READ = 3
LONGEST_NAME = 80

WHITE_SPACE = b"\0\t\n\f\r "
BETWEEN = rb"(?:[\0\t\n\f\r ]|%[^\r\n]*[\r\n])*"
# Where an object or a trailer begins, and what stands behind it. pypdf takes for the end what is none for others.
BEGINNING = re.compile(rb"(?:obj|trailer)" + BETWEEN + rb"(<<|\[)")
END = re.compile(BETWEEN + rb"(?:endobj|startxref|xref|trailer|\d+[\0\s]+\d+[\0\s]+obj|%[^\r\n]*\Z|\Z)")
# What is allowed. The entries under which an action stands, and those of what may happen when somebody clicks.
ACTION_KEYS = ("/A", "/PA", "/NA", "/Next")
ACTIONS = {"/GoTo", "/URI", "/Named"}
NAMED_ACTIONS = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
LINK = re.compile(r"(https?|mailto):", re.IGNORECASE)
ANNOTATIONS = {
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Redact", "/Watermark", "/PrinterMark", "/TrapNet",
}  # fmt: skip
CATALOGUE_KEYS = {
    "/Type", "/Version", "/Extensions", "/Pages", "/PageLabels", "/Names", "/Dests", "/ViewerPreferences", "/PageLayout",
    "/PageMode", "/Outlines", "/Threads", "/OpenAction", "/URI", "/Metadata", "/StructTreeRoot", "/MarkInfo", "/Lang",
    "/OutputIntents", "/PieceInfo", "/OCProperties", "/LastModified",
}  # fmt: skip
NAMES_KEYS = {"/Dests", "/AP"}
# The reasons for what is most often not allowed; for the rest it is “unknown”. Some of it is refused wherever it stands: as an
# entry, or as the kind of a thing.
REASONS = {
    "/AA": "opening", "/OpenAction": "opening",
    "/JavaScript": "program", "/JS": "program", "/PS": "program",
    "/AcroForm": "form", "/XFA": "form", "/NeedsRendering": "form", "/Widget": "form", "/SubmitForm": "form",
    "/ResetForm": "form", "/ImportData": "form", "/Hide": "form",
    "/Launch": "launch", "/GoToR": "launch", "/GoToE": "launch", "/Thread": "launch", "/GoToDp": "launch",
    "/EmbeddedFile": "files", "/EmbeddedFiles": "files", "/EF": "files", "/AF": "files", "/Filespec": "files",
    "/FileAttachment": "files", "/Collection": "files",
    "/Rendition": "media", "/Renditions": "media", "/Movie": "media", "/Sound": "media", "/Screen": "media",
    "/RichMedia": "media", "/RichMediaExecute": "media", "/3D": "media", "/GoTo3DView": "media",
    "/FFilter": "outside", "/OPI": "outside", "/DestOutputProfileRef": "outside",
    "/Encrypt": "encryption",
}  # fmt: skip
KEYS_NOWHERE = {
    "/AA", "/JavaScript", "/JS", "/AcroForm", "/XFA", "/EmbeddedFiles", "/EF", "/AF", "/FFilter", "/OPI",
    "/DestOutputProfileRef", "/Encrypt",
}  # fmt: skip
# “Thread” is also the kind of an article, and “Hide” may be what somebody calls a part of the text.
KINDS_NOWHERE = REASONS.keys() - KEYS_NOWHERE - {"/Thread", "/Hide", "/OpenAction"} | {"/JavaScript"}


class Ambiguous(logging.Handler):
    """Log handler that stops reading where pypdf skips something: another reader may not skip it."""

    def emit(self, record):
        if record.msg.startswith(("Multiple definitions", "%(exception)")):
            raise ValueError(record.getMessage())


@contextmanager
def nothing_skipped():
    handler, log = Ambiguous(), logging.getLogger("pypdf")
    log.addHandler(handler)
    try:
        yield
    finally:
        log.removeHandler(handler)


def limit_time(size: int) -> None:
    """Have the system end this process when it has used the seconds that a file of so many bytes may cost."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS + SECONDS_PER_MEGABYTE * size / 2**20)


# What is in the file ----------------------------------------------------------------------------------------------------


def dictionaries(reader: PdfReader, content: bytes) -> Iterator[DictionaryObject]:
    """Every dictionary in the file."""
    for value in chain([reader.trailer], objects(reader, content)):
        yield from within(value)
        if isinstance(value, StreamObject):
            check_unpacked_size(value)
            for packed in packed_objects(reader, value):
                yield from within(packed)


def objects(reader: PdfReader, content: bytes) -> Iterator:
    """All objects and trailers in the bytes, also those that no table lists."""
    file = BytesIO(content)
    for number, match in enumerate(BEGINNING.finditer(content)):
        if number > MOST_OBJECTS:
            raise ValueError("too many objects")
        file.seek(match.start(1))
        yield read_object(file, reader)
        if not END.match(content, file.tell()):
            raise ValueError("an object goes on behind its end")


def packed_objects(reader: PdfReader, value: StreamObject) -> Iterator:
    """The objects in an object stream, whatever it says about its kind and their number."""
    if isinstance(first := entry(value, "/First"), int) and "/N" in value:
        data = value.get_data()
        places = sorted(first + int(word) for word in data[:first].split()[1::2])
        file = BytesIO(data)
        for place, following in pairwise([*places, len(data)]):
            file.seek(place)
            yield read_object(file, reader)
            if data[file.tell() : following].strip(WHITE_SPACE):
                raise ValueError("an object goes on behind its end")


def within(value) -> Iterator[DictionaryObject]:
    """An object, if it is a dictionary, and the dictionaries directly in it."""
    todo = [value]
    for one in todo:
        if isinstance(one, DictionaryObject):
            yield one
            todo += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            todo += one


def check_unpacked_size(value: StreamObject) -> None:
    """Refuse a stream that grows beyond any scan when it is unpacked, once or again and again."""
    filters = entry(value, "/Filter") or []
    filters = [filters] if isinstance(filters, str) else filters
    chunks = iter([value._data])
    for _filter in takewhile(lambda name: name in ("/FlateDecode", "/Fl"), filters):
        chunks = unpacked(chunks)
    if any(size > LARGEST_STREAM for size in accumulate(map(len, chunks))):
        raise ValueError("a stream is too large")


def unpacked(chunks):
    """The unpacked bytes, chunk by chunk; as far as they go where they are damaged."""
    decompressor = zlib.decompressobj()
    with suppress(zlib.error):
        for chunk in chunks:
            while chunk:
                yield decompressor.decompress(chunk, CHUNK_SIZE)
                chunk = decompressor.unconsumed_tail


# What it may do ---------------------------------------------------------------------------------------------------------


def not_allowed(one: DictionaryObject) -> Iterator[tuple[str, str]]:
    """What of a dictionary is not allowed: the reason, and its name in the file."""
    kinds = {str(entry(one, key)) for key in ("/S", "/Type", "/Subtype") if key in one}
    if any("\0" in name for name in (*one, *kinds)):
        raise ValueError("for pypdf a zero byte belongs to a name, for others it ends it")
    yield from ((REASONS[name], name) for name in (KEYS_NOWHERE & one.keys()) | (KINDS_NOWHERE & kinds))
    if (isinstance(one, StreamObject) and {"/F", "/Ref"} & one.keys()) or entry(one, "/FS") == "/URL":
        yield "outside", "/F"
    if entry(one, "/S") == "/URI" and not LINK.match(address := text(entry(one, "/URI"))):
        yield "link", address
    if "/Catalog" in kinds:
        yield from _of_catalogue(one)
    for action in (action for key in ACTION_KEYS for action in listed(one, key)):
        yield from _of_action(action)
    for annotation in listed(one, "/Annots"):
        yield from _unless(annotation.get("/Subtype"), ANNOTATIONS)


def _of_catalogue(catalogue: DictionaryObject) -> Iterator[tuple[str, str]]:
    of_names = {name for names in listed(catalogue, "/Names") for name in names.keys() - NAMES_KEYS}
    yield from ((REASONS.get(name, "unknown"), name) for name in catalogue.keys() - CATALOGUE_KEYS | of_names)
    for opening in listed(catalogue, "/OpenAction"):
        if opening.get("/S", "/GoTo") != "/GoTo" or "/Next" in opening:
            yield "opening", "/OpenAction"


def _of_action(action: DictionaryObject) -> Iterator[tuple[str, str]]:
    """What is not allowed of an action. Other things stand in an entry “A” as well; only an action says its kind in “S”.

    A kind, here and of an annotation, is a name and no reference: which object that leads to, readers may disagree about.
    """
    if kind := action.get("/S"):
        yield from _unless(kind, ACTIONS)
    if kind == "/Named":
        yield from _unless(action.get("/N"), NAMED_ACTIONS)


def _unless(name, allowed: set[str]) -> Iterator[tuple[str, str]]:
    if name not in allowed:
        yield REASONS.get(name, "unknown"), name if isinstance(name, str) else "?"


def entry(one: DictionaryObject, key: str):
    """The value of an entry, also if that is an object of its own; None if there is none."""
    return resolved(one.get(key))


def resolved(value):
    """The object to which a reference leads; other values are what they are."""
    if not isinstance(value, IndirectObject):
        return value
    found, tables, free = value.get_object(), value.pdf.xref, value.pdf.xref_free_entry
    if found is None or isinstance(found, NullObject):
        generations = [number for number in tables if value.idnum in tables[number]]
        if any(not free.get(number, {}).get(value.idnum) for number in generations):
            raise ValueError("another reader may not mind that the generation is another one")
    return found


def listed(one: DictionaryObject, key: str) -> Iterator[DictionaryObject]:
    """The dictionaries to which an entry leads: it may be one, or a list of them."""
    todo = [one.get(key)]
    for value in map(resolved, todo):
        if isinstance(value, ArrayObject):
            todo += value
        elif isinstance(value, DictionaryObject):
            yield value


def text(value) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


# The answer -------------------------------------------------------------------------------------------------------------


def refusals(reader: PdfReader, content: bytes) -> dict[str, str]:
    """The reasons to refuse a PDF, each with the name of something in the file."""
    found = [*_of_catalogue(reader.root_object)]
    with nothing_skipped():
        for one in dictionaries(reader, content):
            found += not_allowed(one)
    return {reason: name[:LONGEST_NAME] for reason, name in found}


def read_facts(content: bytes) -> dict:
    """The reasons to refuse a PDF or, if there are none, its number of pages and whether it has a text layer."""
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        return {"refused": {"encryption": ""}}
    if found := refusals(reader, content):
        return {"refused": found}
    pages = len(reader.pages)
    if not 0 < pages <= MOST_PAGES:
        raise ValueError("no pages, or too many")
    has_text = any(page.extract_text().strip() for page in islice(reader.pages, PAGES_READ))
    return {"refused": {}, "pages": pages, "has_text": has_text}


def answer(content: bytes) -> bytes:
    limit_time(len(content))
    return json.dumps(read_facts(content)).encode()
