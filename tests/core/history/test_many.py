"""Snapshots and events of many records: the same as those of one."""

import pytest
from django.utils import timezone

from tests.factories import make_whole_record
from twinning.core.history import snapshots
from twinning.core.history.events import HistoryEvent
from twinning.core.history.many import last_states, note_found, take_all

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["city", "memorandum", "release", "theme"])
def test_snapshots_of_many_are_those_of_each(kind):
    records = [make_whole_record(kind, "Zanzimott"), make_whole_record(kind, "Quorbelix")]
    taken = take_all(type(records[0]), [one.pk for one in records])
    assert taken == {one.pk: snapshots.take(one) for one in records}


def test_content_that_the_history_does_not_know_is_written_down_once():
    record = make_whole_record("theme", "Zanzimott")
    for _time in range(2):
        note_found([record], at=timezone.now())
    [event] = HistoryEvent.objects.of(record)
    assert last_states(type(record), [record.pk]) == {record.pk: event}
    note_found([], at=timezone.now())
