"""What only a browser shows of a form: the table in view, help, rows that move, what is added in place, and saving by key."""

import re

import pytest
from playwright.sync_api import expect

from news.models import PressRelease
from partners.models import Memorandum, Theme
from tests.back_office import form_url
from tests.browser import settle
from tests.factories import drawn, make_city, make_contact, make_photo, make_release, make_user, show

pytestmark = pytest.mark.browser

IN_VIEW = (
    "element => { const { top, bottom } = element.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight }"
)


@pytest.fixture
def site(live_server, transactional_db, page, sign_in):
    """Opens a form as somebody in a role."""

    def site(target, role="Twinning editor"):
        sign_in(page, live_server, make_user(role))
        page.goto(live_server.url + form_url(target))
        settle(page)
        return page

    return site


def test_form_of_a_city_is_worked_with_by_keyboard(site, audit):
    city = make_city(why="")
    for title in ("Hall", "Steps"):
        show(make_photo(title), city, alt=f"{title} of stone")
    page = site(city)
    page.set_viewport_size({"width": 1280, "height": 1000})
    table = page.get_by_role("navigation", name="Parts of this form")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert table.evaluate(IN_VIEW)

    table.get_by_role("link", name="Write why we are partners.").press("Enter")
    expect(page.get_by_role("textbox", name="Why we are partners")).to_be_focused()

    page.get_by_role("button", name="Help: Milestones").press("Enter")
    expect(page.get_by_role("dialog", name="Milestones")).to_be_visible()
    assert audit(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Milestones")).to_be_hidden()

    photos = page.locator("#photos-group")
    expect(photos.get_by_label("Position").first).to_be_hidden()
    photos.get_by_role("button", name="Down: Hall").press("Enter")
    expect(photos.get_by_role("button", name="Down: Hall")).to_be_focused()
    assert photos.locator("summary").all_text_contents() == [" Steps", " Hall"]

    page.get_by_role("button", name="Add a theme").press("Enter")
    page.locator("#focuses-group").get_by_role("button", name="Propose a theme that is missing").press("Enter")
    asked = page.get_by_role("dialog", name="Propose a theme that is missing")
    asked.get_by_label("Name").fill("Rivers")
    asked.get_by_label("Name").press("Enter")
    expect(asked.get_by_label("Summary")).to_be_focused()
    assert audit(page) == []
    asked.get_by_label("Summary").fill("Clean ones.")
    asked.get_by_label("Summary").press("Enter")
    expect(page.get_by_role("combobox", name="Theme Rivers")).to_be_visible()

    page.get_by_label("Summary").fill("Twins of old.")
    page.get_by_label("Summary").press("Control+s")
    expect(page.get_by_text(re.compile("^Saved at"))).to_be_visible()
    expect(page.get_by_label("Summary")).to_be_focused()
    city.refresh_from_db()
    assert (city.summary, city.focuses.get().theme) == ("Twins of old.", Theme.objects.get(name="Rivers"))
    assert [use.photo.title for use in city.photos.all()] == ["Steps", "Hall"]

    asked = []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.accept())
    page.get_by_label("Summary").press_sequentially(" Not saved.")
    page.get_by_role("link", name="Your desk").click()
    page.wait_for_url("**/admin/")
    assert asked == ["beforeunload"]


def test_row_that_is_new_is_moved_taken_out_and_saved(site):
    """Django numbers the rows anew when one is taken out: those that were there keep their own."""
    release = make_release(body="<p>Both signed.</p>")
    for place, name in enumerate(("Ann Example", "Bob Example"), start=1):
        release.release_contacts.create(contact=make_contact(name), position=place)
    page = site(release, "Press officer")
    contacts = page.locator("#release_contacts-group")
    for contact in (make_contact("Mayor’s office"), make_contact("Clerk’s office")):
        page.get_by_role("button", name="Add a contact").click()
        row = contacts.locator(".inline-related:not(.empty-form)").last
        row.locator("select").evaluate("(select, key) => select.append(new Option(key, key, true, true))", contact.pk)
    row.get_by_role("combobox").focus()
    for _step in range(3):
        page.keyboard.press("Alt+ArrowUp")  # from the field in which somebody is
    contacts.get_by_role("button", name="Remove").last.click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/pressrelease/")
    said = [named.contact.name for named in release.release_contacts.order_by("position")]
    assert said == ["Clerk’s office", "Ann Example", "Bob Example"]


def test_photo_is_added_from_the_form_of_a_release(site, audit, tmp_path):
    make_photo("Harbour")
    (tmp_path / "hall.jpg").write_bytes(drawn(400, 300))
    page = site(PressRelease, "Press officer")
    page.get_by_role("button", name="Add a photo").click()
    page.get_by_role("combobox", name="Photo").click()
    expect(page.get_by_role("option", name="Harbour").locator("img")).to_be_visible()
    assert audit(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add a new photo to the library").click()
    asked = page.get_by_role("dialog", name="Add a new photo to the library")
    asked.get_by_label("Photo").set_input_files(tmp_path / "hall.jpg")
    asked.get_by_label("Title").fill("Town hall")
    asked.get_by_label("Credit").fill("City archive")
    asked.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("combobox", name="Photo Town hall")).to_be_visible()
    expect(page.locator("#photos-0 .field-picture img")).to_be_visible()


def test_city_is_proposed_with_what_is_known_of_its_place(site):
    page = site(Memorandum)
    page.get_by_role("button", name="Propose a city that is missing").click()
    asked = page.get_by_role("dialog", name="Propose a city that is missing")
    asked.get_by_label("Name in English").press_sequentially("Brasov")
    asked.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(asked.get_by_label("Time zone")).to_have_value("Europe/Bucharest")


def test_without_a_script_positions_are_numbers_and_help_opens(live_server, transactional_db, new_context, sign_in):
    page = new_context(java_script_enabled=False).new_page()
    city = make_city()
    show(make_photo("Hall"), city, alt="A hall of stone")
    sign_in(page, live_server, make_user("Twinning editor"))
    page.goto(live_server.url + form_url(city))
    expect(page.locator("#id_photos-0-position")).to_be_visible()
    page.get_by_role("button", name="Help: Photos").click()
    expect(page.get_by_role("dialog", name="Photos")).to_be_visible()
    page.get_by_text("What else can be done").click()
    expect(page.get_by_label("Remark for colleagues")).to_be_visible()
