"""News for feed readers: all of it, and of one city or one theme."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from news.models import PressRelease
from news.queries import for_feed, with_quotes
from partners.models import City, Theme
from twinning.core.addresses import Lookups
from twinning.core.fields.characters import printable
from twinning.core.fields.richtext import portable_richtext
from twinning.core.templatetags.text import lang


@dataclass(frozen=True)
class Subject:
    """What a feed is about at a moment: one city or theme, or all of the news."""

    at: datetime
    record: City | Theme | None = None


# An empty feed has to say when it changed, and must not say something else each second.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class _Format:
    """Mixin of a feed's format: entries in another language say so, and a feed without any has never changed."""

    def latest_post_date(self):
        return super().latest_post_date() if self.items else NEVER

    def item_attributes(self, item):
        named = {"xml:lang": item["language"]} if item["language"] else {}
        return super().item_attributes(item) | named


class _RSSFormat(_Format, Rss201rev2Feed):
    pass


class _AtomFormat(_Format, Atom1Feed):
    pass


def _in_place(release: PressRelease) -> Iterator[str]:
    """The text of a release from ``with_quotes``, with its quotes in their places."""
    for piece in release.pieces:
        yield portable_richtext(piece.text)
        for quote in piece.quotes:
            yield render_to_string("news/_quote_portable.html", {"quote": quote, "release": release})


class _JSONFormat(SyndicationFeed):
    """JSON Feed 1.1 (jsonfeed.org)."""

    content_type = "application/feed+json; charset=utf-8"

    def write(self, outfile, encoding):
        about = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.feed["title"],
            "home_page_url": self.feed["link"],
            "feed_url": self.feed["feed_url"],
            "description": self.feed["description"],
            "language": self.feed["language"],
        }
        text = json.dumps(about | {"items": [_json_entry(item) for item in self.items]}, ensure_ascii=False)
        outfile.write(text.encode(encoding))


def _json_entry(item: dict) -> dict:
    return {
        "id": item["unique_id"],
        "url": item["link"],
        "title": item["title"],
        "content_html": item["description"],
        "date_published": item["pubdate"].isoformat(timespec="seconds"),
        "date_modified": item["updateddate"].isoformat(timespec="seconds"),
        **({"language": item["language"]} if item["language"] else {}),
    }


class RSS(Feed):
    """The newest releases."""

    feed_type = _RSSFormat
    language = settings.LANGUAGE_CODE

    def get_object(self, request):
        return Subject(request.visit.at)

    def title(self, subject):
        return _("%(site)s: news") % {"site": settings.SITE_NAME}

    def description(self, subject):
        return _("Press releases of %(council)s about its partner cities.") % {"council": settings.COUNCIL_NAME}

    subtitle = description

    def link(self, subject):
        return reverse("news:releases")

    def items(self, subject):
        return with_quotes(for_feed(at=subject.at))

    def item_guid(self, release):
        return release.feed_id

    item_guid_is_permalink = False

    def item_title(self, release):
        return printable(release.headline)

    def item_description(self, release):
        text, named = format_html_join("", "{}", ((html,) for html in _in_place(release))), lang(release.language)
        return printable(format_html("<div{}><p>{}</p>{}</div>", named, release.standfirst, text))

    def item_extra_kwargs(self, release):
        return {"language": release.language}

    def item_pubdate(self, release):
        return release.issued_at

    def item_updateddate(self, release):
        return release.changed_at


class CityRSS(RSS):
    """The newest releases about one city."""

    relation, lookups = "city", Lookups(City, only_published=True)

    def get_object(self, request, slug):
        at = request.visit.at
        for record in self.lookups.seen(at=at, slug=slug) or self.lookups.moved(at=at, slug=slug):
            return Subject(at, record)
        raise Http404

    def title(self, subject):
        return printable(_("%(site)s: news about %(name)s") % {"site": settings.SITE_NAME, "name": subject.record.name})

    def link(self, subject):
        return subject.record.get_absolute_url()

    def items(self, subject):
        return with_quotes(for_feed(at=subject.at, **{self.relation: subject.record.pk}))


class ThemeRSS(CityRSS):
    """The newest releases about one theme."""

    relation, lookups = "theme", Lookups(Theme, only_published=True)


class Atom(RSS):
    """The newest releases as Atom."""

    feed_type = _AtomFormat


class CityAtom(CityRSS):
    """The newest releases about one city as Atom."""

    feed_type = _AtomFormat


class ThemeAtom(ThemeRSS):
    """The newest releases about one theme as Atom."""

    feed_type = _AtomFormat


class JSON(RSS):
    """The newest releases as JSON Feed."""

    feed_type = _JSONFormat


class CityJSON(CityRSS):
    """The newest releases about one city as JSON Feed."""

    feed_type = _JSONFormat


class ThemeJSON(ThemeRSS):
    """The newest releases about one theme as JSON Feed."""

    feed_type = _JSONFormat
