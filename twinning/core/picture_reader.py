"""Reads a picture from standard input and writes anew what it shows. Runs in a process of its own, with little time and memory.

A few bytes can ask a decoder for hours of work or for all memory, and a mistake in one can end its process. So the size is
judged before anything is decoded, and the system ends this process when it has used up what a picture of that size may cost.
"""

import json
import resource
import signal
import sys
from contextlib import suppress
from io import BytesIO

from PIL import AvifImagePlugin, Image, ImageCms
from PIL.ExifTags import Base
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

LARGEST_SIDE = 2560
SMALLEST_SIDE = 200
LONGEST_SIDE = 20_000
# The last two keep several copies of a picture at its full size while they decode.
MEGAPIXELS = {"jpeg": 60, "png": 60, "webp": 30, "avif": 30}
MEMORY = 1024 * 1024 * 1024
# Several times what any photo needed when this was measured: servers are slower, and busy.
SECONDS, SECONDS_PER_MEGAPIXEL, SECONDS_TO_WRITE = 0.5, 0.2, 10
# No other decoder is ever asked, whatever the file says of itself.
DECODERS = {"jpeg": JpegImageFile, "png": PngImageFile, "webp": WebPImageFile, "avif": AvifImagePlugin.AvifImageFile}
# EXIF's orientation, and what makes it upright.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_90,
}  # fmt: skip
WRITTEN = {"jpg": ("JPEG", {"quality": 90, "progressive": True}), "png": ("PNG", {"compress_level": 4})}


def limit(seconds: float) -> None:
    """Let the system end this process when it takes more memory than any picture, or more computing from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_PROF, seconds)


def reason_against(image: Image.Image, kind: str) -> str | None:
    """What the picture says of itself, before it is decoded, that rules it out."""
    if image.width * image.height > MEGAPIXELS[kind] * 1_000_000 or max(image.size) > LONGEST_SIDE:
        return "large"
    if min(image.size) < SMALLEST_SIDE:
        return "small"
    return "moving" if getattr(image, "is_animated", False) else None


def orientation(image: Image.Image) -> int:
    """How the camera was held; upright if what it wrote about it makes no sense."""
    try:
        return image.getexif().get(Base.Orientation, 1)
    except Exception:  # the metadata may be broken in every way, and the picture is none the worse
        return 1


def plain(image: Image.Image) -> Image.Image:
    """The same without palette, keyed colour, 16 bits or a transparency that is nowhere used."""
    if image.mode == "I;16":
        image = image.point(lambda level: level / 257).convert("L")
        image.info.pop("transparency", None)  # one of its 65,536 levels: nobody could see what it hides
    if image.has_transparency_data:
        image = image if image.mode == "RGBA" else image.convert("RGBA")
        return image if image.getextrema()[3][0] < 255 else image.convert("RGB")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    if profile:
        with suppress(ImageCms.PyCMSError):  # a profile that does not fit is none
            srgb = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(image, BytesIO(profile), srgb, outputMode=mode)
    return image.convert(mode)


def shown(image: Image.Image) -> Image.Image:
    """What people see in the picture: upright, in sRGB, no larger than any screen needs, and nothing that is told beside it."""
    profile = image.info.get("icc_profile")
    shrunk = LARGEST_SIDE / max(image.size)
    image.draft(None, (int(image.width * shrunk), int(image.height * shrunk)))  # JPEG is decoded no larger than needed
    image.load()
    turn = TURNS.get(orientation(image))
    image = plain(image)
    image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    image = in_srgb(image, profile)
    image = image.transpose(turn) if turn is not None else image
    image.info.clear()
    return image


def answer(content: bytes, kind: str) -> bytes:
    """One line of JSON about the picture, and behind it the picture; the line alone if it is refused."""
    image = DECODERS[kind](BytesIO(content))
    if reason := reason_against(image, kind):
        return json.dumps({"refused": reason, "width": image.width, "height": image.height}).encode()
    limit(SECONDS + SECONDS_PER_MEGAPIXEL * image.width * image.height / 1_000_000)
    image = shown(image)
    limit(SECONDS_TO_WRITE)
    ending = "png" if image.mode == "RGBA" else "jpg"
    name, options = WRITTEN[ending]
    written = BytesIO()
    image.save(written, name, **options)
    said = {"ending": ending, "width": image.width, "height": image.height}
    return json.dumps(said).encode() + b"\n" + written.getvalue()


if __name__ == "__main__":
    limit(SECONDS)
    # A WebP asks for its memory when it is opened; Pillow refuses at twice this number.
    Image.MAX_IMAGE_PIXELS = max(MEGAPIXELS.values()) * 1_000_000 // 2
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # each asks for memory of its own, and large servers would start many
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read(), sys.argv[1]))
