"""Rich text that survives a paste from Word: a small, safe set of HTML, enforced on every path into the database."""

import html
import re

from django.db import models
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django_prose_editor.fields import ProseEditorField, create_sanitizer

# Headings begin at 3, because a page's own sections are h2.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Heading": {"levels": [3, 4]},
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
}
_sanitise = create_sanitizer(EXTENSIONS)

_SYNONYMS = {"h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "b": "strong", "i": "em", "div": "p"}
_TAG = re.compile(r"<(/?)(h[1256]|b|i|div)(?=[\s>/])", re.IGNORECASE)
_SPACES = re.compile(r"(?:\u00a0|&nbsp;| )+")
_EMPTY = re.compile(r"<(p|h3|h4|li|ul|ol|blockquote|strong|em)>(?:\s|<br>)*</\1>")
_EMPTY_DEPTH = 8  # Word nests empty elements three or four deep; a bound keeps a hostile text from costing minutes.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
LONGEST_TEXT = 100_000


def printable(text: str) -> str:
    """The text with spaces for the characters that XML cannot carry; Word's line break is one of them."""
    return _UNPRINTABLE.sub(" ", text)


def sanitise(source: str) -> str:
    """The text with only the elements an editor can make; Word's styles, comments and empty paragraphs are gone."""
    known = _TAG.sub(lambda match: f"<{match[1]}{_SYNONYMS[match[2].lower()]}", printable(source))
    # Twice, because a no-break space made plain can turn an address into a script.
    clean = _sanitise(_SPACES.sub(" ", _sanitise(known)))
    for _level in range(_EMPTY_DEPTH):
        clean = _EMPTY.sub("", clean)
    return clean.strip()


def to_text(source: str) -> str:
    """The words of a rich text, one paragraph a line."""
    spaced = re.sub(r"</(?:p|h3|h4|li|blockquote)>|<br>", "\n", source)
    lines = (" ".join(line.split()) for line in html.unescape(strip_tags(spaced)).splitlines())
    return "\n".join(line for line in lines if line)


def richtext(source: str, top: int = 3) -> SafeString:
    """The text for a template, its headings beginning at level ``top`` (2 or 3).

    Cleaned again, so that not even a direct write to the database reaches a page.
    """
    cleaned = sanitise(source or "")
    if top == 2:
        cleaned = re.sub(r"<(/?)h([34])>", lambda match: f"<{match[1]}h{int(match[2]) - 1}>", cleaned)
    return SafeString(cleaned)


class RichTextField(ProseEditorField):
    """Rich text, sanitised whenever it is saved: by a form, an import, a command or a line of code."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        super().__init__(*args, **{"extensions": EXTENSIONS, "sanitize": sanitise} | kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"max_length": LONGEST_TEXT} | kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = sanitise(super().pre_save(model_instance, add) or "")
        setattr(model_instance, self.attname, value)
        return value
