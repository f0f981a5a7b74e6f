"""The styles of pasted text: what they say of an element, and whether an office program shows it."""

import re
from collections import defaultdict

Style = dict[str, str]

_SELECTOR = re.compile(r"([a-z][a-z0-9]*)?(?:\.([\w-]+))?")
# A class of Word or Excel that marks a comment, its anchor, or a deletion.
_HIDDEN_CLASS = re.compile(r"msocom\w*|msodel", re.IGNORECASE)
_FOOTNOTE = re.compile(r"mso(foot|end)notereference", re.IGNORECASE)
_ZERO = re.compile(r"0(\.0*)?([a-z]+|%)?")
_HIDING = {
    "display": re.compile(r"none"),
    "visibility": re.compile(r"hidden|collapse"),
    "opacity": _ZERO,
    "mso-hide": re.compile(r"all"),
    "mso-element": re.compile(r"comment(-list)?"),
    "mso-special-character": re.compile(r"comment"),
    "text-decoration": re.compile(r".*line-through.*"),
    "text-decoration-line": re.compile(r".*line-through.*"),
    "text-line-through": re.compile(r"(?!none).+"),
}


def declared(css: str) -> Style:
    """The properties of a style attribute or of the inside of a rule, in small letters."""
    pairs = (part.partition(":") for part in css.lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _colon, value in pairs}


class StyleSheet:
    """The rules of a style sheet for elements, classes, and elements with a class: all that office programs write."""

    def __init__(self, css: str = ""):
        self._rules = defaultdict(dict)
        for selectors, style in _rules(_without_comments(css)):
            for selector in selectors.split(","):
                if found := _SELECTOR.fullmatch(selector.strip()):
                    self._rules[found[1] or "", found[2] or ""] |= style

    def style(self, tag: str, given: dict) -> Style:
        """What its classes and its own attribute say of an element."""
        style = dict(self._rules.get((tag, ""), {}))
        for name in (given.get("class") or "").split():
            style |= self._rules.get(("", name), {}) | self._rules.get((tag, name), {})
        return style | declared(given.get("style") or "")


def _without_comments(css: str) -> str:
    first, *others = css.replace("<!--", " ").replace("-->", " ").split("/*")
    return first + " ".join(part.partition("*/")[2] for part in others)


def _rules(css: str):
    """Selectors and declarations of the rules outside of @media and its like."""
    depth, before, is_nested = 0, "", False
    for piece in re.split(r"([{}])", css):
        if piece == "{":
            depth += 1
            is_nested = is_nested or before.lstrip().startswith("@")
        elif piece == "}":
            depth = max(0, depth - 1)
            is_nested = is_nested and depth > 0
        elif depth == 1 and not is_nested:
            yield before, declared(piece)
        if piece not in "{}":
            before = piece


def hides(style: Style, given: dict) -> bool:
    """Whether a program shows nothing of an element with these styles and attributes: deleted, a comment, hidden."""
    is_shut = _ZERO.fullmatch(style.get("max-height", "")) and style.get("overflow") == "hidden"
    names = (given.get("class") or "").split()
    return (
        "hidden" in given
        or bool(is_shut)
        or any(_HIDDEN_CLASS.fullmatch(name) for name in names)
        or any(name in _HIDING and _HIDING[name].fullmatch(value) for name, value in style.items())
    )


def has_no_size(style: Style, inherited: bool) -> bool:
    """Whether text is too small to be seen."""
    return bool(_ZERO.fullmatch(style["font-size"])) if style.get("font-size") else inherited


def bold(tag: str, style: Style, inherited: bool) -> bool:
    """Whether text in an element is bold; Google Docs has a b element around all, which says that it is not."""
    weight = style.get("font-weight", "")
    if weight.isdecimal():
        return int(weight[:4]) >= 600
    return {"bold": True, "bolder": True, "normal": False, "lighter": False}.get(
        weight, inherited or tag in ("b", "strong")
    )


def italic(tag: str, style: Style, inherited: bool) -> bool:
    """Whether text in an element is italic."""
    return {"italic": True, "oblique": True, "normal": False}.get(
        style.get("font-style", ""), inherited or tag in ("i", "em")
    )


def script(tag: str, style: Style, given: dict, inherited: str) -> str:
    """“sup” or “sub” for raised or lowered text, empty for neither."""
    is_footnote = _FOOTNOTE.search(given.get("class") or "")
    default = tag if tag in ("sup", "sub") else "sup" if is_footnote else inherited
    return {"super": "sup", "sub": "sub", "baseline": ""}.get(style.get("vertical-align", ""), default)
