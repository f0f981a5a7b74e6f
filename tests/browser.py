"""Fixtures for tests in a real browser. Mark those tests with `browser`.

demo_site      a running site with the content of `demo`: for a whole module, so read it and change nothing
audit(page)    what is wrong with the page: axe, the content security policy, JavaScript, failed requests;
               `auditor(context)` makes one for pages that several tests look at in turn
audit_in_every_look()       the same at several widths and in several colours, for the page of a test
sign_in(page, site, user)   as if the user had logged in
tab_to(role, name)          by keyboard alone: Tab until it has the focus; `follow(name)` then presses Enter
settle(page)   to import: wait for what comes after the load event, before anything is measured

`live_server` and `page` come from pytest-django and pytest-playwright.
"""

import os
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.db import connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from pytest_django.live_server_helper import LiveServer

from tests.machine import CHROMIUM

# In each new window the address bar would build two pages for itself, which take longer than the page under test.
# Chromium heeds only the last list of this kind, so Playwright's own is repeated after those two.
UNWANTED = (
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup,"
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
FLAGS = [
    f"--disable-features={UNWANTED}",
    "--no-sandbox",  # CI runs as root
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}, "color-contrast-enhanced": {"enabled": True}},
    "resultTypes": ["violations"],
}
RUN_AXE = "async options => (await axe.run(options)).violations"
REPORT_POLICY = """addEventListener("securitypolicyviolation", e =>
  console.error(`CSP ${e.effectiveDirective} blocked ${e.blockedURI} ${e.sample}`))"""

LOOKS = [
    (1280, {"color_scheme": "light"}, []),
    (1280, {"color_scheme": "dark"}, ["color-contrast"]),
    (320, {"color_scheme": "dark"}, []),
    (768, {"color_scheme": "light", "forced_colors": "active"}, []),
]
MOST_STOPS = 150  # a form of the back office has many
HAS_FOCUS = "element => element === document.activeElement"

# The server of a test sends headers and body apart, and the system would hold back the body for 40 ms, until the
# browser confirms that the headers have come.
QuietWSGIRequestHandler.disable_nagle_algorithm = True


@pytest.fixture(scope="session")
def playwright(playwright):
    """Playwright runs an event loop in the thread of the tests. Django then thinks that it is in asynchronous code: it
    has to be allowed to use the database there, and it opens other connections, which nobody else would close."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield playwright
    connections.close_all()


# Some time after a page has loaded, its rich text editors have been built, which then name themselves after their
# labels; and only layout asks for the font that turns the long words on their buttons into icons.
IS_SETTLED = """() => [...document.querySelectorAll("textarea[data-django-prose-editor-configurable]")]
  .every(area => area.closest(".empty-form") || !area.labels.length || area.labels[0].id)
  && document.body.offsetHeight >= 0 && document.fonts.status === 'loaded'"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "en-GB", "timezone_id": "Europe/London", "reduced_motion": "reduce"}


@pytest.fixture(scope="module")
def demo_site(demo):
    server = LiveServer("localhost")
    yield server
    server.stop()


# Buttons of Django's admin fade into the colours of another scheme, and the fading can begin a frame after the switch.
END_FADING = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  for (let quiet = 0; quiet < 2; quiet++) {
    await frame()
    for (const fading of document.getAnimations()) { fading.finish(); quiet = 0 }
  }
}"""


def settle(page):
    """Wait until a page looks as it will look."""
    page.wait_for_load_state()
    if not page.evaluate(IS_SETTLED):
        page.wait_for_function(IS_SETTLED)
    page.evaluate(END_FADING)


@pytest.fixture
def audit(context):
    return auditor(context)


def auditor(context):
    said = []

    def listen(message):
        its_own_status = (
            message.text.startswith("Failed to load resource") and message.page.url == message.location["url"]
        )
        if message.type in ("error", "warning") and not its_own_status:
            said.append(f"{message.type}: {message.text} ({message.location['url']})")

    context.add_init_script(REPORT_POLICY)
    context.on("console", listen)
    context.on("weberror", lambda error: said.append(f"exception: {error.error}"))

    def audit(page, rules=()) -> list[str]:
        """One line a problem, by all rules of axe or by some; an empty list says that the page is in order."""
        settle(page)
        options = AXE | {"runOnly": {"type": "rule", "values": rules}} if rules else AXE
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE_SCRIPT)
        found = page.evaluate(RUN_AXE, options)
        problems = [f"axe {rule['id']}: {rule['help']}: {node['html']}" for rule in found for node in rule["nodes"]]
        problems += said
        said.clear()
        return problems

    return audit


@pytest.fixture
def audit_in_every_look(page, audit):
    def audit_in_every_look() -> list[str]:
        before, problems = page.viewport_size, []
        for width, colours, rules in LOOKS:
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(**colours)
            # As tall as the page, so that the bar which stays at the foot of a form covers none of it.
            page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
            problems += [f"{width} px, {colours}: {problem}" for problem in audit(page, rules=rules)]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                problems.append(f"{width} px: scrolls sideways")
        page.set_viewport_size(before)
        page.emulate_media(color_scheme="light", forced_colors="none")
        return problems

    return audit_in_every_look


@pytest.fixture
def sign_in():
    def sign_in(page, site, user):
        client = Client()
        client.force_login(user)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies(
            [{"name": session.key, "value": session.value, "domain": urlsplit(site.url).hostname, "path": "/"}]
        )

    return sign_in


@pytest.fixture
def tab_to(page):
    """Press Tab until a link or control has the focus."""

    def tab_to(role, name):
        target = page.get_by_role(role, name=name, exact=True).first.element_handle()
        for _ in range(MOST_STOPS):
            page.keyboard.press("Tab")
            if target.evaluate(HAS_FOCUS):
                return
        raise AssertionError(f"Tab does not come to {role} “{name}”")

    return tab_to


@pytest.fixture
def follow(page, tab_to):
    """Press Tab until a link or button has the focus, then Enter."""

    def follow(name, role="link"):
        tab_to(role, name)
        with page.expect_navigation():
            page.keyboard.press("Enter")

    return follow
