"""The desk as somebody at it sees it, and records that stand on it."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from tests.back_office import signed_in
from tests.factories import make_superuser, publish, submit
from twinning.core.history.events import EventKind, note_state
from twinning.core.models import User
from twinning.core.publishing.copies import WorkingCopy, begin

INDEX = reverse("admin:index")


def desk(user, **asked) -> dict:
    """The sections of somebody's desk by their codes."""
    client = signed_in(User.objects.get(pk=user.pk))
    page = client.get(INDEX, asked)
    content, sections = page.content.decode(), page.context["sections"]
    for section in sections:
        for line in section.lines:
            assert f'href="{line.url}"' in content or not line.url
            assert not line.url or client.get(line.url.partition("#")[0]).status_code == 200
    is_clear = not page.context["first_steps"] and not any(section.asks for section in sections)
    assert ("Nothing needs you." in content) == is_clear
    return {section.code: section for section in sections}


def names(user, code: str) -> list[str]:
    found = desk(user)
    return [line.name for line in found[code].lines] if code in found else []


def write(record, *, by):
    """As if the person had written a record with its form."""
    note_state(record, EventKind.ADD, by=by, at=timezone.now())
    return record


def back(record, author, remark: str = "Name the hall."):
    """Submit a record as its author, and send it back as an approver."""
    record.submit(by=author, at=timezone.now())
    record.send_back(by=make_superuser(), at=timezone.now(), remark=remark)
    return record


def copy_of(record) -> WorkingCopy:
    return begin(publish(record), by=make_superuser(), at=timezone.now())


def schedule(record, *, in_days: float = 1, by: User | None = None):
    at = timezone.now()
    submit(record, at=at).approve(by=by or make_superuser(), at=at, publish_at=at + timedelta(days=in_days))
    return record
