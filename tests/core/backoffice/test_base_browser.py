"""What only a browser does: rich text, choosers, and parts that are added."""

import re
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from news.models import PressRelease
from partners.models import City, Memorandum, Theme
from tests.back_office import edit_url, form_url
from tests.browser import auditor
from tests.clipboards import CLIPBOARDS
from tests.factories import make_release, make_theme, make_user, publish, submit
from twinning.core.fields.richtext import sanitise
from twinning.core.models import User, WorkingCopy

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


@pytest.fixture
def pasted(opened):
    """Pastes HTML into an empty text and returns what would be saved of it, with the line below the text."""
    page = opened(form_url(Theme))

    def paste(html):
        text = rich_text(page, "Description")
        text.press("Control+a")
        text.press("Delete")
        text.evaluate(PASTE, html)
        return page.locator("textarea[name=description]").input_value(), page.locator(".left-out").text_content()

    return paste


def test_editor_means_the_same_by_a_clipboard_as_every_other_path(pasted, page, audit):
    differing = {}
    for program, (html, meant) in CLIPBOARDS.items():
        in_editor, _notice = pasted(html)
        if sanitise(in_editor) != meant:
            differing[program] = in_editor
    assert differing == {}
    assert audit(page) == []


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("Word: tracked changes", "Left out of what you pasted: deleted text (6)."),
        ("Word: comments", "Left out of what you pasted: comments (2)."),
        ("Outlook: a mail", "Left out of what you pasted: hidden text (1), the detour of links (1), deleted text (1)."),
        ("Word: footnote", ""),
    ],
)
def test_line_below_the_text_says_what_a_paste_left_out(pasted, program, said):
    assert pasted(CLIPBOARDS[program][0])[1] == said


def test_what_another_editor_of_its_kind_hides_is_left_out(pasted):
    html = '<p data-pm-slice="1 1 []">Leeds pays <s>£90,000</s><strong>a share</strong></p>'
    assert pasted(html)[0] == "<p>Leeds pays <strong>a share</strong></p>"


def test_address_in_the_dialogue_of_a_link_is_made_whole_or_refused(opened):
    page = opened(form_url(Theme))
    rich_text(page, "Description").fill("Dortmund")
    rich_text(page, "Description").select_text()
    page.get_by_role("button", name="insert link").click()
    field = page.get_by_label("URL")
    field.fill("http://")
    field.press("Enter")
    assert "Write the whole address" in field.evaluate("field => field.validationMessage")
    field.fill("www.dortmund.de")
    field.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    sent = page.locator("textarea[name=description]").input_value()
    assert sanitise(sent) == '<p><a href="https://www.dortmund.de">Dortmund</a></p>'


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
    expect(chosen).to_have_text("Dortmund, Germany")


def test_single_choice_has_a_name_and_a_list(opened, audit):
    page = opened(form_url(Memorandum))
    page.get_by_role("combobox", name="Renews").click()
    page.get_by_role("listbox", name="Renews").get_by_text("Leeds – Lille memorandum").wait_for()
    assert audit(page) == []


def test_added_part_is_as_good_as_the_first(opened, audit):
    page = opened(form_url(City))
    page.get_by_role("button", name="Add a milestone").click()
    expect(rich_text(page, "More about it")).to_be_visible()
    page.get_by_role("button", name="Add a theme").click()
    expect(page.get_by_role("combobox", name="Theme", exact=True)).to_be_visible()
    assert audit(page) == []


def test_address_is_made_from_the_name(opened):
    page = opened(form_url(City))
    name, address = page.get_by_label("Name in English"), page.get_by_label("Address")
    for typed, made in {"São Paulo": "sao-paulo", "Đà Nẵng": "da-nang", "Xi’an": "xian", "北京": ""}.items():
        name.fill("")
        name.press_sequentially(typed)
        expect(address).to_have_value(made)
    name.fill("Brno")
    page.get_by_role("button", name="Save", exact=True).click()  # and it is taken
    name.fill("Brno-jih")
    expect(address).to_have_value("brno-jih")
    address.fill("brno-south")
    name.fill("Brno 2")
    expect(address).to_have_value("brno-south")


def test_moment_that_comes_twice_is_chosen_with_the_keyboard(opened, audit):
    page = opened(form_url(PressRelease))
    page.get_by_label("Kind").select_option("Photo call")
    when = page.get_by_label("When")
    choices = page.get_by_role("group", name="Which moment is meant by 01:30?")
    when.fill("2026-10-25T01:30")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(when).to_have_accessible_description(re.compile("01:30 comes twice"))
    expect(choices.get_by_role("radio", checked=True)).to_have_count(0)
    assert audit(page) == []
    page.get_by_label("Until (London time)", exact=True).press("Shift+Tab")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(choices.get_by_label("01:30 GMT")).to_be_checked()
    expect(page.get_by_text("comes twice")).to_have_count(0)


def test_day_without_a_time_is_not_taken_for_no_day(opened, audit):
    page = opened(form_url(PressRelease))
    page.get_by_label("Kind").select_option("Photo call")
    when = page.get_by_label("When")
    when.focus()
    page.keyboard.type("11112027")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(when).to_be_focused()
    assert when.evaluate("field => field.validity.badInput")
    assert audit(page) == []
    when.fill("2027-11-11T11:00")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()


