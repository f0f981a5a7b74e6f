"""What staff come for, done with the keyboard alone: log in, write, save, preview, publish."""

import pytest
from playwright.sync_api import expect

from tests.browser import settle
from tests.factories import make_user

pytestmark = pytest.mark.browser

PASSWORD = "a long enough sentence"


@pytest.fixture
def log_in(page, live_server, tab_to):
    """Log in from the start page of the back office, as somebody with a role."""

    def log_in(role):
        user = make_user(role, password=PASSWORD)
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/admin/")
        expect(page.get_by_label("Username")).to_be_focused()  # without a click or the Tab key
        page.keyboard.type(user.username)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Log out")).to_be_visible()

    return log_in


@pytest.fixture
def write(page, tab_to):
    """Tab to a field and type."""

    def write(label, words):
        tab_to("textbox", label)
        page.keyboard.type(words)

    return write


def test_release_is_written_saved_previewed_and_published(
    live_server, transactional_db, page, log_in, write, tab_to, follow
):
    log_in("Press officer")
    follow("Press releases")
    follow("Add press release")
    settle(page)
    write("Headline", "Cities sign again")
    write("Standfirst", "They go on together.")
    write("Text", "Both cities signed today.")
    follow("Save and continue editing", role="button")
    expect(page.get_by_text("was added successfully")).to_be_visible()
    desk = page.url
    follow("Preview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cities sign again")
    expect(page.get_by_text("This is what the public will see")).to_be_visible()
    page.goto(desk)
    follow("Save and submit", role="button")
    expect(page.get_by_text("“Cities sign again”: Submitted on")).to_be_visible()
    log_in("Approver")
    expect(page.get_by_role("heading", name="Waiting for your approval")).to_be_visible()
    follow("Cities sign again")
    expect(page.frame_locator("iframe").get_by_text("Both cities signed today.")).to_be_visible()
    tab_to("link", "What comes next")  # past all links of the page that is shown
    page.keyboard.press("Enter")
    follow("Approve", role="button")
    expect(page.get_by_text("“Cities sign again”: Published")).to_be_visible()
    expect(page.get_by_text("Nothing needs you.")).to_be_visible()
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/news/cities-sign-again/")
    expect(page.get_by_text("Both cities signed today.")).to_be_visible()
