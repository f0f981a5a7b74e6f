"""Sites of 1 to 700 partner cities: pages stay short and light, ask the database as often, and lead to every city."""

import gzip
import re

import pytest
from django.db import connection
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.test.utils import CaptureQueriesContext

from partners.models import City, FormerName, Memorandum
from tests.factories import PAST, make_city, make_memorandum, make_release, make_theme, publish
from tests.sizes import SIZES, make_site

pytestmark = pytest.mark.django_db

PAGES = ("/", "/cities/", "/agreements/", "/news/", "/search/", "/search/?q=friendship")
MOST_LINKS = 80  # in the content of a page
MOST_KB, MOST_KB_SENT = 60, 13
# Of a page at most, in CSS px. A phone shows twelve cards, four agreements and the news one under another.
TALLEST = {320: 6600, 1280: 3300}
LOWEST_HEADING = {320: 300, 1280: 400}


def links(page: str) -> list[str]:
    return re.findall(r'<a [^>]*?href="([^"]+)"', page.partition("<main")[2].partition("</main>")[0])


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("size", SIZES)
def test_pages_are_light_and_have_few_links(client, size):
    make_site(size)
    pages = {path: read(client, path) for path in PAGES}
    assert {path: len(links(page)) for path, page in pages.items() if len(links(page)) > MOST_LINKS} == {}
    assert {path: len(page) for path, page in pages.items() if len(page) > MOST_KB * 1000} == {}
    sent = {path: len(gzip.compress(page.encode())) for path, page in pages.items()}
    assert {path: number for path, number in sent.items() if number > MOST_KB_SENT * 1000} == {}


def test_pages_of_a_large_site_ask_the_database_as_often_as_those_of_a_small_one(client):
    def queries_of(path) -> int:
        read(client, path)
        with CaptureQueriesContext(connection) as asked:
            read(client, path)
        return len(asked)

    make_site(13)
    small = {path: queries_of(path) for path in PAGES}
    make_site(100, first=13)
    assert {path: queries_of(path) for path in PAGES} == small


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_pages_are_short_and_their_headings_stay_at_the_top(live_server, page, audit, size):
    make_site(size)
    found = {}
    for width in TALLEST:
        page.set_viewport_size({"width": width, "height": 800})
        for path in PAGES:
            page.goto(live_server.url + path)
            height = page.evaluate("document.documentElement.scrollHeight")
            heading = page.locator("h1").bounding_box()["y"]
            sideways = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            if height > TALLEST[width] or heading > LOWEST_HEADING[width] or sideways:
                found[width, path] = height, heading, sideways
            assert audit(page) == []
    assert found == {}


@pytest.mark.browser
@pytest.mark.parametrize(
    "path", ["/", "/cities/", "/cities/?letter=a", "/agreements/?page=2", "/news/", "/search/?q=agreement"]
)
def test_pages_of_many_cities_are_in_order_in_every_look(live_server, page, audit_in_every_look, path):
    make_site(120)
    page.goto(live_server.url + path)
    assert audit_in_every_look() == []


@pytest.mark.nu
def test_html_of_many_cities_is_valid(client, nu):
    make_site(70)
    for path in (*PAGES, "/cities/?letter=a", "/cities/?q=burg&country=DE", "/agreements/?page=2", "/news/?city=alten"):
        assert nu(read(client, path)) == []


def introduced(page: str) -> list[str]:
    """The names on the cards of cities."""
    return re.findall(r"<h3><a href=\"/cities/[^>]*>(.*?)</a>", page)


def test_home_introduces_twelve_cities_and_says_how_many_more(client):
    make_site(12)
    page = read(client, "/")
    assert len(introduced(page)) == 12
    assert " more: see all" not in page
    make_site(1, first=12)
    page = read(client, "/")
    assert len(introduced(page)) == 12
    assert "1 more: see all 13 partner cities" in page


def test_home_introduces_the_chosen_and_then_the_liveliest(client):
    for number in range(20):
        publish(make_city(f"Old {number}", since=str(1950 + number)))
    publish(make_city("Asleep", since="2020", changes=[{"status": "dormant"}]))
    publish(make_city("Ended", since="2020", changes=[{"status": "ended"}]))
    publish(make_memorandum(City.objects.get(name="Old 2"), signed="2019"))
    City.objects.filter(name="Old 0").update(is_on_home=True)
    expected = ["Old 0", "Old 2", *(f"Old {number}" for number in range(10, 20))]
    assert introduced(read(client, "/")) == expected