def test_what_others_approved_is_shown_to_read(opened, audit):
    city = City.objects.get(slug="dortmund")
    page = opened(form_url(city), by="editor")
    expect(page.frame_locator("iframe").get_by_role("heading", name="Dortmund", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Edit")).to_be_visible()
    assert audit(page) == []


@pytest.mark.parametrize("path", ["/admin/partners/", "/admin/partners/city/?q=nothingofthatkind"])
def test_other_pages_are_in_order(opened, audit, path):
    assert audit(opened(path)) == []


def test_form_of_a_password_is_in_order(opened, audit):
    editor = User.objects.get(username="editor")
    assert audit(opened(reverse("admin:auth_user_password_change", args=[editor.pk]))) == []


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
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.get_by_text("“Cities sign again”: Published")).to_be_visible()
    page.context.clear_cookies()
    page.goto(live_server.url + "/news/cities-sign-again/")
    expect(page.get_by_text("Both cities signed today.")).to_be_visible()


def test_enter_key_saves_and_never_approves(live_server, transactional_db, page, sign_in):
    release = submit(make_release())
    sign_in(page, live_server, make_user("Approver"))
    page.goto(live_server.url + edit_url(release))
    page.get_by_label("Headline").fill("Put right while reading")
    page.get_by_label("Headline").press("Enter")
    page.wait_for_url("**/pressrelease/")
    release.refresh_from_db()
    assert (release.headline, release.approved_at) == ("Put right while reading", None)


def test_enter_key_beside_a_moment_takes_that_step_and_no_other(live_server, transactional_db, page, sign_in):
    release = submit(make_release())
    sign_in(page, live_server, make_user("Approver"))
    page.goto(live_server.url + form_url(release))
    page.get_by_text("Approve for a moment").first.click()
    moment = page.locator("#id_approve_publish_at")
    moment.fill("2127-07-01T09:30")
    moment.press("Enter")
    expect(page.get_by_text("“Cities sign again”: Scheduled for Tuesday 1 July 2127, 09:30 BST")).to_be_visible()


def test_two_people_meet_in_a_working_copy(live_server, transactional_db, page, sign_in, audit):
    theme = publish(make_theme())
    sign_in(page, live_server, make_user("Twinning editor"))
    page.goto(live_server.url + form_url(theme))
    page.get_by_role("button", name="Edit").press("Enter")
    expect(page.get_by_role("heading", name="Working copy of theme")).to_be_visible()
    assert audit(page) == []
    copy, colleague = WorkingCopy.objects.get(), make_user("Twinning editor", first_name="Bob", last_name="Editor")
    texts = copy.snapshot["fields"] | {"summary": "Bob was here."}
    copy.keep(copy.snapshot | {"fields": texts}, by=colleague, at=timezone.now())
    page.get_by_label("Summary").fill("Ann was here.")
    page.get_by_role("button", name="Save and submit").press("Enter")
    expect(page.get_by_role("heading", name="Two people have changed this")).to_be_visible()
    expect(page.get_by_role("row", name="Summary What cities do together. Bob was here. Yours")).to_be_visible()
    assert audit(page) == []
    page.get_by_role("button", name="Save and submit").press("Enter")
    expect(page.get_by_text("“Climate”: Working copy: Submitted on")).to_be_visible()
    sign_in(page, live_server, make_user("Approver"))
    page.goto(live_server.url + form_url(theme))
    page.get_by_role("link", name=re.compile("^Look at the copy of")).press("Enter")
    page.get_by_role("button", name="Approve", exact=True).press("Enter")
    expect(page.get_by_text("“Climate”: Published.")).to_be_visible()
    page.goto(live_server.url + theme.get_absolute_url())
    expect(page.get_by_text("Ann was here.")).to_be_visible()


def test_text_that_can_no_longer_be_saved_is_given_back(live_server, transactional_db, page, sign_in, audit):
    theme = make_theme()
    sign_in(page, live_server, make_user("Twinning editor"))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(live_server.url + form_url(theme))
    publish(theme)
    page.get_by_label("Summary").fill("Typed just now.")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.get_by_label("Summary")).to_have_value("Typed just now.")
    expect(page.get_by_role("heading", name="This can no longer be saved")).to_be_visible()
    assert audit(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_preview_goes_from_the_desk_to_a_journalist(live_server, transactional_db, page, sign_in, audit, new_context):
    release = make_release("Cities sign in secret")
    sign_in(page, live_server, make_user("Press officer"))
    page.goto(live_server.url + form_url(release))
    assert audit(page) == []
    page.get_by_role("link", name="Preview links").click()
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_text("This field is required.").first).to_be_visible()
    assert audit(page) == []
    page.get_by_label("Name").fill("Ann Example")
    page.get_by_label("Newspaper or office").fill("Evening Post")
    page.get_by_role("button", name="Make the link").click()
    address = page.get_by_label("Address").input_value()
    assert audit(page) == []
    theirs = new_context().new_page()
    theirs.goto(live_server.url + urlsplit(address).path)
    expect(theirs.get_by_text("For Ann Example, Evening Post only.")).to_be_visible()
    page.get_by_role("link", name="All links").click()
    page.get_by_text("Opened once").click()
    assert audit(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Revoke Ann Example, Evening Post").click()
    expect(page.get_by_text("The link of Ann Example, Evening Post is dead.")).to_be_visible()
    assert theirs.reload().status == 404


@pytest.mark.parametrize("has_javascript", [True, False])
def test_site_is_asked_what_the_public_sees_when_somebody_wants_to_know(
    live_server, transactional_db, new_context, sign_in, has_javascript
):
    context = new_context(java_script_enabled=has_javascript)
    audit, page, release, asked = auditor(context), context.new_page(), make_release(), []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    sign_in(page, live_server, make_user("Press officer"))
    page.goto(live_server.url + form_url(release), wait_until="networkidle")
    check = reverse("admin:news_pressrelease_public", args=[release.pk])
    assert check not in asked
    page.get_by_role("link", name="Look what the public sees of it").click()
    expect(page.get_by_text("The public sees nothing of it.")).to_be_visible()
    assert check in asked
    if has_javascript:
        assert audit(page) == []
