"""What the public pages ask about news; each query is compiled once per process."""

from collections import defaultdict
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from news.checks import MOST_RELATED
from news.models import ChangeNote, Coverage, PressContact, PressRelease, Quote
from news.models.photo_calls import not_over
from news.quotes.placing import placed
from partners.models import City, Theme
from twinning.core.fields.queries import compiled

MOST_ON_HOME = 4
MOST_LATEST = 3
MOST_ON_TIMELINE = 6
MOST_SAID = 3
MOST_LOOKED_THROUGH = 12
MOST_IN_A_FEED = 30
MOST_IN_A_CALENDAR = 200
PAGE_SIZE = 20
MOST_YEARS = 200


def _about(at, city=None, theme=None, memorandum=None, until=None):
    """The public releases, the newest first: all, or those about a record; dated until a moment, if one is named.

    No release is dated later than it is published. That it is asked all the same lets a database begin where the list
    does, behind all drafts. Asked twice, SQLite would begin at the wrong bound.
    """
    about = {"cities": city, "themes": theme, "memoranda": memorandum}
    chosen = {name: key for name, key in about.items() if key}
    return _listed(at).filter(issued_at__lte=until or at, **chosen)


def _listed(at):
    """The public releases but for photo calls that are over: those have a page, and stand in no list."""
    return PressRelease.objects.published(at=at).filter(not_over(at))


@compiled
def latest(at: datetime, city: int, theme: int, memorandum: int):
    """The newest public releases about a record, for its page."""
    return _about(at, city, theme, memorandum)[:MOST_LATEST]


@compiled
def for_timeline(at: datetime, city: int):
    """The newest public releases about a city, without their bodies, and one more than its timeline has."""
    newest = _about(at, city)[: MOST_ON_TIMELINE + 1]
    return newest.only("slug", "headline", "standfirst", "language", "kind", "first_issued", "publish_at")


@compiled
def _new_here(at: datetime, city: int, theme: int):
    """The newest public releases that were first issued on this site: all, or those about a record."""
    return _about(at, city, theme).filter(first_issued_start=None)[:MOST_IN_A_FEED]


@compiled
def _issued_before(at: datetime, city: int, theme: int, newest: datetime):
    """The newest public releases from before the site that are dated later than a moment, as above."""
    found = _about(at).filter(first_issued_start__isnull=False, issued_at__gt=newest)
    # What they are about is asked of the few that are as new, and not the other way round.
    if city:
        found = found.filter(Exists(PressRelease.cities.through.objects.filter(pressrelease=OuterRef("pk"), city=city)))
    if theme:
        found = found.filter(
            Exists(PressRelease.themes.through.objects.filter(pressrelease=OuterRef("pk"), theme=theme))
        )
    return found[:MOST_IN_A_FEED]


def for_feed(*, at: datetime, **about: int) -> list[PressRelease]:
    """The newest public releases for a feed: all, or those about a record.

    Readers of a feed are told of each entry that they have not had. So a release from before the site is among them only
    if it is newer than all that are new here.
    """
    new = _new_here(at=at, **about)
    newest = new[0].publish_at if new else at
    return [*_issued_before(at=at, newest=newest, **about), *new][:MOST_IN_A_FEED]


@compiled
def older(at: datetime, since: datetime, until: datetime, city: int, theme: int, slug: str):
    """Public releases, the newest first, and one more than a page has; with a slug from behind its position on."""
    releases = _about(at, city, theme, until=until)
    if since:
        releases = releases.filter(issued_at__gte=since)
    if slug:
        releases = releases.filter(Q(issued_at__lt=until) | Q(issued_at=until, slug__gt=slug))
    return releases.order_by("-issued_at", "slug")[: PAGE_SIZE + 1]


@compiled
def newer(at: datetime, since: datetime, until: datetime, city: int, theme: int, slug: str):
    """Public releases before the position of ``since`` and a slug, the nearest first, and one more than a page has."""
    before = Q(issued_at__gt=since) | Q(issued_at=since, slug__lt=slug)
    releases = _about(at, city, theme, until=until).filter(before, issued_at__gte=since)
    return releases.order_by("issued_at", "-slug")[: PAGE_SIZE + 1]


@compiled
def _pinned(at: datetime):
    return _listed(at).filter(pinned_until__gt=at)[:MOST_ON_HOME]


@compiled
def _newest(at: datetime):
    return _about(at)[:MOST_ON_HOME]


def for_home(*, at: datetime) -> list[PressRelease]:
    """The releases for the home page: those that are pinned at a moment, then the newest."""
    pinned = _pinned(at=at)
    return [*pinned, *(release for release in _newest(at=at) if release not in pinned)][:MOST_ON_HOME]


@compiled
def _chosen(at: datetime, release: int):
    return _listed(at).filter(related_from=release)[:MOST_RELATED]


@compiled
def _similar(at: datetime, release: int, memoranda: list[int], cities: list[int], themes: list[int]):
    """The newest other public releases about records of one kind; one more than enough for each that was found before."""
    # With the keys of the records themselves a database knows which of them are rare, and where to begin.
    about = ((PressRelease.memoranda, memoranda), (PressRelease.cities, cities), (PressRelease.themes, themes))
    [(relation, keys)] = [(relation, keys) for relation, keys in about if keys]
    column = relation.field.m2m_reverse_field_name()
    named = relation.through.objects.filter(**{f"{column}__pk__among": keys}).values("pressrelease")
    return _about(at).filter(pk__in=named).exclude(pk=release)[: 2 * MOST_RELATED]


