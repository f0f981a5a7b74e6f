"""The longest name of a place fits on a narrow phone, on every page and in every chip."""

import pytest

from partners.models import Focus, Involvement, Milestone, Signatory
from tests.factories import make_city, make_contact, make_document, make_memorandum, make_release, make_theme, publish

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONGEST = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
PATHS = [
    "/",
    "/cities/",
    "/cities/long/",
    "/cities/long/answers",
    "/themes/",
    "/themes/long/",
    "/agreements/",
    "/agreements/long/",
    "/news/",
    "/news/?city=long",
    "/news/long/",
    "/search/?q=long",
    "/search/?q=long&city=long",
    "/search/?q=long&city=long&year=1999",
]
# What stands outside of the screen, or shows more than its own box has room for.
OUTSIDE = """() => [...document.querySelectorAll("body *:not(svg *, .visually-hidden, .visually-hidden *, .skip-link)")]
  .filter(element => element.getBoundingClientRect().right > document.documentElement.clientWidth + 0.5)
  .map(element => `${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 40)}`)"""


@pytest.fixture
def town():
    """A city, a theme, an agreement and a release, each with the longest name and tied to each other."""
    city = publish(
        make_city(LONGEST, slug="long", local_name=LONGEST, local_language="cy", summary=f"{LONGEST} is long.")
    )
    theme = publish(make_theme(LONGEST, slug="long", summary=f"{LONGEST} is long."))
    Focus.objects.create(city=city, theme=theme, begins="1999")
    Milestone.objects.create(city=city, date="1999", title=LONGEST)
    Involvement.objects.create(city=city, organisation=LONGEST, role=LONGEST)
    memorandum = make_memorandum(city, title=f"Leeds – {LONGEST}", slug="long", place=LONGEST)
    memorandum.themes.add(theme)
    Signatory.objects.create(memorandum=memorandum, city=city, name=LONGEST, office=f"Mayor of {LONGEST}")
    make_document(memorandum, title=LONGEST)
    publish(memorandum)
    links = {"cities": [city], "themes": [theme], "memoranda": [memorandum]}
    release = make_release(f"{LONGEST} is long", slug="long", place=LONGEST, **links)
    contact = make_contact(LONGEST, role=LONGEST)
    contact.cities.add(city)
    publish(release)


@pytest.mark.parametrize(
    ("width", "text"), [(320, "100%"), (320, "140%"), (480, "100%"), (768, "140%"), (1280, "200%")]
)
def test_longest_name_fits_on_every_page(town, live_server, page, width, text):
    page.set_viewport_size({"width": width, "height": 640})
    outside = {}
    for path in PATHS:
        assert page.goto(f"{live_server.url}{path}").ok
        page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
        assert "Llanfair" in page.locator("body").inner_text() or "year=1999" in path
        outside[path] = page.evaluate(OUTSIDE)
    assert {path: found for path, found in outside.items() if found} == {}