def test_hidden_agreement_makes_no_city_lively(client):
    for number in range(13):
        publish(make_city(f"Old {number}", since=str(1950 + number)))
    make_memorandum(City.objects.get(name="Old 0"), signed="2019")
    assert "Old 0" not in introduced(read(client, "/"))


def test_map_of_many_cities_counts_them_all_and_is_a_picture(client):
    make_site(31)
    drawing = re.search(r"<svg.*?</svg>", read(client, "/").partition("home-hero")[2], re.DOTALL)[0]
    counts = [int(number) for number in re.findall(r'class="count"[^>]*>(\d+)<', drawing)]
    dots = re.findall(r'class="dot hue-', drawing)
    assert sum(counts) + len(dots) == 31
    assert 'role="img"' in drawing
    assert "<a " not in drawing
    assert 'class="ray' not in drawing


@pytest.mark.parametrize("size", [31, 120])
def test_index_leads_to_every_city(client, size):
    cities, reached = make_site(size), set()
    for address in {link for link in links(read(client, "/cities/")) if "?" in link} | {"/cities/"}:
        reached |= set(links(read(client, address)))
    assert {city.get_absolute_url() for city in cities} <= reached


def test_index_turns_its_pages_within_one_choice(client):
    make_site(150)
    City.objects.update(country="FR")
    first = read(client, "/cities/?country=FR")
    [following] = [link for link in links(first) if "page=" in link]
    assert following == "?country=FR&amp;page=2"
    last = read(client, "/cities/?country=FR&page=99")
    assert "Page 3 of 3" in last
    assert len([link for link in links(last) if link.startswith("/cities/city-")]) == 30


@pytest.mark.parametrize(
    ("asked", "names"),
    [("q=brno", ["Brno"]), ("q=czech", ["Brno"]), ("q=BRUNN", ["Brno"]), ("q=rivulus", ["Brno"]),
     ("q=moravian+rivulus", ["Brno"]), ("country=CZ", ["Brno"]), ("letter=b", ["Brno"]),
     ("country=CZ&letter=x", ["Brno"]), ("q=brno&country=LK", []), ("q=nowhere", [])],
)  # fmt: skip
def test_index_is_narrowed_by_name_country_and_letter(client, asked, names):
    make_site(31)
    City.objects.update(name=Concat(Value("Zadar "), Cast("pk", CharField())), country="LK")
    brno = publish(make_city("Brno", country="CZ", other_names="Brünn"))
    hidden = make_city("Olomouc", country="CZ")
    for city in (brno, hidden):
        FormerName.objects.create(city=city, name="Rivulus", country="Moravian lands")
    page = read(client, f"/cities/?{asked}")
    shown = re.findall(r'<a href="/cities/[-\w]+/">([^<]+)</a>', page)
    assert shown == names
    assert ("No partner city fits your choice." in page) == (not names)


def test_index_names_what_it_does_not_know(client):
    make_site(31)
    page = read(client, "/cities/?country=XX&letter=%3Cb%3E")
    assert "We could not find “XX”" in page
    assert "We could not find “&lt;b&gt;”" in page


def test_hidden_city_is_in_no_index_and_no_number(client):
    make_site(31)
    make_city("Brno", country="IS")
    page = read(client, "/cities/")
    assert "31 partner cities" in page
    assert "Brno" not in page
    assert "Iceland" not in page
    assert "No partner city fits your choice." in read(client, "/cities/?q=brno")


def test_register_has_pages(client):
    make_site(60)
    titles = set()
    for number in (1, 2, 3):
        page = read(client, f"/agreements/?page={number}")
        assert f"Page {number} of 3" in page
        titles |= set(re.findall(r"<td><a [^>]*>(.*?)</a>", page))
    assert titles == set(Memorandum.objects.values_list("title", flat=True))
    assert ", page 3 – " in page
    assert "status=in-force&amp;page=2" in read(client, "/agreements/?status=in-force")


