"""The gate: what is public is a function of the record and the moment."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.models import Theme
from tests.factories import PAST, hide, make_superuser, make_theme, make_user, publish, submit
from twinning.core.models import SearchEntry
from twinning.core.publishing.workflow import State

pytestmark = pytest.mark.django_db

STATES = ["draft", "in-review", "scheduled", "published", "withdrawn", "taken-down"]


def theme_in(state):
    theme = make_theme()
    now = timezone.now()
    return publish(theme, at=now) if state == "published" else hide(theme, state, now=now)


@pytest.mark.parametrize("state", STATES)
def test_query_and_instance_agree_on_what_is_published(state):
    theme, now = theme_in(state), timezone.now()
    for at in (now - timedelta(days=1), now, now + timedelta(days=31)):
        assert Theme.objects.published(at=at).filter(pk=theme.pk).exists() == theme.is_published(at=at)


@pytest.mark.parametrize("state", STATES)
def test_record_says_where_it_stands(state):
    assert theme_in(state).state(at=timezone.now()) == state


def test_scheduled_record_appears_at_its_moment_and_not_before():
    theme, moment = make_theme(), PAST + timedelta(days=1)
    submit(theme).approve(by=make_superuser(), at=PAST, publish_at=moment)
    just_before = moment - timedelta(microseconds=1)
    assert not Theme.objects.published(at=just_before).exists()
    assert not theme.is_published(at=just_before)
    assert Theme.objects.published(at=moment).exists()
    assert theme.is_published(at=moment)


def test_withdrawn_page_can_be_read_but_is_in_no_list():
    theme_in("withdrawn")
    now = timezone.now()
    assert Theme.objects.readable(at=now).exists()
    assert not Theme.objects.published(at=now).exists()


def test_page_taken_down_is_gone():
    theme_in("taken-down")
    now = timezone.now()
    assert Theme.objects.gone(at=now).exists()
    assert not Theme.objects.readable(at=now).exists()


def test_record_that_was_never_public_is_not_gone_but_absent():
    assert not Theme.objects.gone(at=timezone.now()).filter(pk=theme_in("draft").pk).exists()


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("submit", {}),
        ("approve", {}),
        ("send_back", {"remark": "No."}),
        ("reschedule", {}),
        ("publish_urgently", {"reason": "Now."}),
        ("confirm", {}),
        ("withdraw", {"reason": "Wrong."}),
        ("take_down", {}),
    ],
)
def test_verb_needs_the_right(verb, arguments):
    theme = theme_in("draft")
    with pytest.raises(PermissionDenied):
        getattr(theme, verb)(by=make_user(), at=timezone.now(), **arguments)
    theme.refresh_from_db()
    assert theme.state(at=timezone.now()) == State.DRAFT


def test_editor_submits_and_approver_approves():
    theme, editor, approver = make_theme(), make_user("Twinning editor"), make_user("Approver")
    theme.submit(by=editor, at=PAST)
    with pytest.raises(PermissionDenied):
        theme.approve(by=editor, at=PAST)
    theme.approve(by=approver, at=PAST)
    theme.refresh_from_db()
    assert (theme.submitted_by, theme.approved_by, theme.publish_at) == (editor, approver, PAST)


def test_sending_back_lifts_the_approval():
    theme = theme_in("scheduled")
    theme.send_back(by=make_superuser(), at=timezone.now(), remark="The date is wrong.")
    theme.refresh_from_db()
    assert (theme.state(at=timezone.now()), theme.publish_at) == (State.DRAFT, None)


@pytest.mark.parametrize(
    ("state", "verb", "arguments"),
    [
        ("draft", "withdraw", {"reason": "Wrong."}),
        ("scheduled", "withdraw", {"reason": "Wrong."}),
        ("scheduled", "take_down", {}),
        ("in-review", "submit", {}),
        ("published", "approve", {}),
        ("published", "send_back", {"remark": "No."}),
        ("draft", "approve", {}),
        ("published", "reschedule", {}),
        ("published", "publish_urgently", {"reason": "Now."}),
        ("draft", "confirm", {}),
        ("taken-down", "withdraw", {"reason": "Wrong."}),
    ],
)
def test_verb_is_refused_where_it_makes_no_sense(state, verb, arguments):
    theme = theme_in(state)
    with pytest.raises(ValidationError, match="not possible now"):
        getattr(theme, verb)(by=make_superuser(), at=timezone.now(), **arguments)


def test_withdrawing_needs_a_reason():
    with pytest.raises(ValidationError, match="Say why"):
        theme_in("published").withdraw(by=make_superuser(), at=timezone.now(), reason="  ")


def test_publication_date_in_the_past_is_refused():
    with pytest.raises(ValidationError, match="lies in the past"):
        submit(make_theme()).approve(by=make_superuser(), at=PAST, publish_at=PAST - timedelta(seconds=1))


def test_approving_does_not_save_what_somebody_else_changed_meanwhile():
    theme = make_theme(summary="Old")
    stale = Theme.objects.get(pk=theme.pk)
    theme.summary = "New"
    theme.save()
    publish(stale)
    theme.refresh_from_db()
    assert theme.summary == stale.summary == "New"
    assert [SearchEntry.objects.get().text.strip()] == ["New"]


def test_stale_copy_cannot_approve_what_was_withdrawn():
    theme = make_theme()
    stale = Theme.objects.get(pk=theme.pk)
    publish(theme).withdraw(by=make_superuser(), at=timezone.now(), reason="Wrong.")
    with pytest.raises(ValidationError, match="not possible now"):
        publish(stale)


@pytest.mark.parametrize(
    "half",
    [
        {"approved_at": PAST},
        {"publish_at": PAST},
        {"withdrawn_at": PAST},
        {"taken_down_at": PAST},
    ],
)
def test_database_refuses_half_a_step(half):
    theme = make_theme()
    with pytest.raises(IntegrityError), transaction.atomic():
        Theme.objects.filter(pk=theme.pk).update(**half)
