"""The world as seen from home, for templates."""

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

from partners.worldmap import Place, world_map

register = template.Library()


@register.filter
def km(distance):
    """A distance for people: 9121.4 becomes “9,121 km”, with a space that does not break."""
    return gettext("%(number)s\N{NO-BREAK SPACE}km") % {"number": number_format(round(distance), force_grouping=True)}


@register.inclusion_tag("partners/_map.html", name="world_map")
def show_world_map(cities=(), focus=None):
    """All cities with rays, names and links, and a list for narrow screens; with ``focus`` a picture of that one's ray."""
    home = Place(settings.HOME_CITY, settings.HOME_LATITUDE, settings.HOME_LONGITUDE)
    places = [_place(city) for city in cities]
    focused = _place(focus) if focus else None
    if focused and focused not in places:
        places.append(focused)
    return {"map": world_map(home, places, focused)}


def _place(city):
    return Place(city.name, float(city.latitude), float(city.longitude), city.hue, city.get_absolute_url())
