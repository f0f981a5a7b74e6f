"""Public check: requests every public address of this site without a session, and looks for traces of a hidden record.

The requests go through the whole WSGI application, without a network. The addresses come from the URL configuration, so
that none is forgotten.
"""

import html
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from urllib.parse import urlencode

from django.db import connections, models
from django.urls import NoReverseMatch, URLPattern, get_resolver, get_script_prefix, reverse
from django.utils import timezone

from twinning.core.addresses import old_slugs
from twinning.core.files.private import file_parts
from twinning.core.photos.uses import photo_files
from twinning.core.previews.asking import asked
from twinning.core.publishing.workflow import State


class Trace(Enum):
    """What an answer reveals of a record: nothing, the words of its title, or the record itself."""

    NOTHING = "nothing"
    WORDS = "words"
    RECORD = "record"


@dataclass(frozen=True)
class Answer:
    """The answer of one address, and the trace of the record in it."""

    address: str
    status: int
    trace: Trace


def ask(addresses: list[str]) -> dict[str, tuple[int, str]]:
    """Status and body of the answer to an anonymous GET of each path of this site.

    They are requested from another thread, and so over another connection to the database, which sees nothing of the
    transaction at hand.
    """
    prefix = get_script_prefix().rstrip("/")
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(_ask, addresses, prefix).result()


def _ask(addresses: list[str], prefix: str) -> dict[str, tuple[int, str]]:
    try:
        return {address: _get(address, prefix) for address in addresses}
    finally:
        connections.close_all()


def _get(address: str, prefix: str) -> tuple[int, str]:
    with asked(address, prefix=prefix) as answer:
        return answer.status, b"".join(answer.chunks).decode(errors="replace")


def look_for(record: models.Model, *, at: datetime) -> list[Answer]:
    """The answers of all public addresses with the traces of a hidden record in them, the worst first."""
    own = _own_addresses(record, at=at)
    search = f"{reverse('search')}?{urlencode({'q': str(record)})}"
    dates = [record.publish_at or at, record.filed_at or at]
    years = [{"year": str(timezone.localdate(date).year)} for date in dates]
    others = [*_addresses([{}, *years]), search]
    found = ask([*own, *others])
    # A page that was taken down says so at its last address.
    gone = {own[0]: 410} if record.state(at=at) == State.TAKEN_DOWN else {}
    traces = {address: _trace_by_status(found[address][0], gone.get(address, 404)) for address in own}
    traces |= {address: _trace_in_body(found[address][1], record) for address in others}
    if traces[search] == Trace.WORDS:  # the search field shows them again
        traces[search] = Trace.NOTHING
    worst_first = list(Trace)[::-1]
    answers = [Answer(address, found[address][0], trace) for address, trace in traces.items()]
    return sorted(answers, key=lambda answer: worst_first.index(answer.trace))


def _own_addresses(record: models.Model, *, at: datetime) -> list[str]:
    """The present and former addresses of the record's page, of the pages below it, and of its files."""
    old = old_slugs(type(record)).filter(object_id=record.pk).values_list("slug", flat=True)
    slugs = [record.slug, *old]
    pages = [type(record)(slug=slug).get_absolute_url() for slug in slugs]
    below = [address for address in _addresses([{"slug": slug} for slug in slugs]) if address.startswith(tuple(pages))]
    parts = [file.get_absolute_url() for files in [*file_parts(record), *_own_photos(record, at=at)] for file in files]
    return list(dict.fromkeys([*pages, *below, *parts]))


def _own_photos(record: models.Model, *, at: datetime) -> list[models.QuerySet]:
    """The photos of the record that no public page shows."""
    return [files.exclude(pk__in=files.model.readable(at=at)) for files in photo_files(record, at=at)]


def _trace_by_status(status: int, expected: int) -> Trace:
    return Trace.NOTHING if status == expected else Trace.RECORD


def _trace_in_body(body: str, record: models.Model) -> Trace:
    """The trace of a record on another page: a link to it, or its title, which may mean something else."""
    page, filtered = re.escape(record.get_absolute_url()), f"{record._meta.model_name}={re.escape(record.slug)}"
    if re.search(rf"{page}|[?&;]{filtered}(?![\w-])", body):
        return Trace.RECORD
    return Trace.WORDS if str(record).casefold() in html.unescape(body).casefold() else Trace.NOTHING


def _addresses(given: list[dict]) -> list[str]:
    """All addresses outside the back office that can be reversed with one of the given keyword arguments."""
    found = []
    for name, pattern in _patterns(get_resolver().url_patterns):
        sections = [{"section": section} for section in pattern.default_args.get("sitemaps", ())] if {} in given else []
        for values in [*given, *sections]:
            with suppress(NoReverseMatch):
                found.append(reverse(name, kwargs=values))
    return list(dict.fromkeys(found))


def _patterns(patterns, namespace: str = ""):
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern
        elif pattern.namespace != "admin":
            yield from _patterns(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else "")
