"""Open data: the page, the data package, the files, and the pages of releases."""

import csv
import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from news.opendata import PAGE_SIZE, SETTLED
from tests.factories import PAST, hide, make_city, make_memorandum, make_release, make_theme, publish
from twinning.licences import LICENCES
from twinning.opendata import DATASETS

pytestmark = pytest.mark.django_db

FILES = [(name, ending) for name, dataset in DATASETS.items() for ending in dataset.endings]


def get(client, name: str, ending: str, **headers):
    response = client.get(reverse("dataset", args=[name, ending]), headers=headers)
    return response.getvalue().decode()


def rows(client, name: str) -> list[dict]:
    if name == "releases":
        return [json.loads(line) for line in get(client, name, "jsonl").splitlines()]
    return json.loads(get(client, name, "json"))


@pytest.mark.parametrize(("name", "ending"), FILES)
def test_file_says_its_type_its_licence_and_that_all_may_read_it(client, settings, name, ending):
    settings.DATA_LICENCE = LICENCES["CC-BY-4.0"]
    response = client.get(reverse("dataset", args=[name, ending]))
    response.getvalue()
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert f'<{LICENCES["CC-BY-4.0"].url}>; rel="license"' in response["Link"]
    assert f'filename="{name}.{ending}"' in response["Content-Disposition"]


def test_city_stands_in_all_three_formats(client):
    theme = publish(make_theme())
    city = make_city(
        "Đà Nẵng", slug="da-nang", country="VN", since="1960s", summary="=cmd|' /C calc'!A0", longitude="-7.5"
    )
    city.focuses.create(theme=theme, begins="2003")
    city.focuses.create(theme=theme, begins="2019")
    publish(city)
    [told] = rows(client, "cities")
    [feature] = json.loads(get(client, "cities", "geojson"))["features"]
    [line] = csv.DictReader(StringIO(get(client, "cities", "csv"), newline=""))
    assert told.keys() == line.keys() == {column.name for column in DATASETS["cities"].columns}
    assert told["id"] == line["id"] == feature["id"] == city.data_id
    assert told["name"] == line["name"] == feature["properties"]["name"] == "Đà Nẵng"
    assert (told["since"], told["since_earliest"], told["since_latest"]) == ("196X", "1960-01-01", "1969-12-31")
    assert told["theme_ids"] == [theme.data_id]
    assert feature["geometry"]["coordinates"] == [-7.5, 51.5136]
    assert (line["longitude"], line["summary"]) == ("-7.5", "'=cmd|' /C calc'!A0")


def test_partnership_stands_as_it_is_today(client):
    publish(make_city(changes=[{"status": "ended", "date": "2010"}]))
    [told] = rows(client, "cities")
    assert (told["status"], told["until"]) == ("ended", "2010")


def test_agreement_names_public_records_only(client):
    city, hidden = publish(make_city("Brno")), make_city("Siegen")
    first = publish(make_memorandum(city, title="First", signed="1991"))
    second = publish(
        make_memorandum(city, hidden, title="Second", signed="2003", renews=first, amends=make_memorandum())
    )
    told = {row["title"]: row for row in rows(client, "agreements")}
    assert told["Second"]["city_names"] == ["Brno"]
    assert (told["Second"]["renews_id"], told["Second"]["amends_id"]) == (first.data_id, None)
    assert (told["First"]["status"], told["Second"]["id"]) == ("renewed", second.data_id)


def test_id_stays_when_name_and_address_change(client):
    theme = publish(make_theme("Climate"))
    [before] = rows(client, "themes")
    theme.name, theme.slug = "Climate and energy", "climate-and-energy"
    theme.save()
    [after] = rows(client, "themes")
    assert before["id"] == after["id"]
    assert (before["name"], after["url"]) == ("Climate", "http://localhost:8000/themes/climate-and-energy/")


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "withdrawn", "taken-down"])
def test_hidden_record_is_in_no_file(client, state):
    now = timezone.now()
    hide(make_city("Zanzimott"), state, now=now)
    hide(make_theme("Zanzimott"), state, now=now)
    hide(make_memorandum(publish(make_city("Lille")), title="Zanzimott"), state, now=now)
    hide(make_release("Zanzimott"), state, now=now)
    assert [(name, ending) for name, ending in FILES if "Zanzimott" in get(client, name, ending)] == []


