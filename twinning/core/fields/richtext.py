"""Rich text that survives a paste from Word: a small, safe set of HTML, enforced on every path into the database."""

import html
import re

import nh3
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField

from twinning.core.fields.links import SCHEMES, address, broken_links
from twinning.core.fields.pasted import as_meant

# Headings begin at 3, because a page's own sections are h2.
EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Superscript": True,
    "Subscript": True,
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Heading": {"levels": [3, 4]},
    "Link": {"enableTarget": False, "protocols": list(SCHEMES), "defaultProtocol": "https"},
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
}
_NUMBERS = ("colspan", "rowspan", "start")
# What static/core/admin-richtext.js and admin-links.js say.
_WORDS_OF_THE_EDITOR = {
    "data-left-out": gettext_lazy("Left out of what you pasted:"),
    "data-deleted": gettext_lazy("deleted text"),
    "data-comments": gettext_lazy("comments"),
    "data-hidden": gettext_lazy("hidden text"),
    "data-pictures": gettext_lazy("pictures, which have a place of their own"),
    "data-links": gettext_lazy("links that lead nowhere"),
    "data-detours": gettext_lazy("the detour of links"),
    "data-nowhere": gettext_lazy("Write the whole address, for example https://www.dortmund.de."),
}
LONGEST_TEXT = 100_000

_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SCRIPT = re.compile(r"<(sup|sub)>([0-9+\-−=()n]+)</\1>")
_BLOCK = re.compile(r"</?(?:p|h3|h4|ul|ol|li|blockquote|table|tr)\b[^>]*>|<br>")
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if address(value) == value else None
    return value if name not in _NUMBERS or re.fullmatch("[0-9]{1,4}", value) else None


_allowed = nh3.Cleaner(
    **allowlist_from_extensions(expand_extensions(EXTENSIONS)), attribute_filter=_allowed_value
).clean


def sanitise(source: str) -> str:
    """The text with only the elements an editor can make, without what an office program does not show."""
    # The sanitiser has the last word: characters made plain before it can turn an address into a script.
    return _allowed(as_meant(source))


def to_text(source: str) -> str:
    """A rich text as plain text, one paragraph or one row of a table a line; raised and lowered digits stay so."""
    scripts = _SCRIPT.sub(lambda found: found[2].translate(_RAISED if found[1] == "sup" else _LOWERED), source)
    spaced = _BLOCK.sub("\n", _ROW.sub(_row_in_one_line, scripts))
    lines = (" ".join(line.split()) for line in html.unescape(strip_tags(spaced)).splitlines())
    return "\n".join(line for line in lines if line)


def _row_in_one_line(row: re.Match) -> str:
    cells = re.split(r"</t[dh]>", row[1].removesuffix("</td>").removesuffix("</th>"))
    return f"<tr>{' | '.join(_BLOCK.sub(' ', cell) for cell in cells)}</tr>"


def richtext(source: str, top: int = 3) -> SafeString:
    """The text for a template, its headings beginning at level ``top`` (2 or 3).

    Cleaned again, so that not even a direct write to the database reaches a page.
    """
    source = source or ""
    cleaned = _allowed(source)
    if cleaned != source:
        cleaned = sanitise(source)
    if top == 2:
        cleaned = re.sub(r"<(/?)h([34])>", lambda match: f"<{match[1]}h{int(match[2]) - 1}>", cleaned)
    return SafeString(cleaned)


def richtext_on_page(source: str, top: int = 3) -> SafeString:
    """The text on a page, where a table that is too wide scrolls by itself, with the keyboard too."""
    opening = format_html('<div class="scrolled" role="group" aria-label="{}" tabindex="0"><table>', _("Table"))
    return SafeString(richtext(source, top).replace("<table>", opening).replace("</table>", "</table></div>"))


def portable_richtext(source: str, top: int = 3) -> SafeString:
    """The text for a reader elsewhere, in a feed, a file or a mail: paths on this site are whole addresses."""
    return SafeString(richtext(source, top).replace(' href="/', f' href="{settings.SITE_URL}/'))


class RichTextField(ProseEditorField):
    """Model field: rich text, sanitised at each save, by a form, an import or a command."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        super().__init__(*args, **{"extensions": EXTENSIONS, "sanitize": sanitise} | kwargs)

    def formfield(self, **kwargs):
        field = super().formfield(**{"max_length": LONGEST_TEXT} | kwargs)
        field.widget.attrs |= _WORDS_OF_THE_EDITOR
        return field

    def clean(self, value: str, model_instance: models.Model) -> str:
        """Refuse a text with a link that leads nowhere, and name the link."""
        message = _("The link on “%(words)s” leads nowhere: “%(href)s”. Write the whole address, or remove the link.")
        refused = [
            ValidationError(message, code="broken_link", params={"words": words, "href": href})
            for words, href in broken_links(value or "")
        ]
        if refused:
            raise ValidationError(refused)
        return super().clean(value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        value = sanitise(super().pre_save(model_instance, add) or "")
        setattr(model_instance, self.attname, value)
        return value
