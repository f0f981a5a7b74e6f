"""The pages of signing in: who may open each, and that nobody is told more than another."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.back_office import signed_in
from tests.factories import make_user
from twinning.core.models import HistoryEvent, User
from twinning.core.signin.urls import urlpatterns

pytestmark = pytest.mark.django_db

# What a stranger gets; a page that only staff have leads to the log-in page.
OPEN = {
    "account_login": 200,
    "account_reset_password": 200,
    "account_reset_password_done": 200,
    "account_reset_password_from_key": 200,
    "account_logout": 302,
    "mfa_authenticate": 302,
    "mfa_login_webauthn": 302,
}
OWN = {
    "account_change_password": 200,
    "account_set_password": 302,
    "account_reauthenticate": 200,
    "account_sessions": 200,
    "mfa_index": 200,
    "mfa_reauthenticate": 302,
    "mfa_activate_totp": 302,
    "mfa_deactivate_totp": 404,
    "mfa_view_recovery_codes": 404,
    "mfa_generate_recovery_codes": 302,
    "mfa_add_webauthn": 302,
    "mfa_remove_webauthn": 302,
    "mfa_reauthenticate_webauthn": 302,
}
ARGUMENTS = {"account_reset_password_from_key": ["1", "guess"], "mfa_remove_webauthn": [1]}


def address(name: str) -> str:
    return reverse(name, args=ARGUMENTS.get(name, []))


def test_every_address_of_signing_in_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == OPEN.keys() | OWN.keys()


@pytest.mark.parametrize("name", OPEN)
def test_page_at_the_door(name, client):
    assert client.get(address(name)).status_code == OPEN[name]


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("method", ["get", "post"])
def test_stranger_is_led_to_the_log_in_page(name, method, client):
    answer = getattr(client, method)(address(name))
    assert (answer.status_code, answer.url.split("?")[0]) == (302, reverse("account_login"))


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("role", ["", "Twinning editor"])
def test_own_pages_are_for_everybody_on_the_staff(name, role):
    answer = signed_in(make_user(role, password="a-long-one-2127")).get(address(name))
    assert answer.status_code == OWN[name]


@pytest.mark.parametrize("name", OPEN)
def test_page_at_the_door_is_not_kept_and_names_nobody(name, client):
    make_user(username="quixombre", email="quixombre@example.org", last_name="Quixombre")
    answer = client.get(address(name))
    assert "no-store" in answer["Cache-Control"]
    assert "quixombre" not in answer.getvalue().decode().lower()


def test_nobody_signs_up(client):
    for path in ("/admin/signup/", "/admin/sign-up/", "/accounts/signup/", "/signup/"):
        assert client.post(path, {"username": "ann", "password1": "a-long-one-2127"}).status_code in (302, 404)
    assert not User.objects.exists()


def test_whoever_is_no_longer_active_staff_is_signed_out_at_once():
    user = make_user("Twinning editor")
    client = signed_in(user)
    for gone in ({"is_active": False}, {"is_staff": False}):
        assert client.get(reverse("admin:index")).status_code == 200
        User.objects.filter(pk=user.pk).update(**gone)
        assert client.get(reverse("admin:index")).status_code == 302
        assert client.get(reverse("account_login")).status_code == 200  # and not led round in circles
        User.objects.filter(pk=user.pk).update(is_active=True, is_staff=True)


def test_log_in_leads_on_to_where_one_wanted_and_never_elsewhere():
    make_user(username="ann", password="a-long-one-2127")
    typed = {"login": "ann", "password": "a-long-one-2127"}
    wanted = reverse("admin:partners_city_changelist")
    assert Client().post(f"{reverse('account_login')}?next={wanted}", typed).url == wanted
    for elsewhere in ("https://evil.example.org/", "//evil.example.org", "javascript:alert(1)"):
        assert Client().post(reverse("account_login"), typed | {"next": elsewhere}).url == reverse("admin:index")


# Sessions -------------------------------------------------------------------------------------------------------------


def logged_in(user, browser: str) -> Client:
    client = Client(headers={"User-Agent": browser})
    client.post(reverse("account_login"), {"login": user.username, "password": "a-long-one-2127"})
    return client


def works(client) -> bool:
    return client.get(reverse("admin:index")).status_code == 200


def test_sessions_are_listed_and_ended_one_by_one_or_all_others():
    user = make_user(password="a-long-one-2127")
    here, phone, library = (logged_in(user, browser) for browser in ("Here", "Phone", "Library"))
    page = here.get(reverse("account_sessions"))
    assert [session.user_agent for session in page.context["sessions"]] == ["Library", "Phone", "Here"]
    [ended] = [session for session in page.context["sessions"] if session.user_agent == "Phone"]
    here.post(reverse("account_sessions"), {"end": ended.pk})
    assert [works(client) for client in (here, phone, library)] == [True, False, True]
    here.post(reverse("account_sessions"), {"end": "others"})
    assert [works(client) for client in (here, phone, library)] == [True, False, False]


def test_nobody_ends_or_sees_the_sessions_of_another():
    mine, another = (make_user(password="a-long-one-2127") for _ in range(2))
    here, there = logged_in(mine, "Here"), logged_in(another, "There")
    theirs = there.get(reverse("account_sessions")).context["sessions"][0]
    assert "There" not in here.get(reverse("account_sessions")).content.decode()
    here.post(reverse("account_sessions"), {"end": theirs.pk})
    assert works(there)


def test_changed_password_ends_the_others_and_is_in_the_history():
    user = make_user(password="a-long-one-2127")
    here, there = logged_in(user, "Here"), logged_in(user, "There")
    typed = {"oldpassword": "a-long-one-2127", "password1": "another-one-2128", "password2": "another-one-2128"}
    here.post(reverse("account_change_password"), typed)
    assert (works(here), works(there)) == (True, False)
    assert [session.user_agent for session in here.get(reverse("account_sessions")).context["sessions"]] == ["Here"]
    event = HistoryEvent.objects.of(user).first()
    assert (event.by, event.details) == (user, {"login": "new password"})


# The history ----------------------------------------------------------------------------------------------------------


def test_history_of_an_account_tells_of_sign_ins_and_failures(administrator):
    user = make_user(username="ann", password="a-long-one-2127")
    Client().post(reverse("account_login"), {"login": "ann", "password": "wrong"})
    logged_in(user, "Here")
    page = administrator.get(reverse("admin:core_user_history", args=[user.pk])).content.decode()
    for words in ("Signed in", "With password.", "Sign-in failed"):
        assert words in page


def test_account_that_only_logged_in_can_be_deleted(administrator):
    user = make_user(password="a-long-one-2127")
    logged_in(user, "Here")
    administrator.post(reverse("admin:core_user_delete", args=[user.pk]), {"post": "yes"})
    assert not User.objects.filter(pk=user.pk).exists()
