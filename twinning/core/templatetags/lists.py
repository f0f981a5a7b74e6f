"""Template tags of lists in the back office: the chips of filters, and cells that stand as cards on a phone."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from twinning.core.lists import way_back
from twinning.core.lists.chosen import ChosenFilter

register = template.Library()


@register.simple_tag
def filter_chips(changelist) -> list[dict]:
    """What the list is narrowed by: the title and value of each filter, with the address of the list without it."""
    chips = []
    for spec in changelist.filter_specs:
        if getattr(spec, "is_above_list", False):
            continue
        choices = list(spec.choices(changelist))
        chosen = [choice for choice in choices if choice["selected"]]
        if not isinstance(spec, ChosenFilter):
            chosen = [
                choice | {"query_string": choices[0]["query_string"]} for choice in chosen if choice != choices[0]
            ]
        chips += [{"title": spec.title, "value": choice["display"], "url": choice["query_string"]} for choice in chosen]
    return chips


@register.simple_tag(takes_context=True)
def list_as_left(context, opts) -> str:
    """The address of the list from which somebody came, with its filters and its order."""
    return way_back.list_as_left(context["request"], opts)


@register.simple_tag(takes_context=True)
def keeping_list(context, url: str) -> str:
    """The address of another page of the record, from which one still comes back to the list as it was."""
    return way_back.keeping_list(context["request"], url)


@register.filter
def with_headings(cells: list[str], headers: list[dict]) -> list[SafeString]:
    """The cells of a row, each with the heading of its column as an attribute, from which a style sheet prints it."""
    named = zip(cells, headers, strict=False)
    return [_with(cell, header["text"]) if "class_attrib" in header else cell for cell, header in named]


def _with(cell: str, heading: str) -> SafeString:
    if not cell.startswith("<td") or isinstance(heading, SafeString):  # the box that chooses the row
        return cell
    attribute = format_html(' data-heading="{}"', capfirst(str(heading)))
    return mark_safe(f"<td{attribute}{cell.removeprefix('<td')}")  # noqa: S308 - both halves are escaped
