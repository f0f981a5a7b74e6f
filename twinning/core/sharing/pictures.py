"""The picture of a page for Open Graph and JSON-LD: the cut of its leading photo, or a static file in a city's hue."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.templatetags.static import static
from django.utils.translation import gettext as _

from twinning.core.fields.folding import sort_key
from twinning.core.photos.pictures import SHARING_SIZE
from twinning.core.photos.uses import PhotoUse
from twinning.core.sharing.linked_data import absolute


@dataclass(frozen=True)
class SharingPicture:
    """Address, type and description of a picture; ``alt`` is empty for a photo that is only decoration."""

    path: str
    mime: str
    alt: str
    width, height = SHARING_SIZE

    @property
    def url(self) -> str:
        return absolute(self.path)


def sharing_picture(*, hue: int = 0, photos: Sequence[PhotoUse] = ()) -> SharingPicture:
    """The picture of a page by its photos, the leading one first, and its hue; hue 0 is the site's own colour."""
    if photos and photos[0].sharing_cut:
        return SharingPicture(photos[0].sharing_cut.get_absolute_url(), "image/jpeg", photos[0].alt)
    # bin/sharing_pictures.py draws them.
    name = f"hue-{hue}" if hue else "site"
    alt = _("Two linked rings, and a line that joins two places on a map of distances")
    return SharingPicture(static(f"core/sharing/{name}.png"), "image/png", alt)


def hue_of(cities: Sequence[dict]) -> int:
    """The hue of the first of some cities by name; 0 if there is none."""
    return min(cities, key=lambda city: sort_key(city["name"]), default={"hue": 0})["hue"]
