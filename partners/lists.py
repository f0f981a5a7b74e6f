"""Filters and saved views of the lists of cities and agreements; those of releases use the filters, too."""

from datetime import timedelta

from django.db.models import Q
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
    soon = (today, today + A_YEAR)
    in_force = agreements.filter(status_now__in=[memoranda.Status.IN_FORCE, memoranda.Status.EXPIRING])
    # One that renews itself ends only if somebody has given notice.
    return in_force.filter(Q(ends_latest__range=soon, renewal_months=0) | Q(ended_on_earliest__range=soon))


def _to_look_at(cities, request):
    return cities.filter(review_on__lte=timezone.localdate(request.visit.at))


ENDING = SavedView("ending", gettext_lazy("Ends within a year"), _ending)
MY_CITIES = SavedView(
    "mine", gettext_lazy("Mine"), lambda cities, request: cities.filter(owner=request.user), ("change",)
)
TO_LOOK_AT = SavedView("to-look-at", gettext_lazy("To be looked at again"), _to_look_at, ("change",))
