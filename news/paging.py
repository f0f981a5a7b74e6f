"""Keyset pagination of releases: every page costs the same, however far back.

The address of a page names the release before it, not a number: no OFFSET, no COUNT, and a new release does not push
another one from page to page while somebody reads.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from news.queries import PAGE_SIZE, newer, older
from twinning.core.web.http import text_parameter

_FORMAT = "%Y%m%dT%H%M%S%f"
_CURSOR = re.compile(r"^(\d{8}T\d{12})_([-\w]{1,100})$", re.ASCII)


@dataclass(frozen=True)
class Cursor:
    """A position in the order of dates: moment and slug of a release."""

    moment: datetime
    slug: str

    @classmethod
    def of(cls, release) -> "Cursor":
        """The position of a release."""
        return cls(release.issued_at.astimezone(UTC), release.slug)

    @classmethod
    def parse(cls, text: str) -> "Cursor | None":
        """The position that a text from an address stands for; None if it stands for none."""
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
    """Releases, newest first, with the cursors of the pages before and after; None if there is no such page."""

    releases: list
    newer: Cursor | None
    older: Cursor | None


def cursors_in(request) -> tuple[dict[str, Cursor | None], list[str]]:
    """The cursors in the parameters ``before`` and ``after``, and the values there that are none."""
    asked = {name: text_parameter(request, name) for name in ("before", "after")}
    cursors = {name: Cursor.parse(text) for name, text in asked.items()}
    return cursors, [text[:50] for name, text in asked.items() if text and not cursors[name]]


def page_of(narrowing: dict, *, before: Cursor | None, after: Cursor | None) -> Page:
    """The releases right behind ``before`` (older) or right before ``after`` (newer), or the newest page.

    ``narrowing`` are the values by which the queries of ``news.queries`` narrow the list; a position within takes the
    place of one of its ends.
    """
    if after and not before:
        begins = after.moment >= narrowing.get("since", after.moment)
        found = newer(**narrowing | ({"since": after.moment} if begins else {}), slug=after.slug)
        return _page(found[:PAGE_SIZE][::-1], has_newer=len(found) > PAGE_SIZE, has_older=True)
    is_within = before and before.moment <= narrowing.get("until", narrowing["at"])
    found = older(**narrowing | ({"until": before.moment, "slug": before.slug} if is_within else {}))
    return _page(found[:PAGE_SIZE], has_newer=bool(before), has_older=len(found) > PAGE_SIZE)


def _page(shown: list, *, has_newer: bool, has_older: bool) -> Page:
    return Page(
        shown,
        newer=Cursor.of(shown[0]) if shown and has_newer else None,
        older=Cursor.of(shown[-1]) if shown and has_older else None,
    )
