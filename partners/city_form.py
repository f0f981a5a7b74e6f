"""The form of a city: its name proposes places of the gazetteer, and what is probably there already is said before it is saved."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partners.doubles import all_names, probable_doubles
from partners.gazetteer import KnownPlace, place_at, places_called
from twinning.core.addresses import address_of
from twinning.core.backoffice.forms import name_in_choosers
from twinning.core.backoffice.publishing import PublishingForm
from twinning.core.web.http import text_parameter

SAYS_WHICH_PLACE = {"name", "local_name", "other_names", "latitude", "longitude"}
ANOTHER_PLACE = "another_place"


class PlacesMedia:
    """The script and the styles of the field that proposes places, for every form in which a city can be added."""

    css = {"all": ["partners/admin-places.css"]}
    js = ["partners/admin-places.js"]


class CityForm(PublishingForm):
    """Form of a city: asks whether it is another place than those of its name or nearby, until somebody says so."""

    doubles = ()
    asks_before = "admin/partners/city/_doubles.html"  # where it is not on its own page

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if name := self.fields.get("name"):
            address = reverse("admin:partners_city_proposals") + f"?but={self.instance.pk or ''}"
            name.widget.attrs |= {"data-places": address, "data-label": _("Places of this name")}

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk or SAYS_WHICH_PLACE.intersection(self.changed_data):
            given = self.cleaned_data
            names = [given.get(name) or "" for name in ("name", "local_name", "other_names")]
            where = given.get("latitude"), given.get("longitude")
            self.doubles = probable_doubles(names, *where, among=all_names(), but=self.instance.pk)
        if self.doubles and not self.is_another_place:
            message = _(
                "This is probably here already: %(cities)s. Look at it first. If yours is another place, tick “It is another place”."
            )
            named = "; ".join(map(name_in_choosers, self.doubles))
            self.add_error("name", ValidationError(message, code="probable_double", params={"cities": named}))
        return cleaned

    @property
    def keys_of_doubles(self) -> str:
        return "-".join(str(city.pk) for city in self.doubles)

    @property
    def is_another_place(self) -> bool:
        """Whether somebody ticked that none of these cities is meant; others that come to light are asked for anew."""
        return self.data.get(ANOTHER_PLACE) == self.keys_of_doubles


class PlaceFinding:
    """Mixin of the ModelAdmin of cities: the addresses that look places up, for those who write the page of a city."""

    def get_urls(self):
        views = {"places": self.places_view, "proposals": self.proposals_view}
        urls = [
            path(f"{name}/", self.admin_site.admin_view(view), name=f"partners_city_{name}")
            for name, view in views.items()
        ]
        return [*urls, *super().get_urls()]

    def places_view(self, request):
        """The way without JavaScript: a page that finds places, each with a link to a form that is filled in."""
        context = self._found(request) | {"title": _("Find the place"), "opts": self.opts}
        return render(request, "admin/partners/city/places.html", self.admin_site.each_context(request) | context)

    def proposals_view(self, request):
        """What the field of the name proposes while it is typed (JSON)."""
        found = self._found(request)["found"]
        number = ngettext("%(number)d place", "%(number)d places", len(found)) % {"number": len(found)}
        none = _("No place of this name in the list. Type what you know.")
        return JsonResponse({"places": [_proposal(*one) for one in found], "said": number if found else none})

    def _found(self, request) -> dict:
        if not (self.has_add_permission(request) or self.has_change_permission(request)):
            raise PermissionDenied
        words, own = text_parameter(request, "q"), text_parameter(request, "but", limit=18)
        places = places_called(words)
        among = all_names() if places else {}
        but = int(own) if own.isdecimal() else None
        return {"words": words, "found": [(place, _doubles_of(place, among, but)) for place in places]}

    def get_changeform_initial_data(self, request):
        """What an empty form begins with: what is known of the place that was chosen on the page before."""
        initial = super().get_changeform_initial_data(request)
        if place := place_at(text_parameter(request, "place")):
            initial |= place.as_fields | {"slug": address_of(place.name)}
        return initial


def _doubles_of(place: KnownPlace, among: dict, but: int | None) -> list[dict[str, str]]:
    doubles = probable_doubles([place.name, place.local_name], place.latitude, place.longitude, among=among, but=but)
    return [
        {"name": name_in_choosers(city), "url": reverse("admin:partners_city_change", args=[city.pk])}
        for city in doubles
    ]


def _proposal(place: KnownPlace, doubles: list[dict[str, str]]) -> dict:
    filled = _("Country, coordinates, time zone and names are filled in from GeoNames (CC BY 4.0).")
    unknown = _("It counts %(people)s and does not say in which year: write a number below if you know its year.")
    words = [filled, unknown % {"people": place.people} if place.people else ""]
    return {
        "name": place.name,
        "where": place.where,
        "people": place.people,
        "here": doubles,
        "hereWord": _("Probably here already:") if doubles else "",
        "fields": place.as_fields,
        "said": " ".join(filter(None, words)),
    }
