"""The photo library in a browser: a photo is added, its focal point set, and it is used on a page, with the keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import drawn, make_city, make_photo
from twinning.core.models import Photo, User

pytestmark = pytest.mark.browser

MARK = "frame => { const mark = frame.querySelector('i'); return [mark.style.left, mark.style.top]; }"


@pytest.fixture
def library(demo_site, page, sign_in):
    """A function that opens pages of the library as the administrator, and a photo and a city that are deleted afterwards."""
    sign_in(page, demo_site, User.objects.get(username="admin"))
    there = set(Photo.objects.values_list("pk", flat=True))
    photo, city = make_photo("Zanzimott hall", content=drawn(600, 400)), make_city("Zanzimott")

    def library(name, *args):
        page.goto(demo_site.url + reverse(f"admin:{name}", args=args))
        return page

    yield library, photo, city
    city.delete()
    for left in Photo.objects.exclude(pk__in=there):
        left.delete()


def test_point_that_stays_in_view_is_moved_with_keys_and_with_a_click(library):
    opened, photo, _city = library
    page = opened("core_photo_change", photo.pk)
    frame = page.locator("[data-focal-point]")
    left, top = page.get_by_label("From the left"), page.get_by_label("From the top")
    assert frame.evaluate(MARK) == ["50%", "50%"]
    left.press("ArrowUp")
    top.fill("75")
    assert frame.evaluate(MARK) == ["51%", "75%"]
    box = frame.bounding_box()
    frame.click(position={"x": box["width"] * 0.2, "y": box["height"] * 0.6})
    assert [left.input_value(), top.input_value()] == ["20", "60"]
    left.press("Enter")
    page.wait_for_url("**/photo/")
    photo.refresh_from_db()
    assert (photo.focal_x, photo.focal_y) == (20, 60)


def test_photo_is_added_and_put_on_a_page_with_the_keyboard(library, tab_to, audit, tmp_path):
    opened, _photo, city = library
    (tmp_path / "IMG_1.jpg").write_bytes(drawn(400, 300, colour="#198038"))
    page = opened("core_photo_add")
    # Which file, the operating system asks.
    page.get_by_label("Photo", exact=True).set_input_files(tmp_path / "IMG_1.jpg")
    tab_to("textbox", "Title")
    page.keyboard.type("Zanzimott market")
    tab_to("textbox", "Credit")
    page.keyboard.type("Press desk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/photo/")
    page = opened("partners_city_change", city.pk)
    tab_to("button", "Add a photo")
    page.keyboard.press("Enter")
    tab_to("combobox", "Photo")
    page.keyboard.press("Enter")
    page.keyboard.type("Zanzimott market")
    expect(page.get_by_role("option", name="Zanzimott market")).to_be_visible()
    page.keyboard.press("Enter")
    tab_to("textbox", "What can be seen")
    page.keyboard.type("Stalls with fruit in front of the church")
    assert audit(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/city/")
    assert city.photos.get().photo.title == "Zanzimott market"
