"""The picture that stands for a page where it is shared: it is there while the page is public, and says what the page says."""

from io import BytesIO

import pytest
from django.utils import timezone
from PIL import Image

from news.sharing import of_release
from partners.models import City
from partners.sharing import of_city
from tests.factories import (
    drawn,
    hide,
    make_city,
    make_memorandum,
    make_photo,
    make_release,
    make_theme,
    make_whole_record,
    publish,
    show,
)
from tests.test_sharing import FOLDERS, blocks, shared

pytestmark = pytest.mark.django_db


def picture(client, address: str) -> Image.Image:
    """The picture at an address, which any site may show and caches keep as long as a page."""
    response = client.get(address)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "public, max-age=5"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert client.get(address, headers={"if-none-match": response.headers["ETag"]}).status_code == 304
    shown = Image.open(BytesIO(response.content))
    assert (shown.format, shown.size) == ("JPEG", (1200, 630))
    return shown


def public(kind: str):
    """A public record of a kind, without a photo."""
    city = make_city("Farhaven", hue=2)
    made = {"city": city, "theme": make_theme(), "memorandum": make_memorandum(city), "release": make_release()}
    return publish(made[kind])


@pytest.mark.parametrize("kind", FOLDERS)
def test_page_names_the_picture_that_stands_for_it(client, settings, kind):
    record = public(kind)
    data = shared(client.get(record.get_absolute_url()).content.decode())
    picture(client, data["image"].removeprefix(settings.SITE_URL))
    assert str(record) in data["image:alt"]


def test_pages_without_a_picture_of_their_own_have_that_of_the_site(client):
    picture(client, "/sharing.jpg")


@pytest.mark.parametrize("kind", ["city", "release"])
def test_photo_is_cut_around_what_must_stay_in_view(client, settings, kind):
    record = public(kind)
    halves = Image.new("RGB", (800, 1600), "#ff0000")
    halves.paste("#0000ff", (0, 800, 800, 1600))
    file = BytesIO()
    halves.save(file, "PNG")
    show(make_photo(content=file.getvalue(), focal_y=100), record, alt="Blue below")
    page = client.get(record.get_absolute_url()).content.decode()
    shown = picture(client, f"{record.get_absolute_url()}sharing.jpg")
    assert all(abs(part - pure) < 8 for part, pure in zip(shown.getpixel((600, 20)), (0, 0, 255), strict=True))
    assert shared(page)["image:alt"] == "Blue below"
    kinds = {"city": "City", "release": "NewsArticle"}
    assert blocks(page)[kinds[kind]]["image"] == shared(page)["image"]


def test_transparent_photo_stands_on_white(client):
    file = BytesIO()
    Image.new("RGBA", (1600, 800), (255, 0, 0, 0)).save(file, "PNG")
    show(make_photo(content=file.getvalue()), public("city"))
    assert min(picture(client, "/cities/farhaven/sharing.jpg").getpixel((600, 300))) > 250


def test_photo_that_is_replaced_is_replaced_where_the_page_is_shared(client):
    city = public("city")
    photo = make_photo(content=drawn(colour="#00ff00"))
    show(photo, city)
    assert picture(client, "/cities/farhaven/sharing.jpg").getpixel((5, 5))[1] > 240
    photo.file = make_photo(content=drawn(colour="#0000ff")).file
    type(photo).objects.filter(pk=photo.pk).update(file=photo.file.name)
    assert picture(client, "/cities/farhaven/sharing.jpg").getpixel((5, 5))[2] > 240


@pytest.mark.parametrize("kind", FOLDERS)
@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn", "taken-down"])
def test_picture_of_a_page_that_is_not_public_is_not_there(client, kind, state):
    record = hide(make_whole_record(kind, "Zanzimott"), state, now=timezone.now())
    hidden = client.get(f"{record.get_absolute_url()}sharing.jpg")
    absent = client.get(f"/{FOLDERS[kind]}/nothing/sharing.jpg")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content.replace(b"nothing", b"zanzimott")


def test_old_address_of_a_picture_leads_to_the_new(client):
    city = public("city")
    city.slug = "newhaven"
    city.save()
    assert client.get("/cities/farhaven/sharing.jpg").url == "/cities/newhaven/sharing.jpg"


def detail(**fields) -> str:
    at = timezone.now().replace(year=2026)
    city = publish(make_city("Farhaven", **fields))
    return of_city(City.objects.for_page(at=at).get(pk=city.pk), at).words.detail


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Twin city of Leeds since 1969 – 57 years"),
        ({"since": "2025", "kind": "partner-city"}, "Partner city of Leeds since 2025 – 1 year"),
        ({"since": "196X"}, "Twin city of Leeds · 1960s"),
        ({"home_side": "Morley"}, "Twin city of Leeds through Morley since 1969 – 57 years"),
        ({"since": "", "kind": "project", "status": "proposed"}, "Project partnership with Leeds · Proposed"),
        ({"kind": "friendship", "status": "dormant", "status_reason": "No."}, "Friendship with Leeds · Dormant"),
    ],
)
def test_city_says_how_long_it_has_been_a_partner_as_far_as_that_is_known(fields, words):
    assert detail(**fields) == words


def test_release_has_the_hue_of_its_first_public_city():
    at = timezone.now()
    hidden = hide(make_city("Aalen", hue=5), "scheduled", now=at)
    cities = [publish(make_city("Zwolle", hue=9)), publish(make_city("Brno", hue=7)), hidden]
    release = publish(make_release(cities=cities))
    words = of_release(type(release).objects.for_page(at=at).get(pk=release.pk), at).words
    assert (words.hue, words.kind) == (7, "Press release · 12 February 2021")
