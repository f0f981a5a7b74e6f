"""The public pages about cities, themes and agreements."""

from collections import Counter

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.models import City, Memorandum, Programme, Theme
from partners.models.memoranda import Status
from partners.sharing import of_city, of_memorandum, of_theme
from twinning.core import sharing_pictures
from twinning.core.http import text_parameter
from twinning.core.linked_data import absolute
from twinning.core.slugs import public_record


@require_safe
def cities(request):
    """All partner cities, the oldest partnership first, with the history of the programme."""
    at = timezone.now()
    published = City.objects.published(at=at).with_photos(at=at).order_by("since_earliest", "name")
    context = {"cities": published, "programme": Programme.objects.first(), "today": timezone.localdate(at)}
    return render(request, "partners/cities.html", context)


@public_record(City)
def city(request, city, at):
    """One partnership: the facts, the reason, the story, the themes, the timeline and the agreements."""
    memoranda = city.memoranda.published(at=at).with_status(on=timezone.localdate(at), at=at).with_parties(at=at)
    context = {
        "city": city,
        "today": timezone.localdate(at),
        "hours_ahead": city.hours_ahead(at=at),
        "focuses": city.public_focuses,
        "milestones": city.milestones.all(),
        "memoranda": memoranda,
        "crumbs": [(_("Partner cities"), reverse("partners:cities"))],
        "sharing_picture": of_city(city, at),
        "linked_data": _linked_data(city),
    }
    return render(request, "partners/city.html", context)


def _linked_data(city: City) -> dict:
    """The city itself for machines, known by its entry in Wikidata; our page is about it."""
    wikidata = city.wikidata_id and f"https://www.wikidata.org/entity/{city.wikidata_id}"
    data = {
        "@type": "City",
        "name": city.name,
        "alternateName": city.local_name,
        "description": city.summary,
        "image": absolute(city.get_absolute_url() + sharing_pictures.NAME),
        "containedInPlace": {"@type": "Country", "name": city.country.name},
        "geo": {"@type": "GeoCoordinates", "latitude": float(city.latitude), "longitude": float(city.longitude)},
        "sameAs": [address for address in (wikidata, city.official_site) if address],
        "mainEntityOfPage": absolute(city.get_absolute_url()),
    }
    return {name: value for name, value in data.items() if value}


@require_safe
def themes(request):
    """All fields of work."""
    return render(request, "partners/themes.html", {"themes": Theme.objects.published(at=timezone.now())})


@public_record(Theme)
def theme(request, theme, at):
    """One field of work: the cities that share it, now and before, and its agreements."""
    focuses = theme.focuses.filter(city__in=City.objects.published(at=at)).select_related("city").order_by("city__name")
    memoranda = theme.memoranda.published(at=at).with_status(on=timezone.localdate(at), at=at).with_parties(at=at)
    crumbs = [(_("Themes"), reverse("partners:themes"))]
    context = {"theme": theme, "focuses": focuses, "memoranda": memoranda, "crumbs": crumbs}
    context["sharing_picture"] = of_theme(theme, at)
    return render(request, "partners/theme.html", context)


@require_safe
def memoranda(request):
    """The register of agreements, all or those with one status; a status that none has is no choice."""
    at = timezone.now()
    register = Memorandum.objects.published(at=at).with_status(on=timezone.localdate(at), at=at).with_parties(at=at)
    asked = text_parameter(request, "status")
    chosen = Status(asked) if asked in Status.values else None
    numbers = Counter(memorandum.status_now for memorandum in register)
    context = {
        "memoranda": [m for m in register if m.status_now == chosen] if chosen else register,
        "statuses": [(status, numbers[status]) for status in Status if numbers[status]],
        "chosen": chosen,
        "unknown": asked if asked and not chosen else "",
    }
    return render(request, "partners/memoranda.html", context)


@public_record(Memorandum)
def memorandum(request, memorandum, at):
    """One agreement: purpose, dates, signatories, documents, and what it follows or was followed by."""
    on = timezone.localdate(at)
    context = {
        "memorandum": memorandum,
        "home_city": settings.HOME_CITY,
        "signatories": memorandum.signatories.for_page(at=at),
        "documents": memorandum.documents.all(),
        "crumbs": [(_("Agreements"), reverse("partners:memoranda"))],
        "sharing_picture": of_memorandum(memorandum, at),
        "linked": Memorandum.objects.follows(memorandum, at=at).with_status(on=on, at=at),
    }
    return render(request, "partners/memorandum.html", context)
