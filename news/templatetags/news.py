"""Template tags for news and press contacts on the pages of partners, so that partners need not import news."""

from datetime import date, datetime

from django import template
from django.conf import settings
from django.utils import timezone

from news import queries
from news.models.contacts import current_contacts

register = template.Library()


@register.inclusion_tag("news/_latest.html", takes_context=True)
def latest_news(context, *, at: datetime, city=None, theme=None, memorandum=None, found=None):
    """The newest releases about a city, a theme or an agreement; with links to all if the record is published.

    The page of a city has ``found`` them already, for its timeline.
    """
    keys = [record and record.pk for record in (city, theme, memorandum)]
    is_preview = bool(context["request"].visit.preview)
    if found is None:
        found = queries.latest(at=at, **dict(zip(("city", "theme", "memorandum"), keys, strict=True)))
    return {
        "releases": found[: queries.MOST_LATEST],
        "city": city,
        "theme": theme,
        "has_alerts": settings.ALERTS and not (theme and theme.is_retired(on=timezone.localdate(at))),
        "is_listed": not (city or theme or memorandum).withdrawn_at and not is_preview,
    }


@register.simple_tag
def timeline_releases(city, *, at: datetime) -> dict:
    """The newest releases about a city, for its timeline: ``shown``, and whether there ``is_more``."""
    found = queries.for_timeline(at=at, city=city.pk)
    return {"shown": found[: queries.MOST_ON_TIMELINE], "is_more": len(found) > queries.MOST_ON_TIMELINE}


@register.inclusion_tag("news/_said.html")
def what_was_said(*, at: datetime, city=None, memorandum=None):
    """The newest quotes about a city or an agreement, each with the public release that has it."""
    return {"quotes": queries.said(at=at, city=city and city.pk, memorandum=memorandum and memorandum.pk)}


@register.inclusion_tag("news/_contacts.html", takes_context=True)
def city_contacts(context, city, *, on: date):
    """The valid contacts of a city on a day: its own, else the general ones."""
    found = queries.city_contacts(city=city.pk)
    own = current_contacts((contact for contact in found if contact.is_own), on=on)
    return {"contacts": own or current_contacts(found, on=on), "site": context["site"]}