@pytest.mark.parametrize("name", DATASETS)
def test_number_of_queries_does_not_grow(client, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            rows(client, name)
        return len(found)

    make = {
        "cities": lambda n: make_city(f"City {n}"),
        "agreements": lambda n: make_memorandum(publish(make_city(f"City {n}"))),
        "themes": lambda n: make_theme(f"Theme {n}"),
        "releases": lambda n: make_release(f"Release {n}", cities=[publish(make_city(f"City {n}"))]),
    }[name]
    publish(make(1))
    few = queries()
    for number in (2, 3, 4):
        publish(make(number))
    assert len(rows(client, name)) == 4
    assert queries() <= few <= 2


def test_unchanged_file_is_not_sent_twice(client):
    publish(make_city())
    url = reverse("dataset", args=["cities", "csv"])
    first = client.get(url)
    first.getvalue()
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    publish(make_city("Lille"))
    second = client.get(url, headers={"if-none-match": first["ETag"]})
    second.getvalue()
    assert second.status_code == 200


@pytest.mark.parametrize("path", ["nothing.json", "cities.xml", "releases.csv", "datapackage.csv"])
def test_other_files_are_not_found(client, path):
    assert client.get(f"/data/{path}").status_code == 404


def walk(client) -> list[list[str]]:
    """The headlines of every page of the releases."""
    path, pages = "/data/releases.jsonl", []
    while path:
        response = client.get(path)
        pages.append([json.loads(line)["headline"] for line in response.getvalue().decode().splitlines()])
        found = re.search(r'<http://localhost:8000([^>]+)>; rel="next"', response["Link"])
        path = found and found[1]
    return pages


@pytest.fixture
def archive():
    """One page of releases and some more, three of which share each moment."""
    original = publish(make_release(), at=PAST - timedelta(days=1))
    same = {
        f.attname: getattr(original, f.attname) for f in PressRelease._meta.fields if not f.unique and not f.generated
    }
    number = PAGE_SIZE + 10
    moments = [PAST + timedelta(hours=each // 3) for each in range(number)]
    PressRelease.objects.bulk_create(
        PressRelease(**same | {"headline": f"{each}", "slug": f"r{each:04}", "publish_at": moment})
        for each, moment in enumerate(moments)
    )
    return PressRelease.objects.count()


def test_pages_have_every_release_once(client, archive):
    first, second = walk(client)
    assert (len(first), len({*first, *second})) == (PAGE_SIZE, archive)


def test_what_is_published_meanwhile_comes_at_the_end_and_once(client, archive):
    seen, last = walk(client), rows(client, "releases")[-1]["position"]
    publish(make_release("New", first_issued="1998"), at=timezone.now() - 2 * SETTLED)
    after = client.get(f"/data/releases.jsonl?after={last}").getvalue().decode().splitlines()
    assert [json.loads(line)["headline"] for line in after] == [*seen[1], "New"]


def test_release_waits_a_minute_so_that_an_approval_that_takes_long_is_not_passed_by(client):
    publish(make_release("Just now"), at=timezone.now())
    assert rows(client, "releases") == []


def test_position_that_is_none_is_refused_with_a_sentence(client):
    response = client.get("/data/releases.jsonl?after=guess")
    assert (response.status_code, "position" in response.content.decode()) == (400, True)


def test_package_describes_every_file_and_every_field(client, settings):
    settings.DATA_LICENCE = LICENCES["OGL-UK-3.0"]
    package = client.get("/data/datapackage.json").json()
    assert package["licenses"][0]["name"] == "OGL-UK-3.0"
    assert [resource["path"] for resource in package["resources"]] == [
        f"http://localhost:8000/data/{name}.{ending}" for name, ending in FILES
    ]
    for resource, (name, _ending) in zip(package["resources"], FILES, strict=True):
        fields = resource["schema"]["fields"] if "schema" in resource else resource["fields"]
        assert [field["name"] for field in fields] == [column.name for column in DATASETS[name].columns]


@pytest.mark.parametrize("name", DATASETS)
def test_no_set_has_a_column_twice(name):
    names = [column.name for column in DATASETS[name].columns]
    assert len(names) == len(set(names))


def test_page_links_to_every_file_and_names_the_licence(client, settings):
    settings.DATA_LICENCE = LICENCES["OGL-UK-3.0"]
    page = client.get("/data/").content.decode()
    assert [file for file in FILES if f'href="{reverse("dataset", args=file)}"' not in page] == []
    assert f'<a href="{LICENCES["OGL-UK-3.0"].url}" rel="license">' in page


def test_without_a_licence_page_and_files_name_none(client, settings):
    settings.DATA_LICENCE = None
    assert 'rel="license"' not in client.get("/data/").content.decode()
    assert "licenses" not in client.get("/data/datapackage.json").json()
