"""A read-only site shows all that is public, signs staff in, and sends forms back instead of saving them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from partners.models import City
from tests.factories import make_city, make_user, publish
from twinning.core.web import read_only, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    read_only.turn_on()


def test_public_reads_on(client):
    address = publish(make_city()).get_absolute_url()
    assert [client.get(path).status_code for path in ("/", address, "/news/atom.xml")] == [200, 200, 200]


def test_form_comes_back_with_what_was_typed_and_nothing_is_saved(root):
    answer = root.post("/admin/partners/city/add/", {"name": "Brno on the Svratka"})
    page = answer.content.decode()
    assert answer.status_code == 503
    assert "the site only shows what it" in page
    assert 'action="/admin/partners/city/add/"' in page
    assert not City.objects.exists()


def test_form_of_the_public_is_not_taken_either(client, settings):
    settings.ALERTS = True
    for answer in (client.get("/alerts/"), client.post("/alerts/", {"email": "reader@example.org"})):
        assert answer.status_code == 503


def test_back_office_says_so_until_it_is_over(root):
    assert "Nothing can be saved at the moment" in root.get("/admin/").content.decode()
    read_only.turn_off()
    assert "Nothing can be saved at the moment" not in root.get("/admin/").content.decode()


def test_staff_sign_in(client):
    user = make_user("Twinning editor")
    user.set_password("a long password of ours")
    user.save()
    answer = client.post("/admin/login/", {"login": user.username, "password": "a long password of ours"})
    assert (answer.status_code, client.session.get("_auth_user_id")) == (302, str(user.pk))


def test_what_is_owed_waits(monkeypatch):
    monkeypatch.setattr(tasks.OwedTask.objects, "take", lambda **kwargs: pytest.fail("taken"))
    assert not tasks.do_next()


def test_setting_or_command_turns_it_on_and_only_the_command_off_again(settings):
    output = StringIO()
    call_command("read_only", "off", stdout=output)
    assert not read_only.is_on()
    call_command("read_only", "on", stdout=output)
    assert read_only.is_on()
    assert output.getvalue().splitlines() == ["The site saves again.", "The site saves nothing."]
    settings.READ_ONLY = True
    with pytest.raises(CommandError, match="READ_ONLY=on"):
        call_command("read_only", "off")
    assert read_only.is_on()
