"""The internal part of what a council takes along when it leaves: a folder for each record, for people and for programs."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.text import capfirst

from twinning.core.files.private import PrivateFile, file_parts
from twinning.core.files.serve import CHUNK_SIZE
from twinning.core.models import Photo
from twinning.operations import records
from twinning.operations.folders import Folder

EVERY = 500  # records, between two lines of progress
STYLES = "records.css"


class InternalPart:
    """The folder of all records, written below ``prefix``; ``missing`` are files that the storage does not have."""

    def __init__(self, folder: Folder, prefix: str, *, at: datetime, say: Callable[[str], None]):
        self._folder, self._prefix, self._at, self._say = folder, prefix, at, say
        self.missing, self.counts = [], {}

    def write(self, *, with_readers: bool) -> None:
        self._add(STYLES, render_to_string("operations/records.css"))
        for model, name in (records.FOLDERS | (records.READERS if with_readers else {})).items():
            self._write_kind(model, name)
        self._stream("log.jsonl", (json.dumps(line, ensure_ascii=False) + "\n" for line in records.log()))
        kinds = [(name, number) for name, number in self.counts.items() if number]
        context = {"kinds": kinds, "styles": STYLES, "at": self._at, "with_readers": with_readers}
        self._add("index.html", render_to_string("operations/records.html", context))

    def _write_kind(self, model: type[models.Model], name: str) -> None:
        title = str(capfirst(model._meta.verbose_name_plural))
        head = render_to_string("operations/list.html", {"title": title, "styles": f"../{STYLES}"})
        self.counts[name] = 0
        self._stream(f"{name}/index.html", self._lines(model, name, head))
        self._say(f"{name}: {self.counts[name]}")

    def _lines(self, model: type[models.Model], name: str, head: str) -> Iterator[str]:
        """The page with all records of a kind, a line a record; each is written when its line is."""
        before, after = head.split("<li></li>")
        yield before
        for record in records.batches(model):
            self._write_record(record, f"{name}/{records.name_of(record)}/")
            self.counts[name] += 1
            if self.counts[name] % EVERY == 0:
                self._say(f"{name}: {self.counts[name]} so far")
            yield format_html('<li><a href="{}/index.html">{}</a></li>\n', records.name_of(record), record)
        yield after

    def _write_record(self, record: models.Model, path: str) -> None:
        """Write the folder of a record: for programs, for people, and its files."""
        told, own = records.sections(record), records.values(record)
        head = {"kind": records.kind_of(type(record)), "name": str(record), **records.standing(record, at=self._at)}
        past = records.history(record)
        self._add(f"{path}record.json", _as_json(head, own, told, past))
        page = {"head": head, "values": own, "sections": told, "history": past, "styles": f"../../{STYLES}"}
        page["kinds"] = capfirst(record._meta.verbose_name_plural)
        page |= {"file": records.own_file(record)} if isinstance(record, Photo) else {}
        self._add(f"{path}index.html", render_to_string("operations/record.html", page))
        self._copy_files(record, path)

    def _copy_files(self, record: models.Model, path: str) -> None:
        files = [record] if isinstance(record, PrivateFile) else [f for found in file_parts(record) for f in found]
        for file in files:
            try:
                with file.file.storage.open(file.file.name) as opened:
                    self._folder.add(
                        f"{self._prefix}{path}{records.own_file(file)}", iter(partial(opened.read, CHUNK_SIZE), b"")
                    )
            except FileNotFoundError:
                self.missing.append(f"{path}{records.own_file(file)}")

    def _add(self, path: str, text: str) -> None:
        self._folder.add_text(f"{self._prefix}{path}", text)

    def _stream(self, path: str, lines: Iterator[str]) -> None:
        self._folder.add(f"{self._prefix}{path}", (line.encode() for line in lines))


def _as_json(head: dict, own: list[records.Value], sections: list[records.Section], past: list[dict]) -> str:
    parts = {section.code: [row.as_json for row in section.rows] for section in sections}
    whole = head | {"fields": records.fields_as_json(own), "parts": parts, "history": past}
    return json.dumps(whole, ensure_ascii=False, indent=1)
