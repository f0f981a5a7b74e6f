"""What a public page says to search engines and to whoever shares it: what it says to people, and nothing of what is hidden."""

import json
import re
from html import unescape

import pytest
from django.utils import timezone

from tests.factories import hide, make_city, make_release, make_theme, make_whole_record, publish
from tests.previews import make_link
from tests.test_pages import PAGES

pytestmark = pytest.mark.django_db

SHARED = [path for path in PAGES if "?" not in path and not path.startswith("/search/")]
UNSHARED = ["/search/", "/search/?q=Leeds", "/nothing/"]
FOLDERS = {"city": "cities", "theme": "themes", "memorandum": "agreements", "release": "news"}


def blocks(page: str) -> dict[str, dict]:
    """The data of a page, by type."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return {data["@type"]: data for data in map(json.loads, found)}


def shared(page: str) -> dict[str, str]:
    """What the page says of itself where it is shared."""
    return {name: unescape(text) for name, text in re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)">', page)}


def text_of(page: str, pattern: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", re.search(pattern, page, re.DOTALL)[1])).split())


@pytest.mark.parametrize("path", SHARED)
def test_page_says_what_it_says_to_people(demo, client, settings, path):
    page = client.get(path).content.decode()
    title = text_of(page, r"<title>(.*?) – [^–]*</title>")
    said = shared(page)
    picture = {name: said.pop(name) for name in [*said] if name.startswith("image")}
    is_of_record = re.fullmatch(r"/[a-z]+/[a-z][^/]*/", path)
    assert picture.pop("image:alt")
    assert picture == {
        "image": f"{settings.SITE_URL}{path if is_of_record else '/'}sharing.jpg",
        "image:type": "image/jpeg",
        "image:width": "1200",
        "image:height": "630",
    }
    assert '<meta name="twitter:card" content="summary_large_image">' in page
    assert said == {
        "title": title,
        "description": unescape(re.search(r'name="description" content="([^"]*)"', page)[1]),
        "type": "article" if path.startswith("/news/leeds") else "website",
        "url": settings.SITE_URL + path,
        "site_name": settings.SITE_NAME,
    }
    assert all(data["@context"] == "https://schema.org" for data in blocks(page).values())
    if path == "/":
        assert "BreadcrumbList" not in blocks(page)
    else:
        steps = blocks(page)["BreadcrumbList"]["itemListElement"]
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
    assert (blocks(page), shared(page)) == ({}, {})


def test_home_names_the_council(client, settings):
    council = blocks(client.get("/").content.decode())["GovernmentOrganization"]
    assert council["name"] == settings.COUNCIL_NAME
    assert council["url"] == f"{settings.SITE_URL}/"
    assert council["email"] == settings.CONTACT_EMAIL


def test_city_is_the_one_in_wikidata(client):
    publish(make_city("Farhaven", local_name="杭州", wikidata_id="Q4970", country="CN"))
    page = client.get("/cities/farhaven/").content.decode()
    city = blocks(page)["City"]
    assert city["sameAs"] == ["https://www.wikidata.org/entity/Q4970"]
    assert f"{city['name']} {city['alternateName']}" == text_of(page, r"<h1>(.*?)</h1>")
    assert city["containedInPlace"]["name"] == text_of(page, r"Country</dt><dd>(.*?)</dd>")
    assert city["description"] == shared(page)["description"]


def test_city_without_an_entry_in_wikidata_claims_none(client):
    publish(make_city("Nearhaven"))
    assert "sameAs" not in blocks(client.get("/cities/nearhaven/").content.decode())["City"]


def test_release_says_when_it_was_published_and_changed(client, settings):
    release = publish(make_release(cities=[publish(make_city("Newhaven"))], themes=[publish(make_theme("Harbours"))]))
    page = client.get(release.get_absolute_url()).content.decode()
    article = blocks(page)["NewsArticle"]
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
    assert "about" not in blocks(client.get(release.get_absolute_url()).content.decode())["NewsArticle"]


def test_no_headline_gets_out_of_its_element(client):
    headline = "</script><script>alert(1)</script> & \"quoted\" 'too' <!-- & &amp;"
    release = publish(make_release(headline))
    page = client.get(release.get_absolute_url()).content.decode()
    assert page.count("<script") == 3  # the text size, the release, and the way to it
    assert blocks(page)["NewsArticle"]["headline"] == headline
    assert blocks(page)["BreadcrumbList"]["itemListElement"][-1]["name"] == headline
    assert shared(page)["title"] == headline


@pytest.mark.parametrize("kind", FOLDERS)
def test_withdrawn_page_and_preview_say_nothing(client, kind):
    record = make_whole_record(kind, "Zanzimott")
    _link, address = make_link(record)
    withdrawn = hide(make_whole_record(kind, "Wrong"), "withdrawn", now=timezone.now())
    for path in (address, withdrawn.get_absolute_url()):
        page = client.get(path).content.decode()
        assert (blocks(page), shared(page)) == ({}, {}), path
        assert 'rel="canonical"' not in page
        assert 'name="robots" content="noindex' in page
