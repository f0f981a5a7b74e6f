"""The search index: an entry for each record, whose words can be looked up while the record is public."""

import logging
from datetime import datetime

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, models, transaction
from django.db.models import Q

from twinning.core.fields.queries import compiled
from twinning.core.publishing.copies import short_lock_timeout
from twinning.core.publishing.gate import PublishableQuerySet
from twinning.core.search.facets import NamedFacet, YearFacet
from twinning.core.search.words import WordsField, normalise

log = logging.getLogger(__name__)

MOST_OPENED = 500
# What the gate looks at; an entry has it from its record, written in the same transaction.
GATE = ("approved_at", "publish_at", "withdrawn_at", "taken_down_at")


class SearchEntry(models.Model):
    """The entry of one record in the search index: its title, its text and the normalised words of both.

    Rows exist for hidden records too. Their words are not looked up: what a search for them costs would tell a stranger that
    they are there. So an entry is written with ``is_open`` off, and the first search that may show it turns it on.
    """

    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    slug = models.SlugField(max_length=100)
    title = models.CharField(max_length=300)
    text = models.TextField()
    words = WordsField()
    title_words = models.TextField()
    is_open = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(null=True, db_index=True)
    withdrawn_at = models.DateTimeField(null=True)
    taken_down_at = models.DateTimeField(null=True)
    # By this the results are sorted; never later than publish_at.
    dated_at = models.DateTimeField(null=True, db_index=True)

    objects = PublishableQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["publish_at"],
                name="core_searchentry_coming",
                condition=Q(is_open=False, approved_at__isnull=False, withdrawn_at=None, taken_down_at=None),
            ),
            models.Index(fields=["content_type"], name="core_searchentry_closed", condition=Q(is_open=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["content_type", "object_id"], name="core_searchentry_one_per_record")
        ]

    def __str__(self):
        return self.title


class Searchable(models.Model):
    """Abstract model: a publishable record that search can find by its own words.

    Only its own: the name of a related record would tell of a city that is not public yet. By related records it is
    found through ``facets``, which ask the gate.
    """

    facets: dict[str, NamedFacet | YearFacet] = {}
    # The column with the date that readers see, by which the newest are found first.
    dated_by = "publish_at"

    class Meta:
        abstract = True

    @property
    def is_searched(self) -> bool:
        """Whether the record has an entry at all."""
        return True

    def search_text(self) -> tuple[str, str]:
        """The title, and the text of the record and its parts, without markup."""
        raise NotImplementedError

    def index(self) -> None:
        """Write the search entry of this record."""
        content_type = ContentType.objects.get_for_model(type(self))
        if self.is_searched:
            _write([_entry(self, content_type)])
        else:
            SearchEntry.objects.filter(content_type=content_type, object_id=self.pk).delete()

    def save(self, *, update_fields=None, **kwargs):
        super().save(update_fields=update_fields, **kwargs)
        # A step changes no words, and what the gate looks at follows it by triggers.
        if update_fields is None or not set(update_fields) <= set(self.not_content):
            self.index()

    def delete(self, *args, **kwargs):
        entry = SearchEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(type(self)), object_id=self.pk
        )
        deleted = super().delete(*args, **kwargs)
        entry.delete()
        return deleted


class SearchablePart(models.Model):
    """Abstract model: a part of a searchable record; ``owner`` names the field that leads to the record."""

    owner: str

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        getattr(self, self.owner).index()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        getattr(self, self.owner).index()
        return deleted


def entry_values(slug: str, title: str, text: str) -> dict:
    """The columns of a SearchEntry that say what the record says."""
    title_words = normalise(title)
    return {
        "slug": slug,
        "title": title[:300],
        "text": text,
        "words": " ".join(sorted({*title_words, *normalise(text)})),
        "title_words": " ".join(title_words),
    }


def index_all(records: models.QuerySet) -> None:
    """Write the search entries of a set of records, in a few queries instead of several for each record."""
    content_type = ContentType.objects.get_for_model(records.model)
    records = records.prefetch_related(*_parts(records.model))
    _write([_entry(record, content_type) for record in records if record.is_searched])


def _entry(record: Searchable, content_type: ContentType) -> SearchEntry:
    gate = {name: getattr(record, name) for name in GATE}
    return SearchEntry(
        content_type=content_type,
        object_id=record.pk,
        dated_at=getattr(record, record.dated_by),
        **gate,
        **entry_values(record.slug, *record.search_text()),
    )


def _write(entries: list[SearchEntry]) -> None:
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=["slug", "title", "text", "words", "title_words", "is_open", "dated_at", *GATE],
    )


def open_due(*, at: datetime) -> bool:
    """Let the words of entries be looked up that the public may read at a moment, and could not until now.

    The newest MOST_OPENED at once, for a visitor is waiting; says whether there were any. Where the database cannot write,
    a search finds what was found before.
    """
    if _due(at=at):
        try:
            with short_lock_timeout(), transaction.atomic():
                due = SearchEntry.objects.published(at=at).filter(is_open=False).order_by("-publish_at")
                SearchEntry.objects.filter(pk__in=list(due.values_list("pk", flat=True)[:MOST_OPENED])).update(
                    is_open=True
                )
                return True
        except OperationalError as error:
            log.warning("The search index could not take up what is due: %s", error)
    return False


@compiled
def _due(at: datetime):
    return SearchEntry.objects.published(at=at).filter(is_open=False).order_by().values_list("pk")[:1]


def _parts(model: type[Searchable]) -> list[str]:
    """The reverse relations from a kind of record to its searchable parts."""
    owners = [part._meta.get_field(part.owner) for part in apps.get_models() if issubclass(part, SearchablePart)]
    return [owner.remote_field.get_accessor_name() for owner in owners if owner.related_model is model]


def searchable_models() -> list[type[Searchable]]:
    """Every kind of record that search covers, in the order of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Searchable)]
