"""Paper, brush and palette of the drawings: one hue from pale to dark, as hills grow paler with distance, and one amber.

Places are in units of a sheet 1500 wide and 1000 high. It is drawn at twice its size, which makes edges smooth.
"""

from io import BytesIO
from math import sin, tau

from PIL import Image, ImageDraw

from twinning.core.colours import Colour, oklch, tone

WIDTH, HEIGHT = 1500, 1000
PIXELS = 1440
FINER = 2
AMBER = oklch(0.84, 0.13, 82)
PAPER = oklch(0.985, 0.012, 85)


class Canvas:
    """A sheet in one of the twelve colours."""

    def __init__(self, hue: int):
        self.hue = hue
        self.scale = PIXELS * FINER / WIDTH
        self.image = Image.new("RGB", (PIXELS * FINER, PIXELS * FINER * HEIGHT // WIDTH))
        self.brush = ImageDraw.Draw(self.image)

    def tone(self, lightness: float, strength: float = 1) -> Colour:
        return tone(self.hue, lightness, strength)

    def finished(self) -> bytes:
        """The drawing as a file."""
        file = BytesIO()
        self.image.reduce(FINER).save(file, "PNG", compress_level=1)
        return file.getvalue()

    def _all(self, points) -> list[tuple[float, float]]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    # Shapes -----------------------------------------------------------------------------------------------------------

    def shape(self, colour: Colour, *points: tuple[float, float]) -> None:
        self.brush.polygon(self._all(points), fill=colour)

    def block(self, colour: Colour, left: float, top: float, right: float, bottom: float) -> None:
        self.brush.rectangle(self._all([(left, top), (right, bottom)]), fill=colour)

    def disc(self, colour: Colour, x: float, y: float, radius: float, *, flat: float = 1) -> None:
        """A circle, or an ellipse that is ``flat`` times as high as wide."""
        self.brush.ellipse(self._all([(x - radius, y - radius * flat), (x + radius, y + radius * flat)]), fill=colour)

    def line(self, colour: Colour, width: float, *points: tuple[float, float]) -> None:
        self.brush.line(self._all(points), fill=colour, width=max(1, round(width * self.scale)), joint="curve")

    def mirrored(self, colour: Colour, middle: float, *points: tuple[float, float]) -> None:
        """A shape from its right half, from top to bottom: distances from the middle, and heights."""
        left = [(middle - x, y) for x, y in reversed(points)]
        self.shape(colour, *((middle + x, y) for x, y in points), *left)

    def windows(self, colour: Colour, left: float, top: float, *, grid: tuple[int, int], step: tuple, size: tuple):
        """Rows of windows: how many across and down, from one to the next, and how large each is."""
        for column in range(grid[0]):
            for row in range(grid[1]):
                x, y = left + column * step[0], top + row * step[1]
                self.block(colour, x, y, x + size[0], y + size[1])

    # Land, water and light --------------------------------------------------------------------------------------------

    def sky(self, top: Colour, bottom: Colour, *, down_to: float = HEIGHT) -> None:
        """From one colour above to another at the horizon."""
        self.block(top, 0, 0, WIDTH, down_to)
        self.mist(0, down_to, bottom, 1)

    def sun(self, x: float, y: float, radius: float, colour: Colour = AMBER) -> None:
        """A disc with a glow around it."""
        glow = round(radius * 10 * self.scale)
        mask = (
            Image.radial_gradient("L")
            .point(lambda level: max(0, 150 - level) // 2)
            .resize((glow, glow), Image.Resampling.BILINEAR)
        )
        corner = (round(x * self.scale - glow / 2), round(y * self.scale - glow / 2))
        self.image.paste(colour, corner, mask)
        self.disc(colour, x, y, radius)

    def mist(self, top: float, bottom: float, colour: Colour, most: float = 0.8) -> None:
        """Haze that thickens from one height down to another."""
        high = round((bottom - top) * self.scale)
        column = Image.linear_gradient("L").point(lambda level: round(level * most)).resize((1, high))
        mask = column.resize((self.image.width, high), Image.Resampling.NEAREST)
        self.image.paste(colour, (0, round(top * self.scale)), mask)

    def ridge(self, colour: Colour, base: float, *waves: tuple[float, float, float], left=0, right=WIDTH) -> None:
        """Land down to the lower edge. Each wave has a height, a length, and where it starts as a part of its length."""
        tops = [(x, height_of(x, base, waves)) for x in range(left, right + 5, 5)]
        self.shape(colour, (left, HEIGHT), *tops, (right, HEIGHT))

    def wood(self, colour: Colour, base: float, *waves, every: int = 14, size: float = 16, left=0, right=WIDTH) -> None:
        """Land with trees along its edge, no two of them quite alike."""
        self.ridge(colour, base, *waves, left=left, right=right)
        for number, x in enumerate(range(left, right + every, every)):
            grown = size * (0.7 + 0.45 * abs(sin(number * 2.4)))
            self.disc(colour, x, height_of(x, base, waves) - grown * 0.3, grown)

    def water(self, shore: float, colour: Colour, *, clear: float = 0.45, depth: float = 1) -> None:
        """Water up to a shore, in which what stands above it is seen upside down, and small waves."""
        y, width = round(shore * self.scale), self.image.width
        high = self.image.height - y
        seen = self.image.crop((0, max(0, y - round(high / depth)), width, y)).transpose(
            Image.Transpose.FLIP_TOP_BOTTOM
        )
        surface = Image.new("RGB", (width, high), colour)
        self.image.paste(Image.blend(surface, seen.resize((width, high), Image.Resampling.BILINEAR), clear), (0, y))
        self._waves(shore, colour)

    def _waves(self, shore: float, colour: Colour) -> None:
        for number in range(46):
            y = shore + 8 + (number / 46) ** 1.6 * (HEIGHT - shore)
            x = (number * 617) % (WIDTH + 200) - 200
            long = 90 + (number * 89) % 210
            self.line(colour, 1 + 3 * number / 46, (x, y), (x + long, y))


def height_of(x: float, base: float, waves) -> float:
    """How high land lies at a place: less is higher."""
    return base - sum(height * sin(tau * (x / length + start)) for height, length, start in waves)
