"""The audit finds what it is there to find."""

import pytest
from django.contrib.auth import get_user_model

pytestmark = pytest.mark.browser

SOUND = """<!doctype html><html lang="en-GB"><head><title>A page</title>
<link rel="icon" href="data:,"></head><body><main><h1>A page</h1>{}</main></body></html>"""


@pytest.fixture
def show(page):
    """Puts HTML before the browser as if a server had sent it."""

    def show(body, **headers):
        page.route(
            "**/*", lambda route: route.fulfill(body=SOUND.format(body), content_type="text/html", headers=headers)
        )
        page.goto("http://localhost/page")
        return page

    return show


def test_a_sound_page_passes(show, audit):
    assert audit(show("<p>Nothing wrong here.</p>")) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('<img src="data:,">', "axe image-alt"),
        (
            "<p><button>a</button><button>b</button></p><style>button {width: 9px; padding: 0; border: 0}</style>",
            "axe target-size",
        ),
        ("<h3>A heading too deep</h3>", "axe heading-order"),
        ('<p style="color: #999">Faint</p>', "axe color-contrast"),
        ("<script>nothing.there()</script>", "exception: "),
        ("<script>console.warn('Hm')</script>", "warning: Hm"),
    ],
)
def test_a_fault_is_reported(show, audit, body, problem):
    assert any(line.startswith(problem) for line in audit(show(body)))


def test_a_breach_of_the_content_security_policy_is_reported(show, audit):
    page = show('<p style="margin: 0">Styled</p>', **{"Content-Security-Policy": "default-src 'none'; img-src data:"})
    assert any("CSP style-src-attr blocked inline" in line for line in audit(page))


def test_the_audit_itself_breaches_no_content_security_policy(show, audit):
    page = show("<p>Plain</p>", **{"Content-Security-Policy": "default-src 'none'; img-src data:"})
    assert audit(page) == []


def test_what_was_reported_is_not_reported_again(show, audit):
    page = show("<script>console.warn('Hm')</script>")
    audit(page)
    assert audit(page) == []


def test_every_audit_looks_at_the_page_anew(show, audit):
    page = show("<p>Faint</p><style>@media (prefers-color-scheme: dark) {p {color: #999}}</style>")
    assert audit(page) == []
    page.emulate_media(color_scheme="dark")
    assert [line.partition(":")[0] for line in audit(page)] == ["axe color-contrast"]


@pytest.mark.parametrize("username", ["editor", "admin"])
def test_staff_of_the_demonstration_are_signed_in(demo_site, page, sign_in, username):
    sign_in(page, demo_site, get_user_model().objects.get(username=username))
    page.goto(f"{demo_site.url}/admin/password_change/")
    assert page.get_by_label("Current Password").is_visible()
