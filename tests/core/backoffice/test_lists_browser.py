"""Lists of the back office in a real browser: nothing is cut off, on a phone rows are cards, filters work by keys."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.browser
LISTS = ["partners/city", "partners/memorandum", "news/pressrelease", "news/presscontact", "core/photo", "core/user"]
CUT_OFF = "() => { const box = document.querySelector('.results'); return box.scrollWidth > box.clientWidth; }"


@pytest.fixture
def open_list(demo_site, page, sign_in):
    sign_in(page, demo_site, get_user_model().objects.get(username="admin"))
    return lambda address: page.goto(f"{demo_site.url}/admin/{address}")


@pytest.mark.parametrize("width", [1280, 1024, 768, 390, 320])
@pytest.mark.parametrize("address", LISTS)
def test_nothing_of_a_list_is_cut_off(open_list, page, address, width):
    page.set_viewport_size({"width": width, "height": 800})
    open_list(f"{address}/")
    assert not page.evaluate(CUT_OFF)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_cities_are_chosen_and_taken_off_again(open_list, page, audit_in_every_look):
    open_list("news/pressrelease/?view=scheduled")
    page.get_by_role("link", name="All", exact=True).first.click()
    page.locator("a[aria-current=page]").get_by_text("All", exact=True).wait_for()
    rows = page.locator("#result_list tbody tr")
    everything = rows.count()
    for name in ("Brno", "Lille"):
        page.get_by_role("combobox", name="City").fill(name)
        page.keyboard.press("Enter")
        page.get_by_role("link", name=f"Take off City: {name}").wait_for()
    page.locator("summary").filter(has_text="Publication").click()
    assert audit_in_every_look() == []
    assert 0 < rows.count() < everything
    page.get_by_role("link", name="Published", exact=True).click()
    page.get_by_role("link", name="Take off Publication: Published").click()
    page.get_by_role("link", name="Take off all").click()
    page.wait_for_url("**/admin/news/pressrelease/?")
    assert rows.count() == everything


def test_list_works_without_javascript(demo_site, browser, sign_in, open_list):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, demo_site, get_user_model().objects.get(username="admin"))
    page.goto(f"{demo_site.url}/admin/news/pressrelease/")
    page.get_by_role("combobox", name="City").fill("brno")
    page.get_by_role("button", name="Add: city").click()
    assert "cities=brno" in page.url
    page.locator("summary").filter(has_text="Kind").click()
    page.get_by_role("link", name="Press release", exact=True).click()
    assert "cities=brno" in page.url
    assert "kind__exact=release" in page.url
    context.close()
