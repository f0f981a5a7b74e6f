"""Open data about press releases, in pages by their order of publication."""

from datetime import UTC, datetime, timedelta

from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from news.models import PressRelease
from news.paging import Cursor
from news.quotes.placing import without_places
from partners.models import City, Memorandum, Theme
from partners.opendata import CHANGED
from twinning.core.fields.queries import compiled
from twinning.core.fields.relations import rows
from twinning.core.fields.richtext import to_text
from twinning.core.opendata.datasets import MOMENT, Column, Dataset, named, partial_date
from twinning.core.sharing.linked_data import absolute

PAGE_SIZE = 500
# A release is dated by the moment at which its approval began, and can be read when that is saved, up to half a minute later.
# Who has read as far as that moment meanwhile would never get it.
SETTLED = timedelta(minutes=1)


@compiled
def _settled(at: datetime, since: datetime, slug: str):
    """Public releases in the order of their publication, from behind a position on."""
    public = PressRelease.objects.published(at=at).filter(publish_at__lte=at + -SETTLED)
    if since:
        public = public.filter(Q(publish_at__gt=since) | Q(publish_at=since, slug__lt=slug), publish_at__gte=since)
    about = {
        "city_rows": rows(City.objects.published(at=at).filter(releases=OuterRef("pk")), "data_id", "name"),
        "theme_rows": rows(Theme.objects.published(at=at).filter(releases=OuterRef("pk")), "data_id", "name"),
        "agreement_rows": rows(Memorandum.objects.published(at=at).filter(releases=OuterRef("pk")), "data_id", "title"),
    }
    # The order of the index by publication, read from its end.
    return public.annotate(**about).order_by("publish_at", "-slug")[:PAGE_SIZE]


def releases(*, at: datetime, after: Cursor | None = None) -> list[PressRelease]:
    """A page of the public releases, the first published first."""
    return _settled(at=at, since=after.moment, slug=after.slug) if after else _settled(at=at)


def position(release: PressRelease) -> str:
    """Where a release stands in the order of publication."""
    return str(Cursor(release.publish_at.astimezone(UTC), release.slug))


RELEASES = Dataset(
    "releases",
    _("Press releases"),
    _("Each press release, statement and photo call, the first published first, a line of JSON each."),
    (
        Column("id", _("Names the release for good, as in the feeds."), lambda one: one.feed_id),
        Column("url", _("The page of the release."), lambda one: absolute(one.get_absolute_url())),
        Column("position", _("Where it stands: the value of “after” for those behind it."), position),
        Column("kind", _("release, statement or photo-call."), lambda one: one.kind),
        Column("headline", _("The headline."), lambda one: one.headline),
        Column("standfirst", _("The story in one or two sentences."), lambda one: one.standfirst),
        Column("place", _("The place of the date line."), lambda one: one.place),
        Column("language", _("The language, if it is not that of the site (BCP 47)."), lambda one: one.language),
        *partial_date("issued", _("When it was first issued (EDTF)."), lambda one: one.issued),
        Column("published", _("When it became public on this site."), lambda one: one.publish_at, MOMENT),
        Column("text", _("The text, a paragraph a line."), lambda one: to_text(without_places(one.body))),
        Column("notes_to_editors", _("Background for journalists."), lambda one: to_text(one.notes_to_editors)),
        *named("city", _("The cities that it is about."), lambda one: one.city_rows),
        *named("theme", _("Its themes."), lambda one: one.theme_rows),
        *named("agreement", _("The agreements that it is about."), lambda one: one.agreement_rows, "title"),
        CHANGED,
    ),
    releases,
    ("jsonl",),
    page_size=PAGE_SIZE,
    position=position,
)
