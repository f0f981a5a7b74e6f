"""Loading the demonstration for the first time: whole or not at all, with logins only while DEMO is on."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from news.demo.records import next_europe_day
from partners.models import City, Theme
from twinning.core.models import User

pytestmark = pytest.mark.django_db


def load() -> str:
    output = StringIO()
    call_command("load_demo", stdout=output)
    return output.getvalue()


def test_failed_load_leaves_nothing():
    Theme.objects.create(name="Sport", slug="sports", summary="Our own sports page.")
    with pytest.raises(CommandError, match="Nothing was loaded"):
        load()
    assert Theme.objects.count() == 1
    assert not City.objects.exists()
    assert not User.objects.exists()


def test_user_without_the_role_is_an_error():
    User.objects.create_user("editor")
    with pytest.raises(CommandError, match="need the roles"):
        load()
    assert not City.objects.exists()


def test_site_on_which_people_work_is_not_loaded_into():
    User.objects.create_user("jsmith")
    with pytest.raises(CommandError, match="people work on this site"):
        load()
    assert not City.objects.exists()


def test_nobody_can_log_in_while_demo_is_off(settings, client):
    settings.DEBUG = True
    assert "twinning-demo" not in load()
    assert not User.objects.filter(is_staff=True).exists()
    assert not client.login(username="admin", password="twinning-demo")


DEMONSTRATION = ["news.demo.staff.DemonstrationHasher"]


def test_each_role_has_a_login_while_demo_is_on(settings, client):
    settings.DEMO, settings.PASSWORD_HASHERS = True, DEMONSTRATION
    output = load()
    for username, role in (("editor", "Twinning editor"), ("press", "Press officer"), ("approver", "Approver")):
        assert f"{username:10}{role}" in output
    assert client.login(username="admin", password="twinning-demo")
    assert User.objects.get(username="admin").groups.get().name == "Administrator"


def test_passwords_of_the_demonstration_open_nothing_elsewhere(settings, client):
    own, settings.DEMO, settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS, True, DEMONSTRATION
    load()
    changed = User.objects.get(username="editor")
    changed.set_password("chosen by somebody")
    changed.save()
    assert client.login(username="editor", password="chosen by somebody")
    settings.DEMO, settings.PASSWORD_HASHERS = False, own
    assert not client.login(username="admin", password="twinning-demo")
    assert not client.login(username="editor", password="chosen by somebody")


@pytest.mark.parametrize(
    ("loaded", "embargo"),
    [
        (datetime(2026, 4, 24, 12, tzinfo=UTC), datetime(2026, 5, 9, 8, tzinfo=UTC)),
        (datetime(2026, 4, 27, 12, tzinfo=UTC), datetime(2027, 5, 9, 8, tzinfo=UTC)),
        (datetime(2026, 11, 21, 12, tzinfo=UTC), datetime(2027, 5, 9, 8, tzinfo=UTC)),
    ],
)
def test_the_embargo_ends_on_a_europe_day_at_least_two_weeks_away(loaded, embargo):
    assert next_europe_day(at=loaded) == embargo


@pytest.mark.parametrize("wrong", ["-1", "many"])
def test_scale_must_be_a_number(wrong):
    with pytest.raises(CommandError, match="not a number of releases"):
        call_command("load_demo", "--scale", wrong, stdout=StringIO())
