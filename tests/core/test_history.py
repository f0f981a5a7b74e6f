"""What is written down: nothing that is done in the back office escapes the history."""

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
from twinning.core import accounts_admin, history, history_admin
from twinning.core.comparison import differences
from twinning.core.history import HistoryEvent, What
from twinning.core.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_superuser()


@pytest.fixture
def client(root):
    return signed_in(root)


def told(record) -> list[str]:
    """What happened to a record, the oldest first."""
    return [event.what for event in HistoryEvent.objects.of(record)][::-1]


def changes(record) -> dict[str, tuple[str, str]]:
    """What the last change of a record did, by the labels of the fields, parts before them."""
    after, before = HistoryEvent.objects.of(record).states()[:2]
    found = differences(type(record), before.snapshot, after.snapshot)
    return {": ".join(filter(None, [d.place, d.label])): (d.before, d.after) for d in found}


# Saving ---------------------------------------------------------------------------------------------------------------


def test_new_record_is_added_with_its_content(client, root):
    press(client, Theme, name="Sport", slug="sport", summary="Cities play.")
    [event] = HistoryEvent.objects.of(Theme.objects.get())
    assert (event.what, event.by, event.name) == (What.ADD, root, "Sport")
    assert event.snapshot["fields"]["summary"] == "Cities play."


def test_change_is_told_by_its_fields_and_the_state_before_is_known(client):
    theme = make_theme()
    press(client, theme, summary="New.")
    assert told(theme) == [What.FOUND, What.CHANGE]
    assert changes(theme) == {"Summary": ("What cities do together.", "New.")}


def test_save_that_changes_nothing_is_no_change(client):
    programme = Programme.objects.create(pk=1, headline="Six cities", lead="Friends.")
    for record in (make_theme(), make_city(), make_contact(), programme, make_user()):
        press(client, record)
        assert told(record) == [What.FOUND], record


def test_change_comes_before_the_step_that_was_taken_with_it(client):
    theme = make_theme()
    press(client, theme, "_submit", summary="New.")
    assert told(theme) == [What.FOUND, What.CHANGE, What.SUBMIT]
    press(client, Theme, "_submit", name="Sport", slug="sport", summary="Cities play.")
    assert told(Theme.objects.get(slug="sport")) == [What.ADD, What.SUBMIT]


def test_refused_step_leaves_no_trace_of_what_it_would_have_saved(client):
    theme = make_theme()
    press(client, theme, "_publish_urgently", summary="New.")
    assert What.CHANGE not in told(theme)


def test_form_that_comes_back_changes_nothing(client):
    theme = make_theme()
    press(client, theme, summary="")
    assert What.CHANGE not in told(theme)


def test_record_is_locked_before_its_form_is_read(client, monkeypatch):
    seen = []

    def locked(self, records):
        seen.append(transaction.get_connection().in_atomic_block)
        return self.model._base_manager.filter(pk__in=[record.pk for record in records])

    monkeypatch.setattr(history_admin.History, "_locked", locked)
    contact = make_contact()
    client.get(form_url(contact))
    assert not seen
    press(client, contact, name="Other")
    assert seen
    assert all(seen)


# Deleting -------------------------------------------------------------------------------------------------------------


def test_deleted_record_leaves_its_last_content(client, root):
    city = make_city()
    Milestone.objects.create(city=city, date="1969", title="Oath")
    client.post(reverse("admin:partners_city_delete", args=[city.pk]), {"post": "yes"})
    event = HistoryEvent.objects.of(city).first()
    assert (event.what, event.by, event.name) == (What.DELETE, root, "Dortmund")
    assert event.snapshot["parts"]["milestones"][0]["fields"]["title"] == "Oath"


def delete_in_list(client, *records):
    url = reverse("admin:partners_theme_changelist")
    chosen = [record.pk for record in records]
    return client.post(url, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})


def test_records_deleted_in_a_list_leave_their_last_content(client):
    themes = [make_theme(), make_theme("Sport")]
    delete_in_list(client, *themes)
    assert not Theme.objects.exists()
    assert [told(theme) for theme in themes] == [[What.DELETE], [What.DELETE]]
    assert all(event.snapshot for event in HistoryEvent.objects.all())


