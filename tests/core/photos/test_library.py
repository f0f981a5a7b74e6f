"""The photo library: the gate of photos, their renditions on pages, replacing and deleting them."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from partners.models import CityPhoto
from tests.factories import (
    PAST,
    drawn,
    hide,
    make_city,
    make_photo,
    make_release,
    make_superuser,
    publish,
    show,
    submit,
)
from tests.previews import copy_of, make_link
from twinning.core.models import Photo
from twinning.core.photos.uses import DESCRIBED_OR_DECORATION, LICENCE_ENDS, where_used
from twinning.core.previews.public_check import look_for
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db

WIDE = drawn(1700, 1000)
OTHER = drawn(1000, 700, colour="#0f62fe")


@pytest.fixture
def city():
    return make_city()


def addresses(photo: Photo) -> list[str]:
    return [file.get_absolute_url() for file in (photo, *photo.renditions.all())]


def statuses(client, photo: Photo) -> set[int]:
    return {fetch(client, address).status_code for address in addresses(photo)}


def fetch(client, address: str):
    """The response, with its file read to the end and closed."""
    response = client.get(address)
    response.getvalue()
    return response


# The gate -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "withdrawn", "taken-down"])
def test_photo_of_a_page_that_is_not_public_is_not_found_in_any_size(client, city, state):
    photo = make_photo()
    show(photo, hide(city, state, now=timezone.now()))
    assert statuses(client, photo) == {404}


def test_photo_in_the_library_alone_is_not_found(client):
    assert statuses(client, make_photo()) == {404}


def test_photo_is_public_while_any_public_page_shows_it(client, city):
    photo, release = make_photo(), make_release()
    show(photo, city), show(photo, release)
    hide(release, "scheduled", now=timezone.now())
    publish(city)
    assert statuses(client, photo) == {200}
    city.withdraw(by=make_superuser(), at=timezone.now(), reason="Wrong.")
    assert statuses(client, photo) == {404}
    assert "/files/" not in client.get(city.get_absolute_url()).content.decode()


def test_photo_leaves_every_page_when_its_licence_ends(client, city, time_machine):
    photo = make_photo(licence_ends=date(2027, 7, 1))
    show(photo, publish(city))
    for moment, status in (
        (datetime(2027, 7, 1, 22, 59, tzinfo=UTC), 200),
        (datetime(2027, 7, 1, 23, 0, tzinfo=UTC), 404),
    ):
        time_machine.move_to(moment, tick=False)
        assert statuses(client, photo) == {status}
        for path in ("/", "/cities/", city.get_absolute_url()):
            assert ("<picture>" in client.get(path).content.decode()) == (status == 200), path


@pytest.mark.parametrize("publish_at", [None, datetime(2127, 3, 5, 0, 1, tzinfo=UTC)])
def test_page_with_a_photo_that_may_not_be_shown_by_then_is_not_approved(city, publish_at):
    ends = date(2127, 3, 4) if publish_at else date(2021, 3, 4)
    show(make_photo("Old harbour", licence_ends=ends), city)
    with pytest.raises(ValidationError) as refused:
        submit(city).approve(by=make_superuser(), at=timezone.now(), publish_at=publish_at)
    assert LICENCE_ENDS % {"photo": "Old harbour", "date": f"4 March {ends.year}"} in refused.value.messages


def test_only_renditions_are_kept_by_browsers_for_good(client, city):
    photo = make_photo()
    show(photo, publish(city))
    kept = {address: fetch(client, address)["Cache-Control"] for address in addresses(photo)}
    assert kept.pop(photo.get_absolute_url()) == "public, max-age=5"
    assert set(kept.values()) == {"public, max-age=31536000, immutable, s-maxage=5"}


# Pages ----------------------------------------------------------------------------------------------------------------


def test_page_offers_every_size_and_reserves_the_room(client, city):
    photo = make_photo(
        content=WIDE,
        name="market.jpg",
        focal_x=18,
        focal_y=92,
        licence="CC BY 4.0",
        licence_url="https://example.org/by",
    )
    show(photo, publish(city), alt="The market", caption="On a Saturday")
    page = client.get(city.get_absolute_url()).content.decode()
    for mime, ending in (("image/avif", "avif"), ("image/webp", "webp")):
        files = [photo.renditions.get(ending=ending, width=width) for width in (480, 720, 1080, 1600)]
        srcset = ", ".join(f"{file.get_absolute_url()} {file.width}w" for file in files)
        assert f'<source type="{mime}" srcset="{srcset}" sizes="' in page
    plain = photo.renditions.get(ending="jpg", is_for_sharing=False)
    lead = re.search(r"<img [^>]*>", page)[0]
    assert f'src="{plain.get_absolute_url()}"' in lead
    assert f'width="{plain.width}" height="{plain.height}"' in lead
    assert (plain.width, plain.height) == (1080, 635)
    assert 'class="fx-2 fy-9"' in lead
    assert 'fetchpriority="high"' in lead
    assert "lazy" not in lead
    assert 'alt="The market"' in lead
    assert "On a Saturday" in page
    assert "Photo: Photo desk" in page
    assert '<a href="https://example.org/by" rel="license">CC BY 4.0</a>' in page


def test_first_photo_leads_and_the_others_wait_until_they_are_near(client):
    release = publish(make_release())
    show(make_photo(), release, position=2, alt="Second")
    show(make_photo(), release, position=1, is_decorative=True)
    first, second = re.findall(r"<img [^>]*>", client.get(release.get_absolute_url()).content.decode())
    assert 'alt=""' in first
    assert "lazy" not in first
    assert 'alt="Second"' in second
    assert 'loading="lazy"' in second


def test_card_of_a_city_shows_its_first_photo_or_its_own_pattern(client, city):
    publish(city), publish(make_city("Lille"))
    show(make_photo(), city)
    for path in ("/", "/cities/"):
        page = client.get(path).content.decode()
        assert page.count('<div class="band"></div>') == 1
        band = re.search(r"<img [^>]*>", page)[0]
        assert 'alt=""' in band  # the link beside it says which city it is
        assert 'loading="lazy"' in band


def test_photo_serves_itself_until_its_sizes_are_made(client, city):
    photo = Photo.objects.create(title="Hall", credit="Desk", file=ContentFile(WIDE, name="hall.jpg"))
    show(photo, publish(city))
    page = client.get(city.get_absolute_url()).content.decode()
    assert "<source" not in page
    assert f'src="{photo.get_absolute_url()}"' in page


@pytest.mark.parametrize("path", ["/", "/cities/", "city", "release"])
def test_photos_cost_a_page_the_same_few_queries(client, path, django_assert_max_num_queries):
    city, release = publish(make_city()), publish(make_release())
    path = {"city": city, "release": release}[path].get_absolute_url() if path.isalpha() else path
    for number in range(4):
        for record in (city, release, publish(make_city(f"City {number}"))):
            show(make_photo(), record)
    client.get(path)
    with django_assert_max_num_queries(9) as few:  # of a city, one for what was said about it
        client.get(path)
    for number in range(4, 8):
        for record in (city, release, publish(make_city(f"City {number}"))):
            show(make_photo(), record)
    with django_assert_max_num_queries(len(few)):
        client.get(path)


def test_search_finds_what_the_photos_show(client, city):
    show(make_photo(), publish(city), alt="A quilombola dancer", caption="At the carnival of 2019")
    for word in ("quilombola", "carnival"):
        assert city.get_absolute_url() in client.get("/search/", {"q": word}).content.decode()


# Words ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"alt": ""}, {"alt": "The hall", "is_decorative": True}])
def test_photo_is_either_described_or_decoration(city, fields):
    with pytest.raises(ValidationError) as refused:
        CityPhoto(city=city, photo=make_photo(), **fields).full_clean()
    assert refused.value.messages == [DESCRIBED_OR_DECORATION]


@pytest.mark.parametrize("alt", ["IMG_2041", "DSC00123", "town-hall.jpg", "scan 12", "2041", "Photo 3", "HALL.JPEG"])
def test_name_of_a_file_is_no_description(city, alt):
    with pytest.raises(ValidationError) as refused:
        CityPhoto(city=city, photo=make_photo(), alt=alt).full_clean()
    assert [error.code for error in refused.value.error_dict["alt"]] == ["name_of_a_file"]


@pytest.mark.parametrize("alt", ["The mayor signs", "Pictures by pupils at the 2019 fair", "Tram 12 in the snow"])
def test_description_in_words_is_taken(city, alt):
    CityPhoto(city=city, photo=make_photo(), alt=alt).full_clean()


# Replacing and deleting -----------------------------------------------------------------------------------------------


AN_HOUR_LATER = timedelta(hours=1, seconds=1)


def replace(photo: Photo, content: bytes) -> None:
    photo.file = ContentFile(content, name="IMG_9.JPG")
    photo.full_clean()
    photo.save()
    do_owed()


def exist(names: list[str]) -> set[bool]:
    return {default_storage.exists(name) for name in names}


def test_replaced_photo_is_shown_by_every_page_and_its_old_bytes_are_out_of_reach_at_once_and_gone_in_an_hour(
    client, city, time_machine
):
    photo = make_photo(content=WIDE)
    show(photo, publish(city))
    old = [client.get(address).getvalue() for address in addresses(photo)]
    old_renditions, own = addresses(photo)[1:], photo.get_absolute_url()
    names = [photo.file.name, *photo.renditions.values_list("file", flat=True)]
    replace(photo, OTHER)
    assert photo.get_absolute_url() == own
    assert {client.get(address).status_code for address in old_renditions} == {404}
    assert exist(names) == {True}
    shown = set(re.findall(r"/files/[^\s\"]+", client.get(city.get_absolute_url()).content.decode()))
    assert shown == set(addresses(photo)[1:])
    assert not {client.get(address).getvalue() for address in addresses(photo)} & set(old)
    assert (photo.width, photo.height) == (1000, 700)
    time_machine.move_to(timezone.now() + AN_HOUR_LATER)
    do_owed()
    assert exist(names) == {False}
    assert statuses(client, photo) == {200}


def test_photo_in_use_cannot_be_deleted(city):
    photo = make_photo()
    show(photo, city)
    with pytest.raises(ProtectedError):
        photo.delete()
    assert default_storage.exists(photo.file.name)


def test_files_of_a_deleted_photo_stay_for_the_backup_that_is_being_made_and_no_longer(time_machine):
    photo = make_photo()
    names = [photo.file.name, *photo.renditions.values_list("file", flat=True)]
    photo.delete()
    assert len(names) > 2
    deleted_at = timezone.now()
    for minutes, are_there in ((0, True), (59, True), (61, False)):
        time_machine.move_to(deleted_at + timedelta(minutes=minutes))
        do_owed()
        assert exist(names) == {are_there}


def replaced(photo: Photo) -> None:
    photo.file = ContentFile(OTHER, name="IMG_9.JPG")
    photo.save()


def refocused(photo: Photo) -> None:
    photo.focal_x = 10
    photo.save()


@pytest.mark.parametrize("change", [replaced, refocused, Photo.delete])
def test_change_that_is_rolled_back_leaves_every_file_as_it_was(client, city, change):
    photo = make_photo(content=WIDE)
    publish(city)
    use = show(photo, city)
    before = {address: client.get(address).getvalue() for address in addresses(photo)}
    with transaction.atomic():
        use.delete()
        change(Photo.objects.get(pk=photo.pk))
        transaction.set_rollback(True)
    assert {address: client.get(address).getvalue() for address in addresses(photo)} == before


def test_deleted_photo_takes_along_what_a_colleague_replaced_it_by(time_machine):
    photo = make_photo(content=WIDE)
    there = set(default_storage.names())
    opened_before = Photo.objects.get(pk=photo.pk)
    replace(photo, OTHER)
    opened_before.delete()
    time_machine.move_to(timezone.now() + AN_HOUR_LATER)
    do_owed()
    assert not default_storage.exists(photo.file.name)
    assert set(default_storage.names()) <= there


def test_where_it_is_used_names_pages_and_working_copies(city):
    photo, another, release = make_photo(), make_photo(), make_release()
    show(another, publish(city))
    show(photo, release), show(photo, release)
    copy = copy_of(city)
    part = copy.snapshot["parts"]["photos"][0]
    swapped = part | {"fields": part["fields"] | {"photo": photo.pk}}
    copy.keep(copy.snapshot | {"parts": copy.snapshot["parts"] | {"photos": [swapped]}}, by=make_superuser(), at=PAST)
    assert list(where_used(photo)) == [release, copy]
    assert list(where_used(another)) == [city]


# Previews and copies --------------------------------------------------------------------------------------------------


def test_link_shows_the_photos_of_its_own_draft_and_no_others(client, city):
    photo, another = make_photo(), make_photo()
    show(photo, city), show(another, make_city("Lille"))
    _link, address = make_link(city)
    page = client.get(address).content.decode()
    found = set(re.findall(rf"{address}files/[^\s\"]+", page))
    assert len(found) == photo.renditions.filter(is_for_sharing=False).count()
    for path in found:
        response = fetch(client, path)
        assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert client.get(f"{address}files/{another.token}/{another.name}").status_code == 404


def test_working_copy_changes_the_photo_when_it_is_published(client, city):
    before, after = make_photo("Before"), make_photo("After")
    show(before, publish(city))
    copy = copy_of(city)
    part = copy.snapshot["parts"]["photos"][0]
    swapped = part | {"fields": part["fields"] | {"photo": after.pk, "alt": "The new hall"}}
    copy.keep(
        copy.snapshot | {"parts": copy.snapshot["parts"] | {"photos": [swapped]}},
        by=make_superuser(),
        at=timezone.now(),
    )
    assert (statuses(client, before), statuses(client, after)) == ({200}, {404})
    copy.submit(by=make_superuser(), at=timezone.now())
    copy.approve(by=make_superuser(), at=timezone.now())
    assert (statuses(client, before), statuses(client, after)) == ({404}, {200})
    assert "The new hall" in client.get(city.get_absolute_url()).content.decode()


def test_the_site_asks_itself_for_hidden_photos_too(city):
    photo, public = make_photo(), make_photo()
    show(photo, city), show(public, city), show(public, publish(make_city("Lille")))
    asked = {answer.address: answer.status for answer in look_for(city, at=timezone.now())}
    assert {asked[address] for address in addresses(photo)} == {404}
    assert not asked.keys() & set(addresses(public))


def test_no_file_lies_below_a_public_path():
    photo = make_photo()
    for file in (photo, *photo.renditions.all()):
        place = Path(file.file.path)
        assert place.is_relative_to(settings.MEDIA_ROOT)
        assert not place.is_relative_to(settings.STATIC_ROOT)
        assert re.fullmatch(r"[0-9a-f]{32}", place.name)
