"""Signing in, in a real browser: every page in every look, a passkey, an app, and all of it with the keyboard."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import caches
from django.urls import reverse
from playwright.sync_api import expect

from tests.back_office import signed_in
from tests.core.signin.test_second_factor import code_of
from tests.factories import make_user
from tests.mails import link_in, owed_mails

pytestmark = pytest.mark.browser

PASSWORD = "a long enough sentence"
# The browser makes and uses keys as a phone would, without asking anybody.
PHONE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture
def user(transactional_db, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # the server of a test has no TLS
    yield make_user("Approver", username="ann", email="ann@example.org", password=PASSWORD)
    caches["refusals"].clear()


@pytest.fixture
def open_page(page, live_server):
    def open_page(name, *args):
        page.goto(live_server.url + reverse(name, args=args))

    return open_page


@pytest.fixture
def log_in(page, open_page):
    def log_in():
        open_page("account_login")
        expect(page.get_by_label("Username")).to_be_focused()
        page.keyboard.type("ann")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    return log_in


@pytest.fixture
def show_again_who_one_is(page, tab_to):
    def show_again_who_one_is():
        tab_to("textbox", "Password:")
        page.keyboard.type(PASSWORD)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    return show_again_who_one_is


def test_app_is_added_and_then_asked_for(
    user, page, log_in, open_page, follow, show_again_who_one_is, tab_to, audit_in_every_look
):
    log_in()
    follow("How you sign in")
    assert audit_in_every_look() == []
    follow("Add an authenticator app")
    assert audit_in_every_look() == []
    show_again_who_one_is()
    assert audit_in_every_look() == []
    secret = page.locator(".key").inner_text()
    tab_to("textbox", "Authenticator code:")
    page.keyboard.type("000000")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert audit_in_every_look() == []
    tab_to("textbox", "Authenticator code:")
    page.keyboard.type(code_of(secret))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert audit_in_every_look() == []
    recovery = page.locator(".codes code").first.inner_text()
    follow("Log out", role="button")
    log_in()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    assert audit_in_every_look() == []
    tab_to("textbox", "Code:")
    page.keyboard.type(recovery)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def test_passkey_is_added_and_opens_the_back_office(
    user, page, log_in, open_page, follow, show_again_who_one_is, audit_in_every_look
):
    phone = page.context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE})
    log_in()
    open_page("mfa_add_webauthn")
    show_again_who_one_is()
    assert audit_in_every_look() == []
    page.get_by_label("Log in with it alone").check()
    follow("Add", role="button")
    follow("I have kept them")
    expect(page.get_by_text("Passkey “Passkey 1”.")).to_be_visible()
    assert audit_in_every_look() == []
    follow("Log out", role="button")
    assert audit_in_every_look() == []
    follow("Log in with a passkey", role="button")
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    follow("Log out", role="button")
    log_in()
    follow("Use a passkey", role="button")  # as the second step
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    open_page("mfa_index")
    follow("Remove Passkey 1")
    assert page.url.partition("?")[0].endswith(reverse("account_reauthenticate"))
    assert audit_in_every_look() == []
    show_again_who_one_is()
    assert audit_in_every_look() == []
    follow("Remove", role="button")
    assert not Authenticator.objects.exists()


def test_passkey_that_is_refused_is_told_in_words(user, page, open_page, tab_to):
    phone = page.context.new_cdp_session(page)
    phone.send("WebAuthn.enable")
    phone.send("WebAuthn.addVirtualAuthenticator", {"options": PHONE | {"isUserVerified": False}})
    open_page("account_login")
    tab_to("button", "Log in with a passkey")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("That did not work. Try it again, or use another way.")


def test_forgotten_password_is_chosen_anew(
    user, page, live_server, log_in, open_page, follow, tab_to, audit_in_every_look
):
    open_page("account_login")
    follow("Forgotten your password?")
    assert audit_in_every_look() == []
    tab_to("textbox", "Email address:")
    page.keyboard.type("ann@example.org")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert audit_in_every_look() == []
    page.goto(live_server.url + link_in(owed_mails()[-1]))
    assert audit_in_every_look() == []
    for label in ("New Password:", "New Password (again):"):
        tab_to("textbox", label)
        page.keyboard.type("another long sentence")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    page.goto(live_server.url + link_in(owed_mails()[-1]))
    expect(page.get_by_text("This link does not work any more")).to_be_visible()
    assert audit_in_every_look() == []


def test_pages_of_ones_own(user, page, log_in, open_page, follow, audit_in_every_look):
    elsewhere = signed_in(user)
    elsewhere.post(reverse("account_login"))
    log_in()
    for name in ("account_change_password", "account_sessions", "account_logout", "my_calendar"):
        open_page(name)
        assert audit_in_every_look() == [], name


def test_page_for_too_many_attempts(user, page, open_page, audit_in_every_look):
    for _attempt in range(31):
        open_page("account_login")
        page.get_by_label("Username").fill("nobody")
        page.get_by_label("Password").fill("guess")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    assert audit_in_every_look() == []


@pytest.mark.nu
def test_html_is_valid(user, client, nu):
    pages = ["account_login", "account_reset_password", "account_reset_password_done"]
    own = ["account_change_password", "account_sessions", "account_logout", "mfa_index", "account_reauthenticate"]
    own.append("my_calendar")
    inside = signed_in(user)
    found = {name: nu(client.get(reverse(name)).content.decode()) for name in pages}
    found |= {name: nu(inside.get(reverse(name)).content.decode()) for name in own}
    assert {name: faults for name, faults in found.items() if faults} == {}
