"""The calendar of a person: what they decide and what goes out, at a secret address that other programs ask (ADR 58, 67)."""

from datetime import timedelta

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from news.calendars import answer
from news.planner.finding import OUTWARD, decision, happenings
from news.planner.periods import Period
from news.radar.links import CalendarLink
from partners.radar import dates_to_come

# So far back and ahead the calendar of a person tells what goes out; what has to be decided is in it however far away.
BACK, AHEAD = timedelta(days=31), timedelta(days=366)
HEADERS = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, noarchive"}


@require_safe
def feed(request, key: str):
    """The calendar of the person whose secret it is."""
    if not (person := CalendarLink.person(key)):
        raise Http404
    today = timezone.localdate(request.visit.at)
    theirs = [decision(one) for one in dates_to_come(on=today) if person.pk in one.owners]
    period = Period(today - BACK, today + AHEAD)
    theirs += happenings(by=person, period=period, at=request.visit.at, finders=OUTWARD)
    name = _("%(site)s: your calendar") % {"site": settings.SITE_NAME}
    response = answer(name, [one.entry for one in theirs if one.entry])
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request):
    """The page in the back office on which somebody gets an address for a calendar, or ends it. It is shown once."""
    link, address = CalendarLink.objects.filter(user=request.user).first(), ""
    if request.method == "POST" and "end" in request.POST:
        if link:
            link.end(by=request.user, at=request.visit.at)
        messages.success(request, _("The address of your calendar has ended."))
        return HttpResponseRedirect(reverse("my_calendar"))
    if request.method == "POST":
        key = CalendarLink.issue(by=request.user, at=request.visit.at)
        address = settings.SITE_URL + reverse("news:person_calendar", args=[key])
    context = admin.site.each_context(request) | {
        "title": _("Your calendar"), "layout": "core/signin/inside.html", "link": link, "address": address,
    }  # fmt: skip
    return TemplateResponse(request, "news/radar/calendar.html", context)
