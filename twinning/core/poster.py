"""The pictures that stand for a page where it is shared: cut from a photo, or drawn from a hue, its cloth and some words.

They are kept by what they show, so that a crowd of crawlers costs no more than one.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from django.conf import settings
from django.core.files.storage import default_storage
from PIL import Image, ImageChops, ImageDraw, ImageOps

from twinning.core.colours import oklch, tone
from twinning.core.lettering import fit

SIZE = WIDTH, HEIGHT = 1200, 630
MARGIN = 72
ROOM = WIDTH - 2 * MARGIN
KEPT = 64
FINER = 3

WHITE = (255, 255, 255)
GROUND = oklch(0.25, 0.05, 262)
AMBER = oklch(0.78, 0.15, 78)
THREAD, FAINTEST = 34, 45  # of 255: how much of the cloth shows on its ground, and what is left of that on the left
REM = 30


@dataclass(frozen=True)
class Words:
    """What a drawn picture says: what kind of page it is, its name, and a line about it; ``hue`` 0 is the site's own."""

    title: str
    kind: str = ""
    detail: str = ""
    hue: int = 0


@lru_cache(maxsize=KEPT)
def cut(name: str, x: int, y: int) -> bytes:
    """A kept photo, by the name of its file, cut so that a point in per cent of it stays in view."""
    with default_storage.open(name) as file, Image.open(file, formats=("JPEG", "PNG")) as photo:
        photo.draft("RGB", SIZE)
        shown = ImageOps.fit(photo, SIZE, centering=(x / 100, y / 100))
        picture = Image.new("RGB", SIZE, WHITE)
        picture.paste(shown, mask=shown if shown.has_transparency_data else None)
        return _written(picture)


@lru_cache(maxsize=KEPT)
def drawn(words: Words) -> bytes:
    """The words on the cloth of their hue, below the name of the site."""
    picture = _ground(words.hue).copy()
    brush = ImageDraw.Draw(picture)
    _mark(picture, MARGIN, 60)
    fit(settings.SITE_NAME, width=ROOM - 96, height=48, sizes=(36, 30, 24), weight=600).draw(
        brush, MARGIN + 92, 60, WHITE
    )
    _set(words, brush)
    return _written(picture)


def _set(words: Words, brush: ImageDraw.ImageDraw) -> None:
    """The words from the lower edge up, the title as large as the others leave room."""
    detail = fit(words.detail, width=ROOM, height=140, sizes=(38, 32, 28))
    kind = fit(words.kind, width=ROOM, height=46, sizes=(32, 26), weight=600)
    gap = 18 if detail.lines else 0
    free = HEIGHT - MARGIN - 150 - detail.height - kind.height - gap
    title = fit(words.title, width=ROOM, height=free, sizes=(120, 104, 90, 78, 68, 60, 52, 44), weight=700)
    y = HEIGHT - MARGIN + 12 - detail.height - gap - title.height - kind.height
    for lines, colour, space in ((kind, AMBER, 0), (title, WHITE, gap), (detail, WHITE, 0)):
        lines.draw(brush, MARGIN, y, colour)
        y += lines.height + space


def _written(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "JPEG", quality=86, subsampling=0, optimize=True)
    return file.getvalue()


def _mark(picture: Image.Image, x: int, y: int, radius: int = 21) -> None:
    """The mark of the site, two cities linked like rings: the white one passes over the amber one above, and under it below."""
    size = (7 * radius // 2 * FINER, 5 * radius // 2 * FINER)
    for colour, middle, span in ((WHITE, 1.25, (0, 360)), (AMBER, 2.25, (0, 360)), (WHITE, 1.25, (270, 345))):
        ring = Image.new("L", size)
        box = [round((value - away) * radius * FINER) for away in (1, -1) for value in (middle, 1.25)]
        ImageDraw.Draw(ring).arc(box, *span, fill=255, width=round(0.34 * radius * FINER))
        picture.paste(colour, (x, y), ring.reduce(FINER))


# The ground -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=13)
def _ground(hue: int) -> Image.Image:
    """The ground of a hue with its cloth, as the head of a city's page has it, clearer away from the words."""
    ground = Image.new("RGB", SIZE, tone(hue, 0.36) if hue else GROUND)
    fade = (
        Image.linear_gradient("L")
        .rotate(90)
        .resize(SIZE)
        .point(lambda level: FAINTEST + level * (255 - FAINTEST) // 255)
    )
    thread = ImageChops.multiply(CLOTHS[hue % len(CLOTHS)](), fade)
    ground.paste(WHITE, (0, 0), thread)
    return ground


def _woven(shapes: list[list[tuple[float, float]]]) -> Image.Image:
    """A cloth of these shapes."""
    cloth = Image.new("L", (WIDTH * FINER, HEIGHT * FINER))
    brush = ImageDraw.Draw(cloth)
    for points in shapes:
        brush.polygon([(x * FINER, y * FINER) for x, y in points], fill=THREAD)
    return cloth.reduce(FINER)


def _twill() -> Image.Image:
    step = round(2 * REM * 2**0.5)
    starts = range(-HEIGHT - step, WIDTH, step)
    return _woven([[(x, HEIGHT), (x + step / 2, HEIGHT), (x + step / 2 + HEIGHT, 0), (x + HEIGHT, 0)] for x in starts])


def _herringbone() -> Image.Image:
    size, half = round(2.5 * REM), 1.25 * REM
    places = [(x, y) for x in range(0, WIDTH + size, size) for y in range(0, HEIGHT, size)]
    down = [[(x - half, y), (x + half, y), (x, y + half)] for x, y in places]
    return _woven([*down, *([(x, y + size), (x + size, y + size), (x + half, y + half)] for x, y in places)])


def _check() -> Image.Image:
    step, half = round(2.5 * REM), 1.25 * REM
    across = _woven([[(x, 0), (x + half, 0), (x + half, HEIGHT), (x, HEIGHT)] for x in range(0, WIDTH, step)])
    down = _woven([[(0, y), (WIDTH, y), (WIDTH, y + half), (0, y + half)] for y in range(0, HEIGHT, step)])
    return ImageChops.add(across, down)


def _rings() -> Image.Image:
    cloth = Image.new("L", (WIDTH * FINER, HEIGHT * FINER))
    brush, (x, y) = ImageDraw.Draw(cloth), (0.85 * WIDTH, 1.2 * HEIGHT)
    for number in range(40, 0, -1):
        reach = number * 1.25 * REM
        box = [place * FINER for place in (x - reach, y - reach, x + reach, y + reach)]
        brush.ellipse(box, fill=THREAD if number % 2 == 0 else 0)
    return cloth.reduce(FINER)


# Colour 1 has the second, and so on in turn, as in tokens.css; the site itself has the first.
CLOTHS = (_rings, _twill, _herringbone, _check)
