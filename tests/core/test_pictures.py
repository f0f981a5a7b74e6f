"""Photos are taken for what they are, and kept as nothing but what they show."""

import json
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image

from tests import hostile_pictures as made
from twinning.core import picture_reader, pictures
from twinning.core.pictures import read, rendition, sizes, variants

# What a process of its own has to say about a photo, and what it took.
MEASURE = """
import json, resource, sys, time
from django.core.files.base import ContentFile
from twinning.core.pictures import read
with open(sys.argv[1], "rb") as file:
    picture = read(ContentFile(file.read()))
reader = resource.getrusage(resource.RUSAGE_CHILDREN)
# Not ru_maxrss: that begins with what the process that started this one held.
own = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps({
    "size": [picture.width, picture.height],
    "seconds": reader.ru_utime + reader.ru_stime,
    "megabytes": (own + reader.ru_maxrss) / 1024,
}))
"""
ALONE_IN_JPEG = {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


def seconds() -> float:
    """The computing that the readers have done: what a busy machine does not change much."""
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return readers.ru_utime + readers.ru_stime


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def shown(content: bytes) -> Image.Image:
    """What the reader makes of a harmless picture, without a process for each."""
    kind = pictures._kind(content[:64])
    return picture_reader.shown(picture_reader.DECODERS[kind](BytesIO(content)))


def chunks(png: bytes) -> set[bytes]:
    """The names of what a PNG consists of; whatever stands behind its end would be one of them."""
    names, at = set(), 8
    while at < len(png):
        names.add(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4])
    return names


@pytest.mark.parametrize("what", made.REFUSED)
def test_hostile_file_is_refused_with_a_sentence_within_a_second(what):
    build, word = made.REFUSED[what]
    content, began = build(), seconds()
    with pytest.raises(ValidationError, match=word):
        read(ContentFile(content))
    assert seconds() - began < 1


@pytest.mark.parametrize("what", made.NEUTRALISED)
def test_nothing_but_the_picture_is_kept(what):
    content = made.NEUTRALISED[what]()
    picture = read(ContentFile(content))
    image = opened(picture.content)
    assert made.CANARY not in picture.content
    assert image.size == (picture.width, picture.height)
    if picture.ending == "png":
        assert chunks(picture.content) == {b"IHDR", b"IDAT", b"IEND"}
    else:
        assert set(image.info) <= ALONE_IN_JPEG
        assert [name for name, _content in image.applist] == ["APP0"]
        assert picture.content.endswith(b"\xff\xd9")
        assert picture.content.count(b"\xff\xd9") == 1


def test_files_of_this_test_do_hold_what_must_not_be_kept():
    """Otherwise the test above would prove nothing; what is compressed cannot be found by looking."""
    plain = [what for what, build in made.NEUTRALISED.items() if made.CANARY in build()]
    assert len(made.NEUTRALISED) - len(plain) == 1


