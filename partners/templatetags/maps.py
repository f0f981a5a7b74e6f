"""Template tags for the map of the partner cities and for distances."""

from django import template
from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import gettext

from partners.worldmap import Place, world_map
from twinning.core.templatetags.kept import kept

register = template.Library()


@register.filter
def km(distance):
    """A distance in words: 9121.4 becomes “9,121 km”, with a no-break space."""
    return gettext("%(number)s\N{NO-BREAK SPACE}km") % {"number": number_format(round(distance), force_grouping=True)}


@register.simple_tag(name="world_map")
def show_world_map(cities=(), focus=None):
    """The map of all cities with links, and a list for narrow screens; with ``focus`` a picture of one city."""
    home = Place(settings.HOME_CITY, settings.HOME_LATITUDE, settings.HOME_LONGITUDE)
    places = [_place(city) for city in cities]
    focused = _place(focus) if focus else None
    if focused and focused not in places:
        places.append(focused)
    return kept("partners/_map.html", map=world_map(home, places, focused))


def _place(city):
    return Place(city.name, float(city.latitude), float(city.longitude), city.hue, city.get_absolute_url())
