"""Preview links for tests, and records to which they lead."""

from datetime import UTC, datetime
from hashlib import sha256

from django.utils import timezone

from news.models import QuoteLink
from tests.factories import make_superuser, submit
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import PreviewLink
from twinning.core.publishing.copies import WorkingCopy, begin

EMBARGO = datetime(2127, 3, 6, 0, 1, tzinfo=UTC)


def make_link(record, *, copy=None, at=None, by=None, **fields) -> tuple[PreviewLink, str]:
    """A link that is alive, and its address."""
    fields = {"recipient": "Ann Example", "outlet": "Evening Post", "email": "ann@example.org"} | fields
    link = PreviewLink(record=record, copy=copy, **fields)
    token = link.issue(by=by or make_superuser(), at=at or timezone.now())
    return link, f"/preview/{token}/"


def openings(link: PreviewLink) -> list[HistoryEvent]:
    """The history events of the openings of a link, the newest first."""
    return list(HistoryEvent.objects.of(link.record).filter(what=EventKind.LINK_OPENED, details__link_key=link.pk))


def make_quote_link(quote, **fields) -> tuple[QuoteLink, str]:
    """A link on which an office can approve a quote, and its address."""
    link = QuoteLink(release=quote.release, recipient="Her office", **fields)
    return link, f"/quotes/{link.issue(quote, by=make_superuser(), at=timezone.now())}/"


def know(link: PreviewLink | QuoteLink, secret: str) -> None:
    """Give a link a token that a test chooses."""
    type(link).objects.filter(pk=link.pk).update(digest=sha256(secret.encode()).hexdigest())


def embargoed(record, *, until: datetime = EMBARGO):
    submit(record).approve(by=make_superuser(), at=timezone.now(), publish_at=until)
    return record


def copy_of(record, **changes) -> WorkingCopy:
    """A working copy of a public record, with some fields changed."""
    copy = begin(record, by=make_superuser(), at=timezone.now())
    copy.keep(copy.snapshot | {"fields": copy.snapshot["fields"] | changes}, by=make_superuser(), at=timezone.now())
    return copy