def related(release: PressRelease, *, at: datetime) -> list[PressRelease]:
    """The public releases chosen as related, then the newest that share a public agreement, a city or a theme."""
    found = _chosen(at=at, release=release.pk)
    for relation in ("memoranda", "cities", "themes"):
        keys = [about["pk"] for about in getattr(release, f"about_{relation}")]
        if keys and len(found) < MOST_RELATED:
            similar = _similar(at=at, release=release.pk, **{relation: keys})
            found += [other for other in similar if other not in found]
    return found[:MOST_RELATED]


@compiled
def quotes(release: int):
    """The quotes of a release."""
    return Quote.objects.filter(release=release)


@compiled
def _quotes_of(releases: list[int]):
    return Quote.objects.filter(release__pk__among=releases)


def with_quotes(releases: list[PressRelease]) -> list[PressRelease]:
    """Releases with their text in pieces (``pieces``), each with the quotes that follow it."""
    found = defaultdict(list)
    for quote in _quotes_of(releases=[release.pk for release in releases]) if releases else ():
        found[quote.release_id].append(quote)
    for release in releases:
        for quote in found[release.pk]:
            quote.release = release
        release.pieces = placed(release.body, found[release.pk])
    return releases


@compiled
def _said(at: datetime, city: int, memorandum: int):
    # Only the newest releases are looked through, so that no archive is sorted by its quotes.
    newest = _about(at, city=city, memorandum=memorandum)[:MOST_LOOKED_THROUGH]
    said = Quote.objects.filter(release__in=newest.values("pk")).select_related("release")
    said = said.defer("release__body", "release__notes_to_editors", "release__internal_notes", "release__folded")
    return said.order_by("-release__issued_at", "release__slug", *Quote._meta.ordering)[:MOST_SAID]


def said(*, at: datetime, **about: int) -> list[Quote]:
    """The newest quotes in public releases about a city or an agreement."""
    return _said(at=at, **about)


@compiled
def change_notes(release: int):
    """The corrections of a release."""
    return ChangeNote.objects.filter(release=release)


@compiled
def _coverage(release: int):
    return Coverage.objects.filter(release=release)


def coverage(release: PressRelease) -> list[Coverage]:
    """What was written about a public release, where the council shows that; the newest first."""
    return _coverage(release=release.pk) if settings.SHOW_COVERAGE and not release.withdrawn_at else []


@compiled
def release_contacts(release: int):
    """The contacts named in a release, in their order."""
    contacts = PressContact.objects.with_fallbacks().filter(releasecontact__release=release)
    return contacts.order_by("releasecontact__position")


@compiled
def city_contacts(city: int):
    """The contacts of a city, for which ``is_own`` is true, and the general ones."""
    own = PressContact.cities.through.objects.filter(presscontact=OuterRef("pk"), city=city)
    return (
        PressContact.objects.with_fallbacks().annotate(is_own=Exists(own)).filter(Q(is_own=True) | Q(is_general=True))
    )


@compiled
def general_contacts():
    """The contacts that answer where no other is named."""
    return PressContact.objects.with_fallbacks().filter(is_general=True)


@compiled
def cities_with_news(at: datetime):
    """The public cities by name, with ``has_news``."""
    return _with_news(City, "cities", at)


@compiled
def themes_with_news(at: datetime):
    """The public themes by name, with ``has_news``."""
    return _with_news(Theme, "themes", at)


def _with_news(model, relation, at):
    theirs = _listed(at).filter(**{relation: OuterRef("pk")})
    return model.objects.published(at=at).annotate(has_news=Exists(theirs)).only("slug", "name")


@compiled
def _first_moment(at: datetime):
    return _about(at).order_by("issued_at").values_list("issued_at", flat=True)[:1]


@lru_cache(maxsize=8)
def _years_from(first: int, last: int):
    """The compiled query of one row that says for each year from ``last`` back to ``first`` whether it has news."""

    def in_year(year, at):
        published = _about(at, until=None if year == last else end_of(year))
        return Exists(published.filter(issued_at__gte=start_of(year)))

    @compiled
    def years(at: datetime):
        names = {f"in_{year}": in_year(year, at) for year in range(last, first - 1, -1)}
        return PressRelease.objects.published(at=at).annotate(**names).order_by().values_list(*names)[:1]

    return years


def years_with_news(*, at: datetime) -> list[int]:
    """The years that have public news, the newest first; looked up one by one: no archive is counted."""
    this_year = timezone.localdate(at).year
    for moment in _first_moment(at=at):
        first = max(timezone.localdate(moment).year, this_year - MOST_YEARS)
        for found in _years_from(first, this_year)(at=at):
            return [year for year, has_news in zip(range(this_year, first - 1, -1), found, strict=True) if has_news]
    return []


def start_of(year: int) -> datetime:
    """The first moment of a year."""
    return datetime(year, 1, 1, tzinfo=ZoneInfo(settings.TIME_ZONE))


def end_of(year: int) -> datetime:
    """The last moment of a year."""
    return start_of(year + 1) - timedelta.resolution


@compiled
def photo_calls(at: datetime):
    """The public photo calls, the one that begins last first."""
    public = PressRelease.objects.published(at=at).filter(kind="photo-call", event_starts_at__isnull=False)
    return public.order_by("-event_starts_at", "pk")[:MOST_IN_A_CALENDAR]
