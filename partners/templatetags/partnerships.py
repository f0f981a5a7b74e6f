"""Template filters for partnerships and agreements."""

from datetime import date

from django import template

from partners.models import City
from partners.models.memoranda import Status
from partners.models.standing import Standing
from partners.timeline import Day, Timeline

register = template.Library()


@register.filter
def memorandum_status(value: str) -> str:
    """The label of a status."""
    return Status(value).label


@register.filter
def standing(city: City, today: date) -> Standing:
    """What is true of the partnership with a city today."""
    return city.standing(on=today)


@register.filter
def with_releases(timeline: Timeline, releases: list) -> tuple[Day, ...]:
    """The days of a timeline, with those of releases."""
    return timeline.days(releases)
