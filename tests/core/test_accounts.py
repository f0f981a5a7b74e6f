"""The accounts of the back office: who may make, change, look up and delete them."""

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Theme
from tests.back_office import errors, form_url, press, signed_in
from tests.factories import make_superuser, make_theme, make_user
from twinning.core.models import HistoryEvent, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return signed_in(make_user("Twinning editor"))


def test_new_user_can_log_in_to_the_back_office():
    typed = {
        "username": "ann",
        "usable_password": "true",
        "password1": "a-long-one-2127",
        "password2": "a-long-one-2127",
    }
    press(signed_in(make_user("Administrator")), User, **typed)
    assert User.objects.get(username="ann").is_staff


def test_name_that_differs_in_its_letters_size_is_taken():
    make_user(username="ann")
    typed = {
        "username": "Ann",
        "usable_password": "true",
        "password1": "a-long-one-2127",
        "password2": "a-long-one-2127",
    }
    response = press(signed_in(make_user("Administrator")), User, **typed)
    assert any("already" in error for error in errors(response))


def test_administrator_cannot_become_or_change_a_superuser():
    administrator, root = make_user("Administrator"), make_superuser()
    client = signed_in(administrator)
    press(client, administrator, is_superuser="on")
    administrator.refresh_from_db()
    assert not administrator.is_superuser
    assert client.post(form_url(root), {"username": "mine"}).status_code == 403
    assert client.get(reverse("admin:auth_user_password_change", args=[root.pk])).status_code == 403


def test_roles_of_the_site_can_only_be_read(editor):
    group = make_user("Approver").groups.get()
    client = signed_in(make_user("Administrator"))
    assert 'name="name"' not in client.get(form_url(group)).content.decode()
    assert client.post(form_url(group), {"name": "Mine"}).status_code == 403


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


def test_editor_can_look_up_a_colleague_but_not_the_accounts(editor):
    make_user(username="ann")
    asked = {"app_label": "partners", "model_name": "city", "field_name": "owner", "term": "ann"}
    assert [r["text"] for r in editor.get(reverse("admin:autocomplete"), asked).json()["results"]] == ["ann"]
    assert editor.get(reverse("admin:core_user_changelist")).status_code == 403
    assert signed_in(make_user()).get(reverse("admin:autocomplete"), asked).status_code == 403


def test_account_that_has_worked_is_kept_and_an_unused_one_is_not():
    root = make_superuser()
    worked, unused = make_superuser(), make_user()
    make_theme().submit(by=worked, at=timezone.now())
    Theme.objects.update(submitted_by=None, submitted_at=None)
    client = signed_in(root)
    url = reverse("admin:core_user_delete", args=[worked.pk])
    page = client.get(url).content.decode()
    assert "has worked here" in page
    assert "Submitted" not in page
    for user in (worked, unused):
        client.post(reverse("admin:core_user_delete", args=[user.pk]), {"post": "yes"})
    assert User.objects.filter(pk=worked.pk).exists()
    assert not User.objects.filter(pk=unused.pk).exists()
