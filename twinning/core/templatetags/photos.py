"""How photos are printed."""

from dataclasses import dataclass

from django import template

from twinning.core.photo_uses import PhotoUse
from twinning.core.photos import Photo, Rendition
from twinning.core.templatetags.text import file_url

register = template.Library()
# The smallest first: a browser takes the first format that it knows.
MODERN = ("avif", "webp")


@dataclass(frozen=True)
class Source:
    """One format of a picture: what browsers call it, and its addresses with their widths."""

    mime: str
    srcset: str


@register.inclusion_tag("core/_picture.html", takes_context=True)
def picture(context, use: PhotoUse, *, sizes: str, is_lead: bool = False, is_named: bool = False, css: str = ""):
    """A photo in every format and width there is of it; ``is_named`` if a link beside it says what it shows."""
    made = {ending: [r for r in use.renditions if r.ending == ending] for ending in MODERN}
    sources = [Source(f"image/{ending}", _srcset(context, offered)) for ending, offered in made.items() if offered]
    plain: Rendition | Photo = next((r for r in use.renditions if r.ending not in MODERN), use.photo)
    return {
        "sources": sources,
        "sizes": sizes,
        "src": file_url(context, plain),
        "width": plain.width,
        "height": plain.height,
        "alt": "" if is_named else use.alt,
        "is_lead": is_lead,
        "css": f"{css} fx-{_tenths(use.photo.focal_x)} fy-{_tenths(use.photo.focal_y)}".strip(),
    }


def _srcset(context, renditions: list[Rendition]) -> str:
    return ", ".join(f"{file_url(context, rendition)} {rendition.width}w" for rendition in renditions)


def _tenths(per_cent: int) -> int:
    """The class of a focal point: styles stand in style sheets, so it is one of eleven."""
    return round(per_cent / 10)
