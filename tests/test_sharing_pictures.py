"""The picture of a page for other sites: the cut of its leading photo, or the static file of its hue."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from tests.factories import (
    drawn,
    hide,
    make_city,
    make_memorandum,
    make_photo,
    make_release,
    make_theme,
    publish,
    show,
)
from tests.previews import make_link
from tests.test_sharing import linked_data, open_graph
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db

RED, BLUE = (255, 0, 0), (0, 0, 255)
ILLUSTRATED = {"city": "City", "release": "NewsArticle"}


def halves(*, mode: str = "RGB") -> bytes:
    """A tall picture, red above and blue below."""
    image, file = Image.new(mode, (800, 1600), RED), BytesIO()
    image.paste(BLUE, (0, 800, 800, 1600))
    image.save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def city():
    return publish(make_city("Farhaven", hue=2))


@pytest.fixture(params=ILLUSTRATED)
def illustrated(request, city):
    """A public record whose page shows photos."""
    return city if request.param == "city" else publish(make_release(cities=[city]))


def properties(client, record) -> dict[str, str]:
    """The Open Graph properties of a record's page."""
    return open_graph(client.get(record.get_absolute_url()).content.decode())


def cut_of(client, record, settings) -> str:
    """The address of the cut that the page of a record names."""
    address = properties(client, record)["image"].removeprefix(settings.SITE_URL)
    assert address.startswith("/files/")
    return address


def fetched(client, address: str) -> Image.Image:
    picture = Image.open(BytesIO(client.get(address).getvalue()))
    assert (picture.format, picture.size) == ("JPEG", (1200, 630))
    return picture


def is_ready(data: dict[str, str], name: str, settings) -> bool:
    address = data["image"].removeprefix(settings.SITE_URL)
    return address == f"/static/core/sharing/{name}.png" and data["image:type"] == "image/png"


# Ready pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "name"), [("city", "hue-2"), ("theme", "site"), ("memorandum", "hue-2"), ("release", "hue-2")]
)
def test_page_without_a_photo_has_the_ready_picture_of_its_hue(client, settings, city, kind, name):
    made = {"theme": make_theme(), "memorandum": make_memorandum(city), "release": make_release(cities=[city])}
    record = city if kind == "city" else publish(made[kind])
    data = properties(client, record)
    assert is_ready(data, name, settings)
    assert finders.find(f"core/sharing/{name}.png")
    assert "map of distances" in data["image:alt"]


@pytest.mark.parametrize("path", ["/", "/cities/", "/themes/", "/agreements/", "/news/"])
def test_page_about_no_single_record_has_that_of_the_site(client, settings, city, path):
    show(make_photo(), city)
    assert is_ready(open_graph(client.get(path).content.decode()), "site", settings)


@pytest.mark.parametrize("kind", ["memorandum", "release"])
def test_hue_is_that_of_the_first_public_city(client, settings, kind):
    hidden = hide(make_city("Aalen", hue=5), "scheduled", now=timezone.now())
    cities = [publish(make_city("Zwolle", hue=9)), publish(make_city("Brno", hue=7)), hidden]
    record = make_memorandum(*cities) if kind == "memorandum" else make_release(cities=cities)
    assert is_ready(properties(client, publish(record)), "hue-7", settings)


def test_address_of_a_ready_picture_is_the_one_of_the_static_files(client, settings, city, monkeypatch):
    monkeypatch.setattr(staticfiles_storage, "url", lambda name: f"/static/{name}".replace(".png", ".0123456789ab.png"))
    assert properties(client, city)["image"] == f"{settings.SITE_URL}/static/core/sharing/hue-2.0123456789ab.png"


# Photos ---------------------------------------------------------------------------------------------------------------


def test_photo_is_cut_around_what_must_stay_in_view(client, settings, illustrated):
    show(make_photo(), illustrated, position=2)
    show(make_photo(content=halves(), focal_y=100), illustrated, alt="Blue below")
    data = properties(client, illustrated)
    assert (data["image:type"], data["image:width"], data["image:height"]) == ("image/jpeg", "1200", "630")
    assert data["image:alt"] == "Blue below"
    picture = fetched(client, cut_of(client, illustrated, settings))
    assert picture.getpixel((600, 20)) == pytest.approx(BLUE, abs=8)


def test_search_engines_and_other_sites_get_the_same_picture(client, settings, illustrated):
    kind = "NewsArticle" if illustrated.get_absolute_url().startswith("/news/") else "City"
    for expected in ("/static/", "/files/"):
        page = client.get(illustrated.get_absolute_url()).content.decode()
        assert linked_data(page)[kind]["image"] == open_graph(page)["image"]
        assert open_graph(page)["image"].startswith(f"{settings.SITE_URL}{expected}")
        show(make_photo(), illustrated)


