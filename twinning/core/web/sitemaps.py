"""Base classes of the sitemaps, which list published records only."""

import re
from datetime import datetime
from functools import cached_property
from math import ceil, log2
from uuid import UUID

from django.contrib.sitemaps import Sitemap
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

MOST_PAGES = 1 << 12
KEYS = 1 << 128  # as many as there are values of a UUID


class MomentSitemap(Sitemap):
    """A sitemap as it is at a moment."""

    def __init__(self, *, at: datetime):
        self.at = at


class RecordSitemap(MomentSitemap):
    """The published records of one kind."""

    model = None
    limit = 1000

    def published(self):
        return self.model.objects.published(at=self.at).only("slug", "updated_at", "publish_at")

    def items(self):
        return self.published().order_by("publish_at", "slug")

    def lastmod(self, record):
        return record.changed_at

    def get_latest_lastmod(self):
        """None: the newest change of all records would have to be read from every one of them."""


class RandomKeySitemap(RecordSitemap):
    """The published records of a kind with a random key, in pages that cost the same however large the archive is (ADR 30)."""

    key = None  # an indexed field with values of UUID.urn

    def items(self):
        return self.published().order_by(self.key)

    @property
    def paginator(self):
        return RangesOfKeys(self.items(), self.limit, key=self.key)


class RangesOfKeys(Paginator):
    """Pages of records ordered by a random key: each has a range of the keys, all of the same width.

    How many pages there are is told by how close the first ``per_page`` public records lie. No record is counted, and a hidden
    one moves no boundary.
    """

    def __init__(self, records: QuerySet, per_page: int, *, key: str):
        super().__init__(records, per_page)
        self.key = key

    @cached_property
    def num_pages(self):
        """A power of two, by which a page has about 7 in 20 to 14 in 20 of the records that it has room for."""
        random = self.object_list.filter(**{f"{self.key}__gte": _urn(0), f"{self.key}__lte": _urn(KEYS - 1)})
        for last_of_a_full_page in random.values_list(self.key, flat=True)[self.per_page : self.per_page + 1]:
            records = self.per_page * KEYS / max(1, _number(last_of_a_full_page))
            return min(1 << ceil(log2(records / (0.7 * self.per_page))), MOST_PAGES)
        return 1

    def page(self, number):
        number = self.validate_number(number)
        first, beyond = (KEYS * edge // self.num_pages for edge in (number - 1, number))
        records = self.object_list
        # Releases that were in feeds before there were random keys have others: they are on the first page, or on the last.
        if number > 1:
            records = records.filter(**{f"{self.key}__gte": _urn(first)})
        if number < self.num_pages:
            records = records.filter(**{f"{self.key}__lt": _urn(beyond)})
        return Page(records, number, self)


def _urn(key: int) -> str:
    return UUID(int=key).urn


def _number(urn: str) -> int:
    digits = re.sub("[^0-9a-f]", "", urn.removeprefix("urn:uuid:"))
    return int(digits[:32].ljust(32, "0"), 16)
