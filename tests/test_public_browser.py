"""Public pages in a browser: axe in all colours and widths, size, titles, links, and no JavaScript."""

import gzip
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import product
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from news.demo.scale import Generator
from news.demo.staff import make_staff
from news.models import ChangeNote, PressContact, Quote, ReleaseContact
from partners.models import City, FormerName, Signatory, Signing
from tests.browser import auditor
from tests.factories import hide, make_city, make_document, make_memorandum, make_release, publish
from tests.previews import know, make_link, make_quote_link

pytestmark = pytest.mark.browser

PAGES = {
    "home": "/",
    "cities": "/cities/",
    "city with news": "/cities/dortmund/",
    "city with a local name": "/cities/hangzhou/",
    "answers about a city": "/cities/lille/answers",
    "dormant city": "/cities/dormant/",
    "former partner": "/cities/former/",
    "themes": "/themes/",
    "theme": "/themes/culture-and-arts/",
    "register": "/agreements/",
    "register of one status": "/agreements/?status=renewed",
    "register of an empty status": "/agreements/?status=expired",
    "register of an unknown status": "/agreements/?status=lost",
    "agreement": "/agreements/leeds-dortmund-2021/",
    "agreement with documents": "/agreements/documented/",
    "planned agreement": "/agreements/leeds-lille-planned/",
    "ended agreement": "/agreements/ended/",
    "news": "/news/",
    "news of a year without any": "/news/2026/?city=siegen&theme=sport",
    "news of an unknown city": "/news/?city=nowhere",
    "release": "/news/leeds-and-dortmund-renew-their-agreement/",
    "corrected release": "/news/corrected/",
    "photo call": "/news/photo-call/",
    "withdrawn release": "/news/withdrawn/",
    "release taken down": "/news/taken-down/",
    "preview": "/preview/a-personal-link/",
    "quote to approve": "/quotes/a-link-to-a-quote/",
    "for journalists": "/for-journalists/",
    "alerts": "/alerts/?city=dortmund",
    "alerts asked for": "/alerts/asked/",
    "alerts confirmed too late": "/alerts/confirm/long-ago/",
    "alerts stopped": "/alerts/stop/long-ago/",
    "search": "/search/",
    "search with many results": "/search/?q=Leeds",
    "search narrowed": "/search/?q=Leeds&city=brno&kind=pressrelease",
    "search narrowed too far": "/search/?q=Leeds&city=lille&year=1999",
    "search without results": "/search/?q=nothingofthatkind",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "not found": "/nothing/",
}
STATUS = {"release taken down": 410, "not found": 404, "alerts confirmed too late": 404}
LOOKS = {
    "light": {"color_scheme": "light", "forced_colors": "none"},
    "dark": {"color_scheme": "dark", "forced_colors": "none"},
    "forced colours": {"color_scheme": "light", "forced_colors": "active"},
}
WIDTHS = [320, 768, 1280]
# One page of each template is looked at in every colour at every width, the others in each colour at one width.
WHOLLY = [
    "home",
    "cities",
    "city with news",
    "themes",
    "theme",
    "register",
    "agreement with documents",
    "news",
    "corrected release",
    "release taken down",
    "preview",
    "for journalists",
    "alerts",
    "alerts asked for",
    "search with many results",
    "accessibility",
    "privacy",
    "not found",
]
every_page = pytest.mark.parametrize("name", PAGES)


MOST_REQUESTS = 8
MOST_BYTES = 70_000  # as sent with gzip, which the test server does not use


