"""Atom and RSS feeds: valid XML, dates, and feeds at old addresses."""

import json
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from django.apps import apps
from django.db import connection
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


def test_table_and_links_go_along_into_a_feed(client, settings):
    table = "<table><tr><td>Lille<td>1968<tr><td>Brno<td>2018</table>"
    publish(make_release(body=f'<p><a href="/cities/brno/">Brno</a></p>{table}'))
    words = "".join(read(client, "/news/atom.xml").itertext())
    assert f'<a href="{settings.SITE_URL}/cities/brno/">' in words
    assert "<table><tbody><tr><td><p>Lille</p></td>" in words


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


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml"])
def test_entry_in_another_language_says_so(client, name):
    publish(make_release("Leeds signs", slug="leeds"), at=timezone.now() - timedelta(days=1))
    publish(make_release("ليدز", language="ar"), at=timezone.now() - timedelta(days=2))
    feed = read(client, f"/news/{name}")
    entries = [*feed.iter("item"), *feed.iter(f"{ATOM}entry")]
    assert [entry.get("{http://www.w3.org/XML/1998/namespace}lang") for entry in entries] == [None, "ar"]
    texts = [entry.findtext(f"{ATOM}summary") or entry.findtext("description") for entry in entries]
    assert [text.partition("<p>")[0] for text in texts] == ["<div>", '<div lang="ar" dir="rtl">']


@pytest.mark.parametrize(("name", "tag"), [("atom.xml", f"{ATOM}id"), ("rss.xml", "guid")])
def test_entry_keeps_its_id_when_the_address_changes(client, name, tag):
    release = publish(make_release("Brno signs", slug="brno-signs"))

    def entry():
        feed = read(client, f"/news/{name}")
        return [*feed.iter("item"), *feed.iter(f"{ATOM}entry")][0]

    before = entry().findtext(tag)
    release.slug = "brno-and-leeds-sign"
    release.save()
    assert entry().findtext(tag) == before
    assert "brno-and-leeds-sign" in ElementTree.tostring(entry(), "unicode")
    assert before.startswith("urn:uuid:")


@pytest.mark.parametrize("path", ["/news/atom.xml", "/news/rss.xml", "/cities/brno/atom.xml", "/cities/brno/rss.xml"])
def test_empty_feed_is_the_same_bytes_at_any_time(client, path, time_machine):
    publish(make_city("Brno"))
    time_machine.move_to(timezone.now())
    first = client.get(path).content
    time_machine.shift(timedelta(hours=3))
    assert client.get(path).content == first


def test_upgrade_lets_releases_keep_what_named_them_in_feeds(settings):
    public, draft = publish(make_release(slug="public")), make_release(slug="draft")
    migration = import_module("news.migrations.0007_feed_ids")
    migration.name_what_is_there(apps, SimpleNamespace(connection=connection))
    assert PressRelease.objects.get(pk=public.pk).feed_id == f"{settings.SITE_URL}/news/public/"
    assert PressRelease.objects.get(pk=draft.pk).feed_id.startswith("urn:uuid:")


@pytest.mark.parametrize("path", ["/news/feed.json", "/cities/brno/feed.json", "/themes/climate/feed.json"])
def test_json_feed_has_the_entries_of_the_others_whole(client, settings, path):
    ties = {"cities": [publish(make_city("Brno"))], "themes": [publish(make_theme("Climate"))]}
    release = publish(make_release(body='<p><a href="/cities/brno/">Brno</a></p>', language="cs", **ties))
    publish(make_release(f"{release.headline} of old", first_issued="March 1998"))
    response = client.get(path)
    assert response.headers["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == settings.SITE_URL + path
    entry = feed["items"][0]
    assert (entry["id"], entry["language"]) == (release.feed_id, "cs")
    assert entry["url"] == settings.SITE_URL + release.get_absolute_url()
    assert f'<a href="{settings.SITE_URL}/cities/brno/">' in entry["content_html"]
    assert entry["date_published"] <= entry["date_modified"]
    xml = read(client, path.replace("feed.json", "atom.xml"))
    assert [entry["id"] for entry in feed["items"]] == [found.text for found in xml.iter(f"{ATOM}id")][1:]


def test_json_feed_without_entries_is_one(client):
    assert json.loads(client.get("/news/feed.json").content)["items"] == []
