"""The introduction to the partnerships as a whole."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning.core.fields.characters import LineField
from twinning.core.fields.richtext import RichTextField


class Programme(models.Model):
    """The introduction on the home page. There is only one, and it is public as soon as it is saved."""

    headline = LineField(
        _("headline"),
        max_length=80,
        help_text=_("One strong sentence, for example “Six cities, six decades of friendship”."),
    )
    lead = models.TextField(_("lead"), max_length=400, help_text=_("Two or three sentences below the headline."))
    story = RichTextField(
        _("how it began"), help_text=_("The history of the partnerships, shown with the list of cities.")
    )
    updated_at = models.DateTimeField(_("last updated"), auto_now=True)

    not_content = ("updated_at",)

    class Meta:
        verbose_name = _("introduction")
        verbose_name_plural = _("introduction")
        constraints = [
            models.CheckConstraint(
                name="partners_programme_is_one",
                condition=Q(pk=1),
                violation_error_message=_("There is one introduction only. Change the existing one."),
            )
        ]

    def __str__(self):
        return self.headline