@pytest.fixture(scope="module")
def site(demo_site, django_db_blocker):
    """The address of the demonstration, with records in every state that a page can show and an archive to page through."""
    now = timezone.now()
    with django_db_blocker.unblock():
        list(Generator(make_staff(), at=now).fill_up(30))
        brno = City.objects.get(slug="brno")
        publish(
            make_city(
                "Dormant", changes=[{"status": "dormant", "date": "2010", "reason": "Nobody has written for years."}]
            )
        )
        former = publish(
            make_city("Karl-Marx-Stadt", slug="former", changes=[{"kind": "project"}, {"status": "ended"}])
        )
        FormerName.objects.create(city=former, name="Chemnitz", language="de", country="Saxony", ends="1953")
        documented = make_memorandum(
            brno,
            former,
            other_parties="A society of friends",
            slug="documented",
            planned="April 2020",
            ends="2031",
            renewal_months=12,
            notice_days=90,
            languages="English and Czech",
        )
        Signing.objects.create(memorandum=documented, date="11 April 2019", place="Brno")
        make_document(publish(documented), summary="<p>They will meet every year.</p>")
        Signatory.objects.create(memorandum=documented, office="Lord Mayor", is_planned=True)
        publish(make_memorandum(brno, slug="ended", ended_on="2020-03-01", end_reason="The work is done."))
        row = "".join(f"<td>Partnership {number}</td>" for number in range(9))
        table = f"<table><thead><tr>{row}</tr></thead><tr>{row}</tr></table><p>25 m<sup>2</sup></p>"
        corrected = make_release(
            "A correction", slug="corrected", cities=[brno], body=table, notes_to_editors="<p>A note.</p>"
        )
        ChangeNote.objects.create(release=corrected, text="The year was put right.", noted_at=now)
        Quote.objects.create(release=corrected, office="Primátor", language="cs", text="Ano.")
        publish(corrected)
        event = {
            "event_what": "Flags",
            "event_where": "Town hall",
            "event_starts_at": datetime(2126, 12, 4, 10, tzinfo=UTC),
        }
        call = make_release("Photo call", slug="photo-call", kind="photo-call", cities=[brno], **event)
        ReleaseContact.objects.create(release=call, contact=PressContact.objects.first())
        publish(call)
        draft = make_release("To be approved", slug="to-be-approved")
        asked = Quote.objects.create(
            release=draft, office="Leader", text="Yes.", original="Ja.", original_language="de"
        )
        know(make_quote_link(asked)[0], "a-link-to-a-quote")
        embargoed = hide(make_memorandum(brno, slug="embargoed"), "scheduled", now=now)
        make_document(embargoed)
        know(make_link(embargoed)[0], "a-personal-link")
        hide(make_release("Called off", slug="withdrawn"), "withdrawn", now=now)
        hide(make_release("Gone", slug="taken-down"), "taken-down", now=now)
    return demo_site.url


@dataclass
class Visit:
    """A page as the browser shows it, and the addresses that it requests for it."""

    title: str
    text: str
    links: list[str]
    anchors: set[str]
    fetched: list[str]


