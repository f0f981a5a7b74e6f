"""What is wrong with the settings of a site in use; ``check`` tells, and ``check --deploy`` tells more."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Warning
from django.http.request import validate_host
from django.utils import timezone

from twinning.core import scanner

# Public bodies review the statement at least once a year; this leaves a month to do it in.
MONTHS_BETWEEN_REVIEWS = 11


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


def accessibility_is_reviewed(app_configs, **kwargs) -> list[Warning]:
    """Somebody has looked at the accessibility statement within the last eleven months."""
    stated = settings.ACCESSIBILITY_REVIEWED_ON
    try:
        reviewed_on = date.fromisoformat(stated)
    except ValueError:
        return [_review_is_due(f"ACCESSIBILITY_REVIEWED_ON is “{stated}”, which is no date like 2026-11-21.")]
    if _full_months(reviewed_on, timezone.localdate()) < MONTHS_BETWEEN_REVIEWS:
        return []
    return [_review_is_due(f"The accessibility statement was last reviewed on {stated}, at least eleven months ago.")]


def scanner_has_an_address(app_configs, **kwargs) -> list[Warning]:
    """CLAMD_URL can be understood: otherwise no upload is taken."""
    try:
        if settings.CLAMD_URL:
            scanner.address(settings.CLAMD_URL)
    except ValueError as error:
        hint = "Set CLAMD_URL to tcp://host:port or unix:///path, or to nothing. As it is, every upload is refused."
        return [Warning(f"CLAMD_URL: {error}.", hint=hint, id="core.W003")]
    return []


def _full_months(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)


def _review_is_due(message: str) -> Warning:
    hint = "Test the site again, bring the statement up to date and set ACCESSIBILITY_REVIEWED_ON to the day."
    return Warning(message, hint=hint, id="core.W002")
