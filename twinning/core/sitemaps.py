"""Sitemaps through the gate."""

from django.contrib.sitemaps import Sitemap
from django.utils import timezone


class RecordSitemap(Sitemap):
    """Published records of one kind; "now" is asked at each request, never at import."""

    model = None
    limit = 1000

    def items(self):
        published = self.model.objects.published(at=timezone.now()).order_by("publish_at", "slug")
        return published.only("slug", "updated_at", "publish_at")

    def lastmod(self, record):
        return record.changed_at

    def get_latest_lastmod(self):
        """None: the newest change of all records would have to be read from every one of them."""
