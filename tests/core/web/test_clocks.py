"""While the clocks of the machine and the database differ, nothing becomes public before both have reached its moment."""

import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tests.factories import hide, make_city, make_theme, publish
from twinning.core.web import clocks, visits
from twinning.core.web.clocks import Clocks

pytestmark = pytest.mark.django_db
ahead_of_database = clocks.ahead_of_database  # before tests make the clocks agree


@pytest.fixture
def differ(monkeypatch):
    """Has the machine be so many seconds ahead of the database; returns how often they were compared."""
    compared = []

    def differ(seconds: float) -> list:
        monkeypatch.setattr(clocks, "ahead_of_database", lambda: compared.append(seconds) or seconds)
        found = Clocks()
        monkeypatch.setattr(visits, "CLOCKS", found)
        monkeypatch.setattr("twinning.core.backoffice.site.CLOCKS", found)
        return compared

    return differ


@pytest.fixture
def theme():
    """A theme that becomes public in half an hour."""
    theme = make_theme()
    hide(theme, "scheduled", now=timezone.now())
    type(theme).objects.update(publish_at=timezone.now() + timedelta(minutes=30))
    return theme


def shows(client, theme) -> bool:
    pages = {client.get(path).status_code for path in (theme.get_absolute_url(),)}
    listed = theme.name in client.get("/themes/").content.decode()
    assert pages == ({200} if listed else {404})
    return listed


@pytest.mark.parametrize(("ahead", "is_shown"), [(0, True), (1.9, True), (900, True), (1900, False), (7200, False)])
def test_machine_that_is_ahead_shows_nothing_early(client, theme, differ, time_machine, ahead, is_shown):
    differ(ahead)
    time_machine.move_to(timezone.now() + timedelta(minutes=45))
    assert shows(client, theme) == is_shown


@pytest.mark.parametrize("ahead", [-7200, -3, 0])
def test_machine_that_is_behind_keeps_to_its_own_clock(client, theme, differ, ahead):
    differ(ahead)
    assert not shows(client, theme)


def test_copy_that_is_due_by_one_clock_alone_waits(client, differ, monkeypatch):
    moments = []
    monkeypatch.setattr("twinning.core.publishing.copies.publish_due", lambda *, at: moments.append(at))
    differ(3600)
    client.get("/")
    assert abs(timezone.now() - timedelta(hours=1) - moments[0]).total_seconds() < 60


def test_what_is_public_stays_so(client, differ):
    city = publish(make_city())
    differ(3600)
    assert client.get(city.get_absolute_url()).status_code == 200


def test_clocks_are_compared_once_a_minute_and_not_for_each_page(client, differ, monkeypatch):
    compared = differ(0)
    for _ in range(5):
        client.get("/themes/")
    assert len(compared) == 1
    later = time.monotonic() + 61
    shifted = time.time() + 61
    monkeypatch.setattr(clocks.time, "monotonic", lambda: later)
    monkeypatch.setattr(clocks.time, "time", lambda: shifted)
    client.get("/themes/")
    assert len(compared) == 2


def test_clock_that_somebody_sets_is_compared_with_the_next_page(client, theme, differ, monkeypatch):
    compared = differ(0)
    assert not shows(client, theme)
    set_to = time.time() + 3600
    monkeypatch.setattr(clocks.time, "time", lambda: set_to)
    monkeypatch.setattr(clocks, "ahead_of_database", lambda: compared.append(3600) or 3600)
    monkeypatch.setattr(visits.timezone, "now", lambda: real_now() + timedelta(hours=1))
    assert not shows(client, theme)
    assert compared == [0, 3600]


real_now = timezone.now


def test_staff_read_why(editor, differ):
    assert "clocks" not in editor.get("/admin/").content.decode()
    differ(-3600)
    for path in ("/admin/", "/admin/partners/theme/", "/admin/partners/theme/add/"):
        page = editor.get(path).content.decode()
        assert "The clocks of the site and of its database differ by 3600 seconds." in page
        assert "nothing that is scheduled becomes public before both have reached its moment" in page


def test_page_is_tried_when_they_cannot_be_compared(client, monkeypatch, differ):
    differ(0)

    def fail():
        raise OperationalError("gone")

    monkeypatch.setattr(clocks, "ahead_of_database", fail)
    assert client.get("/themes/").status_code == 200


def test_database_is_asked_for_its_clock():
    assert abs(ahead_of_database()) < 2
    assert connection.vendor == "postgresql" or ahead_of_database() == 0.0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no clock of its own.")
def test_database_that_answers_late_has_no_other_clock(monkeypatch):
    moments = iter([time.time() - 5, time.time() + 5])
    monkeypatch.setattr(clocks.time, "time", lambda: next(moments))
    assert ahead_of_database() == 0.0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no clock of its own.")
def test_machine_whose_clock_is_wrong_is_ahead_of_postgresql(monkeypatch):
    wrong = time.time() + 3600
    monkeypatch.setattr(clocks.time, "time", lambda: wrong)
    assert 3590 < ahead_of_database() < 3610
