"""What search engines may list of the news."""

from news.models import PressRelease
from twinning.core.sitemaps import RecordSitemap


class PressReleaseSitemap(RecordSitemap):
    """Every published release."""

    model = PressRelease
