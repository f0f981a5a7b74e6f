"""Views that belong to no single app: home, statements about the site, robots.txt and security.txt."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

import news.queries
import partners.queries
from partners.anniversaries import next_anniversary
from partners.chosen import MOST_ON_HOME, chosen_for_home
from partners.models.memoranda import Status
from twinning.core.pages.pages import SiteText
from twinning.core.pages.views import page_in_place
from twinning.core.sharing.linked_data import council
from twinning.core.web.visits import asking_nobody
from twinning.laws import accessibility_law

MOST_LISTED = 4
LISTED_STATUSES = (Status.IN_FORCE, Status.EXPIRING, Status.NEGOTIATED, Status.PLANNED)


@require_safe
def home(request):
    """The home page: cities, the newest releases, agreements in force or planned, and the next anniversary."""
    at = request.visit.at
    today = timezone.localdate(at)
    cities = [city for city in partners.queries.cities(at=at) if not city.standing(on=today).is_over]
    agreements = partners.queries.agreements(at=at)
    listed = [one for one in agreements if one.status_now in LISTED_STATUSES]
    releases = news.queries.for_home(at=at)
    context = {
        "programme": next(iter(partners.queries.programme()), None),
        "cities": cities,
        "introduced": chosen_for_home(cities, agreements, on=today),
        "more": max(0, len(cities) - MOST_ON_HOME),
        "today": today,
        "linked_data": _council_with_area(),
        "anniversary": next_anniversary(cities, listed, on=today),
        "releases": releases,
        "memoranda": listed[:MOST_LISTED],
        "is_empty": not (cities or agreements or releases),
    }
    return render(request, "twinning/home.html", context)


def _council_with_area() -> dict:
    """The council as schema.org data, with its address and its city."""
    area = {"@type": "City", "name": settings.HOME_CITY}
    return council() | {"email": settings.CONTACT_EMAIL, "areaServed": area}


@require_safe
def accessibility(request):
    """The accessibility statement, in the words that the law prescribes, or the council's own."""
    if own := page_in_place(SiteText.ACCESSIBILITY, at=request.visit.at):
        return own
    context = {
        "law": accessibility_law(
            settings.COUNTRY,
            law=settings.ACCESSIBILITY_LAW,
            body=settings.ACCESSIBILITY_BODY,
            body_url=settings.ACCESSIBILITY_BODY_URL,
        ),
        "prepared_on": settings.ACCESSIBILITY_PREPARED_ON,
        "reviewed_on": settings.ACCESSIBILITY_REVIEWED_ON,
    }
    return render(request, "twinning/accessibility.html", context)


@require_safe
def privacy(request):
    """The privacy statement, or the council's own."""
    own = page_in_place(SiteText.PRIVACY, at=request.visit.at)
    return own or render(request, "twinning/privacy.html", {"has_alerts": settings.ALERTS})


def _text_file(*lines: str) -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


@asking_nobody
@require_safe
def robots(request):
    """robots.txt: crawlers may read everything but the back office.

    Pages of search results are not excluded here: each names the empty search page as its canonical address.
    """
    return _text_file("User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}/sitemap.xml")


@asking_nobody
@require_safe
def security_txt(request):
    """security.txt: the contact for reports of weaknesses (RFC 9116)."""
    expires = (timezone.localdate(request.visit.at).replace(day=1) + timedelta(days=180)).replace(day=1)
    return _text_file(
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        f"Preferred-Languages: {settings.LANGUAGE_CODE[:2]}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    )
