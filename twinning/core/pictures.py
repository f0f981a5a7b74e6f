"""What a photo upload is, by its content, and the sizes and formats of it that browsers are offered."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, features

from twinning.core import picture_reader

# Seconds. Somebody waits in front of a form, the virus scanner has had its own, and gunicorn gives up after thirty.
LONGEST_WAIT = 14
LARGEST_SIDE = picture_reader.LARGEST_SIDE
# Phones of 360 to 412 points with two and with three pixels to each take 720 and 1,080.
WIDTHS = (480, 720, 1080, 1600)
FALLBACK_WIDTH = 1080

# How files begin. An AVIF names its kind first, or among those that it can be read as.
KINDS = {
    "jpeg": rb"\xff\xd8\xff",
    "png": rb"\x89PNG\r\n\x1a\n",
    "webp": rb"RIFF.{4}WEBP",
    "avif": rb".{4}ftyp(.{4}){0,12}?avi[fs]",
}
KINDS_TAKEN = _("This is no JPEG, PNG, WebP or AVIF picture, whatever its name says. Open it in a program for photos, export it as a JPEG and upload that.")  # fmt: skip
NOT_TAKEN = {
    rb".{4}ftyp(hei|hev|mif1|msf1)": _("This is a HEIC photo, as iPhones take them. Many browsers cannot show it: export it as a JPEG and upload that."),
    rb".{4}ftyp": _("This is a video, or a raw file of a camera. Export one picture of it as a JPEG and upload that."),
    rb"GIF8": _("This is a GIF. Export it as a JPEG, or as a PNG if it is a drawing, and upload that."),
    rb"(\xef\xbb\xbf)?\s*<(\?xml|!DOCTYPE svg|svg)": _("This is an SVG drawing, which can contain programs. Export it as a PNG and upload that."),
    rb"%PDF-|%!PS|\xc5\xd0\xd3\xc6": _("This is a document (PDF or EPS), not a picture. Export the photo in it as a JPEG and upload that."),
    rb"II\*\0|MM\0\*|BM|8BPS|\x00\x00\x01\x00": _("This is a TIFF, BMP, ICO, Photoshop or raw file, which browsers cannot show. Export it as a JPEG and upload that."),
}  # fmt: skip
UNREADABLE = _("This picture cannot be read: it is damaged or incomplete, or made in a way that no program should trust. Open it in a program for photos, export it as a JPEG and upload that.")  # fmt: skip
REFUSED = {
    "large": _("This picture has %(width)s × %(height)s pixels, more than any page needs. Make it smaller, for example 4,000 pixels wide, and upload that."),
    "small": _("This picture has %(width)s × %(height)s pixels. A photo needs at least %(smallest)s each way, better 1,600: upload a larger one."),
    "moving": _("This picture moves, which distracts people from reading. Upload one image of it, as a JPEG or PNG."),
}  # fmt: skip

# Reading one can take a gigabyte: a server with threads reads one after the other.
_turn = Lock()


@dataclass(frozen=True)
class Picture:
    """A picture ready to be kept: upright, in sRGB, no larger than any screen needs, and without anything but what it shows."""

    content: bytes
    ending: str
    width: int
    height: int


@dataclass(frozen=True)
class Format:
    """How a rendition is written: the ending of its name, what Pillow calls it, and at what quality."""

    ending: str
    name: str
    options: dict


FORMATS = {
    "avif": Format("avif", "AVIF", {"quality": 50, "speed": 7, "max_threads": 1}),
    "webp": Format("webp", "WEBP", {"quality": 75, "method": 4}),
    "jpg": Format("jpg", "JPEG", {"quality": 80, "progressive": True}),
    "png": Format("png", "PNG", {"compress_level": 6}),
}


def read(upload) -> Picture:
    """The picture that an upload holds. Raises ValidationError with the reason if it is not to be kept."""
    with _turn:
        upload.seek(0)
        return _read(b"".join(upload.chunks()))


def _read(content: bytes) -> Picture:
    kind = _kind(content[:64])
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", picture_reader.__file__, kind],
            input=content, capture_output=True, timeout=LONGEST_WAIT, env={}, check=True,
        )  # fmt: skip
        line, _newline, written = done.stdout.partition(b"\n")
        found = json.loads(line)
    except (subprocess.SubprocessError, ValueError) as error:
        raise ValidationError(UNREADABLE) from error
    if reason := found.pop("refused", None):
        raise ValidationError(REFUSED[reason], params=found | {"smallest": picture_reader.SMALLEST_SIDE})
    return Picture(written, **found)


def _kind(start: bytes) -> str:
    """Which of the kinds that we take a file is, by its first bytes."""
    for kind, beginning in KINDS.items():
        if re.match(beginning, start, re.DOTALL):
            return kind
    sentences = (sentence for beginning, sentence in NOT_TAKEN.items() if re.match(beginning, start, re.DOTALL))
    raise ValidationError(next(sentences, KINDS_TAKEN))


def sizes(width: int) -> list[int]:
    """The widths in which a picture of this width is offered. None is enlarged.

    A picture that would lose more than a fifth of its width at the next smaller one has its own width as well.
    """
    offered = [size for size in WIDTHS if size <= width]
    own = min(width, WIDTHS[-1])
    return offered if offered and offered[-1] >= 0.8 * own else [*offered, own]


def variants(picture_width: int, ending: str) -> list[tuple[str, int]]:
    """The ending and width of every rendition: each size for browsers of today, and one that every browser shows."""
    offered = sizes(picture_width)
    modern = [one for one in ("avif", "webp") if features.check(one)]
    fallback = min(offered, key=lambda size: abs(size - FALLBACK_WIDTH))
    return [(one, size) for one in modern for size in offered] + [(ending, fallback)]


def rendition(content: bytes, *, width: int, ending: str) -> tuple[bytes, int, int]:
    """A kept picture in another width and format: its bytes, width and height."""
    written, form = BytesIO(), FORMATS[ending]
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as kept:
        height = max(1, round(kept.height * width / kept.width))
        kept.draft(None, (width * 2, height * 2))
        made = kept.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)
    made.save(written, form.name, **form.options)
    return written.getvalue(), width, height
