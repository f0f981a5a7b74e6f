"""The accounts of the back office: who may make, change, look up and delete them."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from partners.models import Theme
from tests.back_office import errors, form_url, press, signed_in
from tests.factories import make_city, make_superuser, make_theme, make_user
from tests.mails import link_in, owed_mails
from twinning.core.models import HistoryEvent, User

pytestmark = pytest.mark.django_db


def test_new_user_chooses_a_password_by_a_link_and_logs_in(administrator, client):
    press(administrator, User, username="ann", email="ann@example.org")
    user = User.objects.get(username="ann")
    assert (user.is_staff, user.has_usable_password()) == (True, False)
    assert [mail.to for mail in owed_mails()] == [["ann@example.org"]]
    form = client.get(link_in(owed_mails()[0])).url
    client.post(form, {"password1": "a-long-one-2127", "password2": "a-long-one-2127"})
    typed = {"login": "ann", "password": "a-long-one-2127"}
    assert client.post(reverse("account_login"), typed).url == reverse("admin:index")


def test_new_user_needs_an_address_for_the_invitation(administrator):
    response = press(administrator, User, username="ann")
    assert [error.partition(":")[0] for error in errors(response)] == ["email"]
    assert not User.objects.filter(username="ann").exists()


def test_administrator_mails_a_link_and_knows_no_password(administrator):
    user = make_user(email="ann@example.org", password="a-long-one-2127")
    press(administrator, user, "_invite")
    assert [mail.to for mail in owed_mails()] == [["ann@example.org"]]
    assert HistoryEvent.objects.of(user).filter(details={"login": "invitation"}).exists()
    address = reverse("admin:auth_user_password_change", args=[user.pk])
    assert administrator.post(address, {"password1": "x", "password2": "x"}).status_code == 403


def test_administrator_takes_lost_second_factors_away(administrator, superuser):
    user = make_user()
    for person in (user, superuser):
        TOTP.activate(person, "A" * 32)
    press(administrator, user, "_remove_factors")
    assert HistoryEvent.objects.of(user).filter(details={"login": "second factors removed"}).exists()
    administrator.post(form_url(superuser), {"_remove_factors": "on"})
    assert [kept.user for kept in Authenticator.objects.all()] == [superuser]


def test_name_that_differs_in_its_letters_size_is_taken():
    make_user(username="ann")
    response = press(signed_in(make_user("Administrator")), User, username="Ann", email="ann@example.org")
    assert any("already" in error for error in errors(response))


def test_administrator_cannot_become_or_change_a_superuser(superuser):
    user = make_user("Administrator")
    administrator = signed_in(user)
    press(administrator, user, is_superuser="on")
    user.refresh_from_db()
    assert not user.is_superuser
    assert administrator.post(form_url(superuser), {"username": "mine"}).status_code == 403
    assert administrator.get(reverse("admin:auth_user_password_change", args=[superuser.pk])).status_code == 403


def test_administrator_cannot_delete_a_superuser(administrator, superuser):
    address = reverse("admin:core_user_delete", args=[superuser.pk])
    assert administrator.get(address).status_code == 403
    assert administrator.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [superuser.pk], "post": "yes"}
    administrator.post(reverse("admin:core_user_changelist"), chosen)
    assert User.objects.filter(pk=superuser.pk).exists()


def test_administrator_deletes_an_account_that_nobody_used(administrator):
    user = make_user()
    administrator.post(reverse("admin:core_user_delete", args=[user.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=user.pk).exists()


def test_roles_of_the_site_can_only_be_read(administrator):
    group = Group.objects.get(name="Approver")
    assert 'name="name"' not in administrator.get(form_url(group)).content.decode()
    assert administrator.post(form_url(group), {"name": "Mine"}).status_code == 403
    assert administrator.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code == 403
    assert Group.objects.filter(name="Approver").exists()


def test_role_of_the_council_can_be_changed_and_deleted(administrator):
    group = Group.objects.create(name="Helpers")
    press(administrator, group, name="Volunteers")
    assert Group.objects.filter(name="Volunteers").exists()
    administrator.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"})
    assert not Group.objects.filter(pk=group.pk).exists()


def test_history_tells_nobody_but_superusers_who_is_one():
    root, user = signed_in(make_superuser()), make_user()
    press(root, user, first_name="Ann", is_superuser="on")
    history = reverse("admin:core_user_history", args=[user.pk])
    newest, oldest = HistoryEvent.objects.of(user)
    event = reverse("admin:core_historyevent_change", args=[newest.pk])
    pages = [history, f"{history}?from={oldest.pk}&to={newest.pk}", event]
    administrator = signed_in(make_user("Administrator"))
    for page in pages:
        assert "uperuser" in root.get(page).content.decode()
        assert "uperuser" not in administrator.get(page).content.decode()


OWNER = {"app_label": "partners", "model_name": "city", "field_name": "owner"}


def looked_up(client, term: str, **chooser) -> list[str]:
    found = client.get(reverse("admin:autocomplete"), OWNER | chooser | {"term": term})
    return [result["text"] for result in found.json()["results"]]


def test_editor_finds_those_who_can_be_responsible_and_nobody_else(editor):
    for role in ("Twinning editor", "Approver", "Press officer", ""):
        make_user(role, username=f"ann {role}", email="quixombre@example.org")
    make_user("Twinning editor", username="ann gone", is_active=False)
    User.objects.create_superuser("ann root")
    assert sorted(looked_up(editor, "ann")) == ["ann Approver", "ann Twinning editor"]
    assert looked_up(editor, "quixombre") == []  # the letters of an address are no name
    assert editor.get(reverse("admin:core_user_changelist")).status_code == 403


def test_look_up_is_for_those_who_fill_in_its_chooser(editor, officer):
    assert looked_up(editor, "") != []
    for client in (officer, signed_in(make_user())):
        assert client.get(reverse("admin:autocomplete"), OWNER | {"term": ""}).status_code == 403
    # No chooser of the back office: the field leads to accounts, and nobody chooses there.
    for model, field in (("historyevent", "by"), ("openform", "user"), ("previewlink", "made_by")):
        asked = {"app_label": "core", "model_name": model, "field_name": field, "term": ""}
        assert editor.get(reverse("admin:autocomplete"), asked).status_code == 403


def test_owner_who_cannot_be_chosen_any_more_stays_until_another_is_chosen(editor, superuser):
    left = make_user("Twinning editor")
    city = make_city(owner=left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert press(editor, city, name="Dortmund again").status_code == 302
    assert [error.partition(":")[0] for error in errors(press(editor, city, owner=superuser.pk))] == ["owner"]
    city.refresh_from_db()
    assert (city.name, city.owner) == ("Dortmund again", left)


def test_account_that_has_worked_is_kept_and_an_unused_one_is_not(root):
    worked, unused = make_superuser(), make_user()
    make_theme().submit(by=worked, at=timezone.now())
    Theme.objects.update(submitted_by=None, submitted_at=None)
    url = reverse("admin:core_user_delete", args=[worked.pk])
    page = root.get(url).content.decode()
    assert "has worked here" in page
    assert "Submitted" not in page
    for user in (worked, unused):
        root.post(reverse("admin:core_user_delete", args=[user.pk]), {"post": "yes"})
    assert User.objects.filter(pk=worked.pk).exists()
    assert not User.objects.filter(pk=unused.pk).exists()
