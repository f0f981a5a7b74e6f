"""Round anniversaries that the press can prepare: on the desk a year ahead, each with a release that is filled in."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners import queries
from partners.anniversaries import Anniversary, anniversaries
from twinning.core.desk.sections import MOST_COUNTED, Desk, Line, Section

AHEAD = timedelta(days=365)
PARAMETER = "anniversary"


def to_come(*, at) -> list[Anniversary]:
    """The round anniversaries of what is public within a year from a moment, the first one first."""
    on = timezone.localdate(at)
    found = anniversaries(queries.cities(at=at), queries.agreements(at=at), on=on)
    return [one for one in found if one.when.earliest <= on + AHEAD]


def anniversaries_to_prepare(desk: Desk) -> list[Section]:
    """The round anniversaries of the coming year, for those who write releases."""
    if not desk.by.has_perm("news.add_pressrelease"):
        return []
    about = {"place": 120, "code": "anniversaries", "title": _("Anniversaries to come"), "asks": False}
    return desk.section(to_come(at=desk.at)[:MOST_COUNTED], _line, **about)


def _line(one: Anniversary) -> Line:
    url = reverse("admin:news_pressrelease_add") + "?" + urlencode({PARAMETER: _name(one)})
    said = _("On %(when)s. Draft a release: the facts are filled in.")
    if not one.is_day:
        said = _("In %(when)s; nobody knows the day. Draft a release: the facts are filled in.")
    return Line(str(one), url, said % {"when": one.when})


def _name(one: Anniversary) -> str:
    return f"{one.record._meta.model_name} {one.record.slug}"


def filled_in(name: str, *, at) -> dict:
    """The beginning of a release about the anniversary of that name; empty if there is none to come."""
    one = next((one for one in to_come(at=at) if _name(one) == name), None)
    if not one:
        return {}
    cities = [one.city] if one.city else one.memorandum.cities.published(at=at)
    return {
        "headline": str(one),
        "place": settings.HOME_CITY,
        "body": _body(one),
        "notes_to_editors": _notes(one),
        "cities": [city.pk for city in cities],
        "memoranda": [one.memorandum.pk] if one.memorandum else [],
    }


def _body(one: Anniversary) -> str:
    if one.city:
        said = _("In %(year)d, %(home)s and %(name)s look back on %(years)d years of partnership, since %(since)s.")
        names = {"home": settings.HOME_CITY, "name": one.city.name}
    else:
        said = _("In %(year)d it is %(years)d years since “%(title)s” was signed: %(since)s.")
        names = {"title": one.memorandum.title}
    facts = {"year": one.when.latest.year, "years": one.years, "since": one.since}
    return format_html("<p>{}</p>", said % (facts | names))


def _notes(one: Anniversary) -> str:
    """The date and where it is written down, for those who check it."""
    said = _("Anniversary: %(when)s. Counted from %(since)s.") % {"when": one.when, "since": one.since}
    source, page = _source(one), settings.SITE_URL + one.record.get_absolute_url()
    source = f"{source}. " if source else ""
    return format_html('<p>{} {} {}<a href="{}">{}</a></p>', said, _("Source:"), source, page, page)


def _source(one: Anniversary) -> str:
    """The source of the milestone of that date, or the decision behind the agreement, if either is recorded."""
    if one.memorandum:
        return one.memorandum.decision_reference
    same = one.city.milestones.filter(date=one.since).exclude(source="").first()
    return same.source if same else ""
