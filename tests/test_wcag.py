"""Criteria of WCAG 2.2 that no rule of axe covers; docs/accessibility.md says which test speaks for which criterion."""

import ast
import re
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import expect

from tests.test_pages import PAGES
from twinning.core.web.stylesheets import SHEETS

ROOT = Path(__file__).parent.parent
DOCUMENT = (ROOT / "docs/accessibility.md").read_text(encoding="utf-8")
STYLES = [ROOT / "static" / sheet for sheet in SHEETS]
# Levels A and AA; 4.1.1 is no criterion any more.
CRITERIA = ["1.1.1", "1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5", "1.3.1", "1.3.2", "1.3.3", "1.3.4", "1.3.5", "1.4.1", "1.4.2", "1.4.3", "1.4.4", "1.4.5", "1.4.10", "1.4.11", "1.4.12", "1.4.13", "2.1.1", "2.1.2", "2.1.4", "2.2.1", "2.2.2", "2.3.1", "2.4.1", "2.4.2", "2.4.3", "2.4.4", "2.4.5", "2.4.6", "2.4.7", "2.4.11", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.7", "2.5.8", "3.1.1", "3.1.2", "3.2.1", "3.2.2", "3.2.3", "3.2.4", "3.2.6", "3.3.1", "3.3.2", "3.3.3", "3.3.4", "3.3.7", "3.3.8", "4.1.2", "4.1.3"]  # fmt: skip


@pytest.fixture(scope="module")
def pages(demo, django_db_blocker):
    """The HTML of every public page."""
    with django_db_blocker.unblock():
        client = Client()
        return {path: client.get(path).content.decode() for path in PAGES}


def styles() -> str:
    return re.sub(r"/\*.*?\*/", "", "".join(path.read_text() for path in STYLES), flags=re.DOTALL)


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_nothing_sounds_moves_or_runs_out(pages):
    moving = re.compile(
        r"<(audio|video|iframe|object|embed|canvas|marquee|blink|animate)\b|http-equiv=.refresh", re.IGNORECASE
    )
    assert [path for path, page in pages.items() if moving.search(page)] == []
    assert not re.search(r"\banimation|@keyframes", styles())


def test_no_text_is_a_picture(pages):
    """Every picture on a page comes from the library of photos."""
    pictures = [picture for page in pages.values() for picture in re.findall(r"<(?:img|input type=.image)[^>]*>", page)]
    assert pictures
    assert [picture for picture in pictures if ' src="/files/' not in picture] == []
    assert "url(" not in styles()


def test_no_page_has_another_script_or_a_handler(pages):
    script = (ROOT / "static/core/text-size.js").read_text()
    scripts = re.compile(r"<script(?! type=.application/ld.json).*?</script>", re.DOTALL)
    assert {found for page in pages.values() for found in scripts.findall(page)} == {f"<script>{script}</script>"}
    handlers = re.compile(r"<[^>]+ (on\w+|accesskey|draggable)=")
    assert [path for path, page in pages.items() if handlers.search(page)] == []


@pytest.mark.browser
def test_script_brings_the_text_size_back_and_does_nothing_else(demo_site, page):
    page.goto(demo_site.url)
    assert listeners(page, "window") | listeners(page, "document") == {"pageshow", "change"}
    seen = "() => [location.href, document.documentElement.outerHTML]"
    before = page.evaluate(seen)
    page.get_by_label("Largest").check(force=True)
    assert page.evaluate("document.activeElement.value") == "largest"
    assert page.evaluate(seen) == before
    page.reload()
    expect(page.get_by_label("Largest")).to_be_checked()
    expect(page.locator("html")).to_have_css("font-size", "22.4px")
    page.goto(f"{demo_site.url}/privacy/")
    page.get_by_label("Larger").check(force=True)
    page.go_back()
    expect(page.get_by_label("Larger")).to_be_checked()


def listeners(page, target: str) -> set[str]:
    """The types of event that a JavaScript object and its descendants listen to."""
    session = page.context.new_cdp_session(page)
    found = session.send("Runtime.evaluate", {"expression": target})["result"]["objectId"]
    asked = {"objectId": found, "depth": -1}
    return {listener["type"] for listener in session.send("DOMDebugger.getEventListeners", asked)["listeners"]}


def test_order_on_the_screen_is_the_order_in_the_page(pages):
    assert not re.search(r"[;{\s]order:|-reverse|grid-auto-flow: dense", styles())
    assert [path for path, page in pages.items() if "tabindex=" in page.replace('tabindex="-1"', "")] == []


def test_page_may_be_turned_and_nothing_lies_over_the_focus():
    assert not re.search(r"orientation|position:\s*(fixed|sticky)", styles())


def test_nothing_comes_and_goes_with_the_pointer(pages):
    assert [path for path, page in pages.items() if re.search(r'<body.* (title|popover)="', page, re.DOTALL)] == []
    rules = re.findall(r":(?:hover|focus)[^{}]*\{([^}]*)\}", styles())
    assert rules
    assert [rule for rule in rules if re.search(r"display|visibility|opacity|content:", rule)] == []


def test_way_and_help_are_the_same_on_every_page(pages):
    for block in (
        r'<nav class="site-nav".*?</nav>',
        r'<fieldset class="text-size".*?</fieldset>',
        r"<footer.*</footer>",
    ):
        found = {
            " ".join(re.sub(r'aria-current="\w+"|(subject|body)=[^"]*', "", found[0]).split())
            for found in (re.search(block, page, re.DOTALL) for page in pages.values())
        }
        assert len(found) == 1


def test_name_of_every_link_and_button_is_what_it_says(pages):
    named = re.compile(r"<(a|button|input)\b[^>]* aria-label(ledby)?=")
    assert [path for path, page in pages.items() if named.search(page)] == []


def test_links_of_the_same_name_lead_to_the_same_place(pages):
    for path, page in pages.items():
        places = {}
        for href, words in re.findall(r'<a\b[^>]*? href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL):
            if not href.startswith("#"):  # the short ways on a page stand under a name of their own
                places.setdefault(plain(words), set()).add(href)
        assert {words: hrefs for words, hrefs in places.items() if len(hrefs) > 1} == {}, path


def test_foreign_names_say_their_language(pages, client):
    assert re.search(
        r'<h1>Hangzhou\s+<span class="local-name" lang="zh[^"]*" dir="ltr">杭州</span>',
        client.get("/cities/hangzhou/").content.decode(),
    )


def test_city_is_found_in_several_ways(pages, client):
    for path in ("/", "/cities/", "/search/?q=Lille", "/agreements/leeds-lille-1968/"):
        assert 'href="/cities/lille/"' in client.get(path).content.decode()
    assert "/cities/lille/" in client.get("/sitemap-cities.xml").content.decode()


def test_password_manager_can_log_in(pages, client):
    page = client.get("/admin/login/").content.decode()
    assert re.search(r'<input type="text" name="login"[^>]* autocomplete="username"', page)
    assert re.search(r'<input type="password" name="password"[^>]* autocomplete="current-password"', page)


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["/", "/cities/dortmund/", "/agreements/", "/news/", "/search/?q=Leeds"])
def test_text_may_be_spaced_out(demo_site, page, path, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(demo_site.url + path)
    page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
        p { margin-block-end: 2em !important }`);
      document.adoptedStyleSheets = [sheet];
    }""")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = """() => [...document.querySelectorAll('body *')].filter(e => e.clientHeight && e.clientWidth > 1
      && getComputedStyle(e).overflow !== 'visible' && !e.closest('svg, input')
      && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1)).map(e => e.outerHTML.slice(0, 80))"""
    assert page.evaluate(cut) == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_controls_stand_out(demo_site, page, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{demo_site.url}/search/?q=Leeds")
    contrasts = page.evaluate("""() => {
      const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
      const luminance = colour => {
        pen.fillStyle = colour;
        pen.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...pen.getImageData(0, 0, 1, 1).data].map(v => v / 255)
          .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
      };
      const paper = luminance(getComputedStyle(document.body).backgroundColor);
      return [...document.querySelectorAll("#q, .filters a, main .button")].map(control => {
        const edge = luminance(getComputedStyle(control).borderTopColor);
        return Math.max(edge, paper) / Math.min(edge, paper);
      });
    }""")
    assert len(contrasts) > 20
    assert min(contrasts) >= 3


def rows() -> dict[str, str]:
    """The evidence in the document, by criterion."""
    return dict(re.findall(r"^\| (\d\.\d\.\d+) [^|]*\|(.*)\|$", DOCUMENT, re.MULTILINE))


def named_tests(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)


def test_document_has_a_word_on_every_criterion():
    assert list(rows()) == CRITERIA
    assert len(CRITERIA) == 55


def test_most_criteria_have_a_test():
    without = [criterion for criterion, evidence in rows().items() if not named_tests(evidence)]
    assert all(re.search(r"By reading, \d+ \w+ 20\d\d: ", rows()[criterion]) for criterion in without)
    assert len(without) <= 3


def test_every_test_that_the_document_names_is_there():
    named = set(named_tests(DOCUMENT))
    present = {
        (path, node.name)
        for path in {path for path, _name in named}
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert named
    assert named - present == set()
