"""Passages: the texts of a record and of its parts, as checks read them."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.html import strip_tags

from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.history.snapshots import part_relations

# An end of a sentence: the dot is not that of an abbreviation, and a capital, a digit or a quotation mark comes next.
_END = re.compile(
    r"(?<!\bCllr\.)(?<!\bMr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\bDr\.)(?<!\bProf\.)(?<!\bSt\.)(?<!\bNo\.)"
    r"(?<=[.!?…])[”’\"')\]»“]*\s+(?=[“‘„«\"'(\[]?[A-ZÀ-Þ0-9])"
)
_BLOCK = re.compile(r"</(?:p|h3|h4|li|td|th)>|<br>")


@dataclass(frozen=True)
class Passage:
    """One text: its label, the place in the form that it stands in, its language, and its HTML if it is a rich text."""

    where: str
    anchor: str  # the id of an element of the form
    language: str
    text: str
    is_rich: bool = False

    @cached_property
    def paragraphs(self) -> list[str]:
        """The paragraphs as they are read: single spaces between words."""
        plain = to_text(self.text) if self.is_rich else self.text
        return [line for line in (" ".join(line.split()) for line in plain.splitlines()) if line]

    @cached_property
    def lines(self) -> list[str]:
        """The paragraphs as they were typed, with each space."""
        plain = html.unescape(strip_tags(_BLOCK.sub("\n", self.text))) if self.is_rich else self.text
        return plain.splitlines()

    @cached_property
    def sentences(self) -> list[str]:
        return [sentence for paragraph in self.paragraphs for sentence in _END.split(paragraph)]

    @property
    def is_in_site_language(self) -> bool:
        return self.language.split("-")[0] == settings.LANGUAGE_CODE.split("-")[0]


def passages_of(record: models.Model, rows: Callable[[str], list[models.Model]]) -> list[Passage]:
    """The texts that the model names in ``prose``, and those of its parts, which ``rows`` finds; empty ones are left out."""
    language = getattr(record, "language", "") or settings.LANGUAGE_CODE
    found = list(_texts(record, language))
    for relation in part_relations(type(record)):
        if not getattr(relation.related_model, "prose", ()):
            continue
        name = relation.get_accessor_name()
        for part in rows(name):
            found += _texts(part, language, group=f"{name}-group")
    return found


def _texts(record: models.Model, language: str, *, group: str = "") -> Iterator[Passage]:
    language = getattr(record, "language", "") or language
    for name in record.prose:
        field, text = record._meta.get_field(name), getattr(record, name)
        where = f"{record._meta.verbose_name}, {record}" if group else str(field.verbose_name)
        if text:
            yield Passage(where, group or f"id_{name}", language, text, isinstance(field, RichTextField))
