"""The desk: what needs somebody stands on the front page of the back office, for as long as it does, and nothing else."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from partners.models import City, Theme
from tests.back_office import form_url, press, signed_in
from tests.desks import back, copy_of, desk, names, schedule, write
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
from twinning.core.models import OwedTask, PreviewLink
from twinning.core.publishing.copies import WorkingCopy, begin, publish_due

pytestmark = pytest.mark.django_db


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


def test_record_that_is_deleted_meanwhile_is_left_out(author, monkeypatch):
    theme, rows = back(make_theme(), author), queries.draft_rows

    def deleted_after_it_was_found(kinds, *, by):
        found = rows(kinds, by=by)
        theme.delete()
        return found

    monkeypatch.setattr(queries, "draft_rows", deleted_after_it_was_found)
    assert "sent-back" not in desk(author)


# Find -----------------------------------------------------------------------------------------------------------------


def test_desk_finds_in_the_lists_that_somebody_may_see_and_first_where_they_write():
    found = {
        role: signed_in(make_user(role)).get("/admin/").context["found_in"] for role in ("Press officer", "Approver")
    }
    assert found["Press officer"][0] == ("Press releases", "/admin/news/pressrelease/")
    assert {name for name, _url in found["Approver"]} == {"Cities", "Themes", "Agreements", "Press releases", "Pages"}
    assert signed_in(make_user()).get("/admin/").context["found_in"] == []
