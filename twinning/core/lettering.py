"""Words in pictures: broken into lines, as large as fits, and never with a box where a letter should be."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import fontpkg_noto_serif
from PIL import ImageDraw, ImageFont

FILE = fontpkg_noto_serif.ROOT / "files" / "NotoSerif[wdth,wght].ttf"
LEADING = 1.22
# No character has this number, so every font shows its box for it.
NO_CHARACTER = "\uffff"


@dataclass(frozen=True)
class Lines:
    """Text as it is set: its lines, in one size and weight."""

    lines: tuple[str, ...]
    size: int
    weight: int = 400

    @property
    def height(self) -> int:
        return round(len(self.lines) * self.size * LEADING)

    def draw(self, brush: ImageDraw.ImageDraw, x: int, y: int, colour) -> None:
        """Draw the lines from the top left corner of the first."""
        for number, line in enumerate(self.lines):
            middle = y + (number + 0.5) * self.size * LEADING
            brush.text((x, middle), line, fill=colour, font=_font(self.size, self.weight), anchor="lm")


@cache
def _font(size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(FILE, size)
    font.set_variation_by_axes([weight, 100])
    return font


@cache
def _is_box(character: str) -> bool:
    font = _font(20, 400)
    return bytes(font.getmask(character)) == bytes(font.getmask(NO_CHARACTER))


def writable(text: str) -> str:
    """What the font can write of a text; nothing if most of its letters are of a script that it does not know."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    kept = "".join(character for character in text if character == " " or not _is_box(character)).replace("()", "")
    letters = sum(map(str.isalnum, text))
    return " ".join(kept.split()) if 2 * sum(map(str.isalnum, kept)) > letters else ""


def fit(text: str, *, width: int, height: int, sizes: tuple[int, ...], weight: int = 400) -> Lines:
    """A text in the largest of the sizes in which it fits; in the smallest it is cut short."""
    words = writable(text).split()
    for size in sizes:
        lines = _broken(words, width, _font(size, weight))
        if len(lines) * size * LEADING <= height and all(
            _font(size, weight).getlength(line) <= width for line in lines
        ):
            return Lines(tuple(lines), size, weight)
    return _cut(lines, max(1, int(height / (size * LEADING))), width, Lines((), size, weight))


def _broken(words: list[str], width: int, font) -> list[str]:
    lines = []
    for word in words:
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(lines: list[str], most: int, width: int, style: Lines) -> Lines:
    """So many of the lines, none wider than there is room; dots stand for the rest."""
    font, kept = _font(style.size, style.weight), lines[:most]
    for number, line in enumerate(kept):
        is_cut = font.getlength(line) > width or number == most - 1 < len(lines) - 1
        while is_cut and line and font.getlength(f"{line}…") > width:
            line = line[:-1]
        kept[number] = f"{line.rstrip()}…" if is_cut else line
    return Lines(tuple(kept), style.size, style.weight)
