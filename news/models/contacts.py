"""Press contacts, and the fallbacks that replace them when they have left."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models import City
from twinning.core.fields.characters import LineField
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.phones import PhoneField
from twinning.core.fields.relations import ProtectedManyToManyField


class PressContactQuerySet(models.QuerySet):
    """Queries for press contacts."""

    def with_fallbacks(self):
        """With two fallbacks in the same query; a third costs a query of its own."""
        return self.select_related("fallback__fallback")


class PressContact(models.Model):
    """A press office or an officer, with the period in which they may be named.

    When ``valid_to`` has passed, every page shows the fallback instead, old releases included.
    """

    name = LineField(_("name"), max_length=100, help_text=_("The office or the person, for example “Press office”."))
    role = LineField(_("role"), max_length=150, blank=True)
    email = models.EmailField(_("email"))
    phone = PhoneField(_("telephone"), max_length=30, blank=True)
    hours = LineField(
        _("hours"), max_length=100, blank=True, help_text=_("For example “Monday to Friday, 9am to 5pm”.")
    )
    out_of_hours_phone = PhoneField(_("out-of-hours telephone"), max_length=30, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(
        _("valid until"), null=True, blank=True, help_text=_("The last day; then the next field counts.")
    )
    fallback = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("afterwards ask"), related_name="stands_in_for"
    )
    cities = ProtectedManyToManyField(
        City, blank=True, verbose_name=_("answers for"), related_name="contacts",
        help_text=_("Cities on whose pages this contact is shown."),
    )  # fmt: skip
    is_general = models.BooleanField(
        _("general contact"), default=False, help_text=_("Shown where no other contact is named.")
    )

    folded = FoldedField("name", "role")

    objects = PressContactQuerySet.as_manager()

    class Meta:
        ordering = ("folded", "pk")
        verbose_name = _("press contact")
        verbose_name_plural = _("press contacts")
        constraints = [
            models.CheckConstraint(
                name="news_presscontact_valid_period",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lte=F("valid_to")),
                violation_error_message=_("A contact cannot stop being valid before it starts."),
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.role})" if self.role else self.name

    def clean(self):
        super().clean()
        contact, seen = self.fallback, {self.pk}
        while contact:
            if contact.pk in seen:
                message = _("These contacts would send people round in a circle.")
                raise ValidationError({"fallback": ValidationError(message, code="circle")})
            seen.add(contact.pk)
            contact = contact.fallback

    def is_valid(self, *, on: date) -> bool:
        """Whether the contact may be named on a day."""
        return (not self.valid_from or self.valid_from <= on) and (not self.valid_to or on <= self.valid_to)

    def current(self, *, on: date) -> "PressContact | None":
        """This contact if it is valid on a day, else its first fallback that is; None if none is."""
        contact, steps = self, 0
        while contact and not contact.is_valid(on=on) and steps < 10:
            contact, steps = contact.fallback, steps + 1
        return contact if contact and contact.is_valid(on=on) else None


def current_contacts(contacts, *, on: date) -> list[PressContact]:
    """The valid contacts on a day for the named ones, in their order, each once."""
    answering = (contact.current(on=on) for contact in contacts)
    return list({contact.pk: contact for contact in answering if contact}.values())
