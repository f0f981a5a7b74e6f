"""Pages of releases that cost the same however deep they lie.

A page is named by the release that it follows, not by a number: no OFFSET, no COUNT, and a new release does not push
another one from page to page while somebody reads.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Q

PAGE_SIZE = 20
_FORMAT = "%Y%m%dT%H%M%S%f"
_CURSOR = re.compile(r"^(\d{8}T\d{12})_([-\w]{1,100})$", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """The place of a release in the order of publication: its moment, then its slug."""

    moment: datetime
    slug: str

    @classmethod
    def of(cls, release) -> "Cursor":
        """The place of a release."""
        return cls(release.publish_at.astimezone(UTC), release.slug)

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The place that an address names; None for anything that names none."""
        if not (match := _CURSOR.match(text)):
            return None
        try:
            return cls(datetime.strptime(match[1], _FORMAT).replace(tzinfo=UTC), match[2])
        except ValueError:
            return None

    def __str__(self):
        return f"{self.moment.strftime(_FORMAT)}_{self.slug}"


@dataclass(frozen=True)
class Page:
    """Releases, newest first, and the places from which the neighbouring pages start; None without a neighbour."""

    releases: list
    newer: Cursor | None
    older: Cursor | None


def page_of(releases, *, before: Cursor | None, after: Cursor | None, size: int = PAGE_SIZE) -> Page:
    """The page of a queryset right after ``before`` (older) or right before ``after`` (newer), or the newest page."""
    if after and not before:
        newer = Q(publish_at__gt=after.moment) | Q(publish_at=after.moment, slug__lt=after.slug)
        ascending = releases.filter(newer, publish_at__gte=after.moment).order_by("publish_at", "-slug")
        found = list(ascending[: size + 1])
        shown = found[:size][::-1]
        return _page(shown, has_newer=len(found) > size, has_older=True)
    if before:
        older = Q(publish_at__lt=before.moment) | Q(publish_at=before.moment, slug__gt=before.slug)
        releases = releases.filter(older, publish_at__lte=before.moment)
    found = list(releases.order_by("-publish_at", "slug")[: size + 1])
    return _page(found[:size], has_newer=bool(before), has_older=len(found) > size)


def _page(shown: list, *, has_newer: bool, has_older: bool) -> Page:
    return Page(
        shown,
        newer=Cursor.of(shown[0]) if shown and has_newer else None,
        older=Cursor.of(shown[-1]) if shown and has_older else None,
    )
