"""The sitemaps of the site, and the one of the pages that belong to no single app."""

from datetime import datetime

from django.contrib.sitemaps import views
from django.urls import reverse

from news.sitemaps import PressReleaseSitemap
from partners.sitemaps import CitySitemap, MemorandumSitemap, ThemeSitemap
from twinning.core.models import Page
from twinning.core.web.http import machine_readable
from twinning.core.web.sitemaps import MomentSitemap, RecordSitemap


class PageSitemap(MomentSitemap):
    """Sitemap of home, the lists and the statements; the same at every moment."""

    def items(self):
        lists = ["partners:cities", "partners:themes", "partners:memoranda", "news:releases"]
        return ["home", *lists, "data", "accessibility", "privacy"]

    def location(self, name):
        return reverse(name)


class OwnPageSitemap(RecordSitemap):
    """Sitemap of the council's own published pages."""

    model = Page


SITEMAPS = {
    "pages": PageSitemap,
    "own-pages": OwnPageSitemap,
    "cities": CitySitemap,
    "themes": ThemeSitemap,
    "agreements": MemorandumSitemap,
    "news": PressReleaseSitemap,
}


@machine_readable
def sitemap_index(request, sitemaps: dict[str, type[MomentSitemap]]):
    """The index of all sitemaps."""
    return views.index(request, _at(request.visit.at, sitemaps))


@machine_readable
def sitemap(request, sitemaps: dict[str, type[MomentSitemap]], section: str):
    """One section of the sitemap."""
    return views.sitemap(request, _at(request.visit.at, sitemaps), section)


def _at(moment: datetime, sitemaps: dict[str, type[MomentSitemap]]) -> dict[str, MomentSitemap]:
    return {section: kind(at=moment) for section, kind in sitemaps.items()}
