"""Logging in to the back office: the passwords that are accepted, how long a login lasts, and the cookies that carry it."""

import pytest
from django.urls import reverse

from tests.back_office import signed_in
from tests.factories import make_user
from twinning.core.models import User

pytestmark = pytest.mark.django_db

LOGIN = reverse("admin:login")
HOURS = 60 * 60


def log_in(client):
    """Through the form, as staff do."""
    make_user(username="ann", password="a-long-one-2127")
    typed = {"login": "ann", "password": "a-long-one-2127", "next": reverse("admin:index")}
    return client.post(LOGIN, typed, secure=True)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("brief-1", "password_too_short"),
        ("qwertyuiop", "password_too_common"),
        ("70418239517", "password_entirely_numeric"),
        ("montgomery-a", "password_too_similar"),
    ],
)
def test_password_that_is_easily_guessed_is_refused(password, code):
    user = make_user(first_name="Ann", last_name="Montgomery", password="a-long-one-2127")
    typed = {"oldpassword": "a-long-one-2127", "password1": password, "password2": password}
    response = signed_in(user).post(reverse("account_change_password"), typed)
    assert [error.code for error in response.context["form"].errors.as_data()["password1"]] == [code]
    assert User.objects.get(pk=user.pk).check_password("a-long-one-2127")


def test_login_lasts_half_a_day(client, time_machine):
    time_machine.move_to("2026-11-30T08:00:00+00:00")
    assert log_in(client).cookies["sessionid"]["max-age"] == 12 * HOURS
    time_machine.shift(12 * HOURS - 60)
    assert client.get(reverse("admin:index")).status_code == 200
    time_machine.shift(120)
    assert client.get(reverse("admin:index")).url.startswith(LOGIN)


def test_no_script_and_no_line_without_encryption_gets_the_cookies_of_staff(client):
    cookies = log_in(client).cookies | client.get(LOGIN, secure=True).cookies
    assert sorted(cookies) == ["csrftoken", "sessionid"]
    for cookie in cookies.values():
        assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
