"""Nothing that is not public shows anywhere: noninterference.

Every public address has a row in ROWS; an address without one fails the suite. A record of each kind, full of one strange
word, is hidden in each state and tied to public and to withdrawn records in every way there is. Then every answer, on
guessed addresses too, is byte for byte what it is without the hidden records. Without the gate no row would hold.
"""

import pytest
from django.test import Client

from tests.leaks import (
    ANSWERS_OF_ITS_OWN,
    FOLDERS,
    OFFICE,
    ROWS,
    SAYS_NOTHING_OF_OTHERS,
    SAYS_NOTHING_OF_RECORDS,
    SLUG,
    STATES,
    answers,
    copy_one_of_each,
    hide_one_of_each,
    routes,
    two_worlds,
)
from tests.ties import relations
from twinning.core.models import Page
from twinning.core.publishing.gate import PublishableQuerySet

pytestmark = pytest.mark.django_db


def test_every_public_address_has_a_row():
    assert set(routes()) == set(ROWS)


def test_relations_are_found_on_records_on_their_parts_and_elsewhere():
    found = {f"{field.model.__name__}.{field.name}" for field in relations()}
    assert {"Memorandum.renews", "PressRelease.related", "Signatory.city", "PressContact.cities"} <= found
    assert "Signatory.memorandum" not in found


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), two_worlds() as made:
        yield made


@pytest.fixture(scope="module")
def without(worlds):
    """The response of every address while nothing is hidden."""
    return answers()


@pytest.mark.parametrize("state", STATES)
def test_answers_are_the_same_without_the_hidden_records(worlds, without, state):
    hide_one_of_each(state, worlds)
    found = answers()
    own = {
        f"/{folder}/{slug}/": status
        for folder in FOLDERS.values()
        for slug, status in ANSWERS_OF_ITS_OWN.get(state, {}).items()
    }
    assert [key for key in found if found[key] != without[key] and key[2] not in own] == []
    assert {path: found[row, method, path][0] for row, method, path in found if path in own and method == "get"} == own


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled"])
def test_answers_are_the_same_without_working_copies(worlds, without, state):
    copy_one_of_each(state, worlds[0])
    found = answers(others=())
    assert [key for key in found if found[key] != without[key]] == []


def test_page_taken_down_says_nothing_of_what_it_was(worlds):
    hide_one_of_each("taken-down", worlds)
    for folder in FOLDERS.values():
        path = f"/{folder}/{SLUG}/"
        page = Client().get(path).content.decode().lower().replace(path, "").replace(path.replace("/", "%2f"), "")
        assert SLUG not in page


def test_nothing_of_the_office_shows(without):
    for (_row, _method, path), (_status, headers, body) in without.items():
        assert OFFICE.lower() not in f"{headers}{body.decode(errors='replace')}".lower(), path


def test_without_the_gate_every_row_would_leak(worlds, without, monkeypatch, compiled_anew):
    hide_one_of_each("scheduled", worlds)
    Page.objects.exclude(slug="open").update(is_in_foot=False)  # otherwise the foot would tell of them on every page
    for gate in ("published", "readable"):
        monkeypatch.setattr(PublishableQuerySet, gate, lambda self, *, at: self.filter(publish_at__isnull=False))
    found = answers(others=())
    leaking = {row for row, method, path in found if found[row, method, path] != without[row, method, path]}
    assert leaking == ROWS.keys() - SAYS_NOTHING_OF_RECORDS - SAYS_NOTHING_OF_OTHERS
