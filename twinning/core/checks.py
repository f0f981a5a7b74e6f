"""What is wrong with the settings of a site in use; ``check --deploy`` tells."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Warning
from django.http.request import validate_host


def site_url_is_answered(app_configs, **kwargs) -> list[Warning]:
    """SITE_URL leads here: feeds, sitemaps and canonical addresses begin with it."""
    url = urlsplit(settings.SITE_URL)
    if url.scheme == "https" and validate_host(url.hostname or "", settings.ALLOWED_HOSTS):
        return []
    return [
        Warning(
            f"SITE_URL is “{settings.SITE_URL}”, which is no https address that ALLOWED_HOSTS names.",
            hint="Set SITE_URL to the address under which the public reads the site.",
            id="core.W001",
        )
    ]
