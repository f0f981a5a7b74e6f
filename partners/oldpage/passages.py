"""A pasted page as passages: its lines, cut into sentences, each under the heading that stands above it."""

import re
from dataclasses import dataclass

from twinning.core.fields.pasted import as_meant
from twinning.core.fields.richtext import to_text

LONGEST_HEADING = 80
_HTML = re.compile(r"<(?:p|div|h[1-6]|br|ul|li|table|section|article|a|span)\b", re.IGNORECASE)
# Where a sentence ends; not behind the abbreviations that stand before names and numbers.
_END = re.compile(
    r"(?<!\bSt\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bNo\.)(?<!\bca\.)(?<!\bc\.)(?<=[.!?])[”\"’']?\s+(?=[“\"‘'(]?[A-ZÀ-Þ\d])"
)


@dataclass(frozen=True)
class Passage:
    """A line of the page: a heading, or a paragraph with its sentences."""

    sentences: tuple[str, ...]
    is_heading: bool

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def passages(source: str) -> list[Passage]:
    """The passages of a page, which was pasted as text or as HTML."""
    text = to_text(as_meant(source)) if _HTML.search(source) else source
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [_passage(line) for line in lines if line]


def _passage(line: str) -> Passage:
    is_heading = len(line) <= LONGEST_HEADING and line[-1] not in '.!?;…”"' and "@" not in line
    return Passage((line,) if is_heading else tuple(_END.split(line)), is_heading)
