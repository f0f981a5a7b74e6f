"""The calendar of a person: the days of the radar, at a secret address that other programs ask (ADR 58)."""

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from news.calendars import Entry, answer
from news.radar.links import CalendarLink
from partners.radar import Reminder, dates_to_come

# What happens on the day, in the calendar of whoever decides about it.
WHAT = {
    "expiring": gettext_lazy("Ends: %(record)s"),
    "renewal": gettext_lazy("An agreement ends, and its renewal is not signed: %(record)s"),
    "notice": gettext_lazy("Last day for notice: %(record)s"),
    "review": gettext_lazy("Look at the page again: %(record)s"),
}
HEADERS = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, noarchive"}


@require_safe
def feed(request, key: str):
    """The calendar of the person whose secret it is."""
    if not (person := CalendarLink.person(key)):
        raise Http404
    today = timezone.localdate(request.visit.at)
    theirs = [one for one in dates_to_come(on=today) if person.pk in one.owners]
    response = answer(_("%(site)s: what to decide") % {"site": settings.SITE_NAME}, map(_entry, theirs))
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response


def _entry(one: Reminder) -> Entry:
    said = WHAT[one.code] % {"record": one.record}
    return Entry(f"{one.name}@radar".replace(" ", "-"), said, one.until, one.record.updated_at, one.url, one.advice)


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
