"""The public check: it finds no trace of a hidden record, and finds one wherever the gate is left open.

It uses another connection to the database, so that the records of these tests have to be committed.
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
from twinning.core.previews import asking, public_check
from twinning.core.publishing.gate import PublishableQuerySet

pytestmark = pytest.mark.django_db(transaction=True)

FOLDERS = {"city": "cities", "theme": "themes", "memorandum": "agreements", "release": "news"}


def check_page(record) -> str:
    """The page of the public check of a record in the back office."""
    url = reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_public", args=[record.pk])
    return " ".join(signed_in(make_superuser()).get(url).content.decode().split())


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "taken-down"])
def test_no_address_shows_a_hidden_record(state):
    city = make_city("Zanzimott")
    document = make_document(make_memorandum(city, title="Zanzimott agreement", slug="zanzimott"))
    theme, release = make_theme("Zanzimott theme"), make_release("Zanzimott signs", slug="zanzimott", cities=[city])
    hidden = {"city": city, "theme": theme, "memorandum": document.memorandum, "release": release}
    for kind, record in hidden.items():
        old, record.slug = record.get_absolute_url(), "zanzimott-now"
        record.save()
        now = f"/{FOLDERS[kind]}/zanzimott-now/"
        answers = public_check.look_for(hide(record, state, now=timezone.now()), at=timezone.now())
        status = {answer.address: answer.status for answer in answers}
        assert {answer.trace for answer in answers} == {public_check.Trace.NOTHING}
        assert (status[now], status[old]) == (410 if state == "taken-down" else 404, 404)
        asked = {"/", f"/{FOLDERS[kind]}/", f"/sitemap-{FOLDERS[kind]}.xml", "/news/atom.xml", "/news/rss.xml"}
        asked |= {f"{now}atom.xml", f"{now}rss.xml"} if kind in ("city", "theme") else set()
        asked |= {document.get_absolute_url()} if kind == "memorandum" else set()
        assert asked <= status.keys()
        assert any(address.startswith("/search/?q=Zanzimott") for address in status)


def test_years_of_the_publication_and_of_the_first_issue_are_asked():
    at = timezone.now()
    release = hide(make_release("Zanzimott signs", first_issued="March 1998"), "scheduled", now=at)
    asked = {answer.address for answer in public_check.look_for(release, at=at)}
    assert {"/news/1998/", f"/news/{timezone.localdate(release.publish_at).year}/"} <= asked


def open_the_gate(monkeypatch):
    for gate in ("published", "readable"):
        monkeypatch.setattr(PublishableQuerySet, gate, lambda self, *, at: self)


def test_record_is_found_everywhere_when_the_gate_is_open(monkeypatch, compiled_anew):
    city = hide(make_city("Zanzimott"), "scheduled", now=timezone.now())
    publish(make_release(cities=[city]))
    open_the_gate(monkeypatch)
    answers = public_check.look_for(city, at=timezone.now())
    seen = [answer.address for answer in answers if answer.trace == public_check.Trace.RECORD]
    assert seen == [answer.address for answer in answers][: len(seen)]
    page = "/cities/zanzimott/"
    places = {"/", "/cities/", "/news/", "/search/?q=Zanzimott", "/sitemap-cities.xml"}
    assert {page, f"{page}atom.xml", *places} <= set(seen)


def test_title_of_another_record_is_no_alarm():
    publish(make_release("Sport unites cities"))
    answers = public_check.look_for(make_theme("Sport"), at=timezone.now())
    traces = {answer.address: answer.trace for answer in answers}
    assert traces["/news/"] == public_check.Trace.WORDS
    assert public_check.Trace.RECORD not in traces.values()


def test_same_slug_of_another_kind_is_no_alarm():
    publish(make_release(themes=[publish(make_theme("Sport"))]))
    answers = public_check.look_for(make_city("Brno", slug="sport"), at=timezone.now())
    assert {answer.trace for answer in answers} == {public_check.Trace.NOTHING}


def test_check_works_with_https_redirect_and_another_host(settings, monkeypatch):
    settings.ALLOWED_HOSTS, settings.SITE_URL = [".example.org"], "http://elsewhere.example.net"
    settings.SECURE_SSL_REDIRECT = True
    monkeypatch.setattr(asking, "get_internal_wsgi_application", WSGIHandler)
    [(status, body)] = public_check.ask(["/search/?q=caf%C3%A9"]).values()
    assert status == 200
    assert "café" in body


def test_page_shows_the_moment_and_the_answers(time_machine):
    time_machine.move_to("2127-03-06T00:01:00+00:00", tick=False)
    page = check_page(make_release(slug="signed"))
    assert "The public sees nothing of it." in page
    assert "asked on Thursday 6 March 2127, 00:01 GMT" in page
    assert '<a href="/news/signed/">/news/signed/</a>: no such page' in page


def test_page_shows_an_alarm(monkeypatch, compiled_anew):
    release = hide(make_release(slug="signed"), "scheduled", now=timezone.now())
    open_the_gate(monkeypatch)
    page = check_page(release)
    assert "The public sees something of it!" in page
    assert '<a href="/news/signed/">/news/signed/</a>: <strong>shows it</strong>' in page


def test_check_does_not_wait_for_an_open_transaction():
    with transaction.atomic():
        make_theme()
        answers = public_check.ask(["/", "/agreements/", "/themes/climate/"])
    assert [status for status, _body in answers.values()] == [200, 200, 404]


def test_check_of_a_public_record_requests_nothing(monkeypatch):
    monkeypatch.setattr(public_check, "ask", Mock(side_effect=AssertionError))
    assert "can be read by everybody" in check_page(publish(make_release()))