def test_photo_that_is_only_decoration_has_the_title_of_its_page(client, city):
    show(make_photo(), city, is_decorative=True)
    assert properties(client, city)["image:alt"] == "Farhaven"


def test_other_sites_may_show_the_cut_and_nothing_else(client, settings, city):
    photo = make_photo()
    show(photo, city)
    response = client.get(cut_of(client, city, settings))
    assert response.getvalue()
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable, s-maxage=5"
    for file in (photo, *photo.renditions.filter(is_for_sharing=False)):
        response = client.get(file.get_absolute_url())
        assert response.getvalue()
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_cut_is_no_size_for_browsers_even_while_theirs_are_not_made(client, settings, city):
    photo = make_photo(content=drawn(1700, 1000))
    photo.renditions.filter(is_for_sharing=False).delete()
    show(photo, city)
    address = cut_of(client, city, settings)
    assert client.get(city.get_absolute_url()).content.decode().count(address) == 2  # Open Graph, linked data
    assert address not in client.get("/cities/").content.decode()


def test_until_the_cut_is_made_the_page_has_the_ready_picture(client, settings, city):
    photo = make_photo()
    show(photo, city)
    photo.renditions.filter(is_for_sharing=True).delete()
    assert is_ready(properties(client, city), "hue-2", settings)


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "withdrawn", "taken-down"])
@pytest.mark.parametrize("kind", ILLUSTRATED)
def test_cut_of_a_page_that_is_not_public_is_not_there(client, kind, state):
    record = make_city("Zanzimott") if kind == "city" else make_release("Zanzimott signs")
    photo = make_photo()
    show(photo, record)
    hide(record, state, now=timezone.now())
    cut = photo.renditions.get(is_for_sharing=True)
    absent = client.get(f"/files/guess/{cut.name}")
    hidden = client.get(cut.get_absolute_url())
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert hidden.content == absent.content.replace(b"guess", cut.token.encode())
    assert cut.token not in client.get(record.get_absolute_url()).content.decode()


def test_preview_names_no_picture_for_other_sites(client):
    city, photo = make_city("Zanzimott"), make_photo()
    show(photo, city)
    _link, address = make_link(city)
    page = client.get(address).content.decode()
    assert "<picture>" in page
    assert "og:image" not in page
    assert photo.renditions.get(is_for_sharing=True).token not in page


def test_page_is_shared_without_a_photo_whose_licence_has_ended(client, settings, city, time_machine):
    first = make_photo(licence_ends=date(2027, 7, 1))
    show(first, city, position=1, alt="First")
    for moment, alt in (
        (datetime(2027, 7, 1, 22, 59, tzinfo=UTC), "First"),
        (datetime(2027, 7, 1, 23, 0, tzinfo=UTC), None),
    ):
        time_machine.move_to(moment, tick=False)
        data = properties(client, city)
        assert is_ready(data, "hue-2", settings) if not alt else data["image:alt"] == alt
    show(make_photo(), city, position=2, alt="Second")
    assert properties(client, city)["image:alt"] == "Second"


# Changes --------------------------------------------------------------------------------------------------------------


def change(photo, callbacks, **fields) -> None:
    with callbacks(execute=True):
        for name, value in fields.items():
            setattr(photo, name, value)
        photo.save()
    do_owed()


def test_new_focal_point_makes_a_new_cut_and_nothing_else(client, settings, city, django_capture_on_commit_callbacks):
    photo = make_photo(content=halves(), focal_y=100)
    show(photo, city)
    old = cut_of(client, city, settings)
    others = set(photo.renditions.filter(is_for_sharing=False).values_list("token", flat=True))
    change(photo, django_capture_on_commit_callbacks, focal_y=0)
    new = cut_of(client, city, settings)
    assert fetched(client, new).getpixel((600, 20)) == pytest.approx(RED, abs=8)
    assert client.get(old).status_code == 404
    assert set(photo.renditions.filter(is_for_sharing=False).values_list("token", flat=True)) == others


def test_photo_whose_words_change_keeps_its_cut(client, settings, city, django_capture_on_commit_callbacks):
    photo = make_photo()
    show(photo, city)
    address = cut_of(client, city, settings)
    change(photo, django_capture_on_commit_callbacks, title="Another title", credit="Somebody else")
    assert cut_of(client, city, settings) == address


def test_photo_that_is_replaced_is_replaced_where_its_page_is_shared(
    client, settings, city, django_capture_on_commit_callbacks
):
    photo = make_photo(content=drawn(colour="#ff0000"))
    show(photo, city)
    old = cut_of(client, city, settings)
    change(photo, django_capture_on_commit_callbacks, file=ContentFile(drawn(colour="#0000ff"), name="new.jpg"))
    new = cut_of(client, city, settings)
    assert fetched(client, new).getpixel((5, 5)) == pytest.approx(BLUE, abs=8)
    assert client.get(old).status_code == 404
    assert Path(new).name == "hall-1200x630.jpg"
