"""The calendar file of a photo call (RFC 5545)."""

from icalendar import Calendar, Event

from news.models import PressRelease
from twinning.core.sharing.linked_data import absolute, council

NAME = "photo-call.ics"


def calendar_file(release: PressRelease, *, with_url: bool = True) -> bytes:
    """A photo call as one event; its id stays the same, so that a calendar that has an earlier one changes that."""
    calendar, event = Calendar(), Event()
    calendar.add("prodid", f"-//{council()['name']}//Twinning//EN")
    calendar.add("version", "2.0")
    event.add("uid", release.feed_id)
    event.add("dtstamp", release.changed_at)
    event.add("dtstart", release.event_starts_at)
    event.add("dtend", release.event_over_at)
    event.add("summary", release.headline)
    event.add("description", release.event_what)
    event.add("location", release.event_where)
    if with_url:
        event.add("url", absolute(release.get_absolute_url()))
    calendar.add_component(event)
    return calendar.to_ical()
