"""The second step of signing in, and for whom it is compulsory."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.back_office import signed_in
from tests.factories import make_superuser, make_user
from twinning.core.history.events import HistoryEvent

pytestmark = pytest.mark.django_db

SECRET = "JBSWY3DPEHPK3PXP"
PASSWORD = "a-long-one-2127"
LOGIN, CODE, OWN = reverse("account_login"), reverse("mfa_authenticate"), reverse("mfa_index")
INDEX = reverse("admin:index")


def code_of(secret: str) -> str:
    """What an app with this key shows now."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def code_now() -> str:
    return code_of(SECRET)


@pytest.fixture
def user():
    user = make_user("Approver", username="ann", password=PASSWORD)
    TOTP.activate(user, SECRET)
    return user


def type_password(client):
    return client.post(LOGIN, {"login": "ann", "password": PASSWORD})


def test_password_alone_does_not_open_the_back_office(user, client):
    assert type_password(client).url == CODE
    assert client.get(INDEX).status_code == 302
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert client.get(INDEX).status_code == 302
    assert client.post(CODE, {"code": code_now()}).url == INDEX
    assert client.get(INDEX).status_code == 200
    events = list(HistoryEvent.objects.of(user).values_list("what", "details"))
    assert events == [("signed_in", {"ways": ["password", "totp"]}), ("sign_in_failed", {})]


def test_code_opens_the_door_once(user):
    code = code_now()
    for expected in (302, 200):
        client = Client()
        type_password(client)
        assert client.post(CODE, {"code": code}).status_code == expected


def test_codes_are_limited(user, client):
    type_password(client)
    for _ in range(5):
        client.post(CODE, {"code": "000000"})
    answer = client.post(CODE, {"code": code_now()})
    assert [error.code for error in answer.context["form"].errors.as_data()["code"]] == ["too_many_login_attempts"]


def test_recovery_code_takes_the_place_of_the_app_once(user):
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for expected in (302, 200):
        client = Client()
        type_password(client)
        assert client.post(CODE, {"code": code}).status_code == expected


def test_app_is_added_by_those_who_show_again_who_they_are(django_capture_on_commit_callbacks):
    user = make_user(password=PASSWORD)
    client = signed_in(user)
    page = reverse("mfa_activate_totp")
    asked = client.get(page)
    assert asked.url.startswith(reverse("account_reauthenticate"))
    assert client.post(asked.url, {"password": "wrong"}).status_code == 200
    assert client.get(page).status_code == 302
    client.post(asked.url, {"password": PASSWORD})
    secret = client.get(page).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {"code": code_of(secret)}).url == reverse("mfa_view_recovery_codes")
    assert len(client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]) == 10
    assert [event.details for event in HistoryEvent.objects.of(user) if event.what == "change"] == [
        {"login": "app added"}
    ]


# Compulsory -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "required"),
    [("Twinning editor", False), ("Press officer", False), ("Approver", True), ("Administrator", True), ("", False)],
)
def test_setting_makes_it_compulsory_for_those_who_approve_or_give_rights(settings, role, required):
    settings.SECOND_FACTOR_REQUIRED = True
    client = signed_in(make_user(role))
    asked = [client.get(INDEX), client.get(reverse("admin:jsi18n")), client.post(reverse("admin:partners_city_add"))]
    assert [answer.status_code == 302 and answer.url == OWN for answer in asked] == [required] * 3


def test_setting_holds_for_superusers_and_not_without_it(settings):
    client = signed_in(make_superuser())
    assert client.get(INDEX).status_code == 200
    settings.SECOND_FACTOR_REQUIRED = True
    assert client.get(INDEX).url == OWN
    assert client.get(OWN).context["is_second_factor_owed"]


def test_every_page_of_the_back_office_waits_for_the_second_factor(settings, user):
    settings.SECOND_FACTOR_REQUIRED = True
    client = signed_in(user)
    assert client.get(INDEX).status_code == 200
    Authenticator.objects.all().delete()
    for name in ("index", "waiting", "partners_city_changelist", "autocomplete"):
        assert client.get(reverse(f"admin:{name}")).url == OWN
    assert client.get("/admin/partners/").url == OWN


def test_recovery_codes_alone_are_no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = True
    user = make_user("Approver")
    RecoveryCodes.activate(user)
    assert signed_in(user).get(INDEX).url == OWN