def test_deletion_that_fails_is_not_told(client, monkeypatch):
    theme = make_theme()
    monkeypatch.setattr(Theme, "delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        delete_in_list(client, theme)
    assert told(theme) == []
    assert not LogEntry.objects.exists()


def test_role_that_goes_is_told_of_everybody_who_had_it(client, root):
    role, user = Group.objects.create(name="Helpers"), make_user()
    user.groups.add(role)
    client.post(reverse("admin:auth_group_delete", args=[role.pk]), {"post": "yes"})
    event = HistoryEvent.objects.of(user).first()
    assert (event.what, event.by) == (What.CHANGE, root)
    assert changes(user) == {"Groups": ("“Helpers”, since deleted", "")}


# People ---------------------------------------------------------------------------------------------------------------


def test_new_role_of_a_person_is_told(client):
    user, role = make_user(), Group.objects.create(name="Helpers")
    press(client, user, groups=[role.pk])
    assert changes(user) == {"Groups": ("", "Helpers")}


def test_new_permission_of_a_role_is_told(client):
    role, permission = Group.objects.create(name="Helpers"), Permission.objects.get(codename="view_city")
    press(client, role, permissions=[permission.pk])
    assert changes(role) == {"Permissions": ("", str(permission))}


PASSWORD = "a-long-one-2127"


def everything_written() -> str:
    return "".join(f"{e.name} {e.remark} {e.details} {e.snapshot}" for e in HistoryEvent.objects.all())


@pytest.mark.parametrize(
    ("typed", "login"),
    [
        ({"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD, "set-password": "on"}, "new password"),
        ({"usable_password": "false", "password1": "", "password2": "", "unset-password": "on"}, "no password"),
    ],
)  # fmt: skip
def test_password_that_somebody_else_sets_is_told_without_a_word_of_it(client, root, typed, login):
    user = make_user(password="older-one-2126")
    client.post(reverse("admin:auth_user_password_change", args=[user.pk]), typed)
    event = HistoryEvent.objects.of(user).first()
    assert (event.what, event.by, event.details) == (What.CHANGE, root, {"login": login})
    user.refresh_from_db()
    assert user.password not in everything_written()
    assert PASSWORD not in everything_written()


def test_own_new_password_is_told(client, root):
    root.set_password("older-one-2126")
    root.save()
    client.force_login(root)
    typed = {"old_password": "older-one-2126", "new_password1": PASSWORD, "new_password2": PASSWORD}
    client.post(reverse("admin:password_change"), typed | {"new_password2": "another"})
    assert told(root) == []
    client.post(reverse("admin:password_change"), typed)
    assert told(root) == [What.CHANGE]
    assert PASSWORD not in everything_written()


def test_password_that_cannot_be_told_is_not_changed(client, root, monkeypatch):
    root.set_password("older-one-2126")
    root.save()
    client.force_login(root)
    for module in (accounts_admin, history):
        monkeypatch.setattr(module, "note_password", lambda *args, **kwargs: 1 / 0)
    own = {"old_password": "older-one-2126", "new_password1": PASSWORD, "new_password2": PASSWORD}
    other = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD, "set-password": "on"}
    for url, typed in (
        (reverse("admin:password_change"), own),
        (reverse("admin:auth_user_password_change", args=[root.pk]), other),
    ):
        with pytest.raises(ZeroDivisionError):
            client.post(url, typed)
        root.refresh_from_db()
        assert root.check_password("older-one-2126")


def test_new_account_is_told_without_its_password(client):
    typed = {"username": "ann", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    press(client, User, **typed)
    ann = User.objects.get(username="ann")
    assert told(ann) == [What.ADD]
    assert ann.password not in everything_written()


# Refused --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["draft", "in-review"])
@pytest.mark.parametrize("button", ["_approve", "_publish_urgently", "_withdraw", "_take_down"])
def test_forged_step_is_written_down_and_nothing_of_what_was_typed(button, state):
    editor, theme = make_user("Twinning editor"), hide(make_theme(), state, now=timezone.now())
    assert press(signed_in(editor), theme, button, summary="Forged", remark="Forged").status_code == 403
    event = HistoryEvent.objects.of(theme).first()
    assert (event.what, event.by, event.name) == (What.REFUSED, editor, "Climate")
    assert event.details == {"path": form_url(theme), "asked": [button]}
    assert "Forged" not in everything_written()


def test_forged_change_of_another_kind_is_written_down():
    editor, contact = make_user("Twinning editor"), make_contact()
    assert signed_in(editor).post(form_url(contact), {"name": "Forged", "_save": "on"}).status_code == 403
    assert told(contact) == [What.REFUSED]


def test_forged_password_is_written_down():
    editor, root = make_user("Administrator"), make_superuser()
    typed = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    url = reverse("admin:auth_user_password_change", args=[root.pk])
    assert signed_in(editor).post(url, typed).status_code == 403
    assert told(root) == [What.REFUSED]
    assert PASSWORD not in everything_written()


def test_forged_deletion_in_a_list_is_forbidden_and_written_down():
    editor, theme = make_user("Twinning editor"), make_theme()
    assert delete_in_list(signed_in(editor), theme).status_code == 403
    assert Theme.objects.exists()
    event = HistoryEvent.objects.get()
    assert (event.what, event.by, event.name) == (What.REFUSED, editor, reverse("admin:partners_theme_changelist"))
    assert event.details["asked"] == ["_delete_selected"]


def test_forged_button_with_a_text_for_a_name_is_not_kept():
    theme, sent = (
        make_theme(),
        {"_approve": "on", "_Secret": "on", "_a secret": "on", **{f"_{c}": "on" for c in "stuvw"}},
    )
    signed_in(make_user("Twinning editor")).post(form_url(theme), sent)
    event = HistoryEvent.objects.of(theme).first()
    assert event.details["asked"] == ["_approve", "_s", "_t", "_u", "_v"]


def test_looking_where_one_may_not_is_not_written_down():
    assert signed_in(make_user()).get(form_url(make_theme())).status_code == 403
    assert not HistoryEvent.objects.exists()


def test_stranger_who_posts_is_not_written_down():
    assert Client().post(form_url(make_theme()), {}).status_code == 302
    assert not HistoryEvent.objects.exists()
