"""Sitemap of press releases."""

from news.models import PressRelease
from twinning.core.web.sitemaps import RecordSitemap


class PressReleaseSitemap(RecordSitemap):
    """Sitemap of the published releases."""

    model = PressRelease
