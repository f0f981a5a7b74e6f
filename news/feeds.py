"""News for feed readers: all of it, and of one city or one theme."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html
from django.utils.translation import gettext as _

from news.models import PressRelease
from partners.models import City, Theme
from twinning.core.richtext import printable, richtext
from twinning.core.slugs import moved_from

NEWEST = 30


class RSS(Feed):
    """The newest releases."""

    language = settings.LANGUAGE_CODE

    def title(self, record=None):
        return _("%(site)s: news") % {"site": settings.SITE_NAME}

    def description(self, record=None):
        return _("Press releases of %(council)s about its partner cities.") % {"council": settings.COUNCIL_NAME}

    subtitle = description

    def link(self, record=None):
        return reverse("news:releases")

    def items(self, record=None):
        return PressRelease.objects.published(at=timezone.now())[:NEWEST]

    def item_title(self, release):
        return printable(release.headline)

    def item_description(self, release):
        return printable(format_html("<p>{}</p>{}", release.standfirst, richtext(release.body)))

    def item_pubdate(self, release):
        return release.publish_at

    def item_updateddate(self, release):
        return release.changed_at


class CityRSS(RSS):
    """The newest releases about one city."""

    model, relation = City, "cities"

    def get_object(self, request, slug):
        published = self.model.objects.published(at=timezone.now())
        return published.filter(slug=slug).first() or get_object_or_404(published, pk__in=moved_from(self.model, slug))

    def title(self, record):
        return printable(_("%(site)s: news about %(name)s") % {"site": settings.SITE_NAME, "name": record.name})

    def link(self, record):
        return record.get_absolute_url()

    def items(self, record):
        return PressRelease.objects.published(at=timezone.now()).filter(**{self.relation: record})[:NEWEST]


class ThemeRSS(CityRSS):
    """The newest releases about one theme."""

    model, relation = Theme, "themes"


class Atom(RSS):
    """The newest releases as Atom."""

    feed_type = Atom1Feed


class CityAtom(CityRSS):
    """The newest releases about one city as Atom."""

    feed_type = Atom1Feed


class ThemeAtom(ThemeRSS):
    """The newest releases about one theme as Atom."""

    feed_type = Atom1Feed
