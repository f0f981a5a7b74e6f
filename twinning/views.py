"""The pages that no single app owns, but for search: home, what the law wants, and the signs for machines."""

from datetime import date, timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from news.models import PressRelease
from partners.anniversaries import next_anniversary
from partners.models import City, Memorandum, Programme
from partners.models.memoranda import Status
from twinning.core.linked_data import council

LATEST = 4
LIVING = (Status.IN_FORCE, Status.EXPIRING, Status.PLANNED)


@require_safe
def home(request):
    """The programme in one page: the cities, the newest releases, the agreements that live, the next anniversary."""
    at = timezone.now()
    today = timezone.localdate(at)
    cities = City.objects.published(at=at).with_photos(at=at).order_by("since_earliest", "name")
    memoranda = Memorandum.objects.published(at=at).with_status(on=today, at=at).with_parties(at=at)
    living = list(memoranda.filter(status_now__in=LIVING))
    context = {
        "programme": Programme.objects.first(),
        "cities": cities,
        "today": today,
        "linked_data": council()
        | {"email": settings.CONTACT_EMAIL, "areaServed": {"@type": "City", "name": settings.HOME_CITY}},
        "anniversary": next_anniversary(cities, living, on=today),
        "releases": PressRelease.objects.for_home(at=at, most=LATEST),
        "memoranda": living[:LATEST],
    }
    return render(request, "core/home.html", context)


@require_safe
def accessibility(request):
    """The accessibility statement, with the sentences that the law fixes."""
    dates = {
        "prepared_on": date.fromisoformat(settings.ACCESSIBILITY_PREPARED_ON),
        "reviewed_on": date.fromisoformat(settings.ACCESSIBILITY_REVIEWED_ON),
    }
    return render(request, "core/accessibility.html", dates)


@require_safe
def privacy(request):
    """What the site stores about its readers: nothing."""
    return render(request, "core/privacy.html")


def _lines(*lines: str) -> HttpResponse:
    return HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")


@require_safe
def robots(request):
    """What crawlers may read: all but the back office. Pages of the search name the empty one as what they are."""
    return _lines("User-agent: *", "Disallow: /admin/", f"Sitemap: {settings.SITE_URL}/sitemap.xml")


@require_safe
def security_txt(request):
    """Whom to tell of a weakness (RFC 9116)."""
    expires = (timezone.localdate().replace(day=1) + timedelta(days=180)).replace(day=1)
    return _lines(
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat()}T00:00:00Z",
        f"Preferred-Languages: {settings.LANGUAGE_CODE[:2]}",
        f"Canonical: {settings.SITE_URL}/.well-known/security.txt",
    )


@require_safe
def live(request):
    """The process answers."""
    return _unkept(HttpResponse("ok\n", content_type="text/plain"))


@require_safe
def ready(request):
    """The database answers and has every migration."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return _unkept(HttpResponse("the database does not answer\n", content_type="text/plain", status=503))
    if missing:
        return _unkept(HttpResponse("migrations are missing\n", content_type="text/plain", status=503))
    return _unkept(HttpResponse("ok\n", content_type="text/plain"))


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
