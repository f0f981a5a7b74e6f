"""Template filters for texts, numbers and addresses."""

from itertools import groupby
from operator import itemgetter

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from twinning.core.fields import phones
from twinning.core.fields import richtext as rich
from twinning.core.fields.date_words import day_in_words
from twinning.core.fields.dates import PartialDate
from twinning.core.fields.folding import sort_key
from twinning.core.fields.languages import direction, language_name
from twinning.core.fields.moments import moment_in_words

register = template.Library()
register.filter("richtext", rich.richtext_on_page)
register.filter(rich.portable_richtext)
register.filter(moment_in_words)
register.filter(day_in_words, expects_localtime=True)
register.filter(language_name)
register.filter(phones.dialled)
register.filter(phones.phone)
# Of an hour, by minutes: clocks differ by quarters nearly everywhere.
_FRACTIONS = {0: "", 15: "¼", 30: "½", 45: "¾"}


@register.filter
def in_paragraphs(source: str) -> str:
    """Rich text as plain text, with an empty line between paragraphs."""
    return rich.to_text(source).replace("\n", "\n\n")


@register.filter
def highlight(snippet: list[tuple[str, bool]]) -> SafeString:
    """A search snippet with its matches in mark elements."""
    runs = [(is_hit, "".join(text for text, _hit in run)) for is_hit, run in groupby(snippet, itemgetter(1))]
    return format_html_join("", "{}", ((_marked(run) if is_hit else run,) for is_hit, run in runs))


def _marked(run: str) -> SafeString:
    match = run.rstrip()
    return format_html("<mark>{}</mark>{}", match, run[len(match) :])


@register.filter
def by_name(rows: list[dict], key: str = "name") -> list[dict]:
    """Rows in the order of their names, as a reader expects it: Åarhus among those with A."""
    return sorted(rows, key=lambda row: sort_key(row[key]))


@register.filter
def lang(language: str) -> SafeString | str:
    """The attributes for language and direction of a text: ``<p{{ quote.language|lang }}>``; nothing for the site's own."""
    return format_html(' lang="{}" dir="{}"', language, direction(language)) if language else ""


@register.filter
def full_years(since: PartialDate | None, today) -> int | None:
    """Full years from a partial date to today; None if the year is uncertain."""
    return since.full_years(on=today) if since else None


@register.filter
def clock_difference(hours: float) -> str:
    """The time difference of a city in words, such as “1 hour ahead”."""
    if not round(hours * 60):
        return _("Same time")
    whole, minutes = divmod(round(abs(hours) * 60), 60)
    number = f"{whole or ''}{_FRACTIONS[minutes]}" if minutes in _FRACTIONS else f"{whole}:{minutes:02}"
    ahead = ngettext("%(number)s hour ahead", "%(number)s hours ahead", 1 if abs(hours) == 1 else 2)
    behind = ngettext("%(number)s hour behind", "%(number)s hours behind", 1 if abs(hours) == 1 else 2)
    return (ahead if hours > 0 else behind) % {"number": number}


@register.simple_tag(takes_context=True)
def file_url(context, file) -> str:
    """The address of a private file: the public one, or in a preview the one below the preview link."""
    preview = context["request"].visit.preview if "request" in context else None
    return preview.file_url(file) if preview else file.get_absolute_url()


@register.simple_tag(takes_context=True)
def url_below(context, record, name: str) -> str:
    """The address of a view below a page, such as the press pack: the public one, or the one below the preview link."""
    preview = context["request"].visit.preview if "request" in context else None
    return preview.url_below(name) if preview else record.get_absolute_url() + name
