"""What staff look for in a large archive: found by the search index, hidden records included (ADR 32)."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat

from twinning.core.fields.folding import sort_key
from twinning.core.search.index import SearchEntry
from twinning.core.search.words import wanted_words

MOST_WORDS = 12
FEW = 1_000


def looked_up(records: models.QuerySet, query: str, *, related: str) -> models.QuerySet | None:
    """The records of which each word of a query begins a word, is the address, or stands in the name of a related record.

    None for what no index answers: a query without a word, or with quotation marks, between which spaces count. ``related``
    is a relation to records with folded names, of which there are few.
    """
    words = [word for word in query.split() if wanted_words(word)][:MOST_WORDS]
    if not words or '"' in query:
        return None
    for word in words:
        keys = _keys(records.model, word, related)
        few = [key for (key,) in keys[: FEW + 1]]
        # With the keys of a few a database begins at them; of how many a subquery has, it has no idea.
        records = records.filter(pk__in=keys if len(few) > FEW else few)
    return records


def _keys(model: type[models.Model], word: str, related: str) -> models.QuerySet:
    """The keys of the records that a word finds: a union, each part of which has an index of its own."""
    begun, relation = wanted_words(word), model._meta.get_field(related)
    entries = SearchEntry.objects.filter(content_type=ContentType.objects.get_for_model(model)).order_by()
    # Words are looked up of open entries only (ADR 22). Closed ones are few, and looked through.
    opened = entries.filter(is_open=True, words__has_beginnings=begun)
    closed = entries.filter(is_open=False).alias(spaced=Concat(Value(" "), "words", output_field=models.TextField()))
    for beginning in begun:
        closed = closed.filter(spaced__contains=f" {beginning}")
    named = relation.related_model.objects.filter(folded__contains=sort_key(word)).order_by().values("pk")
    tied = relation.remote_field.through.objects.filter(**{f"{relation.m2m_reverse_field_name()}__in": named})
    found = (opened, closed, entries.filter(slug=word.lower()))
    return tied.values_list(f"{relation.m2m_field_name()}_id").union(*(part.values_list("object_id") for part in found))
