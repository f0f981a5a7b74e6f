"""Search over every kind of public record, through the gate."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from twinning.core.facets import Choice, Named, Year, choices_of, narrowed
from twinning.core.models import SearchEntry
from twinning.core.words import finds, normalise

MOST_WORDS_IN_A_QUERY = 12
NEWEST_HITS = 1000
SNIPPET_WORDS = 32


class Searchable(models.Model):
    """A publishable record that search can find by its own words.

    Only its own: the name of a related record would tell of a city that is not public yet. By related records it is
    found through ``facets``, which ask the gate.
    """

    facets: dict[str, Named | Year] = {}

    class Meta:
        abstract = True

    def search_text(self) -> tuple[str, str]:
        """The title, and the text of the record and its parts, without markup."""
        raise NotImplementedError

    def index(self) -> None:
        """Write what this record can be found by."""
        title, text = self.search_text()
        SearchEntry.objects.update_or_create(
            content_type=ContentType.objects.get_for_model(type(self)),
            object_id=self.pk,
            defaults=entry_values(self.slug, title, text, self.publish_at),
        )

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        self.index()

    def delete(self, *args, **kwargs):
        entry = SearchEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(type(self)), object_id=self.pk
        )
        deleted = super().delete(*args, **kwargs)
        entry.delete()
        return deleted


class SearchablePart(models.Model):
    """A part of a searchable record, found with its owner; ``owner`` names the relation."""

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


def entry_values(slug: str, title: str, text: str, publish_at: datetime | None) -> dict:
    """The columns of a SearchEntry for one record."""
    title_words = normalise(title)
    return {
        "slug": slug,
        "title": title[:300],
        "text": text,
        "words": " ".join(sorted({*title_words, *normalise(text)})),
        "title_words": " ".join(title_words),
        "publish_at": publish_at,
    }


def index_all(records: models.QuerySet) -> None:
    """Write what a whole set of records can be found by, in a few queries instead of several for each record."""
    content_type = ContentType.objects.get_for_model(records.model)
    entries = [
        SearchEntry(
            content_type=content_type,
            object_id=record.pk,
            **entry_values(record.slug, *record.search_text(), record.publish_at),
        )
        for record in records.prefetch_related(*_parts(records.model))
    ]
    SearchEntry.objects.bulk_create(
        entries,
        update_conflicts=True,
        unique_fields=["content_type", "object_id"],
        update_fields=["slug", "title", "text", "words", "title_words", "publish_at"],
    )


def _parts(model: type[Searchable]) -> list[str]:
    """The relations from a kind of record to those of its parts that are found with it."""
    owners = [part._meta.get_field(part.owner) for part in apps.get_models() if issubclass(part, SearchablePart)]
    return [owner.remote_field.get_accessor_name() for owner in owners if owner.related_model is model]


def searchable_models() -> list[type[Searchable]]:
    """Every kind of record that search covers, in the order of the installed apps."""
    return [model for model in apps.get_models() if issubclass(model, Searchable)]


@dataclass(frozen=True)
class Hit:
    """One found record; the snippet is a list of (text, whether it matched)."""

    kind: str
    title: str
    url: str
    snippet: list[tuple[str, bool]]


class Results:
    """What a query finds at a moment: records with all its words, those with them in the title first, then the newest.

    ``chosen`` narrows them by the values of facets. Only the newest NEWEST_HITS are ranked and counted, so that a common
    word costs no more in a large archive; ``is_cut`` tells.
    """

    def __init__(self, query: str, *, at: datetime, chosen: dict[str, str] | None = None):
        self.words = list(dict.fromkeys(normalise(query)))[:MOST_WORDS_IN_A_QUERY]
        self._at = at
        found = self._found(chosen or {}) if self.words else []
        self.is_cut = len(found) > NEWEST_HITS
        found = found[:NEWEST_HITS]
        found.sort(key=lambda row: not _has_all(row[1].split(), self.words))
        self._pks = [pk for pk, *_rest in found]
        self._records = [(type_id, key) for _pk, _title_words, type_id, key in found]

    def _found(self, chosen: dict[str, str]) -> list[tuple[int, str, int, int]]:
        types = ContentType.objects.get_for_models(*searchable_models())
        public = Q()
        for model, content_type in types.items():
            if (records := narrowed(model, chosen, at=self._at)) is not None:
                public |= Q(content_type=content_type, object_id__in=records.values("pk"))
        if not public:
            return []
        rows = SearchEntry.objects.filter(public, words__have=self.words).order_by("-publish_at", "slug")
        return list(rows.values_list("pk", "title_words", "content_type", "object_id")[: NEWEST_HITS + 1])

    @cached_property
    def _choices(self) -> list[set[Choice]]:
        return list(choices_of(self._records, at=self._at).values())

    def numbers(self) -> Counter[Choice]:
        """By what the results can be narrowed further, and how many would be left."""
        return Counter(choice for choices in self._choices for choice in choices)

    def number_with(self, chosen: dict[str, str]) -> int:
        """How many of the results fit other choices."""
        wanted = set(chosen.items())
        return sum(wanted <= {(choice.facet, choice.value) for choice in choices} for choices in self._choices)

    def __len__(self):
        return len(self._pks)

    def __getitem__(self, page: slice) -> list[Hit]:
        entries = SearchEntry.objects.in_bulk(self._pks[page])
        return [self._hit(entries[pk]) for pk in self._pks[page] if pk in entries]

    def _hit(self, entry: SearchEntry) -> Hit:
        model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
        url = model(slug=entry.slug).get_absolute_url()
        return Hit(model._meta.verbose_name, entry.title, url, snippet(entry.text, self.words))


def _has_all(words: list[str], wanted: list[str]) -> bool:
    return all(any(finds(one, word) for word in words) for one in wanted)


# A heading, a list or a name ends without a full stop; what comes after it must not read as if it went on.
_END_OF_A_LINE = re.compile(r"(?<=[^\s.,:;!?…])\s*\n\s*")


def snippet(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The part of a text around its first match, as (piece, whether it matched); from the beginning without one."""
    pieces = re.findall(r"\S+", _END_OF_A_LINE.sub(" · ", text.strip()))

    def matches(piece: str) -> bool:
        return any(finds(wanted, word) for word in normalise(piece) for wanted in words)

    first = next((number for number, piece in enumerate(pieces) if matches(piece)), 0)
    start = max(0, first - SNIPPET_WORDS // 3)
    chosen = [(piece, matches(piece)) for piece in pieces[start : start + SNIPPET_WORDS]]
    before = [("…", False)] if start else []
    after = [("…", False)] if start + SNIPPET_WORDS < len(pieces) else []
    return before + chosen + after
