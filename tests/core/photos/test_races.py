"""Races at one photo, of two people or of a person and a worker: no file is left over, no old picture stays."""

from datetime import timedelta
from functools import partial
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from tests.factories import drawn, make_photo
from twinning.core.files.removal import KEPT_FOR
from twinning.core.models import Photo, Rendition
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db(transaction=True)

RED, BLUE = "#ff0000", "#0000ff"


def replace(photo: Photo, colour: str) -> None:
    photo.file = ContentFile(drawn(400, 300, colour=colour), name="new.jpg")
    photo.save()


def files_needed() -> set[str]:
    return {name for model in (Photo, Rendition) for name in model.objects.values_list("file", flat=True)}


def test_of_two_replacements_at_once_no_file_is_left_over(time_machine, race, is_guarded):
    there, photo = set(default_storage.names()), make_photo()
    same = [Photo.objects.get(pk=photo.pk) for _person in range(2)]
    # Both have read the photo that they replace before either writes.
    became = race((Photo, "inspect_upload"), partial(replace, same[0], RED), partial(replace, same[1], BLUE))
    assert became == ["done", "done"] or not is_guarded
    time_machine.move_to(timezone.now() + KEPT_FOR + timedelta(seconds=1))
    do_owed()
    left_over = set(default_storage.names()) - there - files_needed()
    assert bool(left_over) != is_guarded


def is_red(rendition: Rendition) -> bool:
    with rendition.file.open() as file:
        red, _green, blue = Image.open(BytesIO(file.read())).convert("RGB").getpixel((0, 0))
    return red > blue


def test_no_rendition_shows_a_photo_that_was_replaced_meanwhile(meanwhile, is_guarded):
    photo = make_photo(content=drawn(colour=RED))
    photo.renditions.filter(is_for_sharing=True).delete()
    same = Photo.objects.get(pk=photo.pk)
    became = meanwhile((Rendition, "inspect_upload"), photo.make_renditions, partial(replace, same, BLUE))
    assert became == ("done", "done")
    red = [rendition.name for rendition in Rendition.objects.filter(photo=photo) if is_red(rendition)]
    assert red == ([] if is_guarded else ["hall-1200x630.jpg"])
