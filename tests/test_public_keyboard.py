"""Public pages with the keyboard alone, and the visible focus."""

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

LINEAR = [(v / 255 / 12.92 if v <= 10 else ((v / 255 + 0.055) / 1.055) ** 2.4) for v in range(256)]
AROUND = 9  # pixels around an element in which its focus may show
BOX_OF_FOCUS = f"""() => {{
  const frame = document.activeElement.querySelector('rect'); // what a link on the map draws around its name
  const box = (frame ?? document.activeElement).getBoundingClientRect();
  if (document.activeElement === document.body) return null;
  const [left, top, right, bottom] = [box.left, box.top, box.right, box.bottom].map(Math.round);
  return [Math.max(left - {AROUND}, 0), Math.max(top - {AROUND}, 0), right + {AROUND}, bottom + {AROUND}];
}}"""


def heading_is(page, text):
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_skip_link_leads_to_the_content(demo_site, page):
    page.goto(f"{demo_site.url}/cities/brno/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("main").get_by_role("link").first).to_be_focused()


def test_finding_a_city_on_the_map_and_opening_its_agreement(demo_site, page, follow):
    page.goto(demo_site.url)
    follow("Brno")
    heading_is(page, "Brno")
    follow("Leeds – Brno memorandum of understanding 2003")
    heading_is(page, "Leeds – Brno memorandum of understanding 2003")


def test_reading_a_release(demo_site, page, follow):
    page.goto(demo_site.url)
    follow("Leeds and Dortmund renew their agreement after 52 years")
    heading_is(page, "Leeds and Dortmund renew their agreement after 52 years")


def test_filtering_the_register(demo_site, page, follow):
    page.goto(f"{demo_site.url}/agreements/")
    follow("Renewed 3")
    assert set(page.locator("tbody .status").all_inner_texts()) == {"Renewed"}
    expect(page.get_by_role("link", name="Renewed 3")).to_have_attribute("aria-current", "true")


def test_narrowing_the_news(demo_site, page, follow):
    page.goto(f"{demo_site.url}/news/")
    follow("Brno")
    follow("Culture and arts")
    heading_is(page, "News: Brno, Culture and arts")
    expect(page.locator(".news-list a")).to_have_text(["Leeds and Brno bring their memorandum up to date"])


def test_searching_with_an_accent_that_is_not_there(demo_site, page, follow, tab_to):
    page.goto(demo_site.url)
    follow("Search")
    tab_to("searchbox", "Search cities, themes, agreements and news")
    page.keyboard.type("Brnó")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    follow("Brno")
    heading_is(page, "Brno")


def test_narrowing_a_search(demo_site, page, follow):
    page.goto(f"{demo_site.url}/search/?q=Leeds")
    follow("Press releases 3")
    follow("Brno 1")
    expect(page.locator(".news-list a")).to_have_text(["Leeds and Brno bring their memorandum up to date"])
    follow("All kinds")
    expect(page.get_by_role("link", name="Brno 5")).to_have_attribute("aria-current", "true")


def test_text_size_stays_on_the_next_page(demo_site, page, follow, tab_to):
    page.goto(demo_site.url)
    tab_to("radio", "Standard")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    follow("Privacy")
    expect(page.get_by_label("Largest")).to_be_checked()
    expect(page.locator("html")).to_have_css("font-size", "22.4px")


@pytest.mark.parametrize(
    ("path", "name", "address"),
    [
        ("/cities/durban/", "international@example.org", "mailto:international@example.org"),
        ("/cities/durban/", "0113 496 0110", "tel:+441134960110"),
        ("/privacy/", "Report a problem with this page", "mailto:international@example.org?subject=A%20problem%20with%20this%20page&body="),
    ],
)  # fmt: skip
def test_reaching_somebody(demo_site, page, tab_to, path, name, address):
    page.goto(demo_site.url + path)
    tab_to("link", name)
    assert page.evaluate("document.activeElement.href").startswith(address)


def test_short_way_on_a_phone_to_what_stands_at_the_end(demo_site, page, tab_to):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{demo_site.url}/cities/dortmund/")
    tab_to("link", "Who to ask")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="0113 496 0110")).to_be_in_viewport()


@pytest.mark.parametrize(
    ("path", "colours"),
    [
        ("/", {}),
        ("/", {"forced_colors": "active"}),
        ("/cities/dortmund/", {"color_scheme": "dark"}),
        ("/agreements/", {}),
        ("/news/leeds-and-dortmund-renew-their-agreement/", {"color_scheme": "dark"}),
        ("/search/?q=nothing", {"forced_colors": "active"}),
    ],
)
def test_focus_shows_at_every_stop(demo_site, page, path, colours):
    """At least a line of two pixels around each link and control changes its contrast by 3:1 (WCAG 2.2, 2.4.13)."""
    page.emulate_media(**colours)
    page.set_viewport_size({"width": 1280, "height": 6000})
    page.goto(demo_site.url + path)
    assert page.evaluate("document.documentElement.scrollHeight") == 6000, (
        "the picture at rest would not show all stops"
    )
    at_rest = Image.open(BytesIO(page.screenshot())).convert("RGB")
    hidden, stops = [], 0
    page.keyboard.press("Tab")
    while box := page.evaluate(BOX_OF_FOCUS):
        left, top, right, bottom = box
        clip = {"x": left, "y": top, "width": right - left, "height": bottom - top}
        focused = Image.open(BytesIO(page.screenshot(clip=clip))).convert("RGB")
        changes = zip(luminances(focused), luminances(at_rest.crop(box)), strict=True)
        seen = sum(max(pair) + 0.05 >= 3 * (min(pair) + 0.05) for pair in changes)
        if seen < 4 * (right - left + bottom - top - 4 * AROUND):
            hidden.append(page.evaluate("document.activeElement.outerHTML"))
        stops += 1
        page.keyboard.press("Tab")
    assert hidden == []
    places = "a[href]:visible, button:visible, summary:visible, input:not([type=radio]):visible"
    assert stops == page.locator(places).count() + 1


def luminances(image: Image.Image) -> list[float]:
    """The relative luminance of each pixel, as WCAG defines it."""
    colours = iter(image.tobytes())
    return [
        0.2126 * LINEAR[r] + 0.7152 * LINEAR[g] + 0.0722 * LINEAR[b] for r, g, b in zip(*[colours] * 3, strict=True)
    ]
