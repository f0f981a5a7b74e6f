"""A closed site answers the public with a sentence, lets staff in once it is restored, and publishes nothing meanwhile."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import make_city, make_release, make_superuser, publish, submit
from tests.previews import make_link
from twinning.core.publishing.copies import begin
from twinning.core.web import closing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def test_public_gets_a_sentence_that_no_cache_keeps(client):
    address = publish(make_city()).get_absolute_url()
    _link, preview = make_link(make_release())
    closing.close(closing.RESTORED)
    for path in ("/", address, "/news/atom.xml", "/sitemap.xml", "/nothing/", "/files/a/b.pdf", preview):
        answer = client.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (503, "600"), path
        assert answer["Cache-Control"] == "private, no-store"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "We will be back soon" in answer.content.decode()
    assert client.get("/healthz/live").status_code == 200


def test_staff_sign_in_and_read_on_each_page_that_the_site_is_closed(client, root):
    assert "closed to the public" not in root.get("/admin/").content.decode()
    closing.close(closing.RESTORED)
    assert client.get("/admin/login/").status_code == 200
    assert "closed to the public" in root.get("/admin/").content.decode()


def test_nobody_is_let_in_while_a_backup_is_being_restored(root):
    closing.close(closing.RESTORING)
    assert root.get("/admin/").status_code == 503


def test_closed_site_publishes_no_copy_for_the_public(client):
    city, by, now = publish(make_city()), make_superuser(), timezone.now()
    copy = begin(city, by=by, at=now)
    submit(copy, at=now)
    copy.approve(by=by, at=now, publish_at=now + timedelta(hours=1))
    type(copy).objects.update(publish_at=now - timedelta(hours=1))
    closing.close(closing.RESTORED)
    client.get("/")
    assert type(copy).objects.exists()
    closing.open_to_the_public()
    client.get("/")
    assert not type(copy).objects.exists()


def test_command_opens_a_site_that_was_restored_and_no_other(client):
    output = StringIO()
    closing.close(closing.RESTORING)
    with pytest.raises(CommandError, match="did not end"):
        call_command("open_site")
    closing.close(closing.RESTORED)
    call_command("open_site", stdout=output)
    assert client.get("/").status_code == 200
    call_command("open_site", stdout=output)
    assert output.getvalue().splitlines() == ["The site is open to the public.", "The site was open already."]
