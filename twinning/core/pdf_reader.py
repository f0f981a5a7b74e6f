"""Reads a PDF from standard input and says as JSON what is in it. Runs in a process of its own, with little time and memory.

A broken or hostile file can make any reader run for hours or fill the memory. Here the system ends the process when it has
used up its seconds of computing, and whoever started it takes silence for a refusal.
"""

import json
import re
import resource
import signal
import sys
import zlib
from contextlib import suppress
from io import BytesIO
from itertools import accumulate, islice, takewhile

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject

MEMORY = 640 * 1024 * 1024
SECONDS, SECONDS_PER_MEGABYTE = 0.5, 0.5
MOST_OBJECTS = 200_000
MOST_PAGES = 5_000
# A page in colour at 600 dots per inch has 105 megabytes.
LARGEST_STREAM = 128 * 1024 * 1024
CHUNK = 1024 * 1024
# A text layer shows on the first pages, or there is none.
PAGES_READ = 3
# What a name in a PDF tells of the file.
TELLING = {
    "/JavaScript": "program", "/JS": "program", "/XFA": "program",
    "/Launch": "launch", "/ImportData": "launch",
    "/EmbeddedFile": "files", "/EmbeddedFiles": "files", "/EF": "files", "/RichMedia": "files", "/GoToE": "files",
    "/Encrypt": "encryption",
}  # fmt: skip
# Names short enough to come about by chance in a picture are looked for in what the file is made of, not in its bytes.
IN_BYTES = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia)(?=[\s/<>\[\]()])")


def limit(size: int) -> None:
    """Let the system end this process when it has used what a file of so many bytes may cost."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, SECONDS + SECONDS_PER_MEGABYTE * size / 2**20)


def names_in(value) -> set[str]:
    """The telling names among the keys and values of one object."""
    found, todo = set(), [value]
    while todo:
        one = todo.pop()
        if isinstance(one, DictionaryObject):
            found |= {key for key in one if key in TELLING}
            found |= {name for name in (one.raw_get(key) for key in ("/S", "/Type", "/Subtype") if key in one) if name in TELLING}  # fmt: skip
            todo += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            todo += list(one)
    return found


def names_in_bytes(content: bytes) -> set[str]:
    """The telling names in the bytes, also of objects that this reader skips and another one may find."""
    plain = re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), content)
    return {f"/{name.decode()}" for name in IN_BYTES.findall(plain)}


def check_unpacked(value: StreamObject) -> None:
    """Refuse a stream that grows beyond any scan when it is unpacked, once or again and again."""
    filters = value.get("/Filter", [])
    filters = [filters] if isinstance(filters, str) else filters
    chunks = iter([value._data])
    for _filter in takewhile(lambda name: name in ("/FlateDecode", "/Fl"), filters):
        chunks = inflated(chunks)
    if any(size > LARGEST_STREAM for size in accumulate(map(len, chunks))):
        raise ValueError("a stream without end")


def inflated(chunks):
    """The unpacked bytes, chunk by chunk; as far as they go where they are damaged."""
    unpacking = zlib.decompressobj()
    with suppress(zlib.error):
        for chunk in chunks:
            while chunk:
                yield unpacking.decompress(chunk, CHUNK)
                chunk = unpacking.unconsumed_tail


def all_names(reader: PdfReader, content: bytes) -> set[str]:
    """The telling names in everything that the file's tables list."""
    listed = {(number, generation) for generation, numbers in reader.xref.items() for number in numbers}
    listed |= {(number, 0) for number in reader.xref_objStm}
    if len(listed) > MOST_OBJECTS:
        raise ValueError("too many objects")
    found = names_in_bytes(content) | names_in(reader.trailer)
    for number, generation in listed:
        value = reader.get_object(IndirectObject(number, generation, reader))
        found |= names_in(value)
        if isinstance(value, StreamObject):
            check_unpacked(value)
        if isinstance(value, StreamObject) and value.get("/Type") == "/ObjStm":
            found |= names_in_bytes(value.get_data())
    return found


def describe(content: bytes) -> dict:
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted:
        return {"has": ["encryption"]}
    if has := {TELLING[name] for name in all_names(reader, content)}:
        return {"has": sorted(has)}
    pages = len(reader.pages)
    if not 0 < pages <= MOST_PAGES:
        raise ValueError("no pages, or too many")
    has_text = any(page.extract_text().strip() for page in islice(reader.pages, PAGES_READ))
    return {"has": [], "pages": pages, "has_text": has_text}


if __name__ == "__main__":
    given = sys.stdin.buffer.read()
    limit(len(given))
    sys.stdout.write(json.dumps(describe(given)))
