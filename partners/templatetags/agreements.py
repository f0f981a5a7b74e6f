"""Template filters for agreements."""

from django import template

from partners.models.memoranda import Status

register = template.Library()


@register.filter
def memorandum_status(value: str) -> str:
    """The label of a status."""
    return Status(value).label
