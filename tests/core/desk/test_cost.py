"""What stands on a desk, for each role and in any archive: bounded, in the same queries, from the same rows."""

import re
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import PressRelease
from tests.back_office import signed_in
from tests.desks import INDEX, back, copy_of, desk, names, schedule, write
from tests.factories import (
    PAST,
    make_city,
    make_contact,
    make_photo,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    publish,
    show,
    submit,
)
from twinning.core.desk.queries import MOST_DRAFTS
from twinning.core.desk.sections import MOST_SHOWN
from twinning.core.history.events import HistoryEvent
from twinning.core.models import PreviewLink
from twinning.core.roles import ROLES

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_user("Administrator")


def everything(number: int, user) -> None:
    """So many records in each section of somebody's desk."""
    today = timezone.localdate()
    for i in range(number):
        name = f"{number}-{i}"
        submit(make_release(f"Waits {name}"))
        submit(copy_of(make_city(f"Copy {name}")))
        back(make_release(f"Back {name}"), user)
        write(make_theme(f"Begun {name}"), by=user)
        schedule(make_release(f"Today {name}"), in_days=0.001)
        schedule(make_release(f"Soon {name}"), in_days=5)
        link = PreviewLink(record=make_release(f"Linked {name}"), recipient="News desk", outlet="Evening paper")
        link.issue(by=user, at=timezone.now())
        link.note_opening(at=timezone.now())
        make_contact(f"Contact {name}", valid_to=today, is_general=True)
        make_city(f"Review {name}", review_on=today)
        city = publish(make_city(f"Photo {name}"))
        show(make_photo(f"Photo {name}", name=f"{name}.jpg", licence_ends=today), city)


ALL = {"waiting", "sent-back", "drafts", "licences", "contacts", "review", "partnerships", "today", "week", "links"}


def test_sections_are_bounded_and_shown_whole_where_asked(author):
    everything(MOST_SHOWN + 2, author)
    found = desk(author)
    assert set(found) == ALL
    assert {code: len(section.lines) for code, section in found.items()} == dict.fromkeys(ALL, MOST_SHOWN)
    more = {code: section.more for code, section in found.items()}
    # What waits are two kinds; cities of three sorts have no officer, and nothing is heard of them.
    assert more == dict.fromkeys(ALL, 2) | {
        "waiting": MOST_SHOWN + 4,
        "partnerships": 6 * (MOST_SHOWN + 2) - MOST_SHOWN,
    }
    whole = desk(author, all="drafts")
    assert len(whole["drafts"].lines) == MOST_SHOWN + 2
    assert len(whole["review"].lines) == MOST_SHOWN


def test_more_than_can_be_counted_is_more(author, monkeypatch):
    monkeypatch.setattr("twinning.core.desk.sections.MOST_COUNTED", 3)
    for number in range(4):
        write(make_theme(f"Theme {number}"), by=author)
    assert not desk(author)["drafts"].is_counted


@pytest.mark.parametrize("role", ["", *ROLES])
def test_desk_has_nothing_that_a_role_may_not_see(role):
    user = make_user(role)
    everything(1, make_superuser())
    seen = {line.kind.lower() for section in desk(user).values() for line in section.lines}
    if not role:
        assert seen == set()
    for section in desk(user).values():
        assert section.code not in ("sent-back", "drafts", "links")
    codes = set(desk(user))
    expected = {
        "": set(),
        "Twinning editor": {"licences", "review", "partnerships", "today", "week"},
        "Press officer": {"licences", "contacts", "today", "week"},
        "Approver": {"waiting", "licences", "review", "partnerships", "today", "week"},
        "Administrator": {"waiting", "licences", "contacts", "review", "partnerships", "today", "week"},
    }[role]
    assert codes == expected


def test_desk_takes_the_same_queries_for_one_and_for_many(author, django_assert_max_num_queries):
    client = signed_in(author)
    everything(1, author)
    client.get(INDEX)
    with django_assert_max_num_queries(33) as few:
        client.get(INDEX)
    everything(4, author)
    with django_assert_max_num_queries(len(few)):
        client.get(INDEX)


def bring_in(number: int, author) -> None:
    """So many public releases that somebody wrote and submitted."""
    public = {"submitted_at": PAST, "approved_at": PAST, "submitted_by": author, "approved_by": make_superuser()}
    made = PressRelease.objects.bulk_create(
        PressRelease(headline="A visit", slug=f"visit-{i}", publish_at=PAST - timedelta(minutes=i), **public)
        for i in range(number)
    )
    kind = ContentType.objects.get_for_model(PressRelease)
    HistoryEvent.objects.bulk_create(
        HistoryEvent(content_type=kind, object_id=release.pk, name="A visit", what=what, at=PAST, by=author)
        for release in made
        for what in ("add", "submit", "approve")
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def explained(client) -> list[tuple[str, int]]:
    """How the database finds what stands on a desk, and how many rows it reads for that, if it can tell."""
    client.get(INDEX)
    with CaptureQueriesContext(connection) as asked:
        client.get(INDEX)
    tables = re.compile(r"SELECT.*(news_pressrelease|core_historyevent)", re.DOTALL)
    return [plan(query["sql"]) for query in asked.captured_queries if tables.search(query["sql"])]


def plan(sql: str) -> tuple[str, int]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}")
            said = "\n".join(line for (line,) in cursor.fetchall())
            read = re.findall(r"(?<!Bitmap Index )Scan.*\(actual rows=([\d.]+) loops=(\d+)|Filter: (\d+)", said)
            return said, sum(round(float(left or kept) * int(loops or 1)) for kept, loops, left in read)
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(row[-1] for row in cursor.fetchall()), 0


def test_desk_reads_no_more_of_a_larger_archive(author):
    everything(1, author)
    client = signed_in(author)
    bring_in(200, author)
    few = sum(rows for _plan, rows in explained(client))
    PressRelease.objects.filter(headline="A visit").delete()
    bring_in(2000, author)
    many = explained(client)
    assert len(many) >= 6
    for said, _rows in many:
        assert not re.search(r"Seq Scan on (news_pressrelease|core_historyevent)\b", said), said
        assert not re.search(r"^SCAN (news_pressrelease|core_historyevent)(?! USING)", said, re.MULTILINE), said
    assert sum(rows for _plan, rows in many) <= few


def test_archive_of_drafts_is_not_gone_through(author):
    PressRelease.objects.bulk_create(
        PressRelease(headline=f"Old {number}", slug=f"old-{number}", standfirst="Old.", body="<p>Old.</p>")
        for number in range(MOST_DRAFTS + 200)
    )
    write(make_release("Mine"), by=author)
    assert names(author, "drafts") == ["Mine"]
