"""Sitemaps of cities, themes and agreements."""

from partners.models import City, Memorandum, Theme
from twinning.core.web.sitemaps import RecordSitemap


class CitySitemap(RecordSitemap):
    """Sitemap of the published cities."""

    model = City


class ThemeSitemap(RecordSitemap):
    """Sitemap of the published themes."""

    model = Theme


class MemorandumSitemap(RecordSitemap):
    """Sitemap of the published agreements."""

    model = Memorandum
