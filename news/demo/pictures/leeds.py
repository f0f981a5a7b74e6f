"""Leeds: the town hall with its clock and columns; and what two cities have in common, a line from one to the other."""

from math import cos, pi, sin

from news.demo.pictures.canvas import AMBER, PAPER, WIDTH, Canvas

GROUND = 860


def draw() -> bytes:
    """The town hall in the evening."""
    sheet = Canvas(9)
    sheet.sky(sheet.tone(0.72, 0.4), sheet.tone(0.95, 0.25), down_to=GROUND)
    sheet.sun(1180, 430, 78)
    for number in range(24):
        left, top = number * 66 - 20, 600 - (number * 59) % 120
        sheet.block(sheet.tone(0.78, 0.4), left, top, left + 56, GROUND)
    sheet.mist(480, GROUND, sheet.tone(0.95, 0.25), 0.55)
    town_hall(sheet, 750)
    sheet.block(sheet.tone(0.24, 0.5), 0, GROUND, WIDTH, 1000)
    for number in range(6):
        sheet.block(
            sheet.tone(0.5 - number * 0.035, 0.45),
            330 - number * 22,
            818 + number * 12,
            1170 + number * 22,
            832 + number * 12,
        )
    _lions(sheet)
    return sheet.finished()


def draw_line() -> bytes:
    """Two towers, one of each city, that shake hands over the line between them."""
    sheet = Canvas(2)
    sheet.sky(sheet.tone(0.9, 0.3), sheet.tone(0.975, 0.15), down_to=GROUND)
    sheet.sun(750, 470, 150)
    sheet.ridge(sheet.tone(0.88, 0.3), 690, (40, 1500, 0.5), (14, 420, 0.2))
    sheet.wood(sheet.tone(0.76, 0.45), 760, (30, 1100, 0.1), (10, 300, 0.7), size=18)
    _clock_tower(sheet, 330)
    _brewery(sheet, 1170)
    _arms(sheet)
    sheet.wood(sheet.tone(0.3, 0.6), GROUND, (8, 700, 0.3), size=20)
    sheet.line(PAPER, 7, (0, 936), (WIDTH, 936))
    for number in range(26):
        sheet.line(AMBER, 7, (20 + number * 60, 962), (50 + number * 60, 962))
    return sheet.finished()


def town_hall(sheet: Canvas, middle: float) -> None:
    """Corinthian columns below, a square tower with its clock above them, and a dome on top."""
    stone, shade, light = sheet.tone(0.42, 0.6), sheet.tone(0.34, 0.6), sheet.tone(0.86, 0.3)
    sheet.block(stone, middle - 470, 580, middle + 470, GROUND)
    sheet.block(shade, middle - 484, 566, middle + 484, 584)
    for number in range(20):
        x = middle - 462 + number * 48.2
        sheet.block(light if number % 5 else AMBER, x, 622, x + 20, 790)
        sheet.disc(light if number % 5 else AMBER, x + 10, 622, 10)
    sheet.block(shade, middle - 212, 548, middle + 212, 584)
    sheet.block(shade, middle - 206, 584, middle + 206, 812)
    for number in range(10):
        x = middle - 200 + number * 42
        sheet.block(PAPER, x, 600, x + 20, 800)
        sheet.block(PAPER, x - 5, 592, x + 25, 602)
        sheet.block(PAPER, x - 5, 798, x + 25, 812)
    _tower_top(sheet, middle, 548)


