"""Hangzhou: the West Lake with the Leifeng Pagoda on its hill, the causeway with its bridge, and the hills behind."""

from math import cos, pi, sin

from news.demo.pictures.canvas import AMBER, Canvas

SHORE = 690


def draw() -> bytes:
    sheet = Canvas(6)
    sheet.sky(sheet.tone(0.9, 0.32), sheet.tone(0.975, 0.25), down_to=SHORE)
    sheet.sun(470, 250, 66)
    for lightness, base, waves in (
        (0.88, 470, [(70, 820, 0.05), (26, 330, 0.3)]),
        (0.78, 540, [(62, 690, 0.45), (22, 270, 0.1)]),
        (0.67, 600, [(46, 900, 0.8), (20, 350, 0.55)]),
    ):
        sheet.ridge(sheet.tone(lightness, 1.1 - 0.75 * lightness), base, *waves)
        sheet.mist(base - 40, SHORE, sheet.tone(0.96, 0.25), 0.5)
    sheet.wood(sheet.tone(0.5, 0.75), 640, (90, 900, 0.0), (8, 210, 0.9), left=780, size=24)
    _pagoda(sheet, 1125, 560)
    sheet.wood(sheet.tone(0.4, 0.8), 672, (56, 1000, 0.12), (8, 190, 0.6), left=790, size=26)
    _causeway(sheet)
    sheet.water(SHORE, sheet.tone(0.82, 0.4), clear=0.5, depth=1.15)
    _boat(sheet, 560, 840)
    _willow(sheet)
    return sheet.finished()


def _pagoda(sheet: Canvas, middle: float, foot: float) -> None:
    """Five storeys with curved eaves, and a golden spire."""
    wall, roof, light = sheet.tone(0.56, 0.7), sheet.tone(0.3, 0.8), sheet.tone(0.93, 0.35)
    for storey in range(5):
        half, y = 96 - storey * 13, foot - storey * 66
        sheet.mirrored(wall, middle, (half * 0.72, y - 66), (half * 0.74, y))
        sheet.windows(AMBER if storey % 2 else light, middle - half * 0.58, y - 38, grid=(5, 1), step=(half * 0.245, 0), size=(half * 0.14, 30))  # fmt: skip
        eave = [(half * 0.46, y - 84), (half * 0.6, y - 70), (half * 0.86, y - 60), (half * 1.16, y - 64), (half * 1.1, y - 52), (half * 0.8, y - 47)]  # fmt: skip
        sheet.mirrored(roof, middle, *eave)
    top = foot - 4 * 66 - 78
    sheet.mirrored(roof, middle, (0, top - 56), (10, top - 36), (26, top - 12), (44, top + 8))
    sheet.mirrored(AMBER, middle, (0, top - 128), (3, top - 96), (9, top - 84), (4, top - 74), (11, top - 62), (5, top - 52), (7, top - 40))  # fmt: skip


def _causeway(sheet: Canvas) -> None:
    """A dam across the lake, planted with trees, and the bridge that boats pass under."""
    bank, tree = sheet.tone(0.42, 0.75), sheet.tone(0.47, 0.8)
    sheet.block(bank, 0, SHORE - 16, 1500, SHORE + 2)
    for number in range(10):
        x = 30 + number * 62 + (number > 5) * 196
        sheet.line(bank, 6, (x, SHORE - 10), (x + 3, SHORE - 70))
        for away in (-24, 0, 24):
            sheet.disc(tree, x + away, SHORE - 84 + abs(away) * 0.8 - (number % 3) * 8, 27)
    stone = sheet.tone(0.7, 0.4)
    arch = [(510 + 110 * cos(pi * part / 20), SHORE - 6 - 66 * sin(pi * part / 20)) for part in range(21)]
    sheet.shape(stone, (640, SHORE + 2), *arch, (380, SHORE + 2))
    sheet.line(sheet.tone(0.52, 0.5), 6, (620, SHORE - 14), *arch, (400, SHORE - 14))
    sheet.disc(sheet.tone(0.93, 0.25), 510, SHORE, 42)


def _boat(sheet: Canvas, x: float, y: float) -> None:
    dark = sheet.tone(0.24, 0.7)
    sheet.shape(
        dark, (x - 104, y - 12), (x - 70, y + 12), (x + 70, y + 12), (x + 112, y - 16), (x + 60, y - 4), (x - 60, y - 4)
    )
    sheet.shape(dark, (x - 52, y - 38), (x - 34, y - 50), (x + 28, y - 50), (x + 46, y - 38))
    for post in (-40, 34):
        sheet.line(dark, 5, (x + post, y), (x + post, y - 42))
    sheet.line(dark, 6, (x + 76, y - 6), (x + 72, y - 56))
    sheet.disc(dark, x + 71, y - 66, 9)
    sheet.line(dark, 4, (x + 60, y - 78), (x + 128, y + 40))
    for number in range(4):
        sheet.line(
            sheet.tone(0.7, 0.4),
            3,
            (x - 90 + number * 12, y + 24 + number * 11),
            (x + 90 - number * 20, y + 24 + number * 11),
        )


def _willow(sheet: Canvas) -> None:
    """Branches that hang into the picture from a tree on this side of the lake."""
    dark, leaf = sheet.tone(0.22, 0.7), sheet.tone(0.33, 0.9)
    sheet.line(dark, 22, (1500, 60), (1400, 44), (1290, 66), (1210, 62))
    sheet.line(dark, 10, (1400, 46), (1330, 18), (1260, 10))
    for number in range(17):
        x, y, long = 1215 + number * 18, 52 - (number * 29) % 40, 190 + (number * 137) % 230
        points = [(x + 9 * sin(part / 2 + number), y + long * part / 12) for part in range(13)]
        sheet.line(leaf, 3, *points)
        for part in range(2, 13):
            sheet.disc(leaf, points[part][0] + (5 if part % 2 else -5), points[part][1], 5, flat=2.4)
