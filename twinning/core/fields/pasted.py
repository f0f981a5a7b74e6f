"""Pasted text: written anew with the few elements that a text here can have."""

import html
import re
from dataclasses import dataclass

from twinning.core.fields import styles
from twinning.core.fields.characters import normalise
from twinning.core.fields.links import address, without_detours
from twinning.core.fields.markup import Element, read
from twinning.core.fields.tables import Cell, rows_of_data

# The blocks of text, by the elements that mean them; what is not named here is part of a line.
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_PARAGRAPHS = (
    *(
        "p",
        "div",
        "address",
        "article",
        "aside",
        "caption",
        "center",
        "dd",
        "details",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
    ),
    *("figure", "footer", "form", "header", "legend", "li", "main", "nav", "pre", "section", "summary"),
    *("table", "tbody", "td", "tfoot", "th", "thead", "tr"),
)
_BLOCKS = dict.fromkeys(_PARAGRAPHS, "p") | _HEADINGS
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
_NUMBERED = re.compile(r"\s*\(?\w{1,5}[.)]")


@dataclass(frozen=True)
class Marks:
    """What a piece of text is besides its words: bold, italic, raised or lowered, a link."""

    link: str = ""
    bold: bool = False
    italic: bool = False
    script: str = ""
    has_no_size: bool = False

    def within(self, element: Element) -> "Marks":
        """The marks of text inside an element."""
        tag, given, style = element.tag, element.given, element.style
        return Marks(
            _link(given) if tag == "a" and given.get("href") else self.link,
            styles.bold(tag, style, self.bold),
            styles.italic(tag, style, self.italic),
            styles.script(tag, style, given, self.script),
            styles.has_no_size(style, self.has_no_size),
        )

    def tags(self) -> list[str]:
        """The opening tags, in the order in which the editor writes them."""
        named = [(self.bold, "<strong>"), (self.italic, "<em>"), (self.script, f"<{self.script}>")]
        return [self.link] * bool(self.link) + [tag for has_it, tag in named if has_it]


def _link(given: dict) -> str:
    """The opening tag of a link; empty for one that leads nowhere."""
    href, title = address(given["href"]), given.get("title") or ""
    said = f' title="{html.escape(title)}"' if title and not title.startswith("Original URL:") else ""  # by Outlook
    return f'<a href="{html.escape(href)}"{said}>' if href else ""


def as_meant(source: str) -> str:
    """The text as its writer meant it, well nested; not safe yet."""
    text = read(source)
    is_one_line = not text.elements("hr", "blockquote", "ul", "ol", *_BLOCKS)
    return _written(text, "" if is_one_line else "p", Marks())


def _written(element: Element, holder: str, marks: Marks) -> str:
    writer = _Writer()
    writer.write(element, holder, marks)
    writer.end_block()
    return "".join(writer.out)


