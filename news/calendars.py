"""Calendars for other programs (iCalendar, RFC 5545), and the public one: anniversaries and photo calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from news.queries import photo_calls
from partners import queries
from partners.anniversaries import Anniversary, anniversaries
from twinning.core.fields.characters import printable

PHOTO_CALL = "photo-call.ics"  # the name of the file with a photo call alone


@dataclass(frozen=True)
class Entry:
    """Something in a calendar: all day, or at a moment. ``uid`` stays the same for good, ``url`` is a path of the site.

    Without ``ends`` a day is one day, and of a moment nobody says how long it lasts.
    """

    uid: str
    title: str
    begins: date | datetime
    changed_at: datetime
    url: str = ""
    text: str = ""
    where: str = ""
    ends: datetime | None = None


def answer(name: str, entries: Iterable[Entry]) -> HttpResponse:
    """A calendar as a file: the same bytes as long as its entries are the same. One with a single entry needs no name."""
    calendar = Calendar()
    calendar.add("prodid", "-//Twinning//calendar//EN")
    calendar.add("version", "2.0")
    if name:
        calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry))
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


def _event(entry: Entry) -> Event:
    event, is_moment = Event(), isinstance(entry.begins, datetime)
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.begins.astimezone(UTC) if is_moment else entry.begins)
    if entry.ends:
        event.add("dtend", entry.ends.astimezone(UTC))
    event.add("summary", printable(entry.title))
    if entry.url:
        event.add("url", settings.SITE_URL + entry.url)
    for name, text in (("description", entry.text), ("location", entry.where)):
        if text:
            event.add(name, printable(text))
    return event


@require_safe
def public(request):
    """The public calendar. An anniversary of which nobody knows the day is not in it: a calendar has only days."""
    at = request.visit.at
    found = anniversaries(queries.cities(at=at), queries.agreements(at=at), on=timezone.localdate(at))
    entries = [of_anniversary(one) for one in found if one.is_day]
    entries += [of_photo_call(release, url=release.get_absolute_url()) for release in photo_calls(at=at)]
    name = _("%(site)s: anniversaries and events") % {"site": settings.SITE_NAME}
    return answer(name, sorted(entries, key=lambda entry: (entry.begins.isoformat(), entry.uid)))


def of_anniversary(one: Anniversary) -> Entry:
    said = _("Counted from %(since)s.") % {"since": one.since}
    uid = f"{one.record.data_id}-{one.years}@anniversaries"
    return Entry(uid, str(one), one.when.earliest, one.record.changed_at, one.record.get_absolute_url(), said)


def of_photo_call(release, *, url: str = "") -> Entry:
    """A photo call, under the same id in every calendar; its address is left out of a preview."""
    about = {"text": release.event_what, "where": release.event_where, "ends": release.event_ends_at}
    changed = release.changed_at if release.publish_at else release.updated_at  # of a draft, for staff
    return Entry(release.feed_id, release.headline, release.event_starts_at, changed, url, **about)
