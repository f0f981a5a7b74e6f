"""Links for tests: somebody holds one to a record or to its working copy."""

from datetime import UTC, datetime
from hashlib import sha256

from django.utils import timezone

from tests.factories import make_superuser, submit
from twinning.core.copies import WorkingCopy, begin
from twinning.core.models import PreviewLink

EMBARGO = datetime(2127, 3, 6, 0, 1, tzinfo=UTC)


def make_link(record, *, copy=None, at=None, by=None, **fields) -> tuple[PreviewLink, str]:
    """A living link, and its address."""
    fields = {"recipient": "Ann Example", "outlet": "Evening Post", "email": "ann@example.org"} | fields
    link = PreviewLink(record=record, copy=copy, **fields)
    token = link.issue(by=by or make_superuser(), at=at or timezone.now())
    return link, f"/preview/{token}/"


def know(link: PreviewLink, secret: str) -> None:
    """Let a link have a secret that a test knows beforehand."""
    PreviewLink.objects.filter(pk=link.pk).update(digest=sha256(secret.encode()).hexdigest())


def embargoed(record, *, until: datetime = EMBARGO):
    submit(record).approve(by=make_superuser(), at=timezone.now(), publish_at=until)
    return record


def copy_of(record, **changes) -> WorkingCopy:
    """A working copy of a public record, in which some fields are other ones."""
    copy = begin(record, by=make_superuser(), at=timezone.now())
    copy.keep(copy.snapshot | {"fields": copy.snapshot["fields"] | changes}, by=make_superuser(), at=timezone.now())
    return copy
