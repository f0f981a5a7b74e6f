"""After a restore nobody is signed in, no link works, and what was scheduled waits for an approver again."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.factories import hide, make_city, make_release, make_superuser, make_user, publish, submit
from tests.previews import make_link
from twinning.core.models import HistoryEvent, OwedTask
from twinning.core.publishing.copies import begin
from twinning.core.publishing.workflow import State
from twinning.core.search.index import SearchEntry
from twinning.core.signin.links import INVITATION, address_for, owe_link
from twinning.operations import after_restore

pytestmark = pytest.mark.django_db


def test_sessions_links_and_links_to_choose_a_password_end(client):
    now, colleague = timezone.now(), make_user("Approver", email="colleague@example.org")
    staff = Client()
    staff.force_login(make_superuser())
    _link, preview = make_link(make_release())
    password = address_for(colleague).partition("localhost:8000")[2]
    owe_link(colleague, INVITATION, at=now)
    assert client.get(preview).status_code == 200
    lines = after_restore.put_in_order(made_at=now - timedelta(hours=1), at=timezone.now())
    assert staff.get("/admin/").status_code == 302
    assert client.get(preview).status_code == 404
    assert client.get(password).status_code != 302  # whoever has a link that works is sent on to the form
    assert not Session.objects.exists()
    assert not OwedTask.objects.exists()
    assert lines[1] == "1 preview links ended"


def test_what_was_scheduled_is_hidden_and_can_be_approved_again(client):
    made_at = timezone.now()
    release = hide(make_release("Lille joins"), "scheduled", now=made_at)
    city, by = publish(make_city()), make_superuser()
    copy = begin(city, by=by, at=made_at)
    submit(copy, at=made_at)
    copy.approve(by=by, at=made_at, publish_at=made_at + timedelta(days=1))
    public = publish(make_release("Dortmund joins"))
    later = made_at + timedelta(days=60)
    after_restore.put_in_order(made_at=made_at, at=later)
    for record in (release, copy, public):
        record.refresh_from_db()
    assert release.state(at=later) == copy.state(at=later) == State.IN_REVIEW
    assert public.state(at=later) == State.PUBLISHED
    assert SearchEntry.objects.get(object_id=release.pk, content_type__model="pressrelease").publish_at is None
    [event] = HistoryEvent.objects.of(release).filter(what="lifted")
    assert event.by is None
    release.approve(by=by, at=later)
    assert client.get(release.get_absolute_url()).status_code in (200, 404)  # by the clock of the visit


def test_what_was_scheduled_urgently_becomes_a_draft():
    now = timezone.now()
    release, by = make_release(), make_superuser()
    release.publish_urgently(by=by, at=now, reason="A flood.", publish_at=now + timedelta(hours=2))
    lines = after_restore.put_in_order(made_at=now, at=now + timedelta(hours=3))
    release.refresh_from_db()
    assert release.state(at=now) == State.DRAFT
    assert f"release {release.pk}: its approval was lifted" in lines[-1]
