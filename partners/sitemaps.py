"""What search engines may list of partners."""

from partners.models import City, Memorandum, Theme
from twinning.core.sitemaps import RecordSitemap


class CitySitemap(RecordSitemap):
    """Every published city."""

    model = City


class ThemeSitemap(RecordSitemap):
    """Every published theme."""

    model = Theme


class MemorandumSitemap(RecordSitemap):
    """Every published agreement."""

    model = Memorandum
