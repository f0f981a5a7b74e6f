"""What a photo upload is, by its content, and the sizes and formats of it that browsers are offered."""

from dataclasses import dataclass
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps, features

LARGEST_SIDE = 2560
WIDTHS = (480, 960, 1600)
FALLBACK_WIDTH = 960
TAKEN = ("JPEG", "PNG", "WEBP", "AVIF")
KINDS_TAKEN = _(
    "This is no JPEG, PNG, WebP or AVIF picture, whatever its name says. Save it as a JPEG and upload that."
)


@dataclass(frozen=True)
class Picture:
    """A picture ready to be kept: upright, no larger than any screen needs, and without anything but what it shows."""

    content: bytes
    ending: str
    width: int
    height: int


@dataclass(frozen=True)
class Format:
    """How a picture is written: the ending of its name, what browsers and Pillow call it, and at what quality."""

    ending: str
    mime: str
    name: str
    options: dict


FORMATS = {
    one.ending: one
    for one in (
        Format("avif", "image/avif", "AVIF", {"quality": 60, "speed": 8}),
        Format("webp", "image/webp", "WEBP", {"quality": 78, "method": 4}),
        Format("jpg", "image/jpeg", "JPEG", {"quality": 80, "progressive": True, "optimize": True}),
        Format("png", "image/png", "PNG", {"optimize": True}),
    )
}


def read(upload) -> Picture:
    """The picture that an upload holds. Raises ValidationError with the reason if it is not to be kept."""
    upload.seek(0)
    return _read(b"".join(upload.chunks()))


def _read(content: bytes) -> Picture:
    try:
        with Image.open(BytesIO(content), formats=TAKEN) as opened:
            image = ImageOps.exif_transpose(opened)
    except (OSError, ValueError, SyntaxError) as error:
        raise ValidationError(KINDS_TAKEN) from error
    ending = "png" if image.has_transparency_data else "jpg"
    image = image.convert("RGBA" if ending == "png" else "RGB")
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    return Picture(_written(image, ending), ending, image.width, image.height)


def sizes(width: int) -> list[int]:
    """The widths in which a picture of this width is offered. None is enlarged: a narrow one has its own width."""
    return [size for size in WIDTHS if size <= width] or [width]


def variants(picture_width: int, ending: str) -> list[tuple[str, int]]:
    """The ending and width of every rendition: each size for browsers of today, and one that every browser shows."""
    offered = sizes(picture_width)
    modern = [modern for modern in ("avif", "webp") if features.check(modern)]
    fallback = min(offered, key=lambda size: abs(size - FALLBACK_WIDTH))
    return [(modern, size) for modern in modern for size in offered] + [(ending, fallback)]


def rendition(content: bytes, *, width: int, ending: str) -> tuple[bytes, int, int]:
    """A kept picture in another width and format: its bytes, width and height."""
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as image:
        height = max(1, round(image.height * width / image.width))
        image = image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)
    return _written(image, ending), width, height


def _written(image: Image.Image, ending: str) -> bytes:
    written, form = BytesIO(), FORMATS[ending]
    image.info = {}
    image.save(written, form.name, **form.options)
    return written.getvalue()