@pytest.fixture(scope="module")
def reader(browser):
    """A browser context without cookies or storage."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture(scope="module")
def visits(site, reader):
    """A visit to every page."""
    page = reader.new_page()
    return {name: visit(page, site + path) for name, path in PAGES.items()}


@pytest.fixture(scope="module")
def weight(reader):
    """What an address weighs on the way; most pages ask for the same style sheets, which are weighed once."""

    @cache
    def weight(address) -> int:
        return len(gzip.compress(reader.request.get(address).body(), 6))

    return weight


def visit(page, address) -> Visit:
    asked = []

    def note(request):
        asked.append(request.url)

    page.on("request", note)
    page.goto(address)
    icon = page.locator("link[rel=icon][type='image/svg+xml']").evaluate("link => link.href")
    all_links = "all => all.map(a => new URL(a.getAttribute('href'), location).href)"
    seen = Visit(
        title=page.title(),
        text=page.locator("body").inner_text(),
        links=page.locator("a[href]").evaluate_all(all_links),
        anchors=set(page.locator("[id]").evaluate_all("all => all.map(element => element.id)")),
        # A headless browser leaves the icon out; what stands in the page itself is not fetched.
        fetched=[address for address in [icon, *asked] if not address.startswith("data:")],
    )
    page.remove_listener("request", note)
    return seen


@pytest.fixture(scope="module")
def window(browser, browser_context_args):
    """A browser page and its auditor, shared by tests that change nothing: to open a page takes as long as to audit it."""
    context = browser.new_context(**browser_context_args)
    yield context.new_page(), auditor(context)
    context.close()


@every_page
def test_page_has_no_fault_in_any_look(site, window, name):
    """All rules of axe in each combination of colours and width; then larger text and a smaller window."""
    page, audit = window
    page.set_viewport_size({"width": 1280, "height": 720})
    page.emulate_media(**LOOKS["light"])
    assert page.goto(site + PAGES[name]).status == STATUS.get(name, 200)
    faults = {}
    for colours, width in product(LOOKS, WIDTHS) if name in WHOLLY else zip(LOOKS, WIDTHS, strict=True):
        page.emulate_media(**LOOKS[colours])
        page.set_viewport_size({"width": width, "height": 720})
        faults[colours, width] = audit(page)
    assert not any(faults.values()), faults
    for width, height, text in [(320, 256, "100%"), (320, 640, "140%"), (1280, 800, "200%")]:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"scrolls sideways with text of {text}"


@every_page
def test_first_view_is_light(visits, weight, name):
    fetched = visits[name].fetched
    assert len(fetched) <= MOST_REQUESTS
    assert sum(weight(address) for address in fetched if "/files/" not in address) <= MOST_BYTES


@pytest.mark.parametrize(("name", "photo"), [("city with news", ".city-head img"), ("home", ".city-card img")])
def test_photo_on_a_phone_is_as_wide_as_its_sizes_say(site, page, name, photo):
    """Otherwise a phone fetches more than it shows."""
    page.set_viewport_size({"width": 412, "height": 823})
    page.goto(site + PAGES[name])
    said, shown = page.locator(photo).first.evaluate(
        "image => [image.parentElement.querySelector('source').sizes, image.getBoundingClientRect().width]"
    )
    assert said.endswith(", 90vw")
    assert shown == pytest.approx(412 * 0.9, abs=3)


def test_wide_table_scrolls_by_itself_with_the_keyboard(site, page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site + PAGES["corrected release"])
    table = page.get_by_role("group", name="Table")
    table.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.querySelector('.scrolled').scrollLeft > 0")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_longest_month_is_not_broken_on_a_phone(site, page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site + PAGES["former partner"])
    fact = page.locator(".facts-card dd").nth(1)
    fact.evaluate("fact => { fact.textContent = 'September' }")
    line = fact.evaluate("fact => parseFloat(getComputedStyle(fact).lineHeight)")
    assert fact.bounding_box()["height"] < 1.5 * line


def test_visit_leaves_nothing_behind_and_asks_nobody_else(site, visits, reader):
    assert {urlsplit(address).netloc for visit in visits.values() for address in visit.fetched} == {
        urlsplit(site).netloc
    }
    assert reader.storage_state() == {"cookies": [], "origins": []}


def test_every_title_is_its_own(visits):
    names = {}
    for name, visit in visits.items():
        names.setdefault(visit.title, []).append(name)
    same = [group for group in names.values() if len(group) > 1]
    assert same == [["register", "register of an unknown status"], ["news", "news of an unknown city"]]


def test_no_link_leads_nowhere(site, visits, page):
    for name, visit in visits.items():
        own = [link.partition("#")[2] for link in visit.links if link.startswith(f"{site}{PAGES[name]}#")]
        assert set(own) <= visit.anchors, name
    links = {link.partition("#")[0] for visit in visits.values() for link in visit.links if link.startswith(site)}
    unvisited = {link for link in links if "?" not in link} - {site + path for path in PAGES.values()}
    broken = [link for link in unvisited if not page.request.get(link).ok]
    assert broken == []


def test_pages_say_the_same_without_javascript(site, visits, new_context):
    page = new_context(java_script_enabled=False).new_page()
    for name, path in PAGES.items():
        page.goto(site + path)
        assert page.locator("body").inner_text() == visits[name].text


def test_everything_works_without_javascript(site, new_context):
    page = new_context(java_script_enabled=False).new_page()
    page.goto(site)
    page.get_by_label("Largest").check(force=True)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "22.4px"
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_label("Search cities").fill("Brnó")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("main").get_by_role("link", name="Brno", exact=True).click()
    page.get_by_role("link", name="All news about Brno").click()
    page.get_by_role("link", name="2021", exact=True).click()
    page.get_by_role("link", name="Leeds and Brno bring their memorandum up to date").click()
    assert page.url == f"{site}/news/leeds-and-brno-bring-their-memorandum-up-to-date/"
