"""Durban: the arch of the Moses Mabhida stadium, the towers of the Golden Mile, a ship in the harbour, and the ocean."""

from math import cos, pi, sin

from news.demo.pictures.canvas import AMBER, PAPER, Canvas

SHORE = 650
TOWERS = [
    (20, 62, 190), (88, 44, 250), (140, 70, 168), (216, 50, 300), (272, 58, 214), (338, 40, 340), (384, 66, 240), (458, 48, 284),
    (512, 60, 180), (580, 46, 226), (1180, 56, 150), (1244, 44, 218), (1296, 64, 176), (1368, 46, 260), (1420, 72, 190),
]  # fmt: skip


def draw() -> bytes:
    sheet = Canvas(11)
    sheet.sky(sheet.tone(0.8, 0.5), sheet.tone(0.965, 0.2), down_to=SHORE)
    sheet.sun(905, 560, 96)
    sheet.ridge(sheet.tone(0.84, 0.4), 590, (26, 1000, 0.6), (12, 400, 0.2))
    for number, tower in enumerate(TOWERS):
        _tower(sheet, number, *tower)
    _stadium(sheet, 905)
    _palms(sheet)
    sheet.water(SHORE, sheet.tone(0.6, 0.55), clear=0.45, depth=1.5)
    _ship(sheet)
    _dhow(sheet)
    return sheet.finished()


def _tower(sheet: Canvas, number: int, left: float, width: float, height: float) -> None:
    wall = sheet.tone((0.62, 0.54, 0.68)[number % 3], 0.55)
    sheet.block(wall, left, SHORE - height, left + width, SHORE)
    if number % 4 == 1:
        sheet.line(wall, 4, (left + width / 2, SHORE - height), (left + width / 2, SHORE - height - 44))
    rows = int((height - 40) // 24)
    for row in range(rows):
        lit = (number * 5 + row * 3) % 7 == 0
        light = AMBER if lit else sheet.tone(0.82, 0.35)
        sheet.block(light, left + 8, SHORE - height + 14 + row * 24, left + width - 8, SHORE - height + 23 + row * 24)


def _stadium(sheet: Canvas, middle: float) -> None:
    """The bowl, the cables of its roof, and the arch that parts in two towards the south."""
    bowl, cable = sheet.tone(0.42, 0.65), sheet.tone(0.96, 0.15)
    sheet.shape(bowl, (middle - 262, SHORE), (middle - 284, 560), (middle - 240, 520), (middle + 240, 520), (middle + 284, 560), (middle + 262, SHORE))  # fmt: skip
    sheet.disc(sheet.tone(0.5, 0.6), middle, 522, 242, flat=0.13)
    sheet.disc(sheet.tone(0.34, 0.65), middle, 524, 150, flat=0.1)
    for number in range(22):
        x = middle - 262 + number * 24.6
        sheet.line(sheet.tone(0.56, 0.55), 4, (x, 556), (x, SHORE - 12))
    arch = [(middle - 300 * cos(pi * part / 40), SHORE - 8 - 372 * sin(pi * part / 40)) for part in range(41)]
    for part in range(7, 34, 2):
        x, y = arch[part]
        sheet.line(cable, 2, (x, y), (middle + (x - middle) * 0.62, 512))
    sheet.line(PAPER, 15, *arch)
    second = [(x + 46 * (part / 40) ** 2, y) for part, (x, y) in enumerate(arch) if part > 24]
    sheet.line(PAPER, 12, *second)
    sheet.line(AMBER, 5, (middle, 270), (middle, 250))


def _palms(sheet: Canvas) -> None:
    """The promenade."""
    dark = sheet.tone(0.28, 0.6)
    sheet.block(dark, 0, SHORE - 10, 1500, SHORE + 2)
    for number in range(13):
        x, high = 34 + number * 121, 74 + (number * 31) % 42
        sheet.line(dark, 6, (x, SHORE), (x + 5, SHORE - high * 0.6), (x + 12, SHORE - high))
        for angle in range(7):
            turn = pi * (0.06 + angle * 0.147)
            reach = 30 + (angle % 2) * 8
            tip = (x + 12 + reach * cos(turn), SHORE - high - reach * 0.6 * sin(turn) + 11)
            sheet.line(
                dark,
                5,
                (x + 12, SHORE - high),
                (x + 12 + reach * 0.6 * cos(turn), SHORE - high - reach * 0.62 * sin(turn)),
                tip,
            )


def _ship(sheet: Canvas) -> None:
    """A freighter with its boxes, on the way out."""
    hull, dark = sheet.tone(0.3, 0.75), sheet.tone(0.22, 0.6)
    sheet.shape(hull, (150, 782), (640, 782), (676, 768), (640, 846), (190, 846))
    sheet.line(AMBER, 5, (170, 812), (655, 812))
    for column in range(8):
        for row in range(3 if 0 < column < 7 else 2):
            lightness = (0.74, 0.58, 0.84, 0.48)[(column * 3 + row * 5) % 4]
            x, y = 262 + column * 44, 758 - row * 24
            sheet.block(AMBER if (column + row * 4) % 7 == 3 else sheet.tone(lightness, 0.65), x, y, x + 41, y + 22)
    sheet.block(PAPER, 184, 690, 250, 782)
    sheet.block(PAPER, 172, 690, 262, 702)
    sheet.windows(dark, 192, 710, grid=(4, 3), step=(14, 22), size=(9, 11))
    sheet.block(hull, 200, 656, 226, 692)
    for number in range(5):
        sheet.line(
            sheet.tone(0.85, 0.35), 4, (120 + number * 22, 862 + number * 14), (700 - number * 44, 862 + number * 14)
        )


def _dhow(sheet: Canvas) -> None:
    for x, y, size in ((1180, 810, 1.0), (1330, 744, 0.55)):
        sheet.shape(PAPER, (x - 4 * size, y - 8 * size), (x - 4 * size, y - 190 * size), (x - 86 * size, y - 24 * size))
        sheet.shape(
            sheet.tone(0.9, 0.3),
            (x + 5 * size, y - 8 * size),
            (x + 5 * size, y - 176 * size),
            (x + 66 * size, y - 20 * size),
        )
        sheet.shape(
            sheet.tone(0.25, 0.65),
            (x - 96 * size, y),
            (x + 92 * size, y),
            (x + 62 * size, y + 30 * size),
            (x - 70 * size, y + 30 * size),
        )