def test_photo_of_40_megapixels_held_sideways_is_taken_at_little_cost(tmp_path):
    detail, photo = Image.effect_noise((1826, 1826), 30).convert("RGB"), Image.new("RGB", (7304, 5478))
    for place in range(12):
        photo.paste(detail, (place % 4 * 1826, place // 4 * 1826))
    (tmp_path / "photo.jpg").write_bytes(made.written(photo, quality=60, exif=made.exif(6)))
    done = subprocess.run([sys.executable, "-c", MEASURE, tmp_path / "photo.jpg"], capture_output=True, check=True)
    measured = json.loads(done.stdout)
    assert measured["size"] == [1920, 2560]
    assert measured["seconds"] < 3
    assert measured["megabytes"] < 500


def test_reader_ends_before_it_takes_all_memory():
    taking_all = "from twinning.core.picture_reader import limit; limit(1); bytes(2 * 1024 * 1024 * 1024)"
    done = subprocess.run([sys.executable, "-c", taking_all], capture_output=True, check=False)
    assert b"MemoryError" in done.stderr


def test_reader_that_does_not_answer_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(pictures, "LONGEST_WAIT", 0.001)
    with pytest.raises(ValidationError, match="cannot be read"):
        read(ContentFile(made.jpeg(quality=51)))


def test_secrets_of_the_site_are_not_handed_to_the_reader(monkeypatch):
    asked = {}
    monkeypatch.setattr("subprocess.run", lambda *args, **options: asked.update(options) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read(ContentFile(made.jpeg(quality=52)))
    assert asked["env"] == {}


def test_upload_that_was_read_before_is_read_from_its_start():
    upload = ContentFile(made.png())
    upload.read()
    assert read(upload).width == 400


def side_of_least(image: Image.Image, band: str) -> str:
    """The side of a picture at which a colour is weakest."""
    strength = image.getchannel(band).resize((3, 3), Image.Resampling.BOX)
    middles = {"top": (1, 0), "bottom": (1, 2), "left": (0, 1), "right": (2, 1)}
    return min(middles, key=lambda side: strength.getpixel(middles[side]))


@pytest.mark.parametrize(
    ("orientation", "first_row", "first_column"),
    [
        (1, "top", "left"),
        (2, "top", "right"),
        (3, "bottom", "right"),
        (4, "bottom", "left"),
        (5, "left", "top"),
        (6, "right", "top"),
        (7, "right", "bottom"),
        (8, "left", "bottom"),
        (9, "top", "left"),
    ],
)
def test_photo_is_upright_however_the_camera_was_held(orientation, first_row, first_column):
    """The table is the EXIF standard's: where the first row and the first column of what is stored belong."""
    image = shown(made.jpeg(exif=made.exif(orientation)))
    assert (side_of_least(image, "G"), side_of_least(image, "R")) == (first_row, first_column)
    assert (image.width > image.height) == (first_row in ("top", "bottom"))


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_picture_of_every_kind_is_upright(form):
    image = shown(made.written(form=form, exif=made.exif(6)))
    assert (side_of_least(image, "G"), side_of_least(image, "R")) == ("right", "top")


PURPLE = (160, 32, 240)


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        (made.written(Image.new("L", (200, 200), 99)), (99, 99, 99)),
        (made.written(Image.new("CMYK", (200, 200), (0, 255, 255, 0))), (255, 0, 0)),
        (made.png(image=Image.new("1", (200, 200), 1)), (255, 255, 255)),
        (made.png(image=Image.new("P", (200, 200), PURPLE)), PURPLE),
        (made.png(image=Image.new("LA", (200, 200), (99, 128))), (99, 99, 99, 128)),
        (made.png(image=Image.new("RGBA", (200, 200), (*PURPLE, 255))), PURPLE),
        (made.png(image=Image.new("RGB", (200, 200), PURPLE), transparency=PURPLE), (*PURPLE, 0)),
        (made.png(image=Image.new("P", (200, 200), PURPLE), transparency=b"\x80" * 256), (*PURPLE, 128)),
        (made.deep(0, 99 * 257), (99, 99, 99)),
        (made.deep(0, 99 * 257, transparent=99 * 257), (99, 99, 99)),
        (made.deep(2, *(257 * one for one in PURPLE)), PURPLE),
        (made.deep(4, 99 * 257, 128 * 257), (99, 99, 99, 128)),
        (made.deep(6, *(257 * one for one in (*PURPLE, 128))), (*PURPLE, 128)),
        (made.written(Image.new("RGBA", (200, 200), (*PURPLE, 128)), "WEBP", lossless=True), (*PURPLE, 128)),
        (made.written(Image.new("RGBA", (200, 200), (*PURPLE, 255)), "AVIF", quality=100), PURPLE),
    ],
    ids=[
        "grey", "CMYK", "black and white", "palette", "grey with transparency", "transparency that is not used",
        "one colour transparent", "palette with transparency", "16 bits grey", "16 bits grey with a level transparent", "16 bits",
        "16 bits grey with transparency", "16 bits with transparency", "WebP with transparency", "AVIF",
    ],
)  # fmt: skip
def test_colours_of_every_kind_of_picture_are_kept(content, colour):
    image = shown(content)
    assert len(image.getbands()) == len(colour)
    assert image.getpixel((100, 100)) == pytest.approx(colour, abs=3)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_colours_are_those_that_the_profile_means(form):
    red = Image.new("RGB", (200, 200), (255, 0, 0))
    assert shown(made.written(red, form)).getpixel((9, 9)) == pytest.approx((255, 0, 0), abs=3)
    image = shown(made.written(red, form, icc_profile=made.red_for_green()))
    assert image.getpixel((9, 9)) == pytest.approx((0, 255, 0), abs=3)
    assert image.info == {}


def test_profile_leaves_transparency_as_it_is():
    image = shown(made.png(image=made.glass(), icc_profile=made.red_for_green()))
    assert image.getpixel((100, 150))[3] == 0
    assert image.getpixel((399, 0)) == pytest.approx((0, 255, 90, 255), abs=3)


def test_profile_that_does_not_fit_the_picture_is_ignored():
    grey = made.written(Image.new("L", (200, 200), 99), icc_profile=made.profile())
    assert shown(grey).getpixel((9, 9)) == pytest.approx((99, 99, 99), abs=3)


def test_picture_that_one_can_see_through_is_kept_as_a_png_and_any_other_as_a_jpeg():
    kept = read(ContentFile(made.png(image=made.glass())))
    assert (kept.ending, opened(kept.content).format) == ("png", "PNG")
    assert opened(kept.content).getpixel((100, 150))[3] == 0
    kept = read(ContentFile(made.png()))
    assert (kept.ending, opened(kept.content).format) == ("jpg", "JPEG")


@pytest.mark.parametrize(
    ("width", "offered"),
    [
        (200, [200]), (480, [480]), (599, [480]), (700, [480, 700]), (850, [480, 720]), (1000, [480, 720, 1000]),
        (1500, [480, 720, 1080, 1500]), (1600, [480, 720, 1080, 1600]), (2560, [480, 720, 1080, 1600]),
    ],
)  # fmt: skip
def test_no_picture_is_enlarged_and_none_loses_more_than_a_fifth(width, offered):
    assert sizes(width) == offered


def test_browsers_are_offered_two_formats_of_today_and_one_that_all_know():
    assert variants(800, "jpg") == [("avif", 480), ("avif", 720), ("webp", 480), ("webp", 720), ("jpg", 720)]
    assert variants(300, "png") == [("avif", 300), ("webp", 300), ("png", 300)]


def test_site_whose_pillow_knows_no_avif_does_without(monkeypatch):
    monkeypatch.setattr(pictures.features, "check", lambda feature: feature != "avif")
    assert variants(480, "jpg") == [("webp", 480), ("jpg", 480)]


@pytest.mark.parametrize(("ending", "form"), [("avif", "AVIF"), ("webp", "WEBP"), ("jpg", "JPEG")])
def test_rendition_is_the_same_picture_at_its_width(ending, form):
    content, width, height = rendition(made.written(made.photo(width=1600, height=1200)), width=480, ending=ending)
    image = opened(content)
    assert (image.format, image.size) == (form, (width, height))
    assert (width, height) == (480, 360)
    assert image.getpixel((240, 180)) == pytest.approx(made.photo().getpixel((200, 150)), abs=6)


@pytest.mark.parametrize("ending", ["avif", "webp", "png"])
def test_rendition_stays_transparent(ending):
    content, _width, _height = rendition(made.png(image=made.glass()), width=200, ending=ending)
    assert opened(content).getpixel((50, 75))[3] == 0
    assert opened(content).getpixel((150, 75))[3] == 255


def test_threads_of_a_server_read_one_picture_after_the_other(monkeypatch):
    running, most = [], []

    def read(content):
        running.append(content)
        most.append(len(running))
        time.sleep(0.05)
        running.pop()

    monkeypatch.setattr(pictures, "_read", read)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(pictures.read, [ContentFile(b"a picture") for _ in range(4)]))
    assert most == [1, 1, 1, 1]
