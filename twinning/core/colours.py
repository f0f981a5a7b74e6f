"""The colours of the site as pictures need them: red, green and blue. ``static/core/tokens.css`` has them for pages."""

from math import cos, radians, sin

# How vivid a hue may be so that every lightness of it stays inside sRGB, from colour 1 to 12, 30 degrees apart.
VIVID = (0.24, 0.24, 0.2, 0.2, 0.22, 0.2, 0.165, 0.18, 0.24, 0.24, 0.24, 0.24)

type Colour = tuple[int, int, int]


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """A colour in sRGB: lightness from 0 to 1, chroma up to about 0.3, hue in degrees (Björn Ottosson's Oklab)."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return tuple(round(255 * _encoded(min(max(part, 0), 1))) for part in linear)


def _encoded(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def degrees(number: int) -> int:
    """The hue of one of the twelve colours that a city can have."""
    return number * 30 - 15


def tone(number: int, lightness: float, strength: float = 1) -> Colour:
    """One of the twelve colours, lighter or darker; ``strength`` below 1 makes it greyer."""
    return oklch(lightness, lightness * VIVID[number - 1] * strength, degrees(number))