class _Writer:
    """Writes the inside of one element."""

    def __init__(self):
        self.out = []
        self._block, self._tags = "", []
        self._has_line, self._is_spaced = False, True  # something stands on this line; a space, or nothing yet
        self._points = (-1, "")  # where a list of Word's points has ended, and how

    def write(self, element: Element, holder: str, marks: Marks) -> None:
        """Write the inside of an element; text becomes a block called ``holder``, or stands for itself."""
        for child in element.inside:
            if isinstance(child, str):
                self._text(child, holder, marks)
            else:
                self._element(child, holder, marks.within(child))

    def _element(self, element: Element, holder: str, marks: Marks) -> None:
        tag = element.tag
        if tag == "br":
            self._break()
        elif tag == "p" and "level" in element.style.get("mso-list", ""):
            self._point(element, marks)
        elif tag in ("ul", "ol"):
            self._wrapped(f"<{tag}{_numbering(element)}>", _points(element, marks), f"</{tag}>")
        elif tag == "blockquote":
            self._wrapped("<blockquote>", _written(element, "p", marks), "</blockquote>")
        elif tag == "table" and (rows := rows_of_data(element)):
            self._table(element, rows, marks)
        elif tag in _BLOCKS:
            self.end_block()
            self.write(element, holder if holder in ("h3", "h4") else _BLOCKS[tag], marks)
            self.end_block()
        else:
            self.write(element, holder, marks)

    def _text(self, text: str, holder: str, marks: Marks) -> None:
        text = without_detours(_SPACES.sub(" ", normalise(text)))
        text = text.lstrip(" ") if self._is_spaced else text
        if not text or marks.has_no_size:
            return
        if holder and not self._has_line:
            self._block = holder
            self.out.append(f"<{holder}>")
        self._mark(marks.tags(), opens=text != " ")
        self.out.append(html.escape(text, quote=False))
        self._has_line, self._is_spaced = True, text.endswith(" ")

    def _mark(self, wanted: list[str], *, opens: bool) -> None:
        """Close the open tags that are not wanted, and open those that are."""
        shared = next((n for n, pair in enumerate(zip(self._tags, wanted, strict=False)) if pair[0] != pair[1]), None)
        shared = min(len(self._tags), len(wanted)) if shared is None else shared
        self.out += [f"</{tag[1:-1].split()[0]}>" for tag in reversed(self._tags[shared:])]
        self._tags = self._tags[:shared]
        if opens:
            self.out += wanted[shared:]
            self._tags = wanted

    def _break(self) -> None:
        if self._has_line:
            self.out.append("<br>")
            self._is_spaced = True

    def end_block(self) -> None:
        """End the line, without the spaces and breaks at its end."""
        while self._has_line and (self.out[-1] == "<br>" or self.out[-1].endswith(" ")):
            kept = self.out.pop().removesuffix("<br>").rstrip(" ")
            self.out += [kept] * bool(kept)
        self._mark([], opens=False)
        if self._block:
            self.out.append(f"</{self._block}>")
        self._block, self._has_line, self._is_spaced = "", False, True

    def _wrapped(self, opening: str, inside: str, closing: str) -> None:
        self.end_block()
        if inside:
            self.out += [opening, inside, closing]

    def _point(self, element: Element, marks: Marks) -> None:
        """A paragraph with a bullet or number, as Word writes the points of a list."""
        tag = "ol" if _NUMBERED.match(_take_marker(element)) else "ul"
        inside = _written(element, "p", marks)
        self.end_block()
        if not inside:
            return
        if self._points == (len(self.out), tag):
            self.out.pop()
        else:
            self.out.append(f"<{tag}>")
        self.out += [f"<li>{inside}</li>", f"</{tag}>"]
        self._points = (len(self.out), tag)

    def _table(self, element: Element, rows: list[list[Cell]], marks: Marks) -> None:
        for caption in element.elements("caption"):
            self._wrapped("", _written(caption, "p", marks), "")
        written = ["".join(_cell(*cell, marks) for cell in row) for row in rows]
        is_empty = not any("<p>" in row.replace("<p></p>", "") for row in written)
        inside = "" if is_empty else "".join(f"<tr>{row}</tr>" for row in written)
        self._wrapped("<table><tbody>", inside, "</tbody></table>")


def _cell(name: str, spans: str, element: Element | None, marks: Marks) -> str:
    inside = _written(element, "p", marks.within(element)) if element else ""
    if name == "th":
        inside = inside.replace("<strong>", "").replace("</strong>", "")
    return f"<{name}{spans}>{inside or '<p></p>'}</{name}>"


def _points(element: Element, marks: Marks) -> str:
    """The points of a list. A list beside them, as most programs write it, belongs to the point before it."""
    points = []
    for child in element.inside:
        if isinstance(child, str) or child.tag != "li":
            inside = _written(Element(inside=[child]), "p", marks)
            points[-1:] = ["".join(points[-1:]) + inside]
        else:
            points.append(_written(child, "p", marks.within(child)))
    return "".join(f"<li>{point}</li>" for point in points if point)


def _numbering(element: Element) -> str:
    """The attributes of a numbered list that begins with another number or counts in letters."""
    start, kind = element.given.get("start") or "", element.given.get("type") or ""
    if element.tag != "ol":
        return ""
    begins = f' start="{int(start)}"' if re.fullmatch(r"[0-9]{1,4}", start) else ""
    return begins + (f' type="{kind}"' if kind in ("a", "A", "i", "I", "1") else "")


def _take_marker(element: Element) -> str:
    """Take out of a point what Word wrote before it: a bullet, or a number."""
    marker = ""
    for child in list(element.inside):
        if isinstance(child, Element) and child.style.get("mso-list") == "ignore":
            element.inside.remove(child)
            marker += _words(child)
        elif isinstance(child, Element):
            marker += _take_marker(child)
    return marker


def _words(element: Element) -> str:
    return "".join(child if isinstance(child, str) else _words(child) for child in element.inside)
