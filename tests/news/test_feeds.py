"""Feeds that every reader can read, for as long as somebody subscribes to them."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from news.models import PressRelease
from tests.factories import make_city, make_release, make_superuser, make_theme, publish

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, path) -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200
    return ElementTree.fromstring(response.content)  # noqa: S314 - of our own making


@pytest.mark.parametrize(
    "path", ["/news/atom.xml", "/news/rss.xml", "/cities/brno/atom.xml", "/themes/climate/rss.xml"]
)
def test_line_break_from_word_does_not_break_a_feed(client, path):
    brno, climate = publish(make_city("Br\x0bno", slug="brno")), publish(make_theme("Clim\x0bate", slug="climate"))
    release = make_release("Leeds\x0band Brno", standfirst="One\x0c\ufffftwo", cities=[brno], themes=[climate])
    publish(release)
    PressRelease.objects.update(body="<p>Past\x0bthe model</p>")
    assert "Leeds and Brno" in "".join(read(client, path).itertext())


def test_release_under_embargo_is_as_new_as_its_publication(client):
    now = timezone.now()
    release = make_release()
    release.submit(by=make_superuser(), at=now - timedelta(days=9))
    release.approve(by=make_superuser(), at=now - timedelta(days=9), publish_at=now - timedelta(hours=1))
    PressRelease.objects.update(updated_at=now - timedelta(days=9))
    entry = read(client, "/news/atom.xml").find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published")


def test_corrected_release_is_as_new_as_its_correction(client):
    publish(make_release())
    entry = read(client, "/news/atom.xml").find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}updated") > entry.findtext(f"{ATOM}published")


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
def test_feed_can_still_be_read_at_the_old_address_of_its_city(client, name):
    city = publish(make_city("Brno"))
    publish(make_release("Brno signs", cities=[city]))
    city.slug = "city-of-brno"
    city.save()
    assert "Brno signs" in "".join(read(client, f"/cities/brno/{name}").itertext())
