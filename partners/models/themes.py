"""Themes: the fields of work that cities, agreements and releases have in common."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partners.models import merging
from partners.models.data_ids import DataIdField
from twinning.core.addresses import Sluggable
from twinning.core.fields.characters import LineField
from twinning.core.fields.dates import PartialDateField, bounds
from twinning.core.fields.folding import FoldedField
from twinning.core.fields.richtext import RichTextField, to_text
from twinning.core.publishing.gate import Publishable, PublishableQuerySet
from twinning.core.search.facets import NamedFacet
from twinning.core.search.index import Searchable
from twinning.core.web.http import address


class ThemeQuerySet(PublishableQuerySet):
    """Queries for themes. One that was merged into another is no page any more: its address leads to the other."""

    def published(self, *, at: datetime):
        return super().published(at=at).filter(merged_into=None)

    def readable(self, *, at: datetime):
        return super().readable(at=at).filter(merged_into=None)

    def offered(self, *, on: date):
        """Those that can be chosen on a day: neither merged nor retired; the twin of ``is_retired``."""
        return self.filter(Q(ended_earliest=None) | Q(ended_earliest__gt=on), merged_into=None)


class Theme(Sluggable, Searchable, Publishable):
    """A field of work, such as culture or climate, with a page of its own."""

    name = LineField(_("name"), max_length=80, unique=True, help_text=_("For example “Health and wellbeing”."))
    summary = LineField(_("summary"), max_length=250, help_text=_("One sentence for lists."))
    description = RichTextField(_("description"), help_text=_("What the cities do together in this field."))
    ended = PartialDateField(
        _("work on it ended"),
        help_text=_("Then its page says so, and nobody can choose it any more; it stays where it was chosen."),
    )
    ended_earliest, ended_latest = bounds()
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("merged into"), related_name="merged_from",
        help_text=_(
            "When this is approved, all cities, agreements, releases and alerts of this theme get the other one, and its "
            "address leads there. To undo it, go back to the version before in the history."
        ),
    )  # fmt: skip
    moved = models.JSONField(default=dict, editable=False)
    folded = FoldedField("name", "summary")
    data_id = DataIdField()

    prose = ("summary", "description")
    not_content = (*Publishable.not_content, "data_id", "moved")
    facets = {"theme": NamedFacet(), "city": NamedFacet("focuses__city")}

    objects = ThemeQuerySet.as_manager()

    class Meta(Publishable.Meta):
        ordering = ("folded", "slug")
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                name="partners_theme_is_not_merged_into_itself",
                condition=Q(merged_into=None) | ~Q(merged_into=F("pk")),
                violation_error_message=_("A theme cannot be merged into itself."),
            ),
            models.CheckConstraint(
                name="partners_theme_merged_was_approved",
                condition=Q(merged_into=None) | Q(approved_at__isnull=False),
                violation_error_message=_("Only a theme that was public can be merged. Delete this draft instead."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return address("partners:theme", self.slug)

    def search_text(self):
        return self.name, f"{self.summary}\n{to_text(self.description)}"

    @property
    def is_searched(self) -> bool:
        return not self.merged_into_id

    def is_published(self, *, at: datetime) -> bool:
        return not self.merged_into_id and super().is_published(at=at)

    def is_retired(self, *, on: date) -> bool:
        """Whether the work on it has ended by a day."""
        return bool(self.ended) and self.ended.earliest <= on

    @classmethod
    def formerly_at(cls, slug, old_keys) -> Q:
        # In two steps, for PostgreSQL: what had the address itself, and what it was merged into.
        merged = cls._base_manager.filter(Q(slug=slug) | Q(pk__in=old_keys), merged_into__isnull=False)
        return super().formerly_at(slug, old_keys) | Q(pk__in=merged.values("merged_into"))

    @classmethod
    def stand_ins(cls, keys) -> dict[int, int]:
        """The themes into which some were merged, by the key of those: for versions that were written before."""
        merged = cls._base_manager.filter(pk__in=keys, merged_into__isnull=False)
        return dict(merged.values_list("pk", "merged_into"))

    def clean(self):
        super().clean()
        if self.merged_into and self.merged_into != self and self.merged_into.merged_into_id:
            message = _("“%(title)s” was merged into another theme itself. Choose that one.")
            raise ValidationError({"merged_into": _refusal(message, "merged", title=self.merged_into)})

    def check_ready(self, *, at):
        super().check_ready(at=at)
        if self.merged_into and not self.merged_into.is_published(at=at):
            message = _("“%(title)s” is not public: what names this theme would name none any more.")
            raise ValidationError({"merged_into": _refusal(message, "not_public", title=self.merged_into)})

    def save(self, *, update_fields=None, **kwargs):
        """Save it; when it is merged by that, or no longer, all that names it follows in the same transaction."""
        with transaction.atomic():
            was = type(self)._base_manager.filter(pk=self.pk).values_list("merged_into", flat=True).first()
            super().save(update_fields=update_fields, **kwargs)
            is_saved = update_fields is None or "merged_into" in update_fields
            if is_saved and was != self.merged_into_id:
                self._follow(was)

    def _follow(self, was: int | None) -> None:
        if was:
            merging.undo(self, was, self.moved)
        self.moved = merging.move(self, self.merged_into) if self.merged_into else {}
        type(self)._base_manager.filter(pk=self.pk).update(moved=self.moved)


def _refusal(message: str, code: str, **params) -> ValidationError:
    return ValidationError(message, code=code, params=params)
