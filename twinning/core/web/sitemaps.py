"""Base classes of the sitemaps, which list published records only."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap


class MomentSitemap(Sitemap):
    """A sitemap as it is at a moment."""

    def __init__(self, *, at: datetime):
        self.at = at


class RecordSitemap(MomentSitemap):
    """The published records of one kind."""

    model = None
    limit = 1000

    def items(self):
        published = self.model.objects.published(at=self.at).order_by("publish_at", "slug")
        return published.only("slug", "updated_at", "publish_at")

    def lastmod(self, record):
        return record.changed_at

    def get_latest_lastmod(self):
        """None: the newest change of all records would have to be read from every one of them."""
