"""How agreements are printed."""

from django import template

from partners.models.memoranda import Status

register = template.Library()


@register.filter
def memorandum_status(value: str) -> str:
    """The words for a computed status."""
    return Status(value).label
