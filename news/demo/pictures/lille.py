"""Lille: stepped gables around the Grand Place, and the belfries of the Chamber of Commerce and of the town hall."""

from news.demo.pictures.canvas import AMBER, PAPER, Canvas

# Left edge, width, height, and how many steps its gable has on each side; 0 for a roof.
HOUSES = [
    (-20, 128, 300, 4), (108, 104, 345, 5), (212, 128, 285, 0), (340, 108, 360, 5), (448, 118, 310, 4), (566, 104, 350, 6),
    (670, 124, 295, 0), (794, 108, 352, 5), (902, 118, 318, 4), (1020, 104, 366, 6), (1124, 128, 300, 0), (1252, 112, 340, 5),
    (1364, 150, 305, 4),
]  # fmt: skip
STREET = 880


def draw() -> bytes:
    sheet = Canvas(1)
    sheet.sky(sheet.tone(0.88, 0.34), sheet.tone(0.97, 0.2), down_to=STREET)
    sheet.sun(1120, 300, 74)
    _roofs(sheet)
    _chamber(sheet, 430)
    _town_hall(sheet, 930)
    sheet.mist(430, STREET, sheet.tone(0.93, 0.4), 0.55)
    for number, house in enumerate(HOUSES):
        _house(sheet, number, *house)
    _square(sheet)
    return sheet.finished()


def _roofs(sheet: Canvas) -> None:
    """The rest of the city, far away."""
    for number in range(26):
        left, high = number * 60 - 20, 560 - (number * 67) % 90
        sheet.shape(sheet.tone(0.86, 0.55), (left, STREET), (left, high), (left + 36, high - 44), (left + 72, high), (left + 72, STREET))  # fmt: skip


def _chamber(sheet: Canvas, middle: float) -> None:
    """The belfry of the Chamber of Commerce, with its clock and its lantern."""
    stone = sheet.tone(0.7, 0.75)
    sheet.block(stone, middle - 52, 320, middle + 52, STREET)
    sheet.mirrored(stone, middle, (0, 92), (4, 150), (20, 180), (24, 218), (34, 224), (34, 262), (60, 268), (60, 330))
    sheet.disc(PAPER, middle, 372, 33)
    sheet.disc(stone, middle, 372, 26)
    sheet.line(PAPER, 5, (middle, 372), (middle, 353))
    sheet.line(PAPER, 5, (middle, 372), (middle + 13, 380))
    sheet.windows(sheet.tone(0.82, 0.5), middle - 30, 432, grid=(3, 1), step=(23, 0), size=(13, 76))
    sheet.block(sheet.tone(0.82, 0.5), middle - 12, 274, middle + 12, 306)


def _town_hall(sheet: Canvas, middle: float) -> None:
    """The belfry of the town hall, tall and narrow, with a beacon on top."""
    stone, light = sheet.tone(0.76, 0.7), sheet.tone(0.86, 0.5)
    sheet.mirrored(stone, middle, (0, 70), (3, 104), (20, 112), (20, 150), (28, 152), (28, 196), (40, 200), (46, 268), (46, STREET))  # fmt: skip
    sheet.disc(AMBER, middle, 104, 9)
    for left in (-30, -6, 18):
        sheet.block(light, middle + left, 290, middle + left + 12, 520)
    sheet.windows(light, middle - 20, 160, grid=(3, 1), step=(16, 0), size=(9, 30))


def _house(sheet: Canvas, number: int, left: float, width: float, height: float, steps: int) -> None:
    lightness = (0.52, 0.45, 0.58, 0.4)[number % 4]
    wall, top = sheet.tone(lightness, 0.85), STREET - height
    if steps:
        _stepped(sheet, wall, left, width, top, steps)
    else:
        sheet.shape(sheet.tone(lightness - 0.12, 0.8), (left, top), (left + 18, top - 74), (left + width - 18, top - 74), (left + width, top))  # fmt: skip
    sheet.block(wall, left, top, left + width, STREET)
    across, room = (3, (width - 30) / 3)
    for floor in range(int((height - 92) // 62)):
        for column in range(across):
            lit = (number * 7 + floor * 5 + column * 3) % 4 == 0
            x, y = left + 20 + column * room, top + 18 + floor * 62
            sheet.block(AMBER if lit else sheet.tone(0.86, 0.45), x, y, x + room * 0.62, y + 38)
            sheet.disc(AMBER if lit else sheet.tone(0.86, 0.45), x + room * 0.31, y, room * 0.31, flat=0.7)
    sheet.block(sheet.tone(lightness - 0.14, 0.8), left, STREET - 78, left + width, STREET - 70)
    for column in range(across):
        x = left + 16 + column * room
        sheet.block(sheet.tone(0.28, 0.7), x, STREET - 60, x + room * 0.8, STREET)


def _stepped(sheet: Canvas, wall, left: float, width: float, top: float, steps: int) -> None:
    for step in range(steps + 1):
        inset = step * (width / 2 - 14) / steps
        sheet.block(wall, left + inset, top - step * 21 - 20, left + width - inset, top)
    middle = left + width / 2
    sheet.disc(sheet.tone(0.86, 0.45), middle, top - 34, 12)


def _square(sheet: Canvas) -> None:
    """The Grand Place, its lamps and the column of the goddess."""
    sheet.block(sheet.tone(0.34, 0.7), 0, STREET, 1500, 1000)
    for number in range(9):
        y = STREET + 4 + number * number * 1.7
        sheet.line(sheet.tone(0.4, 0.7), 2 + number * 0.4, (0, y), (1500, y))
    dark = sheet.tone(0.22, 0.6)
    sheet.mirrored(dark, 705, (0, 474), (7, 486), (7, 500), (13, 508), (15, 566), (9, 570), (11, 590), (22, 594), (15, 602), (18, 770), (30, 780), (34, 850), (58, 860), (62, 925))  # fmt: skip
    sheet.line(dark, 7, (712, 516), (738, 480))
    for x in (150, 1340):
        sheet.line(dark, 7, (x, 700), (x, 950))
        for side in (-34, 34):
            sheet.line(dark, 4, (x, 716), (x + side, 716), (x + side, 700))
            sheet.disc(AMBER, x + side, 690, 13)
