"""Brno: the twin spires of the cathedral on Petrov, the castle on Špilberk, and a white villa with long windows."""

from news.demo.pictures.canvas import AMBER, PAPER, Canvas

GROUND = 860


def draw() -> bytes:
    sheet = Canvas(9)
    sheet.sky(sheet.tone(0.84, 0.4), sheet.tone(0.97, 0.25), down_to=GROUND)
    sheet.sun(250, 250, 60)
    sheet.ridge(sheet.tone(0.88, 0.4), 560, (36, 1100, 0.3), (12, 380, 0.1))
    _castle(sheet)
    sheet.mist(420, GROUND, sheet.tone(0.96, 0.25), 0.55)
    _cathedral(sheet, 620)
    _roofs(sheet)
    sheet.wood(sheet.tone(0.3, 0.6), 790, (30, 1300, 0.05), (8, 260, 0.5), size=26)
    _villa(sheet)
    return sheet.finished()


def _castle(sheet: Canvas) -> None:
    """Špilberk: long walls on a wooded hill."""
    hill, wall = sheet.tone(0.72, 0.55), sheet.tone(0.62, 0.6)
    sheet.wood(hill, 640, (150, 1500, 0.47), left=820, size=20)
    sheet.shape(wall, (1000, 540), (1010, 452), (1370, 452), (1380, 540))
    sheet.shape(sheet.tone(0.52, 0.65), (1004, 454), (1024, 424), (1354, 424), (1376, 454))
    sheet.windows(sheet.tone(0.85, 0.4), 1030, 470, grid=(13, 1), step=(26, 0), size=(12, 20))
    sheet.block(wall, 1236, 366, 1288, 460)
    sheet.mirrored(sheet.tone(0.52, 0.65), 1262, (0, 318), (8, 344), (34, 368))
    sheet.wood(sheet.tone(0.66, 0.6), 668, (140, 1500, 0.47), left=820, size=24)


def _cathedral(sheet: Canvas, middle: float) -> None:
    """Saint Peter and Paul's on its rock."""
    stone, roof, light = sheet.tone(0.5, 0.65), sheet.tone(0.4, 0.7), sheet.tone(0.84, 0.4)
    sheet.wood(sheet.tone(0.56, 0.6), 700, (92, 1320, 0.79), left=150, right=1100, size=20)
    for x in (middle - 66, middle + 66):
        sheet.block(stone, x - 34, 356, x + 34, 680)
        sheet.mirrored(stone, x, (0, 84), (5, 110), (30, 350), (40, 356), (40, 366))
        for side in (-32, 32):
            sheet.mirrored(stone, x + side, (0, 286), (9, 360))
        for y in (384, 476):
            sheet.block(light, x - 11, y, x + 11, y + 56)
            sheet.mirrored(light, x, (0, y - 18), (11, y))
        sheet.line(AMBER, 4, (x, 58), (x, 88))
        sheet.line(AMBER, 4, (x - 9, 68), (x + 9, 68))
    sheet.block(stone, middle - 40, 470, middle + 40, 680)
    sheet.mirrored(roof, middle, (0, 410), (40, 474))
    sheet.disc(light, middle, 530, 22)
    sheet.shape(roof, (middle + 100, 520), (middle + 128, 452), (middle + 300, 452), (middle + 336, 520))
    sheet.block(stone, middle + 100, 518, middle + 336, 690)
    sheet.mirrored(roof, middle + 236, (0, 352), (5, 440), (12, 454))
    for number in range(5):
        x = middle + 124 + number * 44
        sheet.block(light, x, 560, x + 18, 630)
        sheet.mirrored(light, x + 9, (0, 540), (9, 560))


def _roofs(sheet: Canvas) -> None:
    """The old town below."""
    for number in range(19):
        left, top = number * 84 - 40, 690 + (number * 53) % 66 - (30 if 4 < number < 11 else 0)
        lightness = (0.48, 0.42, 0.53)[number % 3]
        sheet.block(sheet.tone(lightness + 0.12, 0.5), left, top, left + 88, GROUND)
        sheet.shape(sheet.tone(lightness - 0.06, 0.65), (left - 6, top + 2), (left + 22, top - 42), (left + 66, top - 42), (left + 94, top + 2))  # fmt: skip
        for column in range(3):
            lit = (number + column) % 3 == 0
            x = left + 12 + column * 24
            sheet.block(AMBER if lit else sheet.tone(0.86, 0.35), x, top + 18, x + 13, top + 40)


def _villa(sheet: Canvas) -> None:
    """The Tugendhat villa in its garden: white, flat, and one room as long as the house behind glass."""
    white, shade, glass = PAPER, sheet.tone(0.86, 0.25), sheet.tone(0.42, 0.55)
    garden = sheet.tone(0.22, 0.55)
    sheet.ridge(garden, 940, (14, 1500, 0.4))
    sheet.block(white, 830, 742, 1330, 786)
    sheet.block(glass, 846, 752, 1010, 778)
    sheet.block(white, 1180, 714, 1290, 750)
    sheet.block(white, 760, 786, 1390, 806)
    sheet.block(glass, 780, 806, 1370, 884)
    for number in range(9):
        sheet.line(white, 5, (780 + number * 73.75, 806), (780 + number * 73.75, 884))
    sheet.block(AMBER, 930, 808, 998, 882)
    sheet.block(AMBER, 1078, 808, 1146, 882)
    sheet.block(white, 760, 884, 1390, 904)
    sheet.block(shade, 780, 904, 1370, 950)
    sheet.shape(white, (1390, 884), (1480, 950), (1452, 950), (1380, 896))
    for number in range(6):
        x, y = 716 - number * 126, 890 + (number * 37) % 30
        sheet.disc(sheet.tone(0.36 - 0.03 * (number % 3), 0.6), x, y - 22, 44 + (number * 23) % 18, flat=1.3)
        sheet.line(sheet.tone(0.2, 0.5), 6, (x, y - 40), (x, y + 80))
        sheet.line(sheet.tone(0.2, 0.5), 4, (x, y + 10), (x + 18, y - 14))
    sheet.ridge(sheet.tone(0.18, 0.55), 968, (8, 700, 0.1))
