"""Views of cities, themes and agreements."""

from datetime import datetime

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners import queries
from partners.answers import ANSWERS, Answers
from partners.chain import Chain
from partners.city_index import MOST_AS_CARDS, CityIndex
from partners.models import City, FormerName, Memorandum, Theme
from partners.models.life import ALIVE, PAST, Status
from partners.models.signing import Side
from partners.models.standing import Standing
from partners.register import Register
from partners.timeline import Timeline
from twinning.core.addresses import public_record
from twinning.core.sharing.linked_data import absolute
from twinning.core.sharing.pictures import SharingPicture, hue_of, sharing_picture


@require_safe
def cities(request):
    """The list of partner cities, the oldest partnership first, or the index of many; former ones; and how it all began."""
    at = request.visit.at
    today = timezone.localdate(at)
    known = queries.cities(at=at)
    former = [city for city in known if city.standing(on=today).is_over]
    cities = [city for city in known if city not in former]
    context = {
        "cities": cities,
        "former": former,
        "index": CityIndex(request, cities) if len(cities) > MOST_AS_CARDS else None,
        "programme": next(iter(queries.programme()), None),
        "today": today,
    }
    return render(request, "partners/cities.html", context)


@public_record(City)
def city(request, city, at):
    """The page of a city: facts, reason, story, themes, timeline, agreements and contacts."""
    picture = sharing_picture(hue=city.hue, photos=city.shown_photos)
    standing = city.standing(on=timezone.localdate(at))
    context = {
        "record": city,
        "city": city,
        "at": at,
        "today": timezone.localdate(at),
        "standing": standing,
        "hours_ahead": city.hours_ahead(at=at),
        "former_names": FormerName.from_rows(city.formerly),
        **_then_and_now(city, standing, at=at),
        "crumbs": [(_("Partner cities"), reverse("partners:cities"))],
        "sharing_picture": picture,
        "linked_data": _linked_data(city, picture),
    }
    return render(request, "partners/city.html", context)


def _then_and_now(city: City, standing: Standing, *, at: datetime) -> dict:
    """Context: the timeline, and beside it the themes and agreements that it does not tell of or that hold today."""
    focuses, today = city.public_focuses, timezone.localdate(at)
    memoranda = queries.agreements(at=at, city=city.pk)
    timeline = Timeline.of(city, standing, memoranda=memoranda, focuses=focuses, at=at)
    return {
        "focuses": focuses,
        "work_today": [focus for focus in focuses if not focus.is_over(on=today)],
        "outcomes": city.shown_outcomes,
        "timeline": timeline,
        "memoranda": [one for one in memoranda if one.status_now not in PAST or not timeline.has(one)],
    }


@public_record(City, ANSWERS)
def answers(request, city, at):
    """What residents ask about a partnership, with the answers that are recorded."""
    context = {
        "record": city,
        "city": city,
        "at": at,
        "answers": Answers(city, at=at),
        "crumbs": [(_("Partner cities"), reverse("partners:cities")), (city.name, city.get_absolute_url())],
    }
    return render(request, "partners/answers.html", context)


def _linked_data(city: City, picture: SharingPicture) -> dict:
    """The city as schema.org data, identified by its entry in Wikidata."""
    wikidata = city.wikidata_id and f"https://www.wikidata.org/entity/{city.wikidata_id}"
    data = {
        "@type": "City",
        "name": city.name,
        "alternateName": city.local_name,
        "description": city.summary,
        "image": picture.url,
        "containedInPlace": {"@type": "Country", "name": city.country.name},
        "geo": {"@type": "GeoCoordinates", "latitude": float(city.latitude), "longitude": float(city.longitude)},
        "sameAs": [address for address in (wikidata, city.official_site) if address],
        "mainEntityOfPage": absolute(city.get_absolute_url()),
    }
    return {name: value for name, value in data.items() if value}


@require_safe
def themes(request):
    """The list of themes."""
    at = request.visit.at
    return render(request, "partners/themes.html", {"themes": queries.themes(at=at), "today": timezone.localdate(at)})


@public_record(Theme)
def theme(request, theme, at):
    """The page of a theme: its cities, now and before, and its agreements."""
    context = {
        "record": theme,
        "theme": theme,
        "at": at,
        "is_retired": theme.is_retired(on=timezone.localdate(at)),
        "focuses": queries.focuses(at=at, theme=theme.pk),
        "memoranda": queries.agreements(at=at, theme=theme.pk),
        "crumbs": [(_("Themes"), reverse("partners:themes"))],
    }
    return render(request, "partners/theme.html", context)


@require_safe
def memoranda(request):
    """The register of agreements, in pages: as it stands or stood on a day, narrowed and sorted."""
    register = Register(request)
    context = {
        "register": register,
        "page": register.page,
        "filters": register.filters,
        "columns": register.columns,
    }
    return render(request, "partners/memoranda.html", context)


@public_record(Memorandum)
def memorandum(request, memorandum, at):
    """The page of an agreement: purpose, dates, signatories, documents, and earlier and later agreements."""
    today = timezone.localdate(at)
    suspensions = memorandum.shown_suspensions
    is_suspended = memorandum.status_now == Status.SUSPENDED
    context = {
        "record": memorandum,
        "memorandum": memorandum,
        "at": at,
        "signings": queries.signings(memorandum=memorandum.pk),
        "suspensions": suspensions,
        "suspended": next((spell for spell in suspensions if is_suspended and spell.holds(on=today)), None),
        "decisions": memorandum.shown_decisions,
        "next_decision": memorandum.status_now in ALIVE and memorandum.next_decision(on=today),
        **_signatories(memorandum, at),
        "documents": queries.documents(memorandum=memorandum.pk),
        "crumbs": [(_("Agreements"), reverse("partners:memoranda"))],
        "sharing_picture": sharing_picture(hue=hue_of(memorandum.parties)),
        "chain": Chain(memorandum, at=at, on=today),
    }
    return render(request, "partners/memorandum.html", context)


def _signatories(memorandum: Memorandum, at) -> dict:
    """The signatories by side, and which columns their table has."""
    sides = Side.of(queries.signatories(at=at, memorandum=memorandum.pk))
    return {
        "signatories": sides,
        "has_signed": any(side.signed for side in sides),
        "has_planned": any(side.planned for side in sides),
        "planned_label": _("Was to sign") if memorandum.is_signed else _("Is to sign"),
    }
