"""docs/components.html shows every part of the public pages, as the templates write it."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser import settle
from twinning.core.web.stylesheets import SHEETS

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs/components.html"
TEMPLATES = [
    path for app in ("core", "twinning", "partners", "news") for path in (ROOT / "templates" / app).rglob("*.html")
]
FAMILIES = re.compile(r"(hue|fx|fy)-\d+")  # one of them stands for all


def plain(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


def styled() -> set[str]:
    """The classes that the sheets know."""
    css = "".join(plain((ROOT / "static" / sheet).read_text()) for sheet in SHEETS)
    return {name for name in re.findall(r"\.([a-z][\w-]*)", css) if not FAMILIES.fullmatch(name)}


def written(html: str) -> set[tuple[str, str]]:
    """Which element carries which class; a class that is put together when the page is made ends with an asterisk."""
    html = re.sub(r"\{#.*?#\}", "", re.sub(r"\{\{.*?\}\}", "*", html))
    html = re.sub(r"\{%.*?%\}", " ", html)
    return {
        (tag, name)
        for tag, names in re.findall(r'<([a-z][\w-]*)\b[^<>]*? class="([^"]*)"', html)
        for name in names.split()
    }


def is_written_like(element: tuple[str, str], templates: set[tuple[str, str]]) -> bool:
    tag, name = element
    return element in templates or any(
        tag == other and pattern.endswith("*") and name.startswith(pattern[:-1]) for other, pattern in templates
    )


def test_every_class_of_the_sheets_is_shown():
    shown = {name for _tag, name in written(DOCUMENT.read_text())}
    assert styled() - shown == set()


def test_what_is_shown_is_what_the_templates_write():
    # The tables of texts are written by a program.
    sources = [*TEMPLATES, ROOT / "twinning/core/fields/richtext.py"]
    templates = {element for path in sources for element in written(path.read_text())}
    shown = {(tag, name) for tag, name in written(DOCUMENT.read_text()) if not FAMILIES.fullmatch(name)}
    assert [element for element in sorted(shown) if not is_written_like(element, templates)] == []


def test_all_sheets_are_there_in_their_order():
    assert re.findall(r'rel="stylesheet" href="../static/([^"]+)"', DOCUMENT.read_text()) == SHEETS


@pytest.mark.browser
@pytest.mark.parametrize("colours", [{"color_scheme": "light"}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_page_is_as_sound_as_the_pages_it_is_about(page, audit, colours):
    page.route("**/*", lambda route: route.fulfill(path=f"{ROOT}{urlsplit(route.request.url).path}"))
    page.emulate_media(**colours)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("http://localhost/docs/components.html")
        settle(page)
        assert audit(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
