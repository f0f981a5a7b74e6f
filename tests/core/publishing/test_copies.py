"""Working copies: the public page stays what it is until the copy is published, then all of it changes at once."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from news.models import ChangeNote, PressRelease, Quote
from partners.models import City, Milestone, Theme
from tests.factories import (
    PAST,
    hide,
    make_city,
    make_contact,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    make_whole_record,
    publish,
    submit,
)
from twinning.core.history import snapshots
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import PreviewLink
from twinning.core.publishing.copies import WorkingCopy, begin, publish_due

pytestmark = pytest.mark.django_db

NOON = PAST + timedelta(days=1)


def copy_of(record, *, at=PAST, by=None, **fields) -> WorkingCopy:
    """A working copy in which some fields of the record were changed."""
    by = by or make_superuser()
    copy = begin(record, by=by, at=at)
    copy.keep(copy.snapshot | {"fields": copy.snapshot["fields"] | fields}, by=by, at=at)
    return copy


@pytest.mark.parametrize("kind", ["city", "theme", "memorandum", "release", "page"])
def test_snapshot_puts_a_whole_record_back(kind):
    record = make_whole_record(kind, "Zanzimott")
    before = snapshots.take(record)
    emptied = {"fields": before["fields"], "relations": {}, "parts": {name: [] for name in before["parts"]}}
    emptied["relations"] = {name: [] for name in before["relations"]}
    snapshots.put_back(record, emptied)
    assert snapshots.take(record) != before or kind in ("theme", "page")
    assert snapshots.put_back(record, before) == []
    without_keys = [
        {name: [row["fields"] for row in rows] for name, rows in taken["parts"].items()}
        for taken in (before, snapshots.take(record))
    ]
    assert without_keys[0] == without_keys[1]
    assert (snapshots.take(record)["fields"], snapshots.take(record)["relations"]) == (
        before["fields"],
        before["relations"],
    )


def test_world_of_a_copy_leaves_nothing_behind():
    city = make_whole_record("city", "Zanzimott")
    before, count = snapshots.take(city), Milestone.objects.count()
    other = before | {"fields": before["fields"] | {"name": "Elsewhere"}}
    other["parts"]["milestones"].append({"pk": -5, "fields": {"date": "1999", "title": "New", "text": ""}})
    with snapshots.as_if(City.objects.get(), other):
        assert City.objects.get().name == "Elsewhere"
        assert Milestone.objects.filter(pk=-5, title="New").exists()
    assert (snapshots.take(City.objects.get())["fields"], Milestone.objects.count()) == (before["fields"], count)


def test_public_reads_the_record_until_its_copy_is_published(client):
    theme = publish(make_theme())
    copy = copy_of(theme, summary="New words.")
    assert "New words." not in client.get(theme.get_absolute_url()).content.decode()
    submit(copy)
    copy.approve(by=make_superuser(), at=timezone.now())
    assert "New words." in client.get(theme.get_absolute_url()).content.decode()
    assert not WorkingCopy.objects.exists()


def test_copy_takes_fields_relations_and_parts_along():
    city, climate = publish(make_city()), publish(make_theme())
    release = make_release(cities=[city])
    Quote.objects.create(release=release, position=1, office="Lord Mayor", text="Old.")
    leaves = Quote.objects.create(release=release, office="Leader", text="Goes.")
    publish(release)
    by = make_superuser()
    copy = begin(release, by=by, at=PAST)
    changed = copy.snapshot
    changed["fields"]["headline"] = "Put right"
    changed["relations"] |= {"themes": [climate.pk], "cities": []}
    quotes = [row for row in changed["parts"]["quotes"] if row["pk"] != leaves.pk]
    quotes[0]["fields"]["text"] = "New."
    quotes.append({"pk": -1, "fields": quotes[0]["fields"] | {"office": "Added", "position": 9}})
    changed["parts"]["quotes"] = quotes
    copy.keep(changed, by=by, at=PAST)
    submit(copy).approve(by=make_superuser(), at=PAST)
    release = PressRelease.objects.get()
    assert (release.headline, list(release.themes.all()), list(release.cities.all())) == ("Put right", [climate], [])
    assert [(q.office, q.text) for q in release.quotes.all()] == [("Lord Mayor", "New."), ("Added", "New.")]
    assert all(0 < quote.pk < snapshots.FIRST_OWN_KEY for quote in release.quotes.all())


def test_scheduled_copy_appears_at_its_moment_and_not_before(client):
    theme = publish(make_theme())
    submit(copy_of(theme, summary="From noon on.")).approve(by=make_superuser(), at=PAST, publish_at=NOON)
    with time_machine.travel(NOON - timedelta(milliseconds=1), tick=False):
        assert "From noon on." not in client.get("/themes/").content.decode()
    with time_machine.travel(NOON, tick=False):
        assert "From noon on." in client.get("/themes/").content.decode()


def test_page_does_not_tell_how_late_the_first_visitor_came(client):
    theme = publish(make_theme())
    submit(copy_of(theme, summary="From noon on.")).approve(by=make_superuser(), at=PAST, publish_at=NOON)
    with time_machine.travel(NOON + timedelta(hours=7), tick=False):
        client.get("/")
    theme.refresh_from_db()
    assert theme.updated_at == NOON


def test_correction_is_dated_to_the_moment_when_the_copy_comes_out():
    release, by = publish(make_release()), make_superuser()
    ChangeNote.objects.create(release=release, text="An old one.", noted_at=PAST - timedelta(days=1))
    copy = begin(release, by=by, at=PAST)
    new = {"pk": -1, "fields": {"text": "The year was put right.", "noted_at": NOON.isoformat()}}
    parts = copy.snapshot["parts"] | {"change_notes": [*copy.snapshot["parts"]["change_notes"], new]}
    copy.keep(copy.snapshot | {"parts": parts}, by=by, at=PAST)
    submit(copy).approve(by=make_superuser(), at=PAST, publish_at=NOON + timedelta(days=9))
    publish_due(at=NOON + timedelta(days=10))
    assert [note.noted_at for note in release.change_notes.all()] == [
        NOON + timedelta(days=9),
        PAST - timedelta(days=1),
    ]


def test_address_changed_in_a_copy_is_taken_up_with_it_and_the_old_one_leads_there(client):
    theme = publish(make_theme())
    copy = submit(copy_of(theme, slug="climate-action"))
    assert (client.get("/themes/climate/").status_code, client.get("/themes/climate-action/").status_code) == (200, 404)
    copy.approve(by=make_superuser(), at=timezone.now())
    assert client.get("/themes/climate-action/").status_code == 200
    assert client.get("/themes/climate/").url == "/themes/climate-action/"


def test_history_shows_the_copy_as_one_step():
    theme, editor, approver = publish(make_theme()), make_user("Twinning editor"), make_user("Approver")
    copy = copy_of(theme, by=editor, summary="New words.")
    copy.submit(by=editor, at=PAST)
    copy.send_back(by=approver, at=PAST, remark="Shorter.")
    copy.submit(by=editor, at=PAST)
    copy.approve(by=approver, at=NOON)
    event = HistoryEvent.objects.first()
    assert (event.what, event.by, event.at) == (EventKind.COPY_PUBLISHED, approver, NOON)
    assert event.snapshot["fields"]["summary"] == "New words."
    assert [step[0] for step in event.details["steps"]] == ["submit", "send_back", "submit", "approve"]
    told = HistoryEvent.objects.of(theme)
    assert [event.what for event in told] == [EventKind.COPY_PUBLISHED, EventKind.FOUND, "approve", "submit"]
    assert told.count() == HistoryEvent.objects.count()


def test_discarded_copy_leaves_no_trace():
    theme = publish(make_theme())
    before = (snapshots.take(theme), HistoryEvent.objects.count())
    copy_of(theme, summary="New words.").discard(by=make_superuser(), at=PAST)
    assert not WorkingCopy.objects.exists()
    assert (snapshots.take(theme), HistoryEvent.objects.count()) == before


def test_those_who_hold_links_to_a_scheduled_copy_hear_that_it_is_discarded():
    theme, superuser = publish(make_theme()), make_superuser()
    copy = submit(copy_of(theme, summary="New words."))
    copy.approve(by=superuser, at=PAST, publish_at=NOON)
    PreviewLink(record=theme, copy=copy, recipient="Ann Writer", outlet="Evening paper").issue(by=superuser, at=PAST)
    copy.discard(by=superuser, at=PAST)
    told = HistoryEvent.objects.of(theme).filter(what=EventKind.HOLDERS_TOLD).get()
    assert (told.details["was"], told.details["now"]) == (NOON.isoformat(), None)


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "taken-down"])
def test_only_what_is_public_has_a_copy(state):
    theme = hide(make_theme(), state, now=timezone.now())
    with pytest.raises(ValidationError, match="Only what is public"):
        begin(theme, by=make_superuser(), at=timezone.now())


def test_verbs_of_a_copy_need_the_rights_to_its_record():
    theme, stranger = publish(make_theme()), make_user("Press officer")
    copy = copy_of(theme)
    for take in (copy.submit, copy.approve, copy.discard):
        with pytest.raises(PermissionDenied):
            take(by=stranger, at=PAST)
    with pytest.raises(PermissionDenied):
        begin(theme, by=stranger, at=PAST)


def test_copy_that_is_not_ready_is_not_approved():
    city = publish(make_city())
    copy = submit(copy_of(city, why=""))
    with pytest.raises(ValidationError, match="Write why we are partners"):
        copy.approve(by=make_superuser(), at=PAST, publish_at=NOON)
    assert City.objects.get().why


def test_copy_that_no_longer_fits_is_kept_and_its_failure_told(client):
    theme = publish(make_theme())
    submit(copy_of(theme, slug="sport", name="Sport")).approve(by=make_superuser(), at=PAST, publish_at=NOON)
    make_theme("Sport")
    publish_due(at=NOON)
    publish_due(at=NOON)
    copy = WorkingCopy.objects.get()
    assert "Theme with this Name already exists." in copy.failure
    assert Theme.objects.get(pk=theme.pk).name == "Climate"
    assert client.get("/themes/climate/").status_code == 200


def test_copy_sent_back_can_be_published_after_a_failure():
    theme = publish(make_theme())
    copy = submit(copy_of(theme, slug="sport", name="Sport"))
    copy.approve(by=make_superuser(), at=PAST, publish_at=NOON)
    make_theme("Sport")
    publish_due(at=NOON)
    copy.refresh_from_db()
    copy.send_back(by=make_superuser(), at=NOON, remark="The name is taken.")
    copy.refresh_from_db()
    assert (copy.failure, copy.approved_at) == ("", None)


def test_urgent_copy_waits_for_an_approval_of_its_record():
    theme, press = publish(make_theme()), make_user("Approver")
    copy_of(theme, summary="Quick.").publish_urgently(by=press, at=NOON, reason="It was wrong.")
    theme.refresh_from_db()
    assert (theme.summary, theme.awaits_confirmation, theme.publish_at) == ("Quick.", True, PAST)
    theme.confirm(by=make_superuser(), at=NOON)
    assert not Theme.objects.unconfirmed().exists()


def test_copy_goes_when_its_record_is_taken_down():
    theme = publish(make_theme())
    copy_of(theme)
    theme.take_down(by=make_superuser(), at=NOON)
    assert not WorkingCopy.objects.exists()


def test_parts_of_a_copy_may_change_places():
    release, contacts = make_release(), [make_contact("Ann"), make_contact("Bob")]
    for contact in contacts:
        release.release_contacts.create(contact=contact)
    copy = begin(publish(release), by=make_superuser(), at=PAST)
    rows = copy.snapshot["parts"]["release_contacts"]
    rows[0]["fields"], rows[1]["fields"] = rows[1]["fields"], rows[0]["fields"]
    copy.save()
    submit(copy).approve(by=make_superuser(), at=NOON)
    assert [one.contact.name for one in release.release_contacts.order_by("pk")] == ["Bob", "Ann"]


def test_copy_cannot_take_an_address_that_another_record_left_meanwhile(client):
    theme, other = publish(make_theme()), publish(make_theme("Sport"))
    copy = submit(copy_of(theme, slug="games"))
    for slug in ("games", "play"):
        other.slug = slug
        other.save()
    with pytest.raises(ValidationError, match="had this address before"):
        copy.approve(by=make_superuser(), at=NOON)
    assert client.get("/themes/games/").headers["Location"] == "/themes/play/"


def test_only_an_approver_throws_away_what_an_approver_let_pass():
    theme, editor = publish(make_theme()), make_user("Twinning editor")
    copy = submit(copy_of(theme, by=editor))
    assert copy.may_discard(by=editor)
    copy.approve(by=make_user("Approver"), at=PAST, publish_at=NOON)
    with pytest.raises(PermissionDenied):
        copy.discard(by=editor, at=PAST)
    copy.discard(by=make_user("Approver"), at=PAST)
    assert not WorkingCopy.objects.exists()


def test_nobody_approves_their_own_urgent_publication_by_way_of_a_copy():
    theme, hasty = make_theme(), make_user("Approver")
    theme.publish_urgently(by=hasty, at=PAST, reason="It was wrong.")
    submit(copy_of(theme, summary="Put right.")).approve(by=hasty, at=NOON)
    assert Theme.objects.unconfirmed().get().summary == "Put right."
    submit(copy_of(theme, summary="Put right again.")).approve(by=make_user("Approver"), at=NOON)
    assert not Theme.objects.unconfirmed().exists()


def test_copy_of_what_was_taken_down_meanwhile_is_not_begun():
    theme = publish(make_theme())
    read_before = Theme.objects.get()
    theme.take_down(by=make_superuser(), at=NOON)
    with pytest.raises(ValidationError, match="Only what is public"):
        begin(read_before, by=make_superuser(), at=NOON)
