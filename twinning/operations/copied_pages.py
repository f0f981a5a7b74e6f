"""Where the pages of a static copy lie, and their HTML with links that lead there and without what needs the site itself."""

import re
from dataclasses import dataclass
from html import escape, unescape
from pathlib import PurePosixPath
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

ABOUT = "/about-this-copy/"
# What a list is turned over by; anything else in an address narrows it.
PAGING = {"after", "before", "p", "page"}
# Pages write their attributes in double quotes, and no form stands in another.
_LINK = re.compile(r'(?<=\s)(href|src)="(/[^/"][^"]*|/|[^":/][^":]*|\?[^"]*)"')
_SRCSET = re.compile(r'(?<=\s)srcset="([^"]*)"')
_FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
_SCRIPT = re.compile(r"(<script\b.*?</script>)", re.DOTALL)
_BUTTON = re.compile(r"<button\b[^>]*>(.*?)</button>", re.DOTALL)
_TAGS = re.compile(r"<[^>]+>")
_IN_STYLES = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")


@dataclass(frozen=True)
class Page:
    """The HTML of a page as the copy has it, and the addresses on this site to which it leads."""

    html: str
    addresses: list[str]


def is_left_out(address: str) -> bool:
    """Whether an address needs the site itself: search, alerts, the back office, a list that is narrowed twice."""
    path, query = urlsplit(address)[2:4]
    own = (reverse("search"), reverse("news:alerts"), reverse("admin:index"), "/healthz/")
    narrowed = [name for name, _value in parse_qsl(query, keep_blank_values=True) if name not in PAGING]
    is_narrow = re.fullmatch(r".*/\d{4}/", path)
    return path.startswith(own) or len(narrowed) > (0 if is_narrow else 1)


def place_of(address: str) -> str:
    """The path of the file for an address: pages, which have no ending, are folders, and so is what narrows a list."""
    path, query = urlsplit(address)[2:4]
    whole, query = PurePosixPath(unquote(path).lstrip("/")), quote(unquote(query), safe="=&,+:")
    if not whole.suffix or path.endswith("/"):
        return str(whole / query / "index.html")
    return str(whole.with_name(f"{whole.stem}-{query}{whole.suffix}")) if query else str(whole)


def address_in_copy(address: str) -> str:
    """The address at which a web server without this program answers in the place of one of the site's."""
    if is_left_out(address):
        return ABOUT
    fragment = urlsplit(address).fragment
    there = "/" + quote(place_of(address).removesuffix("index.html"), safe="/=&,+:%")
    return f"{there}#{fragment}" if fragment else there


def copied(html: str, *, address: str) -> Page:
    """A page as the copy has it: links to what lies elsewhere are changed, and forms say that they do not work here."""
    found = []

    def here(link: str) -> str:
        whole = urljoin(address, unescape(link))
        if not urlsplit(whole).path or whole.startswith("//"):
            return link
        found.append(whole.partition("#")[0])
        return escape(address_in_copy(whole))

    def changed(match: re.Match) -> str:
        return f'{match[1]}="{here(match[2])}"' if not match[2].startswith("#") else match[0]

    def sizes(match: re.Match) -> str:
        parts = [part.split() for part in match[1].split(",")]
        return 'srcset="{}"'.format(", ".join(" ".join([here(part[0]), *part[1:]]) for part in parts if part))

    def outside_scripts(text: str) -> str:
        return _SRCSET.sub(sizes, _LINK.sub(changed, _FORM.sub(_without_form, text)))

    pieces = _SCRIPT.split(html)
    pieces = [piece if number % 2 else outside_scripts(piece) for number, piece in enumerate(pieces)]
    return Page("".join(pieces), [*(one for one in found if not is_left_out(one)), *whole_addresses(html)])


def _without_form(match: re.Match) -> str:
    button = _BUTTON.search(match[0])
    what = " ".join(unescape(_TAGS.sub("", button[1])).split()) if button else _("Form")
    said = _("%(form)s: not available in this copy") % {"form": what}
    return format_html('<p class="meta"><a href="{}">{}</a></p>', ABOUT, said)


def whole_addresses(text: str) -> list[str]:
    """The files of this site that a page or a feed names by their whole address, such as the picture for sharing."""
    return re.findall(rf"{re.escape(settings.SITE_URL)}(/(?:files|static)/[^\"'<>\s\\]+)", text)


def addresses_in_styles(text: str, *, address: str) -> list[str]:
    """The files that a style sheet needs."""
    return [urljoin(address, found).partition("#")[0] for found in _IN_STYLES.findall(text)]


def addresses_in_sitemap(text: str) -> list[str]:
    """The addresses of this site in a sitemap or an index of sitemaps."""
    found = (unescape(each) for each in re.findall(r"<loc>([^<]+)</loc>", text))
    return [each.removeprefix(settings.SITE_URL) for each in found if each.startswith(f"{settings.SITE_URL}/")]


def sitemap_in_copy(text: str) -> str:
    """A sitemap whose further pages lie where the copy has them."""

    def changed(match: re.Match) -> str:
        return f"<loc>{settings.SITE_URL}{escape(address_in_copy(unescape(match[1])))}</loc>"

    return re.sub(rf"<loc>{re.escape(settings.SITE_URL)}(/[^<]*\?[^<]*)</loc>", changed, text)


def redirect_page(address: str) -> str:
    """The page at an old address: browsers go on to the new one by themselves."""
    title = _("This page has moved")
    return format_html(
        '<!doctype html>\n<html lang="{}">\n<meta charset="utf-8">\n<title>{}</title>\n'
        '<meta http-equiv="refresh" content="0; url={}">\n<link rel="canonical" href="{}">\n'
        '<p><a href="{}">{}</a></p>\n</html>\n',
        settings.LANGUAGE_CODE, title, address, f"{settings.SITE_URL}{address}", address, title,
    )  # fmt: skip
