"""Uploaded pictures: checking and re-encoding them, and the sizes and formats in which photos are offered."""

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from twinning.core.files.readers import Reader, Unreadable

# A white square, 200 pixels wide.
SAMPLE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAMgAAADIAQAAAACFI5MzAAAAJ0lEQVR42u3JoQEAAAwCIP9/WvPCPoBK+okxxhhjjDHGGGOMMcYc"
    "A4uOdZZzS32eAAAAAElFTkSuQmCC"
)
READER = Reader(Path(__file__).with_name("picture_reader.py"), 1024, SAMPLE, ("png",))
MAKER = Reader(Path(__file__).with_name("rendition_maker.py"), 1024, SAMPLE, ('[["webp", 200]]',))
# Phones of 360 to 412 points with two and with three pixels to each take 720 and 1,080.
WIDTHS = (480, 720, 1080, 1600)
FALLBACK_WIDTH = 1080
# Width and height of the picture that other sites show with a shared page.
SHARING_SIZE = (1200, 630)

# The first bytes of each format that is accepted. An AVIF names its kind first, or among those that it can be read as.
SIGNATURES = {
    "jpeg": rb"\xff\xd8\xff",
    "png": rb"\x89PNG\r\n\x1a\n",
    "webp": rb"RIFF.{4}WEBP",
    "avif": rb".{4}ftyp(.{4}){0,12}?avi[fs]",
}
NOT_A_PICTURE = _("This is no JPEG, PNG, WebP or AVIF picture, whatever its name says. Open it in a program for photos, export it as a JPEG and upload that.")  # fmt: skip
# The first bytes of formats that are not accepted, each with the code and the message of the error.
OTHER_FORMATS = {
    rb".{4}ftyp(hei|hev|mif1|msf1)": ("heic", _("This is a HEIC photo, as iPhones take them. Many browsers cannot show it: export it as a JPEG and upload that.")),
    rb".{4}ftyp": ("video", _("This is a video, or a raw file of a camera. Export one picture of it as a JPEG and upload that.")),
    rb"GIF8": ("gif", _("This is a GIF. Export it as a JPEG, or as a PNG if it is a drawing, and upload that.")),
    rb"(\xef\xbb\xbf)?\s*<(\?xml|!DOCTYPE svg|svg)": ("svg", _("This is an SVG drawing, which can contain programs. Export it as a PNG and upload that.")),
    rb"%PDF-|%!PS|\xc5\xd0\xd3\xc6": ("document", _("This is a document (PDF or EPS), not a picture. Export the photo in it as a JPEG and upload that.")),
    rb"II\*\0|MM\0\*|BM|8BPS|\x00\x00\x01\x00": ("other_format", _("This is a TIFF, BMP, ICO, Photoshop or raw file, which browsers cannot show. Export it as a JPEG and upload that.")),
}  # fmt: skip
UNREADABLE = _("This picture cannot be read: it is damaged or incomplete, or made in a way that no program should trust. Open it in a program for photos, export it as a JPEG and upload that.")  # fmt: skip
# By the code that the reader gives, which is the code of the error too.
REFUSED = {
    "large": _("This picture has %(width)s × %(height)s pixels, more than any page needs. Make it smaller, for example 4,000 pixels wide, and upload that."),
    "small": _("This picture has %(width)s × %(height)s pixels. A photo needs at least %(smallest)s each way, better 1,600: upload a larger one."),
    "moving": _("This picture moves, which distracts people from reading. Upload one image of it, as a JPEG or PNG."),
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A picture re-encoded for storage: upright, in sRGB, at most 2,560 pixels each way, without metadata."""

    content: bytes
    ending: str
    width: int
    height: int


class Variant(NamedTuple):
    """The specification of a rendition: file ending, width, and whether it is the cut for sharing."""

    ending: str
    width: int
    is_for_sharing: bool = False


@dataclass(frozen=True)
class Rendered:
    """The file of a rendition that was made, with its size in pixels."""

    content: bytes
    width: int
    height: int


def read(upload) -> Picture:
    """Check and re-encode an uploaded picture. Raises ValidationError with the reason if it is refused."""
    upload.seek(0)
    format_name = _format_of(upload.read(64))
    try:
        line, _newline, written = READER.read(upload, format_name).partition(b"\n")
        found = json.loads(line)
    except (Unreadable, ValueError) as error:
        raise ValidationError(UNREADABLE, code="unreadable") from error
    if reason := found.pop("refused", None):
        raise ValidationError(REFUSED[reason], code=reason, params=found)
    return Picture(written, **found)


def _format_of(start: bytes) -> str:
    """The format of a file, one of SIGNATURES, by its first bytes. Raises ValidationError if it is none of them."""
    for name, signature in SIGNATURES.items():
        if re.match(signature, start, re.DOTALL):
            return name
    for signature, (code, message) in OTHER_FORMATS.items():
        if re.match(signature, start, re.DOTALL):
            raise ValidationError(message, code=code)
    raise ValidationError(NOT_A_PICTURE, code="not_a_picture")


def sizes(width: int) -> list[int]:
    """The widths in which a picture of this width is offered; it is never enlarged.

    A picture that would lose more than a fifth of its width at the next smaller one has its own width as well.
    """
    offered = [size for size in WIDTHS if size <= width]
    own = min(width, WIDTHS[-1])
    return offered if offered and offered[-1] >= 0.8 * own else [*offered, own]


@cache
def has_avif() -> bool:
    """Whether Pillow can write AVIF here; found out without loading it."""
    return find_spec("PIL._avif") is not None


def variants(picture_width: int, ending: str) -> list[Variant]:
    """All renditions of a picture: AVIF and WebP in each size, one in its own format for old browsers, the cut for sharing."""
    offered = sizes(picture_width)
    modern = ["avif", "webp"] if has_avif() else ["webp"]
    fallback = min(offered, key=lambda size: abs(size - FALLBACK_WIDTH))
    for_browsers = [Variant(one, size) for one in modern for size in offered] + [Variant(ending, fallback)]
    return [*for_browsers, Variant("jpg", SHARING_SIZE[0], is_for_sharing=True)]


def render(photo, wanted: list[Variant], *, focal_point: tuple[int, int]) -> list[Rendered]:
    """Make renditions of a stored photo, a file; raises Unreadable, or ValidationError if that does not work now."""
    asked = [
        (one.ending, SHARING_SIZE, focal_point) if one.is_for_sharing else (one.ending, one.width) for one in wanted
    ]
    line, _newline, files = MAKER.read(photo, json.dumps(asked)).partition(b"\n")
    made = []
    for width, height, length in json.loads(line):
        made.append(Rendered(files[:length], width, height))
        files = files[length:]
    return made
