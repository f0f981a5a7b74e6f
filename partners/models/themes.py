"""Themes: the fields of work that cities, agreements and releases have in common."""

from django.utils.translation import gettext_lazy as _

from partners.models.data_ids import DataIdField
from twinning.core.addresses import Sluggable
from twinning.core.fields.characters import LineField
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.publishing.gate import Publishable
from twinning.core.search.facets import NamedFacet
from twinning.core.search.index import Searchable
from twinning.core.web.http import address


class Theme(Sluggable, Searchable, Publishable):
    """A field of work, such as culture or climate, with a page of its own."""

    name = LineField(_("name"), max_length=80, unique=True, help_text=_("For example “Health and wellbeing”."))
    summary = LineField(_("summary"), max_length=250, help_text=_("One sentence for lists."))
    description = RichTextField(_("description"), help_text=_("What the cities do together in this field."))
    folded = FoldedField("name", "summary")
    data_id = DataIdField()

    not_content = (*Publishable.not_content, "data_id")
    prose = ("summary", "description")
    facets = {"theme": NamedFacet(), "city": NamedFacet("focuses__city")}

    class Meta(Publishable.Meta):
        ordering = ("folded", "slug")
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("partners:theme", self.slug)

    def search_text(self):
        return self.name, f"{self.summary}\n{to_text(self.description)}"
