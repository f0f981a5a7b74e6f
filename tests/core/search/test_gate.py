"""Whose words can be looked up: what the public may read, and nothing that the work of a search could betray."""

import re
from datetime import timedelta
from itertools import takewhile

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import City, Theme
from tests.factories import PAST, hide, make_city, make_release, make_theme, publish, submit
from twinning.core.search.index import GATE, SearchEntry, searchable_models
from twinning.core.search.results import Results

pytestmark = pytest.mark.django_db
HIDDEN = ["draft", "in-review", "sent-back", "scheduled", "taken-down", "withdrawn"]


def titles(query, **when):
    return [hit.title for hit in Results(query, at=timezone.now() + timedelta(**when))[:50]]


def work(query) -> list:
    """What the database does for a search: the nodes of each plan, with the rows and the pages that they read."""
    Results(query, at=timezone.now())  # what is due has been opened
    plans = []

    def explained(execute, sql, params, many, context):
        if "core_searchentry" in sql and sql.startswith("SELECT"):
            with connection.connection.cursor() as cursor:
                plan = cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) {sql}", params).fetchall()
                # What planning read depends on what the connection has in its caches.
                executed = takewhile(lambda line: not line.startswith("Planning"), (line for (line,) in plan))
                plans.append([re.sub(r"'[^']*'", "'…'", line) for line in executed])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        assert len(Results(query, at=timezone.now())) == 0
    return plans


# What was public once was in the index: the row that a takedown left behind is read until the next VACUUM.
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite does not tell what it read.")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["draft", "in-review", "sent-back", "scheduled"])
@pytest.mark.parametrize("make", [make_theme, make_city, make_release])
def test_search_for_a_hidden_word_is_the_same_work_as_for_a_word_in_no_text(make, state):
    for number in range(10):
        publish(make_theme(f"Shown {number}"))
    hide(make("Zymurgy"), state, now=timezone.now())
    assert titles("shown") != []
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE core_searchentry")  # what other tests left behind costs whoever comes first
    # Neighbours: words that are far apart may lie on different pages of the index.
    work("zymurgw")
    hidden, nowhere = work("zymurgy"), work("zymurgx")
    assert len(hidden) == 2
    assert hidden == nowhere


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's index is a part of its table.")
@pytest.mark.parametrize("state", HIDDEN)
def test_index_of_words_has_none_of_a_hidden_record(state):
    publish(make_theme("Shown"))
    hide(make_theme("Zymurgy"), state, now=timezone.now())
    titles("shown")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_searchentry_words WHERE core_searchentry_words MATCH 'zymurgi'")
        assert cursor.fetchone() == (0,)
        cursor.execute("INSERT INTO core_searchentry_words(core_searchentry_words) VALUES ('integrity-check')")


@pytest.mark.parametrize("state", [*HIDDEN, "published"])
@pytest.mark.parametrize("make", [make_theme, make_city, make_release])
def test_entry_has_the_gate_of_its_record(make, state):
    record = publish(make()) if state == "published" else hide(make(), state, now=timezone.now())
    entry, record = SearchEntry.objects.get(slug=record.slug), type(record).objects.get()
    assert [getattr(entry, name) for name in GATE] == [getattr(record, name) for name in GATE]


def test_scheduled_release_is_found_from_its_moment_on():
    release = make_release("Zymurgy")
    hide(release, "scheduled", now=timezone.now())
    assert titles("zymurgy") == []
    assert titles("zymurgy", days=30, seconds=-5) == []
    assert titles("zymurgy", days=30, seconds=5) == ["Zymurgy"]
    assert titles("zymurgy") == []  # and not before, though somebody looked from later


@pytest.mark.parametrize(
    "change",
    [
        {"approved_at": None, "approved_by": None, "publish_at": None},
        {"publish_at": timezone.now() + timedelta(days=1)},
    ],
    ids=["approval taken back", "moment moved"],
)
def test_what_a_queryset_hides_is_not_found(change):
    publish(make_theme("Zymurgy"), at=PAST)
    assert titles("zymurgy") == ["Zymurgy"]
    Theme.objects.update(**change)
    assert titles("zymurgy") == []


def test_what_a_queryset_deletes_is_not_found():
    publish(make_city("Zymurgy"))
    City.objects.all().delete()
    assert titles("zymurgy") == []
    assert not SearchEntry.objects.exists()


def test_every_kind_of_record_has_its_triggers():
    wanted = {
        f"{model._meta.db_table}_search_{name}" for model in searchable_models() for name in ("follows", "forgets")
    }
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        assert wanted <= {name for (name,) in cursor.fetchall()}


def test_search_that_cannot_write_finds_what_was_found_before(caplog):
    publish(make_theme("Zymurgy and wine"))
    assert titles("zymurgy") == ["Zymurgy and wine"]
    publish(make_theme("Zymurgy and beer"))

    def full(execute, sql, params, many, context):
        if sql.startswith("UPDATE"):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full):
        assert titles("zymurgy") == ["Zymurgy and wine"]
    assert "disk is full" in caplog.text
    assert titles("zymurgy") == ["Zymurgy and beer", "Zymurgy and wine"]


def test_many_that_are_due_are_opened_bit_by_bit_by_searches_and_at_once_by_the_command(monkeypatch):
    monkeypatch.setattr("twinning.core.search.index.MOST_OPENED", 2)
    for number in range(5):
        publish(make_theme(f"Zymurgy {number}"), at=PAST + timedelta(days=number))
    assert titles("zymurgy") == ["Zymurgy 4", "Zymurgy 3"]
    assert len(titles("zymurgy")) == 4
    SearchEntry.objects.update(is_open=False)
    call_command("rebuild_search", verbosity=0)
    assert SearchEntry.objects.filter(is_open=True).count() == 5


@pytest.mark.parametrize("step", ["submit", "approve", "withdraw", "take_down"])
def test_step_leaves_the_words_alone_and_the_gate_follows(step, superuser):
    theme, now = make_theme(), timezone.now()
    if step != "submit":
        submit(theme)
    if step in ("withdraw", "take_down"):
        theme.approve(by=superuser, at=now)
    with CaptureQueriesContext(connection) as done:
        getattr(theme, step)(by=superuser, at=now, **({"reason": "Wrong."} if step == "withdraw" else {}))
    assert not [query for query in done.captured_queries if "core_searchentry" in query["sql"]]
    theme.refresh_from_db()
    entry = SearchEntry.objects.get(slug=theme.slug)
    assert [getattr(entry, name) for name in GATE] == [getattr(theme, name) for name in GATE]
