"""Dortmund: the U on its tower, a winding tower of the coal mines, and the yellow pylons of the stadium."""

from news.demo.pictures.canvas import AMBER, PAPER, Canvas

GROUND = 800


def draw() -> bytes:
    sheet = Canvas(2)
    sheet.sky(sheet.tone(0.86, 0.38), sheet.tone(0.97, 0.22), down_to=GROUND)
    sheet.sun(330, 420, 86)
    sheet.ridge(sheet.tone(0.87, 0.5), 640, (24, 900, 0.1), (9, 310, 0.4))
    _city(sheet)
    _stadium(sheet)
    sheet.mist(520, GROUND, sheet.tone(0.94, 0.35), 0.6)
    _tower(sheet, 690)
    _winding_tower(sheet)
    sheet.wood(sheet.tone(0.34, 0.7), GROUND - 6, (7, 460, 0.2), size=17)
    sheet.water(GROUND + 12, sheet.tone(0.5, 0.6), clear=0.3, depth=2.4)
    return sheet.finished()


def _city(sheet: Canvas) -> None:
    for number in range(30):
        left, high = number * 52 - 20, 660 - (number * 71) % 110
        sheet.block(sheet.tone(0.8, 0.6), left, high, left + 44, GROUND)
    # The spire of Saint Peter's and the television tower.
    sheet.mirrored(sheet.tone(0.76, 0.6), 520, (0, 380), (26, 560), (26, GROUND))
    sheet.mirrored(
        sheet.tone(0.76, 0.6),
        905,
        (0, 250),
        (2, 350),
        (5, 420),
        (24, 428),
        (28, 446),
        (18, 462),
        (6, 470),
        (10, GROUND),
    )


def _stadium(sheet: Canvas) -> None:
    """The largest stand in the country hangs from eight yellow pylons."""
    roof = sheet.tone(0.56, 0.7)
    sheet.shape(roof, (1030, 650), (1060, 612), (1440, 612), (1470, 650), (1470, GROUND), (1030, GROUND))
    sheet.windows(sheet.tone(0.72, 0.6), 1050, 672, grid=(13, 1), step=(32, 0), size=(20, 60))
    for x in (1070, 1190, 1310, 1430):
        sheet.line(AMBER, 11, (x, GROUND), (x, 520))
        sheet.line(AMBER, 5, (x, 524), (x - 46, 616))
        sheet.line(AMBER, 5, (x, 524), (x + 46, 616))


def _tower(sheet: Canvas, middle: float) -> None:
    """The old brewery: brick, seven floors high, and the letter on its head, as high as a house."""
    brick, shade, light = sheet.tone(0.4), sheet.tone(0.33), sheet.tone(0.9, 0.4)
    sheet.block(brick, middle - 190, 590, middle + 190, GROUND)
    sheet.block(shade, middle - 190, 582, middle + 190, 598)
    sheet.block(brick, middle - 128, 430, middle + 128, GROUND)
    sheet.block(shade, middle - 136, 422, middle + 136, 440)
    sheet.block(brick, middle - 100, 342, middle + 100, 430)
    sheet.block(shade, middle - 108, 334, middle + 108, 350)
    for floor in range(4):
        lit = floor == 1
        sheet.windows(AMBER if lit else light, middle - 104, 462 + floor * 80, grid=(6, 1), step=(37, 0), size=(22, 50))
    sheet.windows(light, middle - 78, 368, grid=(5, 1), step=(35, 0), size=(18, 44))
    for left in (middle - 176, middle + 140):
        sheet.windows(light, left, 624, grid=(2, 2), step=(24, 84), size=(14, 52))
    _letter(sheet, middle)


def _letter(sheet: Canvas, middle: float) -> None:
    sheet.block(sheet.tone(0.28), middle - 76, 322, middle + 76, 336)
    for side in (-1, 1):
        inner, outer = sorted((middle + side * 28, middle + side * 70))
        sheet.block(AMBER, inner, 176, outer, 262)
    sheet.disc(AMBER, middle, 258, 70, flat=0.9)
    sheet.disc(sheet.tone(0.9, 0.45), middle, 250, 28, flat=1)
    sheet.block(sheet.tone(0.893, 0.455), middle - 28, 176, middle + 28, 252)


def _winding_tower(sheet: Canvas) -> None:
    """The headframe of a mine: four legs, two wheels, and the ropes down to the engine house."""
    steel = sheet.tone(0.26, 0.8)
    for points in (
        [(150, GROUND), (196, 400)], [(290, GROUND), (244, 400)], [(236, 430), (420, GROUND)], [(206, 430), (370, GROUND)],
        [(162, 720), (278, 720)], [(172, 630), (268, 630)], [(182, 540), (258, 540)], [(190, 460), (250, 460)],
        [(162, 720), (268, 630)], [(278, 720), (172, 630)], [(172, 630), (258, 540)], [(268, 630), (182, 540)],
    ):  # fmt: skip
        sheet.line(steel, 10, *points)
    sheet.block(steel, 176, 392, 268, 408)
    for x in (190, 250):
        sheet.disc(steel, x, 366, 44)
        sheet.disc(sheet.tone(0.9, 0.5), x, 366, 35)
        for away in ((35, 0), (25, 25), (0, 35), (-25, 25)):
            sheet.line(steel, 4, (x - away[0], 366 - away[1]), (x + away[0], 366 + away[1]))
        sheet.line(steel, 4, (x + 26, 334), (452, 716))
    sheet.block(steel, 400, 712, 520, GROUND)
    sheet.shape(steel, (392, 714), (460, 672), (528, 714))
    sheet.windows(PAPER, 420, 734, grid=(3, 1), step=(30, 0), size=(16, 34))
