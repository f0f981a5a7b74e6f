"""The picture that stands for a page where somebody shares it; that of a record lies below the address of its page.

It is there while the page stands in public lists, and shows nothing that the page does not.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from twinning.core import poster
from twinning.core.linked_data import absolute
from twinning.core.photo_uses import PhotoUse
from twinning.core.poster import Words

NAME = "sharing.jpg"


@dataclass(frozen=True)
class SharingPicture:
    """What stands for a page: a photo of it if there is one, else its words on a cloth of their hue."""

    path: str
    words: Words
    photo: PhotoUse | None = None
    width, height = poster.SIZE

    @property
    def url(self) -> str:
        return absolute(self.path)

    @property
    def alt(self) -> str:
        """What can be seen, for those who cannot see it."""
        if self.photo and self.photo.alt:
            return self.photo.alt
        return ". ".join(filter(None, [self.words.kind, self.words.title, self.words.detail]))

    def content(self) -> bytes:
        """The picture itself, a JPEG."""
        if self.photo:
            shown = self.photo.photo
            return poster.cut(shown.file.name, shown.focal_x, shown.focal_y)
        return poster.drawn(self.words)


def of_site() -> SharingPicture:
    """What stands for all pages that are about no single record."""
    title = _("The partner cities of %(city)s") % {"city": settings.HOME_CITY}
    return SharingPicture(reverse("core:sharing"), Words(title, detail=settings.COUNCIL_NAME))


@require_safe
def site(request):
    """The picture of all pages that have none of their own."""
    return answer(of_site())


def answer(picture: SharingPicture) -> HttpResponse:
    """The picture, for whoever may see the page."""
    try:
        content = picture.content()
    except FileNotFoundError:
        raise Http404 from None
    # Other sites show it: that is what it is for.
    return HttpResponse(content, content_type="image/jpeg", headers={"Cross-Origin-Resource-Policy": "cross-origin"})
