"""Recording: everything that is done in the back office becomes an event of the history."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import Milestone, Programme, Theme
from tests.back_office import form_url, press, signed_in
from tests.factories import hide, make_city, make_contact, make_superuser, make_theme, make_user
from twinning.core.backoffice import accounts
from twinning.core.backoffice.deleting import Deleting
from twinning.core.history.compare import differences
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import User
from twinning.core.signin import adapters

pytestmark = pytest.mark.django_db


def events_of(record) -> list[str]:
    """The kinds of the events of a record, the oldest first."""
    return [event.what for event in HistoryEvent.objects.of(record)][::-1]


def changes(record) -> dict[str, tuple[str, str]]:
    """The last change of a record: the values before and after, by the labels of part and field."""
    after, before = HistoryEvent.objects.of(record).states()[:2]
    found = differences(type(record), before.snapshot, after.snapshot)
    return {": ".join(filter(None, [d.place, d.label])): (d.before, d.after) for d in found}


# Saving ---------------------------------------------------------------------------------------------------------------


def test_new_record_is_added_with_its_content(root, superuser):
    press(root, Theme, name="Sport", slug="sport", summary="Cities play.")
    [event] = HistoryEvent.objects.of(Theme.objects.get())
    assert (event.what, event.by, event.name) == (EventKind.ADD, superuser, "Sport")
    assert event.snapshot["fields"]["summary"] == "Cities play."


def test_change_has_its_fields_and_the_state_before_it(root):
    theme = make_theme()
    press(root, theme, summary="New.")
    assert events_of(theme) == [EventKind.FOUND, EventKind.CHANGE]
    assert changes(theme) == {"Summary": ("What cities do together.", "New.")}


def test_save_without_a_change_is_no_event(root):
    programme = Programme.objects.create(pk=1, headline="Six cities", lead="Friends.")
    for record in (make_theme(), make_city(), make_contact(), programme, make_user()):
        press(root, record)
        assert events_of(record) == [EventKind.FOUND], record


def test_change_comes_before_the_step_that_was_taken_with_it(root):
    theme = make_theme()
    press(root, theme, "_submit", summary="New.")
    assert events_of(theme) == [EventKind.FOUND, EventKind.CHANGE, "submit"]
    press(root, Theme, "_submit", name="Sport", slug="sport", summary="Cities play.")
    assert events_of(Theme.objects.get(slug="sport")) == [EventKind.ADD, "submit"]


def test_refused_step_is_no_change(root):
    theme = make_theme()
    press(root, theme, "_publish_urgently", summary="New.")
    assert EventKind.CHANGE not in events_of(theme)


def test_form_with_errors_is_no_change(root):
    theme = make_theme()
    press(root, theme, summary="")
    assert EventKind.CHANGE not in events_of(theme)


def test_record_is_locked_before_its_form_is_read(root, monkeypatch):
    seen = []

    def locked(self, records):
        seen.append(transaction.get_connection().in_atomic_block)
        return self.model._base_manager.filter(pk__in=[record.pk for record in records])

    monkeypatch.setattr(Deleting, "locked", locked)
    contact = make_contact()
    root.get(form_url(contact))
    assert not seen
    press(root, contact, name="Other")
    assert seen
    assert all(seen)


# Deleting -------------------------------------------------------------------------------------------------------------


def test_deletion_is_an_event_with_the_last_content(root, superuser):
    city = make_city()
    Milestone.objects.create(city=city, date="1969", title="Oath")
    root.post(reverse("admin:partners_city_delete", args=[city.pk]), {"post": "yes"})
    event = HistoryEvent.objects.of(city).first()
    assert (event.what, event.by, event.name) == (EventKind.DELETE, superuser, "Dortmund")
    assert event.snapshot["parts"]["milestones"][0]["fields"]["title"] == "Oath"


def delete_in_list(client, *records):
    url = reverse("admin:partners_theme_changelist")
    chosen = [record.pk for record in records]
    return client.post(url, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})


def test_deletion_in_a_list_is_an_event_for_each_record(root):
    themes = [make_theme(), make_theme("Sport")]
    delete_in_list(root, *themes)
    assert not Theme.objects.exists()
    assert [events_of(theme) for theme in themes] == [[EventKind.DELETE], [EventKind.DELETE]]
    assert all(event.snapshot for event in HistoryEvent.objects.all())


def test_deletion_that_fails_is_no_event(root, monkeypatch):
    theme = make_theme()
    monkeypatch.setattr(Theme, "delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        delete_in_list(root, theme)
    assert events_of(theme) == []
    assert not LogEntry.objects.exists()


def test_deletion_of_a_role_is_a_change_of_each_member(root, superuser):
    role, user = Group.objects.create(name="Helpers"), make_user()
    user.groups.add(role)
    root.post(reverse("admin:auth_group_delete", args=[role.pk]), {"post": "yes"})
    event = HistoryEvent.objects.of(user).first()
    assert (event.what, event.by) == (EventKind.CHANGE, superuser)
    assert changes(user) == {"Roles": ("“Helpers”, since deleted", "")}


# People ---------------------------------------------------------------------------------------------------------------


def test_new_role_of_a_user_is_a_change(root):
    user, role = make_user(), Group.objects.create(name="Helpers")
    press(root, user, groups=[role.pk])
    assert changes(user) == {"Roles": ("", "Helpers")}


def test_new_permission_of_a_role_is_a_change(root):
    role, permission = Group.objects.create(name="Helpers"), Permission.objects.get(codename="view_city")
    press(root, role, permissions=[permission.pk])
    assert changes(role) == {"Permissions": ("", str(permission))}


PASSWORD = "a-long-one-2127"
NEW_PASSWORD = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}


def whole_history() -> str:
    return "".join(f"{e.name} {e.remark} {e.details} {e.snapshot}" for e in HistoryEvent.objects.all())


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        (NEW_PASSWORD | {"set-password": "on"}, "new password"),
        ({"usable_password": "false", "password1": "", "password2": "", "unset-password": "on"}, "no password"),
    ],
)
def test_password_that_an_administrator_sets_is_an_event_without_it(root, superuser, typed, login):
    user = make_user(password="older-one-2126")
    root.post(reverse("admin:auth_user_password_change", args=[user.pk]), typed)
    event = HistoryEvent.objects.of(user).first()
    assert (event.what, event.by, event.details) == (EventKind.CHANGE, superuser, {"login": login})
    user.refresh_from_db()
    assert user.password not in whole_history()
    assert PASSWORD not in whole_history()


def test_new_password_of_ones_own_is_an_event(root, superuser):
    superuser.set_password("older-one-2126")
    superuser.save()
    root.force_login(superuser)
    typed = {"oldpassword": "older-one-2126", "password1": PASSWORD, "password2": PASSWORD}
    root.post(reverse("admin:password_change"), typed | {"password2": "another"})
    assert events_of(superuser) == []
    root.post(reverse("admin:password_change"), typed)
    assert events_of(superuser) == [EventKind.CHANGE]
    assert PASSWORD not in whole_history()


def test_password_is_not_changed_when_the_event_cannot_be_saved(root, superuser, monkeypatch):
    superuser.set_password("older-one-2126")
    superuser.save()
    root.force_login(superuser)
    for module in (accounts, adapters):
        monkeypatch.setattr(module, "note_password", lambda *args, **kwargs: 1 / 0)
    own = {"oldpassword": "older-one-2126", "password1": PASSWORD, "password2": PASSWORD}
    other = NEW_PASSWORD | {"set-password": "on"}
    for url, typed in (
        (reverse("admin:password_change"), own),
        (reverse("admin:auth_user_password_change", args=[superuser.pk]), other),
    ):
        with pytest.raises(ZeroDivisionError):
            root.post(url, typed)
        superuser.refresh_from_db()
        assert superuser.check_password("older-one-2126")


def test_new_account_is_an_event_without_its_password(root):
    press(root, User, username="ann", email="ann@example.org")
    ann = User.objects.get(username="ann")
    assert events_of(ann) == [EventKind.ADD, EventKind.CHANGE]  # the account, and then the link
    assert ann.password not in whole_history()


# Refused --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "in-review"])
@pytest.mark.parametrize("button", ["_approve", "_publish_urgently", "_withdraw", "_take_down"])
def test_forged_step_is_an_event_without_what_was_typed(button, state):
    user, theme = make_user("Twinning editor"), hide(make_theme(), state, now=timezone.now())
    assert press(signed_in(user), theme, button, summary="Forged", remark="Forged").status_code == 403
    event = HistoryEvent.objects.of(theme).first()
    assert (event.what, event.by, event.name) == (EventKind.REFUSED, user, "Climate")
    assert event.details == {"path": form_url(theme), "asked": [button]}
    assert "Forged" not in whole_history()


def test_forged_change_of_another_kind_is_an_event():
    user, contact = make_user("Twinning editor"), make_contact()
    assert signed_in(user).post(form_url(contact), {"name": "Forged", "_save": "on"}).status_code == 403
    assert events_of(contact) == [EventKind.REFUSED]


def test_forged_password_is_an_event():
    user, superuser = make_user("Administrator"), make_superuser()
    url = reverse("admin:auth_user_password_change", args=[superuser.pk])
    assert signed_in(user).post(url, NEW_PASSWORD).status_code == 403
    assert events_of(superuser) == [EventKind.REFUSED]
    assert PASSWORD not in whole_history()


def test_forged_deletion_in_a_list_is_an_event():
    user, theme = make_user("Twinning editor"), make_theme()
    assert delete_in_list(signed_in(user), theme).status_code == 403
    assert Theme.objects.exists()
    event = HistoryEvent.objects.get()
    assert (event.what, event.by, event.name) == (EventKind.REFUSED, user, reverse("admin:partners_theme_changelist"))
    assert event.details["asked"] == ["_delete_selected"]


def test_names_that_are_no_buttons_are_left_out_of_the_event():
    theme, sent = (
        make_theme(),
        {"_approve": "on", "_Secret": "on", "_a secret": "on", **{f"_{c}": "on" for c in "stuvw"}},
    )
    signed_in(make_user("Twinning editor")).post(form_url(theme), sent)
    event = HistoryEvent.objects.of(theme).first()
    assert event.details["asked"] == ["_approve", "_s", "_t", "_u", "_v"]


def test_refused_get_request_is_no_event():
    assert signed_in(make_user()).get(form_url(make_theme())).status_code == 403
    assert not HistoryEvent.objects.exists()


def test_post_request_without_login_is_no_event():
    assert Client().post(form_url(make_theme()), {}).status_code == 302
    assert not HistoryEvent.objects.exists()
