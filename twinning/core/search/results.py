"""The results of a query: what the public may read at a moment, ranked, narrowed by facets and counted by them."""

from collections import Counter
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache, reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType

from twinning.core.fields.queries import compiled, compiled_with
from twinning.core.search.facets import Choice, narrowed, numbers_of
from twinning.core.search.index import Searchable, SearchEntry, open_due, searchable_models
from twinning.core.search.snippets import snippet
from twinning.core.search.words import QueryWords, finds, wanted_words

MOST_WORDS_IN_A_QUERY = 12
NEWEST_HITS = 1000


def _models(kind: str | None, facets: frozenset[str]) -> list[type[Searchable]]:
    """The kinds of record that have some facets: all of them, or one."""
    named = [model for model in searchable_models() if kind in (None, model._meta.model_name)]
    return [model for model in named if facets <= model.facets.keys()]


@cache
def _search(kind: str | None, facets: frozenset[str]):
    """The compiled query for the newest entries with some words, of one kind or of all, with values of some facets."""

    def found(at, words, **chosen):
        entries = SearchEntry.objects.published(at=at).filter(is_open=True, words__has_all=words)
        if kind or chosen:
            entries = entries.filter(reduce(or_, (narrowed(model, chosen, at=at) for model in _models(kind, facets))))
        # The date bounds the index by which they are read; the gate alone says what is public.
        entries = entries.filter(dated_at__lte=at).order_by("-dated_at", "slug")
        return entries.values_list("pk", "title_words", "content_type", "object_id")[: NEWEST_HITS + 1]

    return compiled_with(found, {"at": datetime, "words": QueryWords(), **dict.fromkeys(facets, str)})


@compiled
def _entries(keys: list[int]):
    return SearchEntry.objects.filter(pk__among=keys).only("content_type", "slug", "title", "text")


@dataclass(frozen=True)
class Hit:
    """One result; the snippet is a list of (text, whether it matched)."""

    kind: str
    title: str
    url: str
    snippet: list[tuple[str, bool]]


class Results:
    """The results of a query at a moment: records with all words, those with them in the title first, then the newest.

    ``chosen`` narrows them by the values of facets. Only the newest NEWEST_HITS are ranked and counted, so that a common
    word costs no more in a large archive; ``is_cut`` tells.
    """

    def __init__(self, query: str, *, at: datetime, chosen: dict[str, str] | None = None):
        self.words = wanted_words(query)[:MOST_WORDS_IN_A_QUERY]
        self._at = at
        if self.words:
            open_due(at=at)
        self._find(chosen or {})

    def with_others(self, chosen: dict[str, str]) -> "Results":
        """The results of the same query at the same moment, narrowed by other values."""
        others = copy(self)
        others._find(chosen)
        return others

    def _find(self, chosen: dict[str, str]) -> None:
        found = self._found(**chosen) if self.words else []
        self.is_cut = len(found) > NEWEST_HITS
        found = found[:NEWEST_HITS]
        found.sort(key=lambda row: not _has_all(row[1].split(), self.words))
        self._pks = [pk for pk, *_rest in found]
        self._records = [(type_id, key) for _pk, _title_words, type_id, key in found]

    def _found(self, *, kind: str | None = None, **chosen: str) -> list[tuple[int, str, int, int]]:
        facets = frozenset(chosen)
        if not _models(kind, facets):
            return []
        return _search(kind, facets)(at=self._at, words=self.words, **chosen)

    def numbers(self) -> Counter[Choice]:
        """For each choice by which the results can be narrowed further, the number that would be left."""
        return numbers_of(self._records, at=self._at)

    def __len__(self):
        return len(self._pks)

    def __getitem__(self, page: slice) -> list[Hit]:
        pks = self._pks[page]
        entries = {entry.pk: entry for entry in _entries(keys=pks)} if pks else {}
        return [self._hit(entries[pk]) for pk in pks if pk in entries]

    def _hit(self, entry: SearchEntry) -> Hit:
        model = ContentType.objects.get_for_id(entry.content_type_id).model_class()
        url = model(slug=entry.slug).get_absolute_url()
        return Hit(model._meta.verbose_name, entry.title, url, snippet(entry.text, self.words))


def _has_all(words: list[str], wanted: list[str]) -> bool:
    return all(any(finds(one, word) for word in words) for one in wanted)
