"""Two people at once: each step is taken once, each address is kept. Every race is also run with the guard off."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet

from partners.models import Theme
from tests.factories import PAST, make_superuser, make_theme, publish
from twinning.core import publishing, slugs
from twinning.core.models import OldSlug

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*steps) -> list[str]:
    """What became of steps taken in a thread each."""

    def outcome(step):
        try:
            step()
        except ValidationError:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(steps)) as pool:
        return sorted(pool.map(outcome, steps))


def meet_in(monkeypatch, name: str, patience: float) -> None:
    """Let two threads wait for each other inside a method of Theme, but not longer than patience (seconds)."""
    barrier, method = Barrier(2), getattr(Theme, name)

    def met(self):
        found = method(self)
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=patience)
        return found

    monkeypatch.setattr(Theme, name, met)


@pytest.fixture
def without_guard(monkeypatch):
    """No row is locked and no transaction keeps others waiting."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    for module in (publishing, slugs):
        monkeypatch.setattr(module, "transaction", SimpleNamespace(atomic=nullcontext))


def approve_twice(monkeypatch, patience: float = 0.5) -> list[str]:
    theme, people = make_theme(), [make_superuser(), make_superuser()]
    copies = [(Theme.objects.get(pk=theme.pk), by) for by in people]
    meet_in(monkeypatch, "check_ready", patience)
    return at_once(*(lambda copy=copy, by=by: copy.approve(by=by, at=PAST) for copy, by in copies))


def test_of_two_approvals_at_once_one_counts(monkeypatch):
    assert approve_twice(monkeypatch) == ["done", "refused"]


def test_without_the_guard_both_approvals_would_count(monkeypatch, without_guard):
    assert approve_twice(monkeypatch, patience=20) == ["done", "done"]


def addresses_after_two_moves(monkeypatch, patience: float = 0.5) -> set[str]:
    theme = publish(make_theme())
    copies = [Theme.objects.get(pk=theme.pk) for _copy in range(2)]
    copies[0].slug, copies[1].slug = "climate-action", "climate-and-energy"
    meet_in(monkeypatch, "_stored_slug", patience)
    at_once(*(copy.save for copy in copies))
    return {*Theme.objects.values_list("slug", flat=True), *OldSlug.objects.values_list("slug", flat=True)}


def test_of_two_moves_at_once_every_address_is_kept(monkeypatch):
    assert addresses_after_two_moves(monkeypatch) == {"climate", "climate-action", "climate-and-energy"}


def test_without_the_guard_an_address_would_be_lost(monkeypatch, without_guard):
    assert len(addresses_after_two_moves(monkeypatch, patience=20)) == 2
