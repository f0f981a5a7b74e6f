"""How stored things are printed."""

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core import richtext as rich
from twinning.core.dates import PartialDate
from twinning.core.moments import moment_in_words

register = template.Library()
register.filter(rich.richtext)
register.filter(moment_in_words)


@register.filter
def in_paragraphs(source: str) -> str:
    """The words of a rich text for where there is no markup, with an empty line between paragraphs."""
    return rich.to_text(source).replace("\n", "\n\n")


@register.filter
def highlight(snippet: list[tuple[str, bool]]) -> SafeString:
    """A search snippet with its matches marked."""
    return format_html_join(
        " ", "{}", ((format_html_join("", "<mark>{}</mark>", [(t,)]) if hit else t,) for t, hit in snippet)
    )


@register.filter
def full_years(since: PartialDate | None, today) -> int | None:
    """Years from a date to today, if the year of the date is certain."""
    return since.full_years(on=today) if since else None


@register.filter
def clock_difference(hours: float) -> str:
    """How far a city's clocks are from ours, in words."""
    if not hours:
        return _("Same time")
    number = f"{abs(hours):g}".replace(".5", "½").replace(".25", "¼").replace(".75", "¾").replace("0½", "½")
    ahead = ngettext("%(number)s hour ahead", "%(number)s hours ahead", 1 if abs(hours) == 1 else 2)
    behind = ngettext("%(number)s hour behind", "%(number)s hours behind", 1 if abs(hours) == 1 else 2)
    return (ahead if hours > 0 else behind) % {"number": number}


@register.filter
def dialled(number: str) -> str:
    """A telephone number as a phone dials it: digits and a leading plus."""
    return "".join(c for c in number if c.isdigit() or c == "+")


@register.simple_tag(takes_context=True)
def file_url(context, file) -> str:
    """The address of a private file: the public one, or in a preview the one that the reader of the preview may use."""
    preview = getattr(context.get("request"), "preview", None)
    return preview.file_url(file) if preview else file.get_absolute_url()


@register.simple_tag(takes_context=True)
def url_below(context, record, name: str) -> str:
    """The address of what lies below a page under a name: the public one, or in a preview the one of the preview."""
    preview = getattr(context.get("request"), "preview", None)
    return preview.url_below(name) if preview else record.get_absolute_url() + name
