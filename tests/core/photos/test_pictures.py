"""Uploaded pictures: refused by their content, re-encoded without metadata, resized and cut."""

import json
import resource
import subprocess
import sys
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from PIL import Image, ImageColor

from tests import hostile_pictures as made
from twinning.core.files.readers import Unreadable
from twinning.core.photos import picture_reader, pictures, rendition_maker
from twinning.core.photos.pictures import Variant, read, render, sizes, variants

# A program that reads a photo in a process of its own and prints its size and what that cost.
MEASURE = """
import json, resource, sys, time
from django.core.files.base import ContentFile
from twinning.core.photos.pictures import read
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


def reader_seconds() -> float:
    """The processor time of all readers so far, which a busy machine hardly changes."""
    readers = resource.getrusage(resource.RUSAGE_CHILDREN)
    return readers.ru_utime + readers.ru_stime


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def shown(content: bytes) -> Image.Image:
    """A harmless picture as the reader re-encodes it, without a process for each."""
    name = pictures._format_of(content[:64])
    return picture_reader.normalised(picture_reader.DECODERS[name](BytesIO(content)))


def chunks(png: bytes) -> set[bytes]:
    """The names of the chunks of a PNG; bytes behind its end would be one more."""
    names, at = set(), 8
    while at < len(png):
        names.add(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4])
    return names


@pytest.mark.parametrize("what", made.REFUSED)
def test_hostile_file_is_refused_with_a_message_within_a_second(what):
    build, code = made.REFUSED[what]
    content, began = build(), reader_seconds()
    with pytest.raises(ValidationError) as refused:
        read(ContentFile(content))
    assert reader_seconds() - began < 1
    assert refused.value.code in ((code,) if isinstance(code, str) else code)
    assert "%(" not in refused.value.messages[0]


def test_message_says_how_small_a_picture_is():
    with pytest.raises(ValidationError) as refused:
        read(ContentFile(made.jpeg(image=made.photo(width=800, height=199))))
    assert refused.value.messages == [pictures.REFUSED["small"] % {"width": 800, "height": 199, "smallest": 200}]


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


def test_files_of_this_test_hold_what_must_not_be_kept():
    """Control of the test above; in one of the files it is compressed and cannot be found."""
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


def test_upload_that_was_read_before_is_read_from_its_start():
    upload = ContentFile(made.png())
    upload.read()
    assert read(upload).width == 400


def weakest_side(image: Image.Image, band: str) -> str:
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
    assert (weakest_side(image, "G"), weakest_side(image, "R")) == (first_row, first_column)
    assert (image.width > image.height) == (first_row in ("top", "bottom"))


@pytest.mark.parametrize("form", ["PNG", "WEBP", "AVIF"])
def test_picture_of_every_kind_is_upright(form):
    image = shown(made.written(form=form, exif=made.exif(6)))
    assert (weakest_side(image, "G"), weakest_side(image, "R")) == ("right", "top")


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


def offered(width: int, ending: str) -> list[tuple[str, int]]:
    return [(one.ending, one.width) for one in variants(width, ending) if not one.is_for_sharing]


def test_browsers_are_offered_two_formats_of_today_and_one_that_all_know():
    assert offered(800, "jpg") == [("avif", 480), ("avif", 720), ("webp", 480), ("webp", 720), ("jpg", 720)]
    assert offered(300, "png") == [("avif", 300), ("webp", 300), ("png", 300)]


def test_site_whose_pillow_knows_no_avif_does_without(monkeypatch):
    monkeypatch.setattr(pictures, "has_avif", lambda: False)
    assert offered(480, "jpg") == [("webp", 480), ("jpg", 480)]


@pytest.mark.parametrize(("width", "ending"), [(300, "png"), (800, "jpg"), (2560, "jpg")])
def test_of_every_picture_there_is_one_cut_for_sharing_and_it_comes_last(width, ending):
    for_sharing = [one for one in variants(width, ending) if one.is_for_sharing]
    assert for_sharing == variants(width, ending)[-1:]
    assert (for_sharing[0].ending, for_sharing[0].width) == ("jpg", 1200)


def rendered_of(content: bytes, *wanted: Variant, focal: tuple[int, int] = (50, 50)) -> list[pictures.Rendered]:
    return render(ContentFile(content), list(wanted), focal_point=focal)


def cut(content: bytes, focal: tuple[int, int] = (50, 50)) -> bytes:
    [rendered] = rendered_of(content, Variant("jpg", 1200, is_for_sharing=True), focal=focal)
    assert (rendered.width, rendered.height) == (1200, 630)
    return rendered.content


def test_all_renditions_of_a_photo_are_made_by_one_process_and_each_is_what_was_asked_for():
    wanted = variants(1600, "jpg")
    rendered = rendered_of(made.written(made.photo(width=1600, height=1200)), *wanted)
    formats = {"avif": "AVIF", "webp": "WEBP", "jpg": "JPEG"}
    assert [(formats[one.ending], one.width) for one in wanted] == [
        (opened(one.content).format, one.width) for one in rendered
    ]


def test_photo_that_cannot_be_read_has_no_renditions():
    with pytest.raises(Unreadable):
        rendered_of(made.half(made.jpeg()), Variant("webp", 200))


@pytest.mark.parametrize(("ending", "form"), [("avif", "AVIF"), ("webp", "WEBP"), ("jpg", "JPEG")])
def test_rendition_is_the_same_picture_at_its_width(ending, form):
    [rendered] = rendered_of(made.written(made.photo(width=1600, height=1200)), Variant(ending, 480))
    image = opened(rendered.content)
    assert (image.format, image.size) == (form, (rendered.width, rendered.height))
    assert image.size == (480, 360)
    assert image.getpixel((240, 180)) == pytest.approx(made.photo().getpixel((200, 150)), abs=6)


@pytest.mark.parametrize("ending", ["avif", "webp", "png"])
def test_rendition_stays_transparent(ending):
    image = rendition_maker.resized(made.png(image=made.glass()), 200)
    content = rendition_maker.written(image, ending)
    assert opened(content).getpixel((50, 75))[3] == 0
    assert opened(content).getpixel((150, 75))[3] == 255


@pytest.mark.parametrize(
    ("size", "focal", "corners"),
    [
        ((400, 2000), (50, 0), ("red", "red")), ((400, 2000), (50, 100), ("blue", "blue")), ((400, 2000), (50, 50), ("red", "blue")),
        ((4000, 400), (0, 50), ("red", "blue")), ((600, 640), (100, 100), ("blue", "blue")),
    ],
)  # fmt: skip
def test_cut_for_sharing_follows_the_focal_point(size, focal, corners):
    """The picture is red above and blue below; the corners are its upper left and its lower left one."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (0, size[1] // 2, *size))
    content = cut(made.png(image=image), focal)
    assert opened(content).size == (1200, 630)
    for place, colour in zip([(0, 0), (0, 629)], corners, strict=True):
        assert opened(content).getpixel(place) == pytest.approx(ImageColor.getrgb(colour), abs=8)


def test_transparent_picture_is_cut_for_sharing_on_white():
    content = cut(made.png(image=Image.new("RGBA", (400, 300), (255, 0, 0, 0))))
    assert opened(content).format == "JPEG"
    assert opened(content).getpixel((600, 300)) == pytest.approx((255, 255, 255), abs=3)
