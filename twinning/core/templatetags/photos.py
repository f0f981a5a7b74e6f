"""Template tag that prints a photo as a picture element."""

from dataclasses import dataclass

from django import template

from twinning.core.photos.library import Photo, Rendition
from twinning.core.photos.uses import PhotoUse
from twinning.core.templatetags.text import file_url

register = template.Library()
# The smallest files first: a browser takes the first format that it knows.
MODERN = ("avif", "webp")


@dataclass(frozen=True)
class Source:
    """A source element: one format of a photo, with the address and width of each size."""

    mime: str
    srcset: str


@register.inclusion_tag("core/photos/_picture.html", takes_context=True)
def picture(context, use: PhotoUse, *, sizes: str, is_lead: bool = False, is_named: bool = False, css: str = ""):
    """Print a photo in all its formats and sizes; ``is_named`` if the link beside it makes its description superfluous."""
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
    """Per cent as one of the eleven classes fx-0 to fx-10: the content security policy allows no style attribute."""
    return round(per_cent / 10)
