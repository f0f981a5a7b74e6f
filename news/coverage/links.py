"""Coverage: a link to what a newspaper or a programme wrote about a release, written down by hand."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.characters import LineField
from twinning.core.fields.languages import LanguageField
from twinning.core.fields.links import LinkField
from twinning.core.history.events import note
from twinning.core.publishing.steps import READABLE, State, Step, table


def _event(name: str, done: str) -> Step:
    return Step(name=name, right="change", begins=tuple(State), label=done, done=done)


# What the history of a release tells of its coverage.
COVERAGE_EVENTS = table(
    _event("coverage_added", _("Coverage added")),
    _event("coverage_removed", _("Coverage removed")),
)
NOT_READ_YET = _("Nobody outside has read this yet, so nothing can have been written about it.")


class Coverage(models.Model):
    """One article or broadcast about a release."""

    release = models.ForeignKey("PressRelease", models.CASCADE, related_name="coverage")
    title = LineField(_("title"), max_length=200, help_text=_("As it stands there, in its own language."))
    outlet = LineField(_("newspaper or programme"), max_length=150)
    day = models.DateField(_("day"))
    url = LinkField(_("address"), max_length=500)
    language = LanguageField(_("language"), help_text=_("Only if the title is not in English, for example “de”."))
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    class Meta:
        ordering = ("-day", "pk")
        default_permissions = ()
        verbose_name = _("coverage")
        verbose_name_plural = _("coverage")
        constraints = [
            models.UniqueConstraint(
                fields=["release", "url"],
                name="news_coverage_once",
                violation_error_message=_("This address is in the list already."),
            )
        ]

    def __str__(self):
        return f"{self.outlet}: {self.title}"


def reason_not_coverable(release, *, at: datetime) -> str:
    """Why nothing can be added to the coverage of a release; empty if something can."""
    return "" if release.state(at=at) in READABLE else NOT_READ_YET


def add(coverage: Coverage, *, by, at: datetime) -> None:
    """Write a link down, and who did in the history of the release."""
    release = coverage.release
    _check(release, by=by)
    if reason := reason_not_coverable(release, at=at):
        raise ValidationError(reason, code="not_public")
    coverage.added_by = by
    with transaction.atomic():
        coverage.save(force_insert=True)
        note(release, "coverage_added", by=by, at=at, coverage=str(coverage), url=coverage.url)


def remove(coverage: Coverage, *, by, at: datetime) -> None:
    """Take a link out of the list; the history keeps what it was."""
    _check(coverage.release, by=by)
    with transaction.atomic():
        note(coverage.release, "coverage_removed", by=by, at=at, coverage=str(coverage), url=coverage.url)
        coverage.delete()


def _check(release, *, by) -> None:
    if not release.has_right("change", by=by):
        raise PermissionDenied
