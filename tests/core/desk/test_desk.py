"""The desk: what needs somebody stands on the front page of the back office, for as long as it does, and nothing else."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from partners.models import City, Theme
from tests.back_office import form_url, press, signed_in
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
from twinning.core.desk import queries
from twinning.core.desk.queries import MOST_DRAFTS
from twinning.core.desk.sections import MOST_SHOWN
from twinning.core.history.events import EventKind, HistoryEvent, note_state
from twinning.core.models import OwedTask, PreviewLink, User
from twinning.core.publishing.copies import WorkingCopy, begin, publish_due
from twinning.core.roles import ROLES

pytestmark = pytest.mark.django_db

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


@pytest.fixture
def author():
    return make_user("Administrator")


# Waiting, sent back, begun --------------------------------------------------------------------------------------------


def test_waiting_texts_stand_there_until_they_are_approved():
    user, theme = make_user("Approver"), make_theme()
    theme.submit(by=make_user("Twinning editor"), at=timezone.now(), remark="New figures.")
    [line] = desk(user)["waiting"].lines
    assert (line.name, line.remark, line.url) == ("Climate", "New figures.", form_url(theme))
    theme.approve(by=user, at=timezone.now())
    assert "waiting" not in desk(user)


def test_failed_and_urgent_come_first():
    user = make_user("Approver")
    submit(make_theme("In review"))
    make_theme("Urgent").publish_urgently(by=make_superuser(), at=timezone.now(), reason="Flood.")
    copy = submit(copy_of(make_theme("Failed")))
    copy.snapshot["fields"]["name"] = copy.snapshot["fields"]["slug"] = "taken"
    copy.save()
    now = timezone.now()
    copy.approve(by=make_superuser(), at=now - timedelta(hours=2), publish_at=now - timedelta(hours=1))
    make_theme("taken", slug="taken")
    publish_due(at=now)
    lines = desk(user)["waiting"].lines
    assert [line.name for line in lines] == ["Failed", "Urgent", "In review"]
    assert [line.is_wrong for line in lines] == [True, False, False]
    assert lines[1].remark == "Flood."


def test_nobody_is_asked_to_approve_their_own_work(author):
    make_theme().submit(by=author, at=timezone.now())
    assert names(author, "waiting") == []


def test_text_that_came_back_stands_there_with_the_remark_until_it_is_submitted_again(author):
    release = back(make_release(), author)
    [line] = desk(author)["sent-back"].lines
    assert (line.name, line.remark, line.url) == (str(release), "Name the hall.", form_url(release))
    release.submit(by=author, at=timezone.now())
    assert "sent-back" not in desk(author)


def test_working_copy_that_came_back_links_to_its_form(author):
    copy = back(copy_of(make_theme()), author)
    [line] = desk(author)["sent-back"].lines
    assert line.url == reverse("admin:partners_theme_copy", args=[copy.object_id])


def test_text_comes_back_to_whoever_submitted_it_last(author):
    release, colleague = back(make_release(), author), make_user("Press officer")
    assert names(make_user("Administrator"), "sent-back") == []
    back(release, colleague)
    assert names(author, "sent-back") == []
    assert names(colleague, "sent-back") == [str(release)]


def test_approved_text_that_was_sent_back_comes_back(author):
    release = make_release()
    release.submit(by=author, at=timezone.now())
    release.approve(by=make_superuser(), at=timezone.now(), publish_at=timezone.now() + timedelta(days=1))
    assert names(author, "sent-back") == []
    release.send_back(by=make_superuser(), at=timezone.now(), remark="Not yet.")
    assert names(author, "sent-back") == [str(release)]


def test_submitted_published_and_deleted_texts_do_not_come_back(author):
    submitted, urgent, deleted = (back(make_theme(name), author) for name in ("Climate", "Sport", "Youth"))
    assert names(author, "sent-back") == ["Youth", "Sport", "Climate"]
    submitted.submit(by=author, at=timezone.now())
    urgent.publish_urgently(by=make_superuser(), at=timezone.now(), reason="Flood.")
    deleted.delete()
    assert names(author, "sent-back") == []


def test_kinds_that_somebody_may_no_longer_write_are_not_there(author):
    release, theme, copy = make_release(), make_theme(), copy_of(make_theme("Sport"))
    for record in (theme, copy, release):
        back(record, author)
    assert set(names(author, "sent-back")) == {"Sport", "Climate", str(release)}
    author.groups.set([Group.objects.get(name="Press officer")])
    assert names(author, "sent-back") == [str(release)]
    author.groups.clear()
    assert names(author, "sent-back") == []


def test_record_that_is_no_draft_any_more_is_not_there(author):
    back(make_theme(), author)
    Theme.objects.update(submitted_at=timezone.now(), submitted_by=author)  # by a command, past the history
    assert names(author, "sent-back") == []


def test_drafts_and_copies_are_those_that_somebody_wrote(author):
    press(signed_in(author), Theme, name="Written", slug="written", summary="What cities do.")
    write(make_theme("Of a colleague"), by=make_superuser())
    begin(publish(make_theme("Copied")), by=author, at=timezone.now())
    found = desk(author)["drafts"]
    assert {line.name for line in found.lines} == {"Written", "Copied"}
    Theme.objects.get(name="Written").submit(by=author, at=timezone.now())
    WorkingCopy.objects.get().discard(by=author, at=timezone.now())
    assert "drafts" not in desk(author)


# What only tells ------------------------------------------------------------------------------------------------------


def test_scheduled_texts_stand_there_until_they_are_public(author, time_machine):
    time_machine.move_to(PAST, tick=False)
    for name, days in (("Now", 0.1), ("In a week", 6.9), ("Later", 8)):
        schedule(make_release(name), in_days=days)
    schedule(copy_of(make_theme("Copied")), in_days=2)
    assert names(author, "today") == ["Now"]
    assert names(author, "week") == ["Copied", "In a week"]
    time_machine.move_to(PAST + timedelta(days=2), tick=False)
    assert names(author, "today") == []
    assert names(author, "week") == ["In a week", "Later"]


def test_opened_link_is_told_to_its_maker_while_it_is_of_use(author):
    release, at = make_release(), timezone.now()
    link = PreviewLink(record=release, recipient="News desk", outlet="Evening paper")
    link.issue(by=author, at=at)
    assert names(author, "links") == []
    link.note_opening(at=at)
    link.note_opening(at=at)
    [line] = desk(author)["links"].lines
    assert line.url == reverse("admin:news_pressrelease_links", args=[release.pk])
    assert "2 times" in line.why
    assert names(make_user("Administrator"), "links") == []
    publish(release, at=at)
    assert names(author, "links") == []


def test_link_to_a_copy_is_told_while_it_is_alive(author):
    copy = copy_of(make_theme())
    link = PreviewLink(record=copy.record, copy=copy, recipient="News desk", outlet="Evening paper")
    link.issue(by=author, at=timezone.now())
    link.note_opening(at=timezone.now())
    assert names(author, "links") == ["Climate"]
    link.revoke(by=author, at=timezone.now())
    assert names(author, "links") == []


def test_clear_desk_says_so_and_tells_what_was_published_last():
    user = make_user("Press officer")
    for number in range(4):
        publish(make_theme(f"Theme {number}"), at=PAST + timedelta(days=number))
    publish(make_release("First of all"), at=timezone.now())
    assert names(user, "published") == ["First of all", "Theme 3", "Theme 2"]
    write(make_release("Draft"), by=user)
    assert "published" not in desk(user)


# What ends ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("days", "is_there"), [(-400, True), (-1, True), (0, True), (30, True), (31, False)])
def test_licence_of_a_photo_on_a_public_page_is_told_before_it_ends(days, is_there):
    user, ends = make_user("Press officer"), timezone.localdate() + timedelta(days=days)
    city = publish(make_city())
    show(make_photo("Town hall"), city)
    city.photos.get().photo.__class__.objects.update(licence_ends=ends)
    assert (names(user, "licences") == ["Town hall"]) == is_there
    if is_there:
        assert desk(user)["licences"].lines[0].is_wrong == (days < 0)
        city.take_down(by=make_superuser(), at=timezone.now())
        assert names(user, "licences") == []


def test_licence_of_a_photo_on_no_public_page_is_nobodys_worry():
    make_photo(licence_ends=timezone.localdate())
    show(make_photo("Draft", name="draft.jpg", licence_ends=timezone.localdate()), make_city())
    assert names(make_user("Administrator"), "licences") == []


def test_contact_who_stops_answering_is_told_until_somebody_stands_in():
    user, today = make_user("Press officer"), timezone.localdate()
    make_contact("Long gone, named nowhere", valid_to=today - timedelta(days=90))
    gone = make_contact("Gone", valid_to=today - timedelta(days=1), is_general=True)
    make_contact("Going", valid_to=today + timedelta(days=30)).cities.add(make_city())
    make_contact("Staying", valid_to=today + timedelta(days=31), is_general=True)
    assert names(user, "contacts") == ["Gone", "Going"]
    gone.fallback = make_contact("Next")
    gone.save()
    assert names(user, "contacts") == ["Going"]
    assert names(make_user("Approver"), "contacts") == []


def test_page_to_look_at_again_is_told_to_its_officer_or_to_all():
    owner, colleague, today = make_user("Twinning editor"), make_user("Twinning editor"), timezone.localdate()
    make_city("Owned", owner=owner, review_on=today)
    make_city("Nobody's", review_on=today - timedelta(days=9))
    make_city("Later", review_on=today + timedelta(days=1))
    assert names(owner, "review") == ["Nobody's", "Owned"]
    assert names(colleague, "review") == ["Nobody's"]
    assert names(make_user("Press officer"), "review") == []
    City.objects.update(review_on=None)
    assert names(owner, "review") == []


def test_work_that_failed_is_told_to_administrators():
    OwedTask.objects.create(path="some.task", arguments=[1], due_at=timezone.now())
    administrator = make_user("Administrator")
    assert "undone" not in desk(administrator)
    OwedTask.objects.update(failure="OSError: disk full")
    [line] = desk(administrator)["undone"].lines
    assert "disk full" in line.remark
    assert "undone" not in desk(make_user("Approver"))


# Rights, bounds and cost ----------------------------------------------------------------------------------------------


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


ALL = {"waiting", "sent-back", "drafts", "licences", "contacts", "review", "today", "week", "links"}


def test_sections_are_bounded_and_shown_whole_where_asked(author):
    everything(MOST_SHOWN + 2, author)
    found = desk(author)
    assert set(found) == ALL
    assert {code: len(section.lines) for code, section in found.items()} == dict.fromkeys(ALL, MOST_SHOWN)
    assert {section.more for section in found.values()} == {2, MOST_SHOWN + 2 + 2}  # what waits are two kinds
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
        "Twinning editor": {"licences", "review", "today", "week"},
        "Press officer": {"licences", "contacts", "today", "week"},
        "Approver": {"waiting", "licences", "review", "today", "week"},
        "Administrator": {"waiting", "licences", "contacts", "review", "today", "week"},
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
        assert not re.search(r"Seq Scan on (news_pressrelease|core_historyevent)", said), said
        assert not re.search(r"^SCAN (news_pressrelease|core_historyevent)(?! USING)", said, re.MULTILINE), said
    assert sum(rows for _plan, rows in many) <= few


def test_archive_of_drafts_is_not_gone_through(author):
    PressRelease.objects.bulk_create(
        PressRelease(headline=f"Old {number}", slug=f"old-{number}", standfirst="Old.", body="<p>Old.</p>")
        for number in range(MOST_DRAFTS + 200)
    )
    write(make_release("Mine"), by=author)
    assert names(author, "drafts") == ["Mine"]


def test_record_that_is_deleted_meanwhile_is_left_out(author, monkeypatch):
    theme, rows = back(make_theme(), author), queries.draft_rows

    def deleted_after_it_was_found(kinds, *, by):
        found = rows(kinds, by=by)
        theme.delete()
        return found

    monkeypatch.setattr(queries, "draft_rows", deleted_after_it_was_found)
    assert "sent-back" not in desk(author)
