"""The public pages of the press room."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Min
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news.models import PressContact, PressRelease
from news.models.contacts import current_contacts
from news.paging import Cursor, page_of
from partners.models import City, Theme
from twinning.core.http import query_string, text_parameter
from twinning.core.slugs import public_record


@require_safe
def year(request, year: str):
    """The news of one year."""
    return releases(request, int(year))


@require_safe
def releases(request, year: int | None = None):
    """The news, newest first: all of it or of a year, and of a city or a theme."""
    at = timezone.now()
    published = PressRelease.objects.published(at=at)
    choices = {"city": City.objects.published(at=at), "theme": Theme.objects.published(at=at)}
    chosen, unknown = _filters(request, choices)
    listed = _of_year(published, year) if year else published
    for record in filter(None, chosen.values()):
        listed = listed.filter(**{{City: "cities", Theme: "themes"}[type(record)]: record})
    asked = {name: text_parameter(request, name) for name in ("before", "after")}
    place = {name: Cursor.parse(text) for name, text in asked.items()}
    page = page_of(listed, **place)
    kept = {name: record.slug for name, record in chosen.items() if record}
    context = {
        "year": year,
        "crumbs": [(_("News"), reverse("news:releases"))] if year else [],
        "years": _years(published, at),
        "filters": [_filter_links(name, records, chosen, request.path) for name, records in choices.items()],
        "city": chosen["city"],
        "theme": chosen["theme"],
        "unknown": unknown + [text[:50] for name, text in asked.items() if text and not place[name]],
        "page": page,
        "kept": query_string(**kept),
        "newer_url": page.newer and query_string(**kept, after=page.newer),
        "older_url": page.older and query_string(**kept, before=page.older),
    }
    return render(request, "news/releases.html", context)


def _filters(request, choices) -> tuple[dict, list[str]]:
    """The chosen city and theme, and what was asked for but is not there."""
    asked = {name: text_parameter(request, name) for name in choices}
    chosen = {name: next((r for r in records if r.slug == asked[name]), None) for name, records in choices.items()}
    return chosen, [asked[name] for name in choices if asked[name] and not chosen[name]]


def _filter_links(name: str, records, chosen: dict, path: str) -> dict:
    """One filter as links: everything, then each record, the other filter kept."""
    others = {other: record.slug for other, record in chosen.items() if record and other != name}
    links = [
        (record.name, path + query_string(**others, **{name: record.slug}), record == chosen[name])
        for record in records
    ]
    everything = (
        _("All cities") if name == "city" else _("All themes"),
        path + query_string(**others),
        not chosen[name],
    )
    return {"label": _("City") if name == "city" else _("Theme"), "links": [everything, *links]}


def _of_year(releases, year: int):
    start, end = (datetime(y, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE)) for y in (year, year + 1))
    return releases.filter(publish_at__gte=start, publish_at__lt=end)


def _years(releases, at: datetime) -> range:
    """From this year back to the year of the first release."""
    first = releases.aggregate(first=Min("publish_at"))["first"] or at
    return range(timezone.localdate(at).year, timezone.localdate(first).year - 1, -1)


@public_record(PressRelease)
def release(request, release, at):
    """One release with its quotes, notes to editors, contacts, corrections and related releases."""
    contacts = PressContact.objects.with_fallbacks().filter(releasecontact__release=release)
    year = timezone.localdate(release.publish_at).year
    context = {
        "release": release,
        "crumbs": [(_("News"), reverse("news:releases")), (str(year), reverse("news:year", args=[year]))],
        "quotes": release.quotes.all(),
        "change_notes": release.change_notes.all(),
        "contacts": current_contacts(contacts.order_by("releasecontact__position"), on=timezone.localdate(at)),
        "related": PressRelease.objects.similar_to(release, at=at),
    }
    return render(request, "news/release.html", context)
