"""Queries for cities, with annotations for their pages."""

from datetime import date, datetime

from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from partners.models.city_parts import Focus, FormerName, Involvement
from partners.models.standing import Change, Status
from partners.models.story import Outcome
from partners.models.themes import Theme
from twinning.core.fields.characters import LineField
from twinning.core.fields.relations import rows
from twinning.core.photos.uses import with_photos
from twinning.core.publishing.gate import PublishableQuerySet

CHANGE_FIELDS = ("status", "kind", "held_by", "reason", "source", "source_url")


class CityQuerySet(PublishableQuerySet):
    """Queries for cities, with annotations for their pages."""

    def with_photos(self, *, at: datetime):
        """Annotate the photos that may be shown; the property ``shown_photos`` has them, the leading one first."""
        return with_photos(self, at=at)

    def with_changes(self):
        """Annotate the changes of the partnership, which ``City.standing`` looks at."""
        changes = Change.objects.filter(city=OuterRef("pk"))
        return self.annotate(change_rows=rows(changes, "pk", "date", *CHANGE_FIELDS))

    def with_status(self, *, on: date):
        """Annotate ``status_now`` and ``kind_now``, the same rules as ``Standing.of``."""
        come = Change.objects.filter(Q(date_earliest=None) | Q(date_earliest__lte=on), city=OuterRef("pk"))
        latest = come.order_by(F("date_earliest").desc(nulls_first=True), "-pk")
        is_to_come = Q(is_proposed=True) | Q(since_earliest__gt=on)
        beginning = Case(When(is_to_come, then=Value(Status.PROPOSED)), default=Value(Status.ACTIVE))
        return self.annotate(
            status_now=Coalesce(Subquery(latest.values("status")[:1]), beginning, output_field=LineField()),
            kind_now=Coalesce(Subquery(latest.exclude(kind="").values("kind")[:1]), "kind", output_field=LineField()),
        )

    def for_page(self, *, at: datetime):
        involved = Involvement.objects.filter(city=OuterRef("pk"))
        focuses = Focus.objects.filter(city=OuterRef("pk"), theme__in=Theme.objects.published(at=at))
        return (
            self.with_photos(at=at)
            .with_changes()
            .annotate(
                formerly=FormerName.rows_of(self.model.objects.filter(pk=OuterRef(OuterRef("pk")))),
                taking_part=rows(involved, "organisation", "role", "how_to_join", "url"),
                outcome_rows=rows(
                    Outcome.objects.filter(city=OuterRef("pk")), "pk", "date", "result", "source", "source_url"
                ),
                focus_rows=rows(focuses, "pk", "theme__name", "theme__slug", "begins", "ends", "note"),
            )
        )
