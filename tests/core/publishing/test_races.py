"""Two people at once: each step is taken once, and nothing is lost."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import partial

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from partners.models import Theme
from tests.back_office import form_url, sent_by_browser, signed_in
from tests.factories import PAST, make_superuser, make_theme, publish, submit
from tests.previews import EMBARGO, copy_of
from twinning.core.history import snapshots
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import OldSlug
from twinning.core.publishing import copies, links
from twinning.core.publishing.copies import WorkingCopy, begin, publish_due
from twinning.core.web.visits import Visit

pytestmark = pytest.mark.django_db(transaction=True)

DUE = EMBARGO


# Twice the same -------------------------------------------------------------------------------------------------------


def test_of_two_approvals_at_once_one_counts(race, is_guarded):
    theme, people = submit(make_theme()), [make_superuser(), make_superuser()]
    read = [(Theme.objects.get(pk=theme.pk), by) for by in people]
    became = race((Theme, "check_ready"), *(lambda one=one, by=by: one.approve(by=by, at=PAST) for one, by in read))
    assert became == (["done", "refused"] if is_guarded else ["done", "done"])


def test_of_two_moves_at_once_every_address_is_kept(race, is_guarded):
    theme = publish(make_theme())
    read = [Theme.objects.get(pk=theme.pk) for _person in range(2)]
    read[0].slug, read[1].slug = "climate-action", "climate-and-energy"
    race((Theme, "_stored_slug"), *(one.save for one in read))
    kept = {*Theme.objects.values_list("slug", flat=True), *OldSlug.objects.values_list("slug", flat=True)}
    assert (kept == {"climate", "climate-action", "climate-and-energy"}) == is_guarded


def pressed(url: str, button: str = "_save", **typed) -> Callable[[], None]:
    """What somebody is about to send who has opened a form and typed; refused if the form comes back."""
    client = signed_in(make_superuser())
    sent = sent_by_browser(client.get(url)) | typed | {button: "on"}

    def send() -> None:
        if client.post(url, sent).status_code == 200:
            raise ValidationError("The form came back.", code="not-saved")

    return send


def test_of_two_saves_at_once_the_second_is_shown_to_compare(race, is_guarded):
    url = form_url(make_theme())
    became = race((Theme, "clean"), *(pressed(url, summary=f"Typed by {name}.") for name in ("Ann", "Ben")))
    assert became == (["done", "refused"] if is_guarded else ["done", "done"])


def copy_url(copy: WorkingCopy) -> str:
    return reverse("admin:partners_theme_copy", args=[copy.object_id])


def test_of_two_saves_of_one_copy_at_once_the_second_is_shown_to_compare(race, is_guarded):
    copy = copy_of(publish(make_theme()))
    both = [pressed(copy_url(copy), summary=f"Typed by {name}.") for name in ("Ann", "Ben")]
    became = race((snapshots, "with_own_part_keys"), *both)
    assert became == (["done", "refused"] if is_guarded else ["done", "done"])
    kept = HistoryEvent.objects.of(copy).filter(snapshot__fields__summary__startswith="Typed by")
    assert kept.count() == (1 if is_guarded else 2)


def scheduled_copy() -> WorkingCopy:
    copy = submit(copy_of(publish(make_theme()), summary="New words."))
    copy.approve(by=make_superuser(), at=PAST, publish_at=DUE)
    return copy


@pytest.fixture
def usual_lock_timeout(monkeypatch):
    """Requests wait for a lock as long as everything else: a busy machine may need more than the second of a visitor."""
    monkeypatch.setattr(copies, "short_lock_timeout", nullcontext)


@pytest.mark.usefixtures("usual_lock_timeout")
def test_copy_that_is_due_is_published_once_by_two_requests_at_once(race, is_guarded):
    theme = scheduled_copy().record
    became = race((Theme, "check_ready"), *[lambda: publish_due(at=DUE)] * 2)
    assert became == ["done", "done"]
    assert HistoryEvent.objects.of(theme).filter(what=EventKind.COPY_PUBLISHED).count() == (1 if is_guarded else 2)


# One thing and another ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first", ["begin", "take down"])
def test_no_copy_is_left_of_what_is_taken_down_while_somebody_begins_one(meanwhile, is_guarded, first):
    theme, by = publish(make_theme()), make_superuser()

    def take_down():
        Theme.objects.get(pk=theme.pk).take_down(by=by, at=PAST)

    def begin_copy():
        begin(Theme.objects.get(pk=theme.pk), by=by, at=PAST)

    if first == "begin":
        became = meanwhile((snapshots, "take"), begin_copy, take_down)
    else:
        became = meanwhile((links, "revoke_all"), take_down, begin_copy)
    assert became == ("done", "refused" if is_guarded and first == "take down" else "done")
    assert Theme.objects.get().taken_down_at
    assert WorkingCopy.objects.exists() != is_guarded


@pytest.mark.parametrize("place", [(snapshots, "take"), (Theme, "check_ready")], ids=["before it is", "after it was"])
def test_copy_is_not_sent_back_while_its_record_is_changed(meanwhile, is_guarded, place):
    copy = scheduled_copy()
    send_back = pressed(copy_url(copy), "_send_back", remark="Not yet.")
    became = meanwhile(place, lambda: publish_due(at=DUE), send_back)
    assert became == ("done", "done")
    [event] = HistoryEvent.objects.of(copy.record).filter(what=EventKind.COPY_PUBLISHED)
    assert ("send_back" in [step[0] for step in event.details["steps"]]) != is_guarded


@pytest.mark.usefixtures("usual_lock_timeout")
def test_copy_is_not_published_while_it_is_sent_back(meanwhile, is_guarded):
    copy = scheduled_copy()
    send_back = partial(copy.send_back, by=make_superuser(), at=PAST, remark="Not yet.")
    became = meanwhile((links, "tell_holders"), send_back, lambda: publish_due(at=DUE))
    assert became == ("done" if is_guarded else "failed", "done")
    assert (Theme.objects.get().summary == "New words.") != is_guarded


def test_take_down_waits_for_the_save_of_a_copy(meanwhile, is_guarded):
    """Both lock the record before the copy. In different orders they would wait for each other: a deadlock."""
    copy, by = copy_of(publish(make_theme())), make_superuser()
    save = pressed(copy_url(copy), summary="Typed just now.")
    take_down = partial(Theme.objects.get().take_down, by=by, at=PAST)
    became = meanwhile((snapshots, "without_taken_values"), save, take_down)
    assert (became == ("done", "done")) == is_guarded
    assert not WorkingCopy.objects.exists()


def test_record_that_is_published_while_somebody_deletes_it_stays(meanwhile, is_guarded):
    theme, client = submit(make_theme()), signed_in(make_superuser())
    chosen = {"action": "delete_selected", "_selected_action": [theme.pk], "post": "yes"}
    delete = partial(client.post, reverse("admin:partners_theme_changelist"), chosen)
    became = meanwhile((Theme, "check_ready"), partial(theme.approve, by=make_superuser(), at=PAST), delete)
    assert became == ("done" if is_guarded else "failed", "done")
    assert Theme.objects.exists() == is_guarded


def test_record_that_was_published_after_it_was_chosen_is_not_deleted(rf):
    theme = make_theme()
    chosen = [Theme.objects.get()]
    publish(theme)
    request = rf.post("/")
    request.user, request.visit = make_superuser(), Visit(at=timezone.now())
    with transaction.atomic():
        protected = admin.site.get_model_admin(Theme).get_deleted_objects(chosen, request)[3]
    assert "has been public" in protected[0]
