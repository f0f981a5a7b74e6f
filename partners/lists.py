"""Filters and saved views of the lists of cities and agreements; those of releases use the filters, too."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy

from partners.models import City, Theme, memoranda
from twinning.core.lists.chosen import ChosenFilter
from twinning.core.lists.saved import SavedView

A_YEAR = timedelta(days=365)


class CitiesFilter(ChosenFilter):
    title, parameter_name, of_model, relation = gettext_lazy("city"), "cities", City, "cities"


class ThemesFilter(ChosenFilter):
    title, parameter_name, of_model, relation = gettext_lazy("theme"), "themes", Theme, "themes"


class FocusFilter(ThemesFilter):
    relation = "focuses__theme"


def _ending(agreements, request):
    today = timezone.localdate(request.visit.at)
    in_force = agreements.filter(status_now__in=[memoranda.Status.IN_FORCE, memoranda.Status.EXPIRING])
    return in_force.filter(ends_latest__range=(today, today + A_YEAR))


def _to_look_at(cities, request):
    return cities.filter(review_on__lte=timezone.localdate(request.visit.at))


ENDING = SavedView("ending", gettext_lazy("Ends within a year"), _ending)
MY_CITIES = SavedView(
    "mine", gettext_lazy("Mine"), lambda cities, request: cities.filter(owner=request.user), ("change",)
)
TO_LOOK_AT = SavedView("to-look-at", gettext_lazy("To be looked at again"), _to_look_at, ("change",))
