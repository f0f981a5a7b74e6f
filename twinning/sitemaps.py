"""The pages that no single app owns, for search engines."""

from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class PageSitemap(Sitemap):
    """Home, the lists, and the pages about the site."""

    def items(self):
        lists = ["partners:cities", "partners:themes", "partners:memoranda", "news:releases"]
        return ["home", *lists, "accessibility", "privacy"]

    def location(self, name):
        return reverse(name)
