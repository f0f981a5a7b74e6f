"""Views of press releases: the list, the page, its text and its press pack; and the page for journalists."""

from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from news import calendars, press_pack, queries
from news.filters import NewsFilters
from news.models import PressRelease
from news.models.contacts import current_contacts
from news.paging import cursors_in, page_of
from news.quotes.placing import placed
from twinning.core.addresses import public_record
from twinning.core.fields.folding import sort_key
from twinning.core.sharing.linked_data import absolute, council
from twinning.core.sharing.pictures import SharingPicture, hue_of, sharing_picture
from twinning.core.web.http import query_string, site


@require_safe
def year(request, year: str):
    """The list of releases of one year."""
    return releases(request, int(year))


@require_safe
def releases(request, year: int | None = None):
    """The list of releases, newest first: all, or of a year, a city or a theme."""
    filters = NewsFilters(request, year=year, at=request.visit.at)
    cursors, unknown = cursors_in(request)
    page = page_of(filters.narrowing, **cursors)
    context = {
        "year": year,
        "crumbs": [(_("News"), reverse("news:releases"))] if year else [],
        "filters": filters,
        "unknown": filters.unknown + unknown,
        "page": page,
        "newer_url": page.newer and query_string(**filters.parameters, after=page.newer),
        "older_url": page.older and query_string(**filters.parameters, before=page.older),
        "alerts_url": settings.ALERTS and reverse("news:alerts") + query_string(**filters.parameters),
    }
    return render(request, "news/releases.html", context)


@public_record(PressRelease)
def release(request, release, at):
    """The page of a release, with quotes, notes to editors, contacts, corrections and related releases."""
    year = release.issued.earliest.year
    picture = sharing_picture(hue=hue_of(release.about_cities), photos=release.shown_photos)
    context = _content(release, at) | {
        "crumbs": [(_("News"), reverse("news:releases")), (str(year), reverse("news:year", args=[year]))],
        "is_over": release.is_over(at=at),
        "related": queries.related(release, at=at),
        "coverage": queries.coverage(release),
        "sharing_picture": picture,
        "linked_data": _linked_data(release, picture),
    }
    return render(request, "news/release.html", context)


def _content(release: PressRelease, at: datetime) -> dict:
    """The content of a release, for its page and for the press pack."""
    contacts, quotes = queries.release_contacts(release=release.pk), queries.quotes(release=release.pk)
    for quote in quotes:
        quote.release = release
    return {
        "record": release,
        "release": release,
        "pieces": placed(release.body, quotes),
        "change_notes": queries.change_notes(release=release.pk),
        "contacts": current_contacts(contacts, on=timezone.localdate(at)),
    }


@public_record(PressRelease, press_pack.NAME)
def pack(request, release, at):
    """The press pack of a release as a ZIP file: the text, and the photos in full size with their captions."""
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": content_disposition_header(True, f"{release.slug}.zip"),
        "X-Content-Type-Options": "nosniff",
    }
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    context = {**_content(release, at), "site": site(request)["site"], "preview": request.visit.preview}
    packed = press_pack.entries(release, context)
    content = press_pack.stream(packed, folder=release.slug, at=release.changed_at)
    return StreamingHttpResponse(content, headers=headers)


@public_record(PressRelease, press_pack.TEXT_NAME)
def text(request, release, at):
    """The text of a release alone, as plain text that can be copied whole."""
    context = {**_content(release, at), "site": site(request)["site"], "preview": request.visit.preview}
    plain = render_to_string("news/press_pack.txt", context)
    return HttpResponse(plain, content_type="text/plain; charset=utf-8")


@public_record(PressRelease, calendars.PHOTO_CALL)
def photo_call(request, release, at):
    """The calendar file of a photo call."""
    if not release.is_photo_call:
        raise Http404
    url = "" if request.visit.preview else release.get_absolute_url()
    response = calendars.answer("", [calendars.of_photo_call(release, url=url)])
    response["Content-Disposition"] = content_disposition_header(True, f"{release.slug}.ics")
    return response


@require_safe
def journalists(request):
    """What is offered to journalists: whom to call, embargoes, feeds, packs and alerts."""
    context = {
        "crumbs": [(_("News"), reverse("news:releases"))],
        "contacts": current_contacts(queries.general_contacts(), on=timezone.localdate(request.visit.at)),
        "has_alerts": settings.ALERTS,
    }
    return render(request, "news/journalists.html", context)


def _published(release: PressRelease) -> str:
    """When a release came out, in ISO 8601: a moment, or a date as precise as it is known."""
    moment = timezone.localtime(release.publish_at).isoformat(timespec="seconds")
    return release.issued_iso if release.first_issued else moment


def _linked_data(release: PressRelease, picture: SharingPicture) -> dict:
    """The release as schema.org data, with its public cities and themes."""
    named = [("City", "partners:city", city) for city in release.about_cities]
    named += [("Thing", "partners:theme", theme) for theme in release.about_themes]
    about = [
        {"@type": kind, "name": record["name"], "url": absolute(reverse(page, args=[record["slug"]]))}
        for kind, page, record in sorted(named, key=lambda row: (row[0], sort_key(row[2]["name"])))
    ]
    return {
        "@type": "NewsArticle",
        "headline": release.headline,
        "description": release.standfirst,
        "image": picture.url,
        "inLanguage": release.language or settings.LANGUAGE_CODE,
        "datePublished": _published(release),
        "dateModified": timezone.localtime(release.changed_at).isoformat(timespec="seconds"),
        "author": council(),
        "publisher": council(),
        **({"about": about} if about else {}),
        "mainEntityOfPage": absolute(release.get_absolute_url()),
    }
