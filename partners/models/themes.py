"""The fields of work that cities, memoranda and releases have in common."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from twinning.core.facets import Named
from twinning.core.publishing import Publishable
from twinning.core.richtext import RichTextField, to_text
from twinning.core.search import Searchable
from twinning.core.slugs import Sluggable


class Theme(Sluggable, Searchable, Publishable):
    """A field of work, such as culture or climate, with a page of its own."""

    name = models.CharField(_("name"), max_length=80, unique=True, help_text=_("For example “Health and wellbeing”."))
    summary = models.CharField(_("summary"), max_length=250, help_text=_("One sentence for lists."))
    description = RichTextField(_("description"), help_text=_("What the cities do together in this field."))

    facets = {"theme": Named(), "city": Named("focuses__city")}

    class Meta(Publishable.Meta):
        ordering = ("name",)
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("partners:theme", args=[self.slug])

    def search_text(self):
        return self.name, f"{self.summary}\n{to_text(self.description)}"