def _tower_top(sheet: Canvas, middle: float, foot: float) -> None:
    stone, shade, light = sheet.tone(0.42, 0.6), sheet.tone(0.34, 0.6), sheet.tone(0.88, 0.3)
    sheet.block(stone, middle - 96, foot - 196, middle + 96, foot)
    sheet.block(shade, middle - 106, foot - 206, middle + 106, foot - 190)
    for number in range(6):
        x = middle - 84 + number * 31
        sheet.block(light, x, foot - 170, x + 13, foot - 20)
    sheet.block(stone, middle - 72, foot - 292, middle + 72, foot - 200)
    sheet.disc(PAPER, middle, foot - 246, 37)
    sheet.line(shade, 5, (middle, foot - 246), (middle, foot - 272))
    sheet.line(shade, 5, (middle, foot - 246), (middle + 17, foot - 236))
    sheet.block(shade, middle - 80, foot - 300, middle + 80, foot - 288)
    dome = [(70 * cos(pi / 2 * part / 12), foot - 298 - 92 * sin(pi / 2 * part / 12)) for part in range(12, -1, -1)]
    sheet.mirrored(shade, middle, *dome)
    sheet.mirrored(stone, middle, (0, foot - 458), (3, foot - 420), (15, foot - 414), (15, foot - 384))
    sheet.disc(AMBER, middle, foot - 456, 6)


def _lions(sheet: Canvas) -> None:
    """Two of the four lions on the steps."""
    dark = sheet.tone(0.18, 0.45)
    for x, way in ((300, 1), (1200, -1)):
        sheet.block(dark, x - 74, 838, x + 74, 900)
        sheet.disc(dark, x - way * 22, 822, 44, flat=0.6)
        sheet.disc(dark, x + way * 38, 800, 29)
        sheet.disc(dark, x + way * 60, 806, 16)
        sheet.line(dark, 13, (x + way * 24, 834), (x + way * 70, 834))


def _clock_tower(sheet: Canvas, middle: float) -> None:
    """The tower of Leeds, on its own."""
    sheet.block(sheet.tone(0.42, 0.6), middle - 112, 676, middle + 112, GROUND)
    sheet.windows(sheet.tone(0.88, 0.3), middle - 92, 712, grid=(6, 1), step=(34, 0), size=(16, 110))
    _tower_top(sheet, middle, 680)


def _brewery(sheet: Canvas, middle: float) -> None:
    """The tower of Dortmund, with its letter."""
    brick, shade, light = sheet.tone(0.4), sheet.tone(0.32), sheet.tone(0.9, 0.4)
    sheet.block(brick, middle - 124, 430, middle + 124, GROUND)
    sheet.block(shade, middle - 134, 420, middle + 134, 438)
    sheet.block(brick, middle - 96, 346, middle + 96, 424)
    sheet.block(shade, middle - 104, 336, middle + 104, 352)
    for floor in range(5):
        sheet.windows(
            AMBER if floor == 3 else light, middle - 102, 458 + floor * 78, grid=(6, 1), step=(36, 0), size=(22, 46)
        )
    sheet.windows(light, middle - 76, 368, grid=(5, 1), step=(34, 0), size=(18, 40))
    letter = [(middle - 48 * cos(pi * part / 24), 256 + 48 * sin(pi * part / 24)) for part in range(25)]
    sheet.line(AMBER, 36, (middle - 48, 176), *letter, (middle + 48, 176))


def _arms(sheet: Canvas) -> None:
    """The hands meet in the middle, over the sun."""
    dark, cuff = sheet.tone(0.24, 0.7), PAPER
    left = [(442, 560), (560, 610), (660, 590), (735, 545)]
    right = [(1046, 560), (940, 610), (840, 590), (765, 545)]
    for arm in (left, right):
        sheet.line(dark, 40, *arm)
        sheet.disc(dark, *arm[0], 24)
        sheet.line(cuff, 44, _between(arm[2], arm[3], 0.1), _between(arm[2], arm[3], 0.24))
    sheet.disc(dark, 738, 540, 34, flat=0.85)
    sheet.disc(dark, 764, 538, 34, flat=0.85)
    for number in range(4):
        sheet.line(
            sheet.tone(0.42, 0.6), 4, (736 + number * 16, 520 + number * 3), (726 + number * 16, 548 + number * 3)
        )
    sheet.line(dark, 18, (744, 530), (762, 496))


def _between(start, end, part: float) -> tuple[float, float]:
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
