"""Two people at once: each step is taken once, each address is kept. Every race is also run with the guard off."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from types import SimpleNamespace

import pytest
from django.contrib import admin
from django.contrib.admin import options
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet

from partners.models import Theme
from tests.back_office import form_url, sent_by_browser, signed_in
from tests.factories import PAST, make_superuser, make_theme, publish, submit
from twinning.core import approval, copies, editing_admin, slugs
from twinning.core.copies import begin, publish_due
from twinning.core.history import HistoryEvent, What
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

    def met(self, **details):
        found = method(self, **details)
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=patience)
        return found

    monkeypatch.setattr(Theme, name, met)


@pytest.fixture
def without_guard(monkeypatch):
    """No row is locked and no transaction keeps others waiting."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **kwargs: self)
    for module in (approval, slugs, copies, options):
        monkeypatch.setattr(
            module,
            "transaction",
            SimpleNamespace(atomic=lambda using=None: nullcontext(), get_connection=transaction.get_connection),
        )


def approve_twice(monkeypatch, patience: float = 0.5) -> list[str]:
    theme, people = submit(make_theme()), [make_superuser(), make_superuser()]
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


def save_twice(monkeypatch, patience: float = 0.5) -> list[str]:
    theme, barrier, current_state = make_theme(), Barrier(2), editing_admin.current_state
    clients = [signed_in(make_superuser()) for _person in range(2)]
    sent = [sent_by_browser(client.get(form_url(theme))) for client in clients]

    def met(*args, **kwargs):
        found = current_state(*args, **kwargs)
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=patience)
        return found

    def save(number: int) -> None:
        typed = sent[number] | {"summary": f"Typed by {number}.", "_save": "on"}
        if clients[number].post(form_url(theme), typed).status_code == 200:
            raise ValidationError("Shown to compare.")

    monkeypatch.setattr(editing_admin, "current_state", met)
    return at_once(lambda: save(0), lambda: save(1))


def test_of_two_saves_at_once_the_second_is_shown_to_compare(monkeypatch):
    assert save_twice(monkeypatch) == ["done", "refused"]


def test_without_the_guard_the_second_save_would_win_silently(monkeypatch, without_guard):
    assert save_twice(monkeypatch, patience=20) == ["done", "done"]


def times_published(monkeypatch, patience: float = 0.5) -> int:
    theme = publish(make_theme())
    copy = submit(begin(theme, by=make_superuser(), at=PAST))
    copy.approve(by=make_superuser(), at=PAST, publish_at=PAST + timedelta(days=1))
    meet_in(monkeypatch, "check_ready", patience)
    at_once(*[lambda: publish_due(at=PAST + timedelta(days=1))] * 2)
    return HistoryEvent.objects.of(theme).filter(what=What.COPY_PUBLISHED).count()


def test_copy_that_is_due_is_published_once_by_two_requests_at_once(monkeypatch):
    assert times_published(monkeypatch) == 1


def test_without_the_guard_the_copy_would_be_published_twice(monkeypatch, without_guard):
    assert times_published(monkeypatch, patience=20) == 2


def test_record_that_is_published_while_somebody_deletes_it_stays(rf):
    theme = make_theme()
    chosen = [Theme.objects.get()]
    publish(theme)
    request = rf.post("/")
    request.user = make_superuser()
    with transaction.atomic():
        protected = admin.site.get_model_admin(Theme).get_deleted_objects(chosen, request)[3]
    assert "has been public" in protected[0]
