"""Open Graph and linked data: they say what the page says to people, and nothing of what is hidden."""

import json
import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from tests.factories import hide, make_city, make_release, make_theme, make_whole_record, publish
from tests.previews import make_link
from tests.test_pages import PAGES

pytestmark = pytest.mark.django_db

SHARED = [path for path in PAGES if "?" not in path and not path.startswith("/search/")]
UNSHARED = ["/search/", "/search/?q=Leeds", "/nothing/"]
FOLDERS = {"city": "cities", "theme": "themes", "memorandum": "agreements", "release": "news", "page": "pages"}


def linked_data(page: str) -> dict[str, dict]:
    """The blocks of linked data of a page, by type."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {data["@type"]: data for data in map(json.loads, found)}


def open_graph(page: str) -> dict[str, str]:
    """The Open Graph properties of a page."""
    return {name: unescape(text) for name, text in re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page)}


def text_of(page: str, pattern: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", re.search(pattern, page, re.DOTALL)[1])).split())


def picture_at(client, address: str) -> Image.Image:
    """The picture at an address, of a photo or among the static files, which nginx or WhiteNoise sends."""
    if address.startswith("/static/"):
        return Image.open(BytesIO(Path(finders.find(address.removeprefix("/static/"))).read_bytes()))
    return Image.open(BytesIO(client.get(address).getvalue()))


@pytest.mark.parametrize("path", SHARED)
def test_page_says_what_it_says_to_people(demo, client, settings, path):
    page = client.get(path).content.decode()
    title = text_of(page, r"<title>(.*?) – [^–]*</title>")
    said = open_graph(page)
    picture = {name: said.pop(name) for name in [*said] if name.startswith("image")}
    assert picture.pop("image:alt")
    address = picture.pop("image").removeprefix(settings.SITE_URL)
    image = picture_at(client, address)
    assert picture == {
        "image:type": image.get_format_mimetype(),
        "image:width": str(image.width),
        "image:height": str(image.height),
    }
    assert image.size == (1200, 630)
    has_photo = '<figure class="photo">' in page
    assert address.startswith("/files/" if has_photo else "/static/core/sharing/")
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert said == {
        "title": title,
        "description": unescape(re.search(r'name="description" content="([^"]*)"', page)[1]),
        "type": "article" if path.startswith("/news/leeds") else "website",
        "url": settings.SITE_URL + path,
        "site_name": settings.SITE_NAME,
    }
    assert all(data["@context"] == "https://schema.org" for data in linked_data(page).values())
    if path == "/":
        assert "BreadcrumbList" not in linked_data(page)
    else:
        steps = linked_data(page)["BreadcrumbList"]["itemListElement"]
        shown = re.findall(
            r'<li><a href="([^"]*)">(.*?)</a>', re.search(r'class="breadcrumbs".*?</nav>', page, re.DOTALL)[0]
        )
        assert [(step["item"].removeprefix(settings.SITE_URL), step["name"]) for step in steps] == [
            *shown,
            (path, title),
        ]
        assert [step["position"] for step in steps] == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("path", UNSHARED)
def test_page_that_nobody_should_share_says_nothing(demo, client, path):
    page = client.get(path).content.decode()
    assert (linked_data(page), open_graph(page)) == ({}, {})


def test_home_names_the_council(client, settings):
    council = linked_data(client.get("/").content.decode())["GovernmentOrganization"]
    assert council["name"] == settings.COUNCIL_NAME
    assert council["url"] == f"{settings.SITE_URL}/"
    assert council["email"] == settings.CONTACT_EMAIL


def test_city_is_the_one_in_wikidata(client):
    publish(make_city("Farhaven", local_name="杭州", wikidata_id="Q4970", country="CN"))
    page = client.get("/cities/farhaven/").content.decode()
    city = linked_data(page)["City"]
    assert city["sameAs"] == ["https://www.wikidata.org/entity/Q4970"]
    assert f"{city['name']} {city['alternateName']}" == text_of(page, r"<h1>(.*?)</h1>")
    assert city["containedInPlace"]["name"] == text_of(page, r"Country</dt><dd>(.*?)</dd>")
    assert city["description"] == open_graph(page)["description"]


def test_city_without_an_entry_in_wikidata_claims_none(client):
    publish(make_city("Nearhaven"))
    assert "sameAs" not in linked_data(client.get("/cities/nearhaven/").content.decode())["City"]


def test_release_says_when_it_was_published_and_changed(client, settings):
    release = publish(make_release(cities=[publish(make_city("Newhaven"))], themes=[publish(make_theme("Harbours"))]))
    page = client.get(release.get_absolute_url()).content.decode()
    article = linked_data(page)["NewsArticle"]
    assert article["headline"] == text_of(page, r"<h1>(.*?)</h1>")
    assert article["datePublished"] == re.search(r'<time datetime="([^"]*)"', page)[1]
    assert article["dateModified"][:10] == re.search(r'Last updated <time datetime="([^"]*)"', page)[1]
    assert article["dateModified"] > article["datePublished"]
    assert article["publisher"]["name"] == settings.COUNCIL_NAME
    assert [(about["name"], about["url"]) for about in article["about"]] == [
        ("Newhaven", f"{settings.SITE_URL}/cities/newhaven/"),
        ("Harbours", f"{settings.SITE_URL}/themes/harbours/"),
    ]


def test_release_names_no_city_that_is_hidden(client):
    release = publish(make_release(cities=[hide(make_city("Zanzimott"), "scheduled", now=timezone.now())]))
    assert "about" not in linked_data(client.get(release.get_absolute_url()).content.decode())["NewsArticle"]


def test_no_headline_gets_out_of_its_element(client):
    headline = "</script><script>alert(1)</script> & \"quoted\" 'too' <!-- & &amp;"
    release = publish(make_release(headline))
    page = client.get(release.get_absolute_url()).content.decode()
    assert page.count("<script") == 3  # the text size, the release, and the way to it
    assert linked_data(page)["NewsArticle"]["headline"] == headline
    assert linked_data(page)["BreadcrumbList"]["itemListElement"][-1]["name"] == headline
    assert open_graph(page)["title"] == headline


@pytest.mark.parametrize("kind", FOLDERS)
def test_withdrawn_page_and_preview_say_nothing(client, kind):
    record = make_whole_record(kind, "Zanzimott")
    _link, address = make_link(record)
    withdrawn = hide(make_whole_record(kind, "Wrong"), "withdrawn", now=timezone.now())
    for path in (address, withdrawn.get_absolute_url()):
        page = client.get(path).content.decode()
        assert (linked_data(page), open_graph(page)) == ({}, {}), path
        assert 'rel="canonical"' not in page
        assert 'name="robots" content="noindex' in page
