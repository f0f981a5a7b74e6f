"""What stands for a city, a theme or an agreement where somebody shares its page."""

from datetime import datetime
from html import unescape

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.models import City, Memorandum, Theme
from twinning.core.poster import Words
from twinning.core.sharing_pictures import NAME, SharingPicture, answer
from twinning.core.slugs import public_record


def of_city(city: City, at: datetime) -> SharingPicture:
    """The leading photo, or the name and how long the cities have been partners."""
    words = Words(city.name, kind=city.country.name, detail=_partnership(city, at), hue=city.hue)
    return SharingPicture(city.get_absolute_url() + NAME, words, next(iter(city.shown_photos), None))


def _partnership(city: City, at: datetime) -> str:
    """“Twin city of Leeds since 1969 – 57 years”; of a partnership that is not active, how it stands."""
    between = {
        City.Kind.TWIN_CITY: _("Twin city of %(home)s"),
        City.Kind.PARTNER_CITY: _("Partner city of %(home)s"),
        City.Kind.FRIENDSHIP: _("Friendship with %(home)s"),
        City.Kind.PROJECT: _("Project partnership with %(home)s"),
    }[city.kind] % {"home": settings.HOME_CITY}
    if city.home_side:
        between = _("%(between)s through %(side)s") % {"between": between, "side": city.home_side}
    if city.status != City.Status.ACTIVE:
        return f"{between} · {city.get_status_display()}"
    if not city.since:
        return between
    if not (years := city.since.full_years(on=timezone.localdate(at))):
        return f"{between} · {city.since}"
    lasted = ngettext("%(number)d year", "%(number)d years", years) % {"number": years}
    return _("%(between)s since %(date)s – %(years)s") % {"between": between, "date": city.since, "years": lasted}


def of_theme(theme: Theme, at: datetime) -> SharingPicture:
    words = Words(theme.name, kind=capfirst(str(theme._meta.verbose_name)), detail=theme.summary)
    return SharingPicture(theme.get_absolute_url() + NAME, words)


def of_memorandum(memorandum: Memorandum, at: datetime) -> SharingPicture:
    """The title in the hue of the first city by name, and when it was signed."""
    hues = [party["hue"] for party in sorted(memorandum.parties, key=lambda party: party["name"])]
    signed = unescape(render_to_string("partners/_signed.html", {"memorandum": memorandum}).strip())
    words = Words(memorandum.title, kind=memorandum.get_kind_display(), detail=signed, hue=next(iter(hues), 0))
    return SharingPicture(memorandum.get_absolute_url() + NAME, words)


@public_record(City, NAME)
def city_picture(request, city, at):
    return answer(of_city(city, at))


@public_record(Theme, NAME)
def theme_picture(request, theme, at):
    return answer(of_theme(theme, at))


@public_record(Memorandum, NAME)
def memorandum_picture(request, memorandum, at):
    return answer(of_memorandum(memorandum, at))