@pytest.fixture
def newsy():
    cities = [publish(make_city(name)) for name in ("Frankfurt", "Frankenberg", *(f"Neustadt {n}" for n in range(15)))]
    themes = [publish(make_theme(f"Theme {number}")) for number in range(13)]
    publish(make_release("Visit", cities=cities, themes=themes), at=PAST)


@pytest.mark.parametrize("address", ["/news/", "/search/?q=visit"])
def test_long_filter_is_a_chooser_that_searches(newsy, client, address):
    page = read(client, address)
    options = re.findall(r'<option value="([^"]+)"', page)
    assert {"Frankfurt", "Neustadt 14", "Theme 12"} <= set(options)
    assert len([link for link in links(page) if "city=" in link]) <= 6
    joined = f"{address}{'&' if '?' in address else '?'}"
    assert "We could not find" not in read(client, f"{joined}city=frankfurt&theme=Theme+12")
    assert "Neustadt 7" in read(client, f"{joined}city=NEUSTADT+7").partition("<title>")[2].partition("</title>")[0]
    assert "Frankfurt" in read(client, f"{joined}city=frankf").partition("<title>")[2].partition("</title>")[0]
    assert "We could not find “frank”" in read(client, f"{joined}city=frank")


def test_chooser_keeps_what_else_is_chosen(newsy, client):
    assert '<input type="hidden" name="theme" value="theme-3">' in read(client, "/news/?theme=theme-3")
    page = read(client, "/search/?q=visit&theme=theme-3")
    assert '<input type="hidden" name="q" value="visit"><input type="hidden" name="theme" value="theme-3">' in page


def test_chooser_offers_what_is_like_a_name_that_several_have(newsy, client):
    found = [link for link in links(read(client, "/news/?city=frank")) if "city=" in link]
    assert found == ["/news/?city=frankenberg", "/news/?city=frankfurt"]


def test_chooser_tells_namesakes_apart(newsy, client):
    second = publish(make_city("FRANKFURT", slug="frankfurt-oder"))
    publish(make_release("Second visit", cities=[second]), at=PAST)
    page = " ".join(read(client, "/news/").split())
    assert '<option value="frankfurt-oder" label="FRANKFURT"></option>' in page
    assert '<option value="frankfurt" label="Frankfurt"></option>' in page


def test_earlier_years_are_folded_up(client):
    for number in range(16):
        publish(make_release(f"Visit {number}"), at=PAST.replace(year=PAST.year - number))
    folded = re.search(r"<details>(.*?)</details>", read(client, "/news/"), re.DOTALL)[1]
    assert re.findall(r"/news/(\d+)/", folded) == ["2009", "2008", "2007", "2006"]
    assert "2007" not in re.search(r"<details>(.*?)</details>", read(client, "/news/2007/"), re.DOTALL)[1]


def test_search_does_not_begin_with_a_wall_of_cities(client):
    make_site(31)
    assert len(links(read(client, "/search/"))) < 10


def test_empty_site_welcomes_its_visitor_and_leads_to_no_empty_list(client, settings):
    page = read(client, "/")
    assert f"Welcome. {settings.COUNCIL_NAME} is preparing these pages" in page
    assert [link for link in links(page) if not link.startswith("mailto:")] == []
    assert "<h2" not in page.partition("<main")[2].partition("</main>")[0]
    make_city()
    assert "is preparing these pages" in read(client, "/")
    publish(make_release())
    assert "is preparing these pages" not in read(client, "/")


@pytest.mark.browser
def test_welcome_of_an_empty_site_is_in_order_in_every_look(live_server, page, audit_in_every_look):
    page.goto(live_server.url)
    assert audit_in_every_look() == []


@pytest.mark.nu
def test_html_of_an_empty_site_is_valid(client, nu):
    assert nu(read(client, "/")) == []


@pytest.mark.browser
def test_names_without_room_on_the_map_sink_no_heading(live_server, page):
    make_site(30)
    City.objects.update(latitude="49.35000", longitude="8.14000")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(live_server.url)
    assert page.locator(".world-map-list li:visible").count() > 10
    assert page.locator("h1").bounding_box()["y"] < 200
