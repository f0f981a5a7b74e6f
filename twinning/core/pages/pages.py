"""Pages of the council's own: an imprint, a privacy statement, or whatever else belongs in the foot."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from twinning.core.addresses import Sluggable
from twinning.core.fields.characters import LineField
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.languages import LanguageField
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.publishing.gate import Publishable
from twinning.core.search.index import Searchable
from twinning.core.web.http import address


class SiteText(models.TextChoices):
    """The texts that come with the site, until a public page of the council takes the place of one."""

    ACCESSIBILITY = "accessibility", _("Accessibility statement")
    PRIVACY = "privacy", _("Privacy")


class Page(Sluggable, Searchable, Publishable):
    """A page of the council's own: a title and a text, with a link in the foot of every page."""

    title = LineField(_("title"), max_length=80, help_text=_("For example “Imprint”. It stands in the foot, too."))
    summary = LineField(_("summary"), max_length=250, blank=True, help_text=_("One sentence below the title."))
    text = RichTextField(_("text"), blank=False)
    language = LanguageField(_("language"), help_text=_("Only if it is not in English, for example “de”."))
    replaces = models.CharField(
        _("in place of"),
        max_length=20,
        blank=True,
        choices=SiteText,
        help_text=_("The text that comes with the site, and stays until this page is public."),
    )
    is_in_foot = models.BooleanField(
        _("in the foot"), default=True, help_text=_("A page that takes the place of another stands there anyway.")
    )
    position = models.PositiveSmallIntegerField(
        _("position"), default=10, help_text=_("The page with the lowest number stands first.")
    )
    folded = FoldedField("title")

    prose = ("summary", "text")

    class Meta(Publishable.Meta):
        ordering = ("position", "folded", "slug")
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                name="core_page_replaces_each_once",
                fields=["replaces"],
                condition=~Q(replaces="") & Q(taken_down_at=None),
                violation_error_message=_("Another page already takes the place of that text. Change that one."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return address("core:page", self.slug)

    def search_text(self):
        return self.title, f"{self.summary}\n{to_text(self.text)}"
