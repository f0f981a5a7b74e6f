"""Links by mail with which somebody chooses a password."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import make_user
from tests.mails import link_in, owed_mails
from twinning.core.history.events import HistoryEvent
from twinning.core.models import OwedTask, User
from twinning.core.signin import links

pytestmark = pytest.mark.django_db

NEW = {"password1": "a-long-one-2127", "password2": "a-long-one-2127"}


@pytest.fixture
def user() -> User:
    return make_user(username="ann", email="ann@example.org", password="the-old-one-2126")


@pytest.fixture
def link(user, time_machine) -> str:
    time_machine.move_to("2026-11-30T08:00:00+00:00")
    Client().post(reverse("account_reset_password"), {"email": "ann@example.org"})
    return link_in(owed_mails()[-1])


def test_link_sets_the_password_once(client, user, link):
    form = client.get(link).url
    assert link not in form  # browsers tell the next site where they were
    assert client.post(form, NEW).url == reverse("account_login")
    user.refresh_from_db()
    assert user.check_password("a-long-one-2127")
    assert client.get(link).context["token_fail"]
    assert [event.details for event in HistoryEvent.objects.of(user)] == [
        {"login": "new password"}, {"login": "link asked for"},
    ]  # fmt: skip


def test_link_ends_with_its_time_and_with_a_new_address(user, link, time_machine):
    assert Client().get(link).status_code == 302
    User.objects.filter(pk=user.pk).update(email="other@example.org")
    assert Client().get(link).context["token_fail"]
    User.objects.filter(pk=user.pk).update(email="ann@example.org")
    time_machine.shift(3 * 24 * 60 * 60 + 60)
    assert Client().get(link).context["token_fail"]


def test_link_leads_to_the_address_of_the_site_whatever_was_asked(user, settings):
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://twinning.example.org", ["*"]
    Client(headers={"Host": "evil.example.org"}).post(reverse("account_reset_password"), {"email": "ann@example.org"})
    assert "https://twinning.example.org/admin/password/key/" in owed_mails()[-1].body
    assert "evil" not in str(owed_mails()[-1].message())


@pytest.mark.parametrize("key", ["1-x", f"{'z' * 40}-x", "0-0-0", "1-%00"])
def test_guessed_link_says_only_that_it_does_not_work(client, key):
    assert client.get(f"/admin/password/key/{key}/").context["token_fail"]


def test_new_password_ends_all_sessions(user):
    elsewhere, here = Client(), Client()
    elsewhere.force_login(user)
    here.post(reverse("account_reset_password"), {"email": "ann@example.org"})
    link = link_in(owed_mails()[-1])
    assert here.post(here.get(link).url, NEW).status_code == 302
    assert elsewhere.get(reverse("admin:index")).status_code == 302


def test_address_that_was_given_up_gets_no_link(user):
    user.email = "new@example.org"
    user.save()
    Client().post(reverse("account_reset_password"), {"email": "ann@example.org"})
    assert owed_mails() == []


def test_link_is_owed_until_the_mail_server_takes_it_and_no_longer_than_a_day(user, monkeypatch, time_machine, caplog):
    time_machine.move_to("2026-11-30T08:00:00+00:00")
    monkeypatch.setattr(links, "send_each", lambda mails: mails)
    Client().post(reverse("account_reset_password"), {"email": "ann@example.org"})
    assert owed_mails() == []
    assert "ann" not in caplog.text  # no name and no address in the log
    monkeypatch.undo()
    time_machine.shift(120)
    assert [sent.to for sent in owed_mails()] == [["ann@example.org"]]
    monkeypatch.setattr(links, "send_each", lambda mails: mails)
    Client().post(reverse("account_reset_password"), {"email": "ann@example.org"})
    owed_mails()
    time_machine.shift(2 * 24 * 60 * 60)
    owed_mails()
    assert not OwedTask.objects.exists()
