"""What stands for a press release where somebody shares it."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from news.models import PressRelease
from twinning.core.poster import Words
from twinning.core.sharing_pictures import NAME, SharingPicture, answer
from twinning.core.slugs import public_record


def of_release(release: PressRelease, at: datetime) -> SharingPicture:
    """The leading photo, or the headline in the hue of the first city by name."""
    hues = [city["hue"] for city in sorted(release.about_cities, key=lambda city: city["name"])]
    day = date_format(timezone.localtime(release.publish_at), "j F Y")
    words = Words(release.headline, kind=f"{release.get_kind_display()} · {day}", hue=next(iter(hues), 0))
    return SharingPicture(release.get_absolute_url() + NAME, words, next(iter(release.shown_photos), None))


@public_record(PressRelease, NAME)
def release_picture(request, release, at):
    return answer(of_release(release, at))
