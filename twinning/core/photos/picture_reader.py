"""Program that re-encodes a picture from standard input.

A few bytes can make a decoder work for hours. So the size is checked before anything is decoded, and the system ends this
process when it needs more time than a picture of that size may.
"""

import json
import signal
from contextlib import suppress
from io import BytesIO

from PIL import AvifImagePlugin, Image, ImageCms
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

# Pixels of the longer side as it is stored; of the shorter and the longer side as they are accepted.
OUTPUT_SIDE, MIN_SIDE, MAX_SIDE = 2560, 200, 20_000
# WebP and AVIF keep several copies of a picture at its full size while they decode.
MAX_MEGAPIXELS = {"jpeg": 60, "png": 60, "webp": 30, "avif": 30}
# Processor time: several times what any photo needed when this was measured, because servers are slower and busy.
SECONDS, SECONDS_PER_MEGAPIXEL, SECONDS_TO_WRITE = 0.5, 0.2, 10
# No other decoder is used, whatever the file says of itself.
DECODERS = {"jpeg": JpegImageFile, "png": PngImageFile, "webp": WebPImageFile, "avif": AvifImagePlugin.AvifImageFile}
# How Pillow turns a picture upright, by its EXIF orientation.
TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
OUTPUT_FORMATS = {"jpg": ("JPEG", {"quality": 90, "progressive": True}), "png": ("PNG", {"compress_level": 4})}


def limit_time(seconds: float) -> None:
    """Limit the processor time of this process from here on; beyond that the system ends it."""
    signal.setitimer(signal.ITIMER_PROF, seconds)


def refusal(image: Image.Image, format_name: str) -> str | None:
    """The code of the reason to refuse a picture by its header, before it is decoded; None if there is none."""
    if image.width * image.height > MAX_MEGAPIXELS[format_name] * 1_000_000 or max(image.size) > MAX_SIDE:
        return "large"
    if min(image.size) < MIN_SIDE:
        return "small"
    return "moving" if getattr(image, "is_animated", False) else None


def orientation(image: Image.Image) -> int:
    """The EXIF orientation; 1, which is upright, if it cannot be read."""
    try:
        return image.getexif().get(Base.Orientation, 1)
    except Exception:  # the metadata may be broken in every way, and the picture is none the worse
        return 1


def in_plain_mode(image: Image.Image) -> Image.Image:
    """The picture in mode L, RGB, CMYK or RGBA: without palette, colour key, 16 bits or unused transparency."""
    if image.mode == "I;16":
        image = image.point(lambda level: level / 257).convert("L")
        image.info.pop("transparency", None)  # one of its 65,536 levels: nobody could see what it hides
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        return image if image.getextrema()[3][0] < 255 else image.convert("RGB")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB, converted from its colour profile."""
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        with suppress(ImageCms.PyCMSError):  # a profile that does not fit is none
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, BytesIO(profile), srgb, outputMode=mode)
    return image.convert(mode)


def normalised(image: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, at most OUTPUT_SIDE pixels each way, and without metadata."""
    profile = image.info.get("icc_profile")
    shrunk = OUTPUT_SIDE / max(image.size)
    image.draft(None, (int(image.width * shrunk), int(image.height * shrunk)))  # JPEG is decoded no larger than needed
    image.load()
    turn = TRANSPOSITIONS.get(orientation(image))
    image = in_plain_mode(image)
    image.thumbnail((OUTPUT_SIDE, OUTPUT_SIDE), Image.Resampling.LANCZOS)
    image = in_srgb(image, profile)
    image = image.transpose(turn) if turn is not None else image
    image.info.clear()
    return image


def output(content: bytes, format_name: str) -> bytes:
    """A line of JSON about the picture, followed by the picture; the line alone if it is refused."""
    image = DECODERS[format_name](BytesIO(content))
    if reason := refusal(image, format_name):
        return json.dumps(
            {"refused": reason, "width": image.width, "height": image.height, "smallest": MIN_SIDE}
        ).encode()
    limit_time(SECONDS + SECONDS_PER_MEGAPIXEL * image.width * image.height / 1_000_000)
    image = normalised(image)
    limit_time(SECONDS_TO_WRITE)
    ending = "png" if image.mode == "RGBA" else "jpg"
    name, options = OUTPUT_FORMATS[ending]
    written = BytesIO()
    image.save(written, name, **options)
    facts = {"ending": ending, "width": image.width, "height": image.height}
    return json.dumps(facts).encode() + b"\n" + written.getvalue()


def answer(content: bytes, format_name: str) -> bytes:
    limit_time(SECONDS)
    # A WebP asks for its memory when it is opened; Pillow refuses at twice this number.
    Image.MAX_IMAGE_PIXELS = max(MAX_MEGAPIXELS.values()) * 1_000_000 // 2
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each asks for memory of its own, and large servers would start many
    return output(content, format_name)
