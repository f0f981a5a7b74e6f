"""Renditions: made once, made later where they are missing, owed by a row; never of a photo that was replaced."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from tests.factories import drawn, make_photo
from twinning.core.models import OwedTask, Photo, Rendition
from twinning.core.photos.library import make_renditions
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db

WIDE = drawn(1700, 1000)
OTHER = drawn(1000, 700, colour="#0f62fe")


def test_renditions_are_made_once():
    photo = make_photo(content=WIDE)
    made = set(photo.renditions.values_list("pk", flat=True))
    assert photo.missing_renditions() == []
    photo.make_renditions()
    assert set(photo.renditions.values_list("pk", flat=True)) == made


@pytest.mark.parametrize(
    ("lost", "widths"), [({"ending": "webp"}, [480, 720, 1080, 1600]), ({"is_for_sharing": True}, [1200])], ids=str
)
def test_renditions_that_are_missing_are_made_later(lost, widths):
    photo = make_photo(content=WIDE)
    Rendition.objects.filter(photo=photo, **lost).delete()
    assert [variant.width for variant in photo.missing_renditions()] == widths
    photo.make_renditions()
    assert photo.missing_renditions() == []


def test_nothing_is_made_of_a_photo_that_was_replaced_meanwhile():
    photo = make_photo(content=WIDE)
    Rendition.objects.filter(photo=photo).delete()
    stale = Photo.objects.get(pk=photo.pk)
    stale.sha256 = "0" * 64
    stale.make_renditions()
    assert not photo.renditions.exists()


def test_no_cut_is_made_around_a_focal_point_that_was_changed_meanwhile():
    photo = make_photo(content=WIDE)
    before = Photo.objects.get(pk=photo.pk)
    photo.focal_x = 20
    photo.save()
    before.make_renditions()
    assert [variant.is_for_sharing for variant in photo.missing_renditions()] == [True]


def test_renditions_of_a_new_photo_are_owed_until_they_are_made():
    photo = Photo.objects.create(title="Hall", credit="Desk", file=ContentFile(WIDE, name="hall.jpg"))
    assert (photo.renditions.count(), OwedTask.objects.of(make_renditions).count()) == (0, 1)
    assert do_owed() == 1
    assert photo.missing_renditions() == []
    assert not OwedTask.objects.exists()


def test_renditions_that_cannot_be_made_stay_owed_and_are_made_when_they_can_be(caplog, time_machine):
    photo = Photo.objects.create(title="Hall", credit="Desk", file=ContentFile(WIDE, name="hall.jpg"))
    with default_storage.open(photo.file.name) as file:
        lost = file.read()
    default_storage.delete(photo.file.name)
    assert (do_owed(), do_owed()) == (1, 0)
    assert f"make_renditions({photo.pk}) failed, for the 1. time" in caplog.text
    assert "FileNotFoundError" in OwedTask.objects.get().failure
    default_storage.save(photo.file.name, ContentFile(lost))
    time_machine.move_to(timezone.now() + timedelta(minutes=2))
    assert do_owed() == 1
    assert photo.missing_renditions() == []


def test_nothing_is_made_of_a_photo_that_was_deleted_meanwhile():
    photo = Photo.objects.create(title="Hall", credit="Desk", file=ContentFile(WIDE, name="hall.jpg"))
    photo.delete()
    assert do_owed() == 1
    assert not Rendition.objects.exists()
