"""Sitemap of press releases."""

from news.models import PressRelease
from twinning.core.web.sitemaps import RandomKeySitemap


class PressReleaseSitemap(RandomKeySitemap):
    """Sitemap of the published releases."""

    model = PressRelease
    key = "feed_id"
