"""What newsrooms take along: the text alone, and the page that says what there is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import hide, make_contact, make_release, publish

pytestmark = pytest.mark.django_db


def test_text_alone_is_plain_and_whole(client):
    release = publish(make_release("Lord & Lady", body="<p>One &amp; two.</p><h2>Then</h2><p>Three</p>", place="Leeds"))
    answer = client.get(f"{release.get_absolute_url()}text.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    assert "Lord & Lady" in text
    assert "One & two." in text
    assert "<p>" not in text
    assert f'href="{release.get_absolute_url()}text.txt"' in client.get(release.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["draft", "scheduled", "withdrawn", "taken-down"])
def test_text_of_a_hidden_release_is_nowhere(client, state):
    release = hide(make_release("Zanzimott"), state, now=timezone.now())
    assert client.get(f"/news/{release.slug}/text.txt").status_code == 404


def test_page_names_the_general_contacts_that_answer_today(client, settings):
    yesterday = timezone.localdate() - timedelta(days=1)
    successor = make_contact(name="Press office")
    make_contact(name="Gone", is_general=True, valid_to=yesterday, fallback=successor)
    page = client.get("/for-journalists/").content.decode()
    assert "Press office" in page
    assert "Gone" not in page
    assert 'href="/alerts/"' in page
    home = client.get("/").content.decode()
    assert all(f'href="{address}"' in home for address in ("/news/feed.json", "/alerts/"))
    settings.ALERTS = False
    assert 'href="/alerts/"' not in client.get("/").content.decode()
    assert 'href="/alerts/"' not in client.get("/for-journalists/").content.decode()
