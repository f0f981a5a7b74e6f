"""Program that makes renditions of a stored photo, which it gets from standard input: other widths and formats, and a cut.

The photo was written by our own reader, but from bytes of somebody else's making, so it is not opened in the web process.
"""

import json
from io import BytesIO

from PIL import Image, ImageOps

OUTPUT_FORMATS = {
    "avif": ("AVIF", {"quality": 50, "speed": 7, "max_threads": 1}),
    "webp": ("WEBP", {"quality": 75, "method": 4}),
    "jpg": ("JPEG", {"quality": 80, "progressive": True}),
    "png": ("PNG", {"compress_level": 6}),
}


def resized(content: bytes, width: int) -> Image.Image:
    """The picture in another width."""
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as stored:
        height = max(1, round(stored.height * width / stored.width))
        stored.draft(None, (width * 2, height * 2))
        return stored.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2)


def cut(content: bytes, size: tuple[int, int], focal_point: tuple[int, int]) -> Image.Image:
    """The picture cut to a size around its focal point (per cent); a transparent one stands on white."""
    with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as stored:
        stored.draft("RGB", size)
        shown = ImageOps.fit(stored, size, centering=(focal_point[0] / 100, focal_point[1] / 100))
    made = Image.new("RGB", size, "white")
    made.paste(shown, mask=shown if shown.has_transparency_data else None)
    return made


def written(image: Image.Image, ending: str) -> bytes:
    content, (name, options) = BytesIO(), OUTPUT_FORMATS[ending]
    image.save(content, name, **options)
    return content.getvalue()


def answer(content: bytes, asked: str) -> bytes:
    """A line of JSON with the width, the height and the length of each rendition; behind it their bytes, one after the other.

    What is asked for is JSON as well: a list of endings with a width, or with a size and a focal point.
    """
    facts, made = [], []
    for ending, *how in json.loads(asked):
        image = resized(content, *how) if len(how) == 1 else cut(content, *map(tuple, how))
        made.append(written(image, ending))
        facts.append((*image.size, len(made[-1])))
    return json.dumps(facts).encode() + b"\n" + b"".join(made)
