"""The kinds of release, and what each needs; of a photo call also what can be seen, when and where."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from news.models.contacts import PressContact, current_contacts
from twinning.core.fields.characters import LineField
from twinning.core.fields.moments import moment_in_words

# A photo call that names no end is over after this time.
USUAL_LENGTH = timedelta(hours=2)


class Kind(models.TextChoices):
    """The kinds of release."""

    RELEASE = "release", _("Press release")
    STATEMENT = "statement", _("Statement")
    PHOTO_CALL = "photo-call", _("Photo call")


_NEEDED = {
    "event_what": _("Say what can be seen."),
    "event_starts_at": _("Say when it begins."),
    "event_where": _("Say where it is."),
}


class PhotoCall(models.Model):
    """Abstract model: of a kind, and if that is a photo call, an event at which photos can be taken."""

    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.RELEASE)
    event_what = LineField(_("what"), max_length=200, blank=True, help_text=_("What can be seen, and who is there."))
    event_starts_at = models.DateTimeField(_("when"), null=True, blank=True)
    event_ends_at = models.DateTimeField(
        _("until"),
        null=True,
        blank=True,
        help_text=_("Without one it is over, and gone from all lists, after two hours."),
    )
    event_where = LineField(_("where"), max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_photo_call_is_whole",
                condition=~Q(kind="photo-call")
                | Q(event_starts_at__isnull=False)
                & ~Q(event_what="")
                & ~Q(event_where="")
                & (Q(event_ends_at=None) | Q(event_ends_at__gt=F("event_starts_at"))),
                violation_error_message=_(
                    "A photo call needs what can be seen, when and where, and ends after it begins."
                ),
            ),
        ]

    @property
    def is_photo_call(self) -> bool:
        return self.kind == Kind.PHOTO_CALL

    @property
    def event_over_at(self) -> datetime:
        """The moment from which a photo call is over."""
        return self.event_ends_at or self.event_starts_at + USUAL_LENGTH

    @property
    def end_in_words(self) -> str:
        """The end, if one is named: the hour, with the day if that is another one than of the beginning."""
        begins, ends = (moment and timezone.localtime(moment) for moment in (self.event_starts_at, self.event_ends_at))
        if ends and ends.date() == begins.date():
            return f"{ends:%H:%M}"
        return moment_in_words(ends) if ends else ""

    def is_over(self, *, at: datetime) -> bool:
        """Whether it is a photo call that is over at a moment; the twin of ``not_over``."""
        return self.is_photo_call and self.event_over_at <= at

    def clean_fields(self, exclude=None):
        super().clean_fields(exclude=exclude)
        checked = self._event_errors() if self.is_photo_call else {}
        if wrong := {name: error for name, error in checked.items() if name not in (exclude or ())}:
            raise ValidationError(wrong)

    def _event_errors(self) -> dict:
        wrong = {
            name: ValidationError(said, code="required") for name, said in _NEEDED.items() if not getattr(self, name)
        }
        if self.event_starts_at and self.event_ends_at and self.event_ends_at <= self.event_starts_at:
            wrong["event_ends_at"] = ValidationError(_("It ends after it begins."), code="ends_before")
        return wrong

    def lacks_of_its_kind(self) -> list[ValidationError]:
        """What a kind needs before it can be public: a release a text, a statement words, a photo call somebody to ask."""
        if self.is_photo_call:
            return [] if self._has_contact() else [_error(_NOBODY_TO_ASK, "no_contact")]
        if self.kind == Kind.STATEMENT:
            has_words = self.body or self.quotes.exists()
            return (
                [] if has_words else [_error(_("Write the text, or add the quote that is the statement."), "no_text")]
            )
        return [] if self.body else [_error(_("Write the text."), "no_text")]

    def _has_contact(self) -> bool:
        """Whether it names a contact who answers on the day."""
        named = PressContact.objects.with_fallbacks().filter(releasecontact__release=self)
        return bool(current_contacts(named, on=timezone.localdate(self.event_starts_at)))


_NOBODY_TO_ASK = _("A photo call names whom to ask: add a contact who answers on that day.")


def _error(message: str, code: str) -> ValidationError:
    return ValidationError(message, code=code)


def not_over(at: datetime) -> Q:
    """The condition for what is no photo call that is over at a moment; the twin of ``PhotoCall.is_over``."""
    # Compiled queries add to the place of a moment, and do not subtract.
    begun = at + -USUAL_LENGTH
    is_to_come = Q(event_ends_at__gt=at) | Q(event_ends_at=None, event_starts_at__gt=begun)
    return ~Q(kind=Kind.PHOTO_CALL) | is_to_come
