"""Markup: pasted HTML as a tree of what an office program shows.

Word, Outlook, LibreOffice, Google Docs and Excel put more on the clipboard than their windows show: tracked deletions,
comments, hidden text, rows and columns. ``static/core/admin-paste.js`` has the same rules for the editor.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import nh3

from twinning.core.fields import styles
from twinning.core.fields.characters import printable
from twinning.core.fields.links import SCHEMES

# Elements whose content no program shows: what was deleted, the comments of LibreOffice Calc, what is no text.
_HIDDEN = {"del", "s", "strike", "comment", "script", "noscript", "template", "title", "xml"}
# A browser reads the inside of these by rules of its own; without them it is plain text.
_RAW = {
    "html",
    "head",
    "body",
    "svg",
    "math",
    "iframe",
    "noembed",
    "noframes",
    "plaintext",
    "textarea",
    "xmp",
    "select",
}
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_NAMES = {"style", "class", "hidden", "role", "width", "span", "colspan", "rowspan", "start", "type", "href", "title"}
# What is nested more deeply stands in the last element that is not; a bound keeps a hostile text from costing minutes.
_DEEPEST = 80

_TAG_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
_SHEET = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_COMMENT_OF_GOOGLE = re.compile(r"#cmnt(_ref)?\d+")


@dataclass
class Element:
    """An element of a text, with its attributes, its styles, and what is inside: elements and pieces of text."""

    tag: str = ""
    given: dict = field(default_factory=dict)
    style: styles.Style = field(default_factory=dict)
    inside: list = field(default_factory=list)

    @property
    def is_hidden(self) -> bool:
        return styles.hides(self.style, self.given)

    def elements(self, *tags: str) -> list["Element"]:
        """The elements inside, at any depth, that have one of these tags; none from inside of another of them."""
        found = []
        for child in self.inside:
            if isinstance(child, Element):
                found += [child] if child.tag in tags else child.elements(*tags)
        return found


def read(source: str) -> Element:
    """The tree of a text as a browser reads it, without what is hidden; a hidden cell is there, and empty."""
    names = {name.lower() for name in _TAG_NAME.findall(source)} - _HIDDEN - _RAW
    nested = nh3.clean(
        printable(source), tags=names, clean_content_tags=_HIDDEN, attributes={"*": _NAMES}, link_rel=None,
        url_schemes=set(SCHEMES),
    )  # fmt: skip
    reader = _Reader(styles.StyleSheet("".join(_SHEET.findall(nested))))
    reader.feed(nested)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    """Parser of well nested HTML."""

    def __init__(self, sheet: styles.StyleSheet):
        super().__init__()
        self.root, self._sheet = Element(), sheet
        # The open elements, the outermost first; None for one that is hidden.
        self._open: list[Element | None] = [self.root]

    def handle_starttag(self, tag, attrs):
        outer, element = self._open[-1], Element(tag, dict(attrs))
        element.style = self._sheet.style(tag, element.given)
        is_shown = outer is not None and not self._is_hidden(element)
        is_placeholder = outer is not None and tag in ("td", "th", "col")
        is_too_deep = len(self._open) > _DEEPEST
        if is_shown or is_placeholder:
            outer.inside.append(" " if is_too_deep else element)
        if tag not in _VOID:
            self._open.append((outer if is_too_deep else element) if is_shown else None)

    def handle_endtag(self, tag):
        self._open.pop()

    def handle_data(self, data):
        if self._open[-1] is not None:
            self._open[-1].inside.append(data)

    def _is_hidden(self, element: Element) -> bool:
        comment = _COMMENT_OF_GOOGLE.fullmatch(element.given.get("href") or "") if element.tag == "a" else None
        if comment and comment[1]:
            self._hide_block()
        return element.tag == "style" or bool(comment) or element.is_hidden

    def _hide_block(self) -> None:
        """Hide the block that is open: a comment of Google Docs begins with the way back to its anchor."""
        for tag in ("div", "p"):
            for place in reversed(range(1, len(self._open))):
                if self._open[place] is not None and self._open[place].tag == tag:
                    self._open[place].inside.clear()
                    self._open[place:] = [None] * (len(self._open) - place)
                    return
