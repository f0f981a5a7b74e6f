"""Links: the address that a typed or pasted link means."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

from django import forms
from django.db import models

SCHEMES = ("http", "https", "mailto", "tel")
# Services that lead to an address by way of themselves: host and path, and the parameter with that address. What else
# they carry names the person who was sent the link.
_DETOURS = (
    (re.compile(r"([a-z0-9-]+\.)*safelinks\.protection\.(outlook\.com|outlook\.cn|office365\.us)/?"), "url"),
    (re.compile(r"(www\.)?google\.[a-z.]+/url"), "q"),
)
_MOST_DETOURS = 5
_DETOUR_IN_TEXT = re.compile(r"https://[a-z0-9.-]*safelinks\.protection\.[a-z0-9.]+/[^\s<>\"]+", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d+)?(?:[/?#].*)?")
_FILE = re.compile(r"[^/]*\.(pdf|docx?|xlsx?|pptx?|od[tsp]|html?|txt|zip|jpe?g|png|gif)", re.IGNORECASE)
_BARE_EMAIL = re.compile(r"[^\s@:/?#]+@(?:[\w-]+\.)+[^\W\d_]{2,}")
_CONTROL_OR_SPACE = re.compile(r"[\x00-\x20\x7f\xa0]+")


def address(href: str) -> str:
    """The whole address that a link means, such as “https://www.dortmund.de” for “www.dortmund.de”.

    A path on this site stays a path. Empty if the link leads nowhere: no host, a scheme that is not ours, a place in the
    page that it came from.
    """
    href = _CONTROL_OR_SPACE.sub(lambda found: "%20" if found[0].strip(" ") == "" else "", href.strip())
    if href.startswith("//"):
        href = f"https:{href}"
    elif _BARE_HOST.fullmatch(href) and not _FILE.fullmatch(href):
        href = f"https://{href}"
    elif _BARE_EMAIL.fullmatch(href):
        href = f"mailto:{href}"
    is_path = href.startswith("/") and href[1:2] != "\\"  # for which browsers read "//"
    return without_detour(href) if is_path or _leads_somewhere(href) else ""


def _leads_somewhere(href: str) -> bool:
    try:
        parts = urlsplit(href)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme in ("http", "https"):
        return bool(host)
    return parts.scheme in SCHEMES and bool(parts.path)


def without_detour(href: str) -> str:
    """The address at the end of a link that leads through Outlook's Safe Links or a search engine's counter."""
    for _detour in range(_MOST_DETOURS):
        if not (target := _target(href)):
            return href
        href = target
    return href


def _target(href: str) -> str:
    try:
        parts = urlsplit(href)
        place = (parts.hostname or "") + parts.path
        names = [name for detour, name in _DETOURS if detour.fullmatch(place)]
        wanted = parse_qs(parts.query).get(names[0], [""])[0] if names else ""
        return wanted if _leads_somewhere(wanted) else ""
    except ValueError:
        return ""


def without_detours(text: str) -> str:
    """A text with the addresses that its Safe Links lead to."""
    return _DETOUR_IN_TEXT.sub(lambda found: without_detour(found[0]), text) if "safelinks" in text.lower() else text


def links_in(source: str) -> list[tuple[str, str]]:
    """The links of a rich text: their words and what was typed as their address."""
    finder = _LinkFinder()
    finder.feed(source)
    finder.close()
    return [(words.strip(), href) for words, href in finder.links]


def broken_links(source: str) -> list[tuple[str, str]]:
    """The links of a rich text that lead nowhere."""
    return [(words, href) for words, href in links_in(source) if not address(href)]


class _LinkFinder(HTMLParser):
    """Parser that collects the words and the address of each link, as they stand in the source."""

    def __init__(self):
        super().__init__()
        self.links, self._is_open = [], False

    def handle_starttag(self, tag, attrs):
        href = (dict(attrs).get("href") or "").strip()
        if tag == "a":
            self._is_open = bool(href) and not href.startswith("#")
            self.links += [("", href)] * self._is_open

    def handle_endtag(self, tag):
        self._is_open = self._is_open and tag != "a"

    def handle_data(self, data):
        if self._is_open:
            words, href = self.links[-1]
            self.links[-1] = (words + data, href)


class LinkFormField(forms.URLField):
    """Form field: an address on the web, without the detour that Outlook makes of it."""

    def to_python(self, value):
        return without_detour(super().to_python(value))

    def widget_attrs(self, widget):
        # A browser would cut a pasted Safe Link, which is longer than the address in it.
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


class LinkField(models.URLField):
    """Model field: an address on the web."""

    def to_python(self, value):
        return without_detour(super().to_python(value) or "")

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": LinkFormField} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
