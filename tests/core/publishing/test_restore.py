"""Going back: an earlier state of a record is put back, or begins a working copy of a public record."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.utils import timezone

from news.models import PressContact
from partners.models import City, Focus, Milestone, Programme, Theme
from tests.back_office import press, signed_in
from tests.core.backoffice.test_history_page import entries, page_of, theme_with_states, url
from tests.factories import hide, make_city, make_contact, make_theme, make_user, publish
from twinning.core.history.events import EventKind, HistoryEvent, current_state
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.gate import State
from twinning.core.publishing.restore import HAS_COPY, NOT_RESTORABLE, UNCHANGED

pytestmark = pytest.mark.django_db


def messages_of(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def go_back(client, record, event) -> tuple[str, list[str]]:
    """Restore the state of an event: the address of the redirect, and the messages."""
    response = client.post(url(record), {"restore": event.pk})
    assert response.status_code == 302
    return response.url, messages_of(response)


@pytest.mark.parametrize("state", ["draft", "in-review"])
def test_record_that_is_not_approved_goes_back_itself(root, superuser, state):
    theme, events = theme_with_states("Old.", "New.")
    hide(theme, state, now=timezone.now())
    assert go_back(root, theme, events[0]) == (url(theme, "change"), ["“Climate” is as it was then."])
    theme.refresh_from_db()
    assert (theme.summary, theme.state(at=timezone.now())) == ("Old.", State(state))
    last = HistoryEvent.objects.of(theme).first()
    assert (last.what, last.by, last.snapshot) == (EventKind.RESTORE, superuser, events[0].snapshot)
    assert entries(root, theme)[0].changes == ["Summary"]


def test_content_before_going_back_is_kept_as_a_state(root):
    theme, events = theme_with_states("Old.")
    Theme.objects.update(summary="Written by a command.")
    go_back(root, theme, events[0])
    assert [event.what for event in HistoryEvent.objects.of(theme)] == [
        EventKind.RESTORE,
        EventKind.FOUND,
        EventKind.CHANGE,
    ]
    assert entries(root, theme)[0].changes == ["Summary"]


def test_parts_and_relations_go_back_too(root):
    city = make_city()
    milestone = Milestone.objects.create(city=city, date="1969", title="Oath")
    state = current_state(city, at=timezone.now())
    milestone.delete()
    Milestone.objects.create(city=city, date="1970", title="Wrong")
    go_back(root, city, state)
    assert [str(one) for one in city.milestones.all()] == ["Oath"]


def test_public_record_goes_back_by_a_working_copy(root):
    theme, events = theme_with_states("Old.", "New.")
    publish(theme)
    assert go_back(root, theme, events[0])[0] == url(theme, "copy")
    assert WorkingCopy.objects.get().snapshot["fields"]["summary"] == "Old."
    theme.refresh_from_db()
    assert theme.summary == "New."
    assert not HistoryEvent.objects.of(theme).filter(what=EventKind.RESTORE).exists()
    assert root.get(url(theme, "copy")).status_code == 200


def test_working_copy_that_is_there_is_not_overwritten(root, superuser):
    theme, events = theme_with_states("Old.", "New.")
    begin(publish(theme), by=superuser, at=timezone.now())
    where, said = go_back(root, theme, events[0])
    assert (where, said) == (url(theme), [HAS_COPY])
    assert WorkingCopy.objects.get().snapshot["fields"]["summary"] == "New."


@pytest.mark.parametrize("state", NOT_RESTORABLE)
def test_scheduled_record_and_one_taken_down_stay_as_they_are(root, state):
    theme, events = theme_with_states("Old.", "New.")
    hide(theme, state, now=timezone.now())
    where, [said] = go_back(root, theme, events[0])
    assert (where, said) == (url(theme), NOT_RESTORABLE[state])
    theme.refresh_from_db()
    assert theme.summary == "New."
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("is_public", [False, True])
def test_missing_records_are_reported(root, is_public):
    city, theme = make_city(), make_theme()
    focus = Focus.objects.create(city=city, theme=theme)
    City.objects.update(owner=make_user("Administrator"), summary="Old.")
    state = current_state(city, at=timezone.now())
    City.objects.update(owner=None, summary="New.")
    focus.delete()
    theme.delete()
    HistoryEvent.objects.filter(pk=state.pk).update(snapshot=state.snapshot)
    if is_public:
        publish(city)
    _where, said = go_back(root, city, state)
    assert "“theme” named something that no longer exists." in said
    if is_public:
        snapshot = WorkingCopy.objects.get().snapshot
        assert (snapshot["fields"]["summary"], snapshot["parts"]["focuses"]) == ("Old.", [])
        assert root.get(url(city, "copy")).status_code == 200
    else:
        city.refresh_from_db()
        assert city.summary == "Old."
        assert "Not brought back: “theme” named something that no longer exists." in entries(root, city)[0].details


@pytest.mark.parametrize("is_public", [False, True])
def test_address_that_another_record_has_taken_is_a_conflict(root, is_public):
    theme = make_theme(slug="weather")
    state = current_state(theme, at=timezone.now())
    Theme.objects.update(slug="climate", summary="New.")
    make_theme("Weather", slug="weather")
    theme.refresh_from_db()
    if is_public:
        publish(theme)
    where, said = go_back(root, theme, state)
    assert (where, said) == (url(theme), ["Address: Another record has this address. Choose a different one."])
    theme.refresh_from_db()
    assert (theme.slug, theme.summary) == ("climate", "New.")
    assert not WorkingCopy.objects.exists()


def test_rule_of_the_model_is_checked(root):
    contact, other = make_contact(), make_contact("Ann")
    PressContact.objects.filter(pk=contact.pk).update(fallback=other)
    state = current_state(contact, at=timezone.now())
    PressContact.objects.filter(pk=contact.pk).update(fallback=None)
    PressContact.objects.filter(pk=other.pk).update(fallback=contact)
    _where, [said] = go_back(root, contact, state)
    assert said == "Afterwards ask: These contacts would send people round in a circle."
    contact.refresh_from_db()
    assert contact.fallback is None


def test_nobody_goes_back_to_the_present_state(root):
    theme, events = theme_with_states("Old.", "New.")
    assert go_back(root, theme, events[1])[1] == [UNCHANGED]
    page = page_of(root, theme)
    assert f'name="restore" value="{events[0].pk}"' in page
    assert f'name="restore" value="{events[1].pk}"' not in page


def test_introduction_and_contacts_go_back_themselves(root):
    for record, name in (
        (Programme.objects.create(pk=1, headline="Six", lead="Friends."), "headline"),
        (make_contact(), "name"),
    ):
        state = current_state(record, at=timezone.now())
        press(root, record, **{name: "Changed"})
        assert go_back(root, record, state)[0] == url(record, "change")
        record.refresh_from_db()
        assert getattr(record, name) != "Changed"


@pytest.mark.parametrize(
    ("make", "typed"),
    [(make_user, {"first_name": "Other"}), (lambda: Group.objects.create(name="Helpers"), {"name": "Other"})],
)
def test_accounts_and_roles_do_not_go_back(root, make, typed):
    record = make()
    state = current_state(record, at=timezone.now())
    press(root, record, **typed)
    assert 'name="restore"' not in page_of(root, record)
    assert root.post(url(record), {"restore": state.pk}).status_code == 403
    assert current_state(record, at=timezone.now()).snapshot != state.snapshot


@pytest.mark.parametrize("state", ["draft", "published"])
def test_going_back_needs_the_right_to_change(state):
    theme, events = theme_with_states("Old.", "New.")
    if state == "published":
        publish(theme)
    reader = signed_in(make_user("Press officer"))
    assert 'name="restore"' not in page_of(reader, theme)
    assert reader.post(url(theme), {"restore": events[0].pk}).status_code == 403
    theme.refresh_from_db()
    assert theme.summary == "New."
    assert HistoryEvent.objects.of(theme).first().what == EventKind.REFUSED


def test_editor_brings_back_what_is_public_by_a_copy():
    theme, events = theme_with_states("Old.", "New.")
    publish(theme)
    assert go_back(signed_in(make_user("Twinning editor")), theme, events[0])[0] == url(theme, "copy")


def test_going_back_is_one_transaction(root, monkeypatch):
    theme, events = theme_with_states("Old.", "New.")
    monkeypatch.setattr("django.contrib.admin.ModelAdmin.log_change", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        root.post(url(theme), {"restore": events[0].pk})
    theme.refresh_from_db()
    assert theme.summary == "New."
