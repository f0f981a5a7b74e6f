"""What a stranger sees of a hidden record, asked by the site itself: nothing; and if it were something, it would be found.

The site asks over a connection of its own, so that what these tests play with has to be committed.
"""

from unittest.mock import Mock

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from tests.back_office import signed_in
from tests.factories import (
    hide,
    make_city,
    make_document,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    publish,
)
from twinning.core import stranger
from twinning.core.publishing import PublishableQuerySet

pytestmark = pytest.mark.django_db(transaction=True)

FOLDERS = {"city": "cities", "theme": "themes", "memorandum": "agreements", "release": "news"}


def check_page(record) -> str:
    """What the back office says of a record."""
    url = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_public", args=[record.pk])
    return " ".join(signed_in(make_superuser()).get(url).content.decode().split())


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "taken-down"])
def test_public_sees_nothing_of_what_is_hidden(state):
    city = make_city("Zanzimott")
    document = make_document(make_memorandum(city, title="Zanzimott agreement", slug="zanzimott"))
    theme, release = make_theme("Zanzimott theme"), make_release("Zanzimott signs", slug="zanzimott", cities=[city])
    hidden = {"city": city, "theme": theme, "memorandum": document.memorandum, "release": release}
    for kind, record in hidden.items():
        old, record.slug = record.get_absolute_url(), "zanzimott-now"
        record.save()
        now = f"/{FOLDERS[kind]}/zanzimott-now/"
        answers = stranger.look_for(hide(record, state, now=timezone.now()), at=timezone.now())
        status = {answer.address: answer.status for answer in answers}
        assert {answer.trace for answer in answers} == {stranger.Trace.NOTHING}
        assert (status[now], status[old]) == (410 if state == "taken-down" else 404, 404)
        asked = {"/", f"/{FOLDERS[kind]}/", f"/sitemap-{FOLDERS[kind]}.xml", "/news/atom.xml", "/news/rss.xml"}
        asked |= {f"{now}atom.xml", f"{now}rss.xml"} if kind in ("city", "theme") else set()
        asked |= {document.get_absolute_url()} if kind == "memorandum" else set()
        assert asked <= status.keys()
        assert any(address.startswith("/search/?q=Zanzimott") for address in status)


def open_the_gate(monkeypatch):
    for gate in ("published", "readable"):
        monkeypatch.setattr(PublishableQuerySet, gate, lambda self, *, at: self)


def test_without_the_gate_the_check_finds_the_record_everywhere(monkeypatch):
    city = hide(make_city("Zanzimott"), "scheduled", now=timezone.now())
    publish(make_release(cities=[city]))
    open_the_gate(monkeypatch)
    answers = stranger.look_for(city, at=timezone.now())
    seen = [answer.address for answer in answers if answer.trace == stranger.Trace.RECORD]
    assert seen == [answer.address for answer in answers][: len(seen)]
    page = "/cities/zanzimott/"
    places = {"/", "/cities/", "/news/", "/search/?q=Zanzimott", "/sitemap-cities.xml"}
    assert {page, f"{page}atom.xml", *places} <= set(seen)


def test_title_that_others_use_too_is_no_alarm():
    publish(make_release("Sport unites cities"))
    answers = stranger.look_for(make_theme("Sport"), at=timezone.now())
    traces = {answer.address: answer.trace for answer in answers}
    assert traces["/news/"] == stranger.Trace.WORDS
    assert stranger.Trace.RECORD not in traces.values()


def test_same_address_of_another_kind_is_no_alarm():
    publish(make_release(themes=[publish(make_theme("Sport"))]))
    answers = stranger.look_for(make_city("Brno", slug="sport"), at=timezone.now())
    assert {answer.trace for answer in answers} == {stranger.Trace.NOTHING}


def test_check_is_answered_even_where_everything_is_https_and_the_host_is_another(settings, monkeypatch):
    settings.ALLOWED_HOSTS, settings.SITE_URL = [".example.org"], "http://elsewhere.example.net"
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setattr(stranger, "get_internal_wsgi_application", WSGIHandler)
    [(status, body)] = stranger.ask(["/search/?q=caf%C3%A9"]).values()
    assert status == 200
    assert "café" in body


def test_page_of_the_check_says_when_it_looked_and_what_it_found(time_machine):
    time_machine.move_to("2127-03-06T00:01:00+00:00", tick=False)
    page = check_page(make_release(slug="signed"))
    assert "The public sees nothing of it." in page
    assert "asked on Thursday 6 March 2127, 00:01 GMT" in page
    assert '<a href="/news/signed/">/news/signed/</a>: no such page' in page


def test_page_of_the_check_sounds_an_alarm(monkeypatch):
    release = hide(make_release(slug="signed"), "scheduled", now=timezone.now())
    open_the_gate(monkeypatch)
    page = check_page(release)
    assert "The public sees something of it!" in page
    assert '<a href="/news/signed/">/news/signed/</a>: <strong>shows it</strong>' in page


def test_stranger_waits_for_nobody_who_is_writing():
    with transaction.atomic():
        make_theme()
        answers = stranger.ask(["/", "/agreements/", "/themes/climate/"])
    assert [status for status, _body in answers.values()] == [200, 200, 404]


def test_check_of_what_everybody_reads_asks_nothing(monkeypatch):
    monkeypatch.setattr(stranger, "ask", Mock(side_effect=AssertionError))
    assert "can be read by everybody" in check_page(publish(make_release()))
