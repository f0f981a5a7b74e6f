"""The handbook of those who write: docs/publishing.md, whole on a page, and paragraph by paragraph beside the parts of forms.

A section “The form, part by part: city” has a paragraph for each part of that form, under the part's own title; what all
forms have in common stands in “The form, part by part” (ADR 52).
"""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.token import Token

FILE = settings.BASE_DIR / "docs" / "publishing.md"
FORMS = "The form, part by part"
# Without HTML in the text, everything that is no Markdown is escaped, and links to scripts are none.
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Paragraph:
    """What stands below a heading of the handbook, as HTML; ``key`` is the id of the heading on the page of the handbook."""

    key: str
    section: str
    title: str
    html: SafeString
    level: int


@cache
def paragraphs() -> tuple[Paragraph, ...]:
    """The handbook from its second heading on, read once in each process."""
    return tuple(_paragraphs(FILE.read_text(encoding="utf-8")))


def paragraph(form: str, title: str) -> Paragraph | None:
    """What the handbook says about a part of a form, such as “city” and “Partnership”."""
    found = _by_part()
    return found.get((f"{FORMS}: {form}", title)) or found.get((FORMS, title))


@cache
def help_beside(form: str, title: str, *, key: str) -> SafeString:
    """The sign beside a part of a form that shows its paragraph; empty if the handbook has none. ``key`` begins its ids."""
    found = paragraph(form, title)
    return SafeString(render_to_string("core/outline/_help.html", {"paragraph": found, "key": key}) if found else "")


@cache
def _by_part() -> dict[tuple[str, str], Paragraph]:
    return {(one.section, one.title): one for one in paragraphs()}


def _paragraphs(text: str):
    tokens = _MARKDOWN.parse(text)
    starts = [place for place, token in enumerate(tokens) if token.type == "heading_open" and token.tag != "h1"]
    section = ""
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        level, title = int(tokens[start].tag[1:]), tokens[start + 1].content
        section = title if level == 2 else section
        key = slugify(title if level == 2 else f"{section} {title}")
        yield Paragraph(key, section, title, _html(tokens[start + 3 : end]), level)


def _html(tokens: list[Token]) -> SafeString:
    return SafeString(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
