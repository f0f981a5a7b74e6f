"""What only a browser does: rich text, choosers, parts that are added, and narrow screens."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from news.models import PressRelease
from partners.models import City, Memorandum, Theme
from tests.back_office import form_url
from tests.factories import make_user
from twinning.core.models import User

pytestmark = pytest.mark.browser

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><body><!--StartFragment-->
<p class=MsoNormal style='margin:0cm;font-family:"Calibri"'><b>Bold</b> and plain<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·</span>A point</p>
<!--EndFragment--></body></html>"""
PASTE = """(element, html) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData("text/html", html);
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def opened(demo_site, page, sign_in):
    """Opens a page of the back office as one of the demonstration's staff."""

    def opened(path, *, by="admin"):
        sign_in(page, demo_site, User.objects.get(username=by))
        page.goto(demo_site.url + path)
        return page

    return opened


def rich_text(page, label):
    return page.get_by_role("textbox", name=label, exact=True)


def test_rich_text_has_the_name_of_its_label_and_is_reached_by_it(opened):
    page = opened(form_url(PressRelease))
    page.get_by_text("Notes to editors", exact=True).click()
    expect(rich_text(page, "Notes to editors")).to_be_focused()
    expect(rich_text(page, "Notes to editors")).to_have_accessible_description(
        "Background for journalists, below the text."
    )


def test_a_paste_from_word_breaks_nothing(opened, audit):
    page = opened(form_url(Theme))
    rich_text(page, "Description").evaluate(PASTE, WORD)
    expect(rich_text(page, "Description")).to_contain_text("Bold and plain")
    sent = page.locator("textarea[name=description]").input_value()
    assert "<strong>Bold</strong>" in sent
    assert not re.search("style|mso|class", sent)
    assert audit(page) == []


def test_link_is_made_in_a_dialogue_with_names(opened, audit):
    page = opened(form_url(Theme))
    rich_text(page, "Description").fill("Climate")
    rich_text(page, "Description").select_text()
    page.get_by_role("button", name="insert link").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert audit(page) == []


def test_city_is_chosen_by_typing_a_part_of_its_name(opened, audit):
    page = opened(form_url(PressRelease))
    page.get_by_role("searchbox", name="Cities").fill("dort")
    page.get_by_role("option", name="Dortmund").wait_for()
    assert audit(page) == []
    page.get_by_role("option", name="Dortmund").click()
    chosen = page.locator("select[name=cities] option:checked")
    expect(chosen).to_have_text("Dortmund")


def test_single_choice_has_a_name_and_a_list(opened, audit):
    page = opened(form_url(Memorandum))
    page.get_by_role("combobox", name="Renews").click()
    page.get_by_role("listbox", name="Renews").get_by_text("Leeds – Lille memorandum").wait_for()
    assert audit(page) == []


def test_added_part_is_as_good_as_the_first(opened, audit):
    page = opened(form_url(City))
    page.get_by_role("button", name="Add another Milestone").click()
    expect(rich_text(page, "More about it")).to_be_visible()
    page.get_by_role("button", name="Add another Theme of the partnership").click()
    expect(page.get_by_role("combobox", name="Theme", exact=True)).to_be_visible()
    assert audit(page) == []


def test_address_is_made_from_the_name(opened):
    page = opened(form_url(City))
    page.get_by_label("Name in English").press_sequentially("São Paulo")
    expect(page.get_by_label("Address")).to_have_value("sao-paulo")


def test_what_others_approved_is_shown_to_read(opened, audit):
    city = City.objects.get(slug="dortmund")
    page = opened(form_url(city), by="editor")
    expect(page.get_by_text("can only be changed by those who approve")).to_be_visible()
    assert audit(page) == []


@pytest.mark.parametrize("path", ["/admin/partners/", "/admin/partners/city/?q=nothingofthatkind"])
def test_other_pages_are_in_order(opened, audit, path):
    assert audit(opened(path)) == []


def test_form_of_a_password_is_in_order(opened, audit):
    editor = User.objects.get(username="editor")
    assert audit(opened(reverse("admin:auth_user_password_change", args=[editor.pk]))) == []


@pytest.mark.parametrize("name", ["index", "news_pressrelease_changelist", "partners_city_add", "core_user_add"])
def test_page_fits_a_narrow_screen(opened, page, name):
    page.set_viewport_size({"width": 320, "height": 640})
    opened(reverse(f"admin:{name}"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_release_goes_from_the_desk_to_the_public(live_server, transactional_db, page, sign_in):
    sign_in(page, live_server, make_user("Press officer"))
    page.goto(live_server.url + form_url(PressRelease))
    page.get_by_label("Headline").press_sequentially("Cities sign again")
    page.get_by_label("Standfirst").fill("They go on together.")
    rich_text(page, "Text").fill("Both cities signed today.")
    page.get_by_role("button", name="Save and submit").click()
    expect(page.get_by_text("“Cities sign again”: Submitted on")).to_be_visible()
    sign_in(page, live_server, make_user("Approver"))
    page.goto(live_server.url + form_url(PressRelease.objects.get()))
    page.get_by_role("button", name="Save and publish").click()
    page.context.clear_cookies()
    page.goto(live_server.url + "/news/cities-sign-again/")
    expect(page.get_by_text("Both cities signed today.")).to_be_visible()
