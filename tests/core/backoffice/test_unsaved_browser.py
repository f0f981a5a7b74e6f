"""What a browser keeps of a form that is not saved: through a closed tab, for one person, and not longer than needed."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from partners.models import Theme
from tests.back_office import form_url
from tests.browser import settle
from tests.factories import make_theme, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TYPED = "Typed before the tab was closed."
NUMBER_KEPT = "() => Object.keys(localStorage).filter(name => name.startsWith('twinning-unsaved:')).length"
NONE_KEPT = NUMBER_KEPT.replace("() => ", "() => !")
KEEPS = "() => document.querySelector('form[data-keeps]')"


@pytest.fixture
def ann():
    return make_user("Twinning editor", username="ann", password="a long enough sentence")


@pytest.fixture
def open_form(context, live_server, sign_in):
    """Opens the form of a record in a new tab, as a colleague."""

    def open_form(target, user):
        tab = context.new_page()
        sign_in(tab, live_server, user)
        tab.goto(live_server.url + form_url(target))
        settle(tab)
        return tab

    return open_form


def summary(tab):
    return tab.get_by_role("textbox", name="Summary")


def type_and_wait(tab, text=TYPED):
    tab.wait_for_function(KEEPS)
    summary(tab).press("Control+a")
    summary(tab).press_sequentially(text)
    tab.wait_for_function(NUMBER_KEPT)


def offered(tab):
    return tab.get_by_role("button", name="Show it")


def test_text_of_a_closed_tab_is_offered_shown_and_gone_after_saving(open_form, ann, audit):
    theme = make_theme()
    tab = open_form(theme, ann)
    assert audit(tab) == []
    type_and_wait(tab)
    rich = tab.get_by_role("textbox", name="Description", exact=True)
    rich.press_sequentially("A long story.")
    tab.wait_for_timeout(1500)  # it is written once a second
    tab.close()
    assert not any(TYPED in value for value in stored(open_form(Theme, ann))), "locked"

    tab = open_form(theme, ann)
    assert audit(tab) == []
    assert summary(tab).input_value() == "What cities do together."
    offered(tab).focus()
    with tab.expect_navigation():
        tab.keyboard.press("Enter")
    settle(tab)
    assert summary(tab).input_value() == TYPED
    expect(tab.get_by_role("textbox", name="Description", exact=True)).to_have_text("A long story.")
    expect(tab.get_by_text("Nothing of this is saved yet.").first).to_be_visible()
    theme.refresh_from_db()
    assert theme.summary == "What cities do together."

    with tab.expect_navigation():
        tab.get_by_role("button", name="Save", exact=True).last.click()
    theme.refresh_from_db()
    assert (theme.summary, theme.description) == (TYPED, "<p>A long story.</p>")
    tab.wait_for_function(NONE_KEPT)
    assert "twinning_saved" not in {cookie["name"] for cookie in tab.context.cookies()}


def stored(tab) -> list[str]:
    return tab.evaluate("Object.values(localStorage)")


def test_text_is_not_offered_to_a_colleague_at_the_same_computer(open_form, ann):
    theme = make_theme()
    type_and_wait(open_form(theme, ann))
    bob = open_form(theme, make_user("Twinning editor"))
    bob.wait_for_function(KEEPS)
    assert offered(bob).count() == 0
    offered(open_form(theme, ann)).wait_for()


def test_text_is_thrown_away_on_demand(open_form, ann):
    theme = make_theme()
    type_and_wait(open_form(theme, ann))
    tab = open_form(theme, ann)
    tab.get_by_role("button", name="Throw it away").click()
    assert tab.evaluate(NUMBER_KEPT) == 0
    assert offered(tab).count() == 0
    # From now on the form keeps what is typed again.
    type_and_wait(tab)


def test_log_out_throws_it_away(open_form, ann):
    type_and_wait(tab := open_form(make_theme(), ann))
    summary(tab).press_sequentially("Not written yet when the button is pressed.")
    with tab.expect_navigation():
        tab.get_by_role("button", name="Log out").click()
    assert tab.evaluate(NUMBER_KEPT) == 0


def test_form_that_is_only_looked_at_keeps_nothing_and_a_refused_one_does(open_form, ann):
    tab = open_form(make_theme(), ann)
    tab.wait_for_function(KEEPS)
    summary(tab).press("Tab")
    tab.wait_for_timeout(1500)
    assert tab.evaluate(NUMBER_KEPT) == 0
    tab.get_by_role("textbox", name="Name").fill("")
    with tab.expect_navigation():
        tab.locator("form").evaluate_all("forms => forms.find(form => form.noValidate = true).submit()")
    tab.wait_for_function(NUMBER_KEPT)
    assert offered(tab).count() == 0


def test_session_that_ended_loses_nothing(open_form, ann, page, live_server):
    """The whole way, by keyboard: type, be signed out, save, sign in, save."""
    theme = make_theme()
    tab = open_form(theme, ann)
    type_and_wait(tab)
    tab.context.clear_cookies(name="sessionid")
    with tab.expect_navigation():
        summary(tab).press("Enter")
    assert tab.url.startswith(live_server.url + reverse("account_login"))
    expect(tab.get_by_text("What you typed is kept")).to_be_visible()
    expect(tab.get_by_label("Username")).to_be_focused()
    tab.keyboard.type("ann")
    tab.keyboard.press("Tab")
    tab.keyboard.type("a long enough sentence")
    with tab.expect_navigation(url=f"**{form_url(theme)}"):
        tab.keyboard.press("Enter")
    settle(tab)
    assert summary(tab).input_value() == TYPED
    with tab.expect_navigation():
        summary(tab).press("Enter")
    theme.refresh_from_db()
    assert theme.summary == TYPED


def test_setting_turns_it_off_and_clears_what_is_there(open_form, ann, settings):
    theme = make_theme()
    type_and_wait(open_form(theme, ann))
    settings.KEEP_UNSAVED_TEXT = False
    tab = open_form(theme, ann)
    tab.wait_for_function(NONE_KEPT)
    summary(tab).press_sequentially(TYPED)
    tab.wait_for_timeout(1500)
    assert tab.evaluate(NUMBER_KEPT) == 0
