"""A city begins with its name, in a real browser: by keys, by click, on a phone, and without JavaScript."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from partners.models import City

pytestmark = pytest.mark.browser
FILLED = ("name", "slug", "country", "latitude", "longitude", "time_zone", "local_name", "local_language")


@pytest.fixture
def form(demo_site, page, sign_in):
    """Opens the form of a new city as an editor; returns the field of its name."""
    sign_in(page, demo_site, get_user_model().objects.get(username="editor"))
    page.goto(demo_site.url + reverse("admin:partners_city_add"))
    return page.get_by_role("combobox", name="Name in English")


def filled(page) -> list[str]:
    return [page.locator(f"#id_{name}").input_value() for name in FILLED]


def options(page):
    return page.get_by_role("listbox", name="Places of this name").get_by_role("option")


def propose(form, words: str):
    form.click()
    form.press_sequentially(words)
    options(form.page).first.wait_for()


def test_place_is_chosen_by_keys(form, page):
    propose(form, "北京")
    assert form.get_attribute("aria-expanded") == "true"
    form.press("ArrowDown")
    active = page.locator(f"#{form.get_attribute('aria-activedescendant')}")
    assert active.get_attribute("aria-selected") == "true"
    form.press("Enter")
    assert filled(page) == ["Beijing", "beijing", "CN", "39.9075", "116.3972", "Asia/Shanghai", "北京", "zh"]
    assert "18,960,744" in page.get_by_role("status").filter(has_text="GeoNames").inner_text()
    assert form.get_attribute("aria-expanded") == "false"


def test_escape_closes_and_keeps_what_was_typed(form, page):
    propose(form, "Brasov")
    form.press("Escape")
    assert options(page).count() == 0
    assert form.input_value() == "Brasov"


def test_what_somebody_typed_as_other_names_stays(form, page):
    page.get_by_role("textbox", name="Other names").fill("Crown city")
    propose(form, "Brasov")
    options(page).first.click()
    assert filled(page)[2] == "RO"
    assert page.get_by_role("textbox", name="Other names").input_value() == "Crown city"


def test_second_choice_takes_the_place_of_the_first(form, page):
    propose(form, "北京")
    options(page).first.click()
    form.fill("")
    propose(form, "Brasov")
    options(page).first.click()
    assert filled(page) == ["Brașov", "brasov", "RO", "45.6486", "25.6061", "Europe/Bucharest", "", ""]


def test_double_is_said_while_typing_and_asked_about_when_saved(form, page, audit_in_every_look):
    page.set_viewport_size({"width": 390, "height": 800})
    propose(form, "Dortmund")
    assert "Dortmund, Germany" in options(page).first.inner_text()
    assert audit_in_every_look() == []
    form.press("ArrowDown")
    form.press("Enter")
    assert page.get_by_role("link", name="Dortmund, Germany").is_visible()
    assert audit_in_every_look() == []
    page.get_by_label("Summary").fill("A friendship.")
    page.get_by_role("button", name="Save", exact=True).click()
    box = page.get_by_role("checkbox", name="It is another place")
    box.check()
    assert audit_in_every_look() == []
    page.locator("#id_name").fill("Dortmund (another)")
    page.locator("#id_slug").fill("dortmund-another")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("is there now").wait_for()
    City.objects.get(slug="dortmund-another").delete()


def test_without_javascript_a_page_finds_the_place(demo_site, browser, sign_in, audit_in_every_look, page, form):
    page.goto(demo_site.url + reverse("admin:partners_city_places") + "?q=dortmund")
    assert audit_in_every_look() == []
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    sign_in(plain, demo_site, get_user_model().objects.get(username="editor"))
    plain.goto(demo_site.url + reverse("admin:partners_city_add"))
    plain.get_by_role("link", name="Find the place by its name").click()
    plain.get_by_label("Name of the city").fill("北京")
    plain.get_by_role("button", name="Find").click()
    plain.get_by_role("link", name="Beijing, China").click()
    assert filled(plain) == ["Beijing", "beijing", "CN", "39.9075", "116.3972", "Asia/Shanghai", "北京", "zh"]
    context.close()
