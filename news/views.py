"""The public pages of the press room."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Min, OuterRef
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import press_pack
from news.models import PressContact, PressRelease
from news.models.contacts import current_contacts
from news.paging import Cursor, page_of
from news.sharing import of_release
from partners.models import City, Theme
from twinning.core import sharing_pictures
from twinning.core.http import query_string, site, text_parameter
from twinning.core.linked_data import absolute, council
from twinning.core.slugs import public_record

MOST_YEARS = 200


@require_safe
def year(request, year: str):
    """The news of one year."""
    return releases(request, int(year))


@require_safe
def releases(request, year: int | None = None):
    """The news, newest first: all of it or of a year, and of a city or a theme."""
    at = timezone.now()
    published = PressRelease.objects.published(at=at)
    choices = {
        "city": City.objects.published(at=at).annotate(has_news=Exists(published.filter(cities=OuterRef("pk")))),
        "theme": Theme.objects.published(at=at).annotate(has_news=Exists(published.filter(themes=OuterRef("pk")))),
    }
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
        "years": _years(published, at, chosen=year),
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
    """One filter as links: everything, then each record that has news and the chosen one, the other filter kept."""
    others = {other: record.slug for other, record in chosen.items() if record and other != name}
    links = [
        (record.name, path + query_string(**others, **{name: record.slug}), record == chosen[name])
        for record in records
        if record.has_news or record == chosen[name]
    ]
    everything = (
        _("All cities") if name == "city" else _("All themes"),
        path + query_string(**others),
        not chosen[name],
    )
    return {"label": _("City") if name == "city" else _("Theme"), "links": [everything, *links]}


def _of_year(releases, year: int):
    return releases.filter(publish_at__gte=_start(year), publish_at__lt=_start(year + 1))


def _start(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))


def _years(releases, at: datetime, *, chosen: int | None) -> list[int]:
    """The years that have news and the chosen one, the newest first; looked up one by one, so that no archive is counted."""
    first = releases.aggregate(first=Min("publish_at"))["first"] or at
    this_year = timezone.localdate(at).year
    years = range(this_year, max(timezone.localdate(first).year, this_year - MOST_YEARS) - 1, -1)
    # Two upper bounds, of the gate and of the year, would make SQLite walk from today back to each year.
    ends = {year: min(at, _start(year + 1) - timedelta.resolution) for year in years}
    published = {year: PressRelease.objects.published(at=end) for year, end in ends.items()}
    have_news = {f"in_{year}": Exists(published[year].filter(publish_at__gte=_start(year))) for year in years}
    found = releases.annotate(**have_news).values(*have_news).first() or {}
    return sorted({*(year for year in years if found.get(f"in_{year}")), *filter(None, [chosen])}, reverse=True)


@public_record(PressRelease)
def release(request, release, at):
    """One release with its quotes, notes to editors, contacts, corrections and related releases."""
    year = timezone.localdate(release.publish_at).year
    context = _written(release, at) | {
        "crumbs": [(_("News"), reverse("news:releases")), (str(year), reverse("news:year", args=[year]))],
        "related": PressRelease.objects.similar_to(release, at=at),
        "sharing_picture": of_release(release, at),
        "linked_data": _linked_data(release),
    }
    return render(request, "news/release.html", context)


def _written(release: PressRelease, at: datetime) -> dict:
    """What a release says: on its page, and to whoever takes it along."""
    contacts = PressContact.objects.with_fallbacks().filter(releasecontact__release=release)
    return {
        "release": release,
        "quotes": release.quotes.all(),
        "change_notes": release.change_notes.all(),
        "contacts": current_contacts(contacts.order_by("releasecontact__position"), on=timezone.localdate(at)),
    }


@public_record(PressRelease, press_pack.NAME)
def pack(request, release, at):
    """All of a release for a newsroom: the text, the photos in full size and what to print below them."""
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": content_disposition_header(True, f"{release.slug}.zip"),
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    context = {**_written(release, at), "site": site(request)["site"], "preview": getattr(request, "preview", None)}
    packed = press_pack.entries(release, context)
    content = press_pack.stream(packed, folder=release.slug, at=release.changed_at)
    return StreamingHttpResponse(content, headers=headers)


def _linked_data(release: PressRelease) -> dict:
    """The release for machines, with the cities and themes that it names in public."""
    named = [("City", "partners:city", city) for city in release.about_cities]
    named += [("Thing", "partners:theme", theme) for theme in release.about_themes]
    about = [
        {"@type": kind, "name": record["name"], "url": absolute(reverse(page, args=[record["slug"]]))}
        for kind, page, record in sorted(named, key=lambda row: (row[0], row[2]["name"]))
    ]
    return {
        "@type": "NewsArticle",
        "headline": release.headline,
        "description": release.standfirst,
        "image": absolute(release.get_absolute_url() + sharing_pictures.NAME),
        "inLanguage": release.language or settings.LANGUAGE_CODE,
        "datePublished": timezone.localtime(release.publish_at).isoformat(timespec="seconds"),
        "dateModified": timezone.localtime(release.changed_at).isoformat(timespec="seconds"),
        "author": council(),
        "publisher": council(),
        **({"about": about} if about else {}),
        "mainEntityOfPage": absolute(release.get_absolute_url()),
    }
