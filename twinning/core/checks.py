"""System checks: settings of a site in use, and steps that models declare."""

from datetime import date
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning
from django.http.request import validate_host
from django.utils import timezone

from twinning.core.files import documents
from twinning.core.photos import pictures

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
    reviewed_on = settings.ACCESSIBILITY_REVIEWED_ON
    if _full_months(reviewed_on, timezone.localdate()) < MONTHS_BETWEEN_REVIEWS:
        return []
    hint = "Test the site again, bring the statement up to date and set ACCESSIBILITY_REVIEWED_ON to the day."
    message = f"The accessibility statement was last reviewed on {reviewed_on}, at least eleven months ago."
    return [Warning(message, hint=hint, id="core.W002")]


def readers_run(app_configs, **kwargs) -> list[Error]:
    """Uploads can be read: each reader is tried once."""
    hint = "Until this is mended, every upload of that kind is refused. Is there memory, and room for temporary files?"
    return [Error(problem, hint=hint, id="core.E002") for problem in reader_problems()]


def reader_problems() -> list[str]:
    """Why readers of uploads do not run, found out by trying each; empty if all do."""
    readers = (documents.READER, pictures.READER, pictures.MAKER)
    return [problem for reader in readers if (problem := reader.problem())]


def steps_are_whole(app_configs, **kwargs) -> list[Error]:
    """Each step that a model declares has a method of the model, and a right that people can be given."""
    found = []
    for model in apps.get_models():
        for step in getattr(model, "steps", {}).values():
            if not callable(getattr(model, step.name, None)):
                message = f"The step “{step.name}” has no method {model.__name__}.{step.name}()."
                found.append(Error(message, obj=model, id="core.E001"))
            if model._meta.default_permissions and step.right not in model._meta.default_permissions:
                message = f"The right “{step.right}” of the step “{step.name}” is missing in default_permissions."
                found.append(Error(message, obj=model, id="core.E001"))
    return found


def _full_months(start: date, end: date) -> int:
    return 12 * (end.year - start.year) + end.month - start.month - (end.day < start.day)
