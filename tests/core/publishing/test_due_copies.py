"""What is due is published by whoever comes first; the site answers whatever goes wrong with that."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from partners.models import Theme
from tests.factories import PAST, make_superuser, make_theme, publish, submit
from twinning.core.publishing import copies
from twinning.core.publishing.copies import WorkingCopy, begin

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme():
    """A public theme with a working copy that is due."""
    theme = publish(make_theme())
    copy = begin(theme, by=make_superuser(), at=PAST)
    copy.snapshot["fields"]["summary"] = "New words."
    copy.save()
    submit(copy).approve(by=make_superuser(), at=PAST, publish_at=PAST + timedelta(days=1))
    return theme


@pytest.mark.parametrize("error", [OperationalError("database is locked"), InterfaceError("connection already closed")])
def test_copy_that_the_database_cannot_take_now_is_published_by_a_later_request(client, monkeypatch, theme, error):
    with monkeypatch.context() as patch:
        patch.setattr(WorkingCopy, "publish", Mock(side_effect=error))
        assert client.get(theme.get_absolute_url()).status_code == 200
    assert WorkingCopy.objects.get().failure == ""
    assert b"New words." in client.get(theme.get_absolute_url()).content


def test_site_answers_when_nobody_can_ask_what_is_due(client, monkeypatch):
    monkeypatch.setattr(copies, "publish_due", Mock(side_effect=OperationalError("connection refused")))
    assert client.get("/healthz/live").status_code == 200


def test_copy_that_nobody_can_read_is_told_to_the_approvers_and_nobody_else(client, theme):
    WorkingCopy.objects.update(snapshot={})
    assert client.get(theme.get_absolute_url()).status_code == 200
    assert WorkingCopy.objects.get().failure


def test_copy_whose_record_is_no_more_keeps_nobody_from_reading(client, theme):
    Theme.objects.filter(pk=theme.pk).delete()
    assert client.get("/").status_code == 200
    assert not WorkingCopy.objects.due(at=timezone.now()).exists()
