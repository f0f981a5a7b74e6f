"""Alerts go out when a release becomes public, once to each who chose it, whoever is killed and whatever is away."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from news.alerts import sending
from news.alerts.owed import KEPT_FOR, MOST_ATTEMPTS, NEWS_FOR
from news.alerts.sending import look_again
from news.models import AlertMail, Announcement, PressRelease
from tests.factories import hide, make_city, make_release, make_subscriber, make_superuser, make_theme, publish
from tests.smtp_sink import smtp_sink
from twinning.core.models import OwedTask
from twinning.core.publishing.gate import PublishableQuerySet
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[3]
PATIENCE = 60  # seconds, of which none is spent unless a test fails
READERS = 120
KILLS = 5


def look() -> list[str]:
    """Look for what is new, and return to whom mails went, since the beginning."""
    look_again()
    do_owed()
    return sorted(message.to[0] for message in mail.outbox)


def new_release(headline="Friends meet", **fields) -> PressRelease:
    return publish(make_release(headline, **fields), at=timezone.now())


@pytest.fixture
def reader():
    return make_subscriber("all@example.org")


@pytest.fixture
def sink(settings):
    with smtp_sink() as sink:
        settings.MAILERS = sink.mailers
        yield sink


def time_passes() -> None:
    """What waits is due."""
    AlertMail.objects.filter(sent_at=None).update(due_at=timezone.now())
    OwedTask.objects.update(due_at=timezone.now())


def test_each_hears_of_what_was_chosen_and_once():
    city, theme, another = publish(make_city("Dortmund")), publish(make_theme("Culture")), publish(make_city("Lille"))
    make_subscriber("all@example.org")
    make_subscriber("both@example.org", cities=[city], themes=[theme])
    make_subscriber("another@example.org", cities=[another])
    release = new_release(cities=[city], themes=[theme])
    assert look() == ["all@example.org", "both@example.org"]
    assert look() == ["all@example.org", "both@example.org"]
    message = mail.outbox[0]
    assert release.headline in message.subject
    assert release.get_absolute_url() in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "/alerts/stop/" in message.extra_headers["List-Unsubscribe"]


def test_look_comes_again_by_itself_while_somebody_is_subscribed(reader):
    look()
    assert OwedTask.objects.of(sending.send_alerts).get().due_at > timezone.now()
    reader.delete()
    look()
    assert not OwedTask.objects.of(sending.send_alerts).exists()


@pytest.mark.parametrize("state", ["draft", "in-review", "sent-back", "scheduled", "withdrawn", "taken-down"])
def test_nobody_hears_of_what_is_hidden(reader, state):
    hide(make_release("Zanzimott"), state, now=timezone.now())
    assert look() == []
    assert not Announcement.objects.exists()


def test_embargoed_release_is_sent_at_its_moment_and_not_before(reader):
    release = hide(make_release("Zanzimott"), "scheduled", now=timezone.now())
    assert look() == []
    PressRelease.objects.filter(pk=release.pk).update(publish_at=timezone.now(), issued_at=timezone.now())
    assert look() == ["all@example.org"]


def test_release_that_was_first_issued_long_ago_is_no_news(reader):
    new_release(first_issued="March 1998")
    assert look() == []


def test_old_release_and_later_change_are_no_news(reader):
    old = publish(make_release("Old"), at=timezone.now() - NEWS_FOR)
    release = new_release()
    assert len(look()) == 1
    for record in (old, release):
        record.standfirst = "A comma was put right."
        record.save()
    assert len(look()) == 1


def test_who_confirms_later_does_not_hear_of_earlier_releases():
    new_release()
    make_subscriber("late@example.org", confirmed_at=timezone.now() + timedelta(seconds=1))
    assert look() == []


def test_hidden_city_is_not_told_by_its_alerts():
    hidden = hide(make_city("Zanzimott"), "withdrawn", now=timezone.now())
    make_subscriber("reader@example.org", cities=[hidden])
    new_release(cities=[hidden])
    assert look() == []


def test_release_withdrawn_meanwhile_goes_to_nobody_else(reader, monkeypatch):
    make_subscriber("second@example.org")
    release = new_release()
    monkeypatch.setattr(sending, "BATCH", 1)
    send = sending._send_one

    def send_and_withdraw(*args):
        send(*args)
        release.withdraw(by=make_superuser(), at=timezone.now(), reason="The figures were wrong.")

    monkeypatch.setattr(sending, "_send_one", send_and_withdraw)
    assert len(look()) == 1


def test_without_the_gate_hidden_releases_would_go_out(reader, monkeypatch):
    hide(make_release("Zanzimott"), "scheduled", now=timezone.now())
    monkeypatch.setattr(PublishableQuerySet, "published", lambda self, *, at: self.filter(publish_at__isnull=False))
    assert look() == ["all@example.org"]


def test_nothing_goes_out_without_alerts(reader, settings):
    settings.ALERTS = False
    new_release()
    assert look() == []


def test_address_that_is_refused_for_now_is_tried_again_and_others_go_first(reader, sink):
    make_subscriber("full@example.org")
    sink.refusals["full@example.org"] = "452 full"
    new_release()
    look()
    assert sink.recipients == ["all@example.org"]
    del sink.refusals["full@example.org"]
    time_passes()
    do_owed()
    assert sink.recipients == ["all@example.org", "full@example.org"]


def test_address_that_does_not_exist_is_tried_once(reader, sink):
    sink.refusals[reader.email] = "550 nobody here"
    new_release()
    look()
    assert AlertMail.objects.get().attempts == MOST_ATTEMPTS
    time_passes()
    sink.refusals.clear()
    do_owed()
    assert sink.mails == []


def test_mail_server_that_is_away_loses_none_and_doubles_none(sink):
    readers = sorted(make_subscriber(f"reader-{number}@example.org").email for number in range(20))
    new_release()
    sink.may_take = lambda taken: taken < 7
    look()
    for _minute in range(60):
        time_passes()
        do_owed()
    assert len(sink.mails) == 7
    sink.may_take = lambda _taken: True
    time_passes()
    do_owed()
    assert sink.recipients == readers


def test_who_was_sent_what_is_forgotten(reader):
    new_release()
    look()
    AlertMail.objects.update(sent_at=timezone.now() - KEPT_FOR)
    look()
    assert not AlertMail.objects.exists()
    assert len(mail.outbox) == 1


def test_number_of_statements_does_not_grow_with_the_subscribers(django_assert_num_queries):
    new_release()
    release = PressRelease.objects.get()
    for number in range(30):
        make_subscriber(f"reader-{number}@example.org")
    with django_assert_num_queries(8):
        Announcement.make(release, at=timezone.now())


def worker(sink) -> subprocess.Popen:
    """A worker that does what is owed once, in a process of its own."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    environment = {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "twinning.settings"}
    environment["EMAIL_URL"] = f"smtp://127.0.0.1:{sink.server_address[1]}"
    return subprocess.Popen([sys.executable, ROOT / "manage.py", "work", "--once"], env=os.environ | environment)


@pytest.mark.django_db(transaction=True)
def test_worker_killed_in_mid_run_loses_none_and_doubles_none():
    readers = sorted(make_subscriber(f"reader-{number}@example.org").email for number in range(READERS))
    new_release()
    look_again()
    with smtp_sink() as sink:
        for kill in range(1, KILLS + 1):
            # The server hangs before it takes the next mail, and there the worker is killed.
            sink.may_take = lambda taken, most=kill * READERS // (KILLS + 1): taken < most or time.sleep(PATIENCE)
            process, end = worker(sink), time.monotonic() + PATIENCE
            while len(sink.mails) < kill * READERS // (KILLS + 1) and time.monotonic() < end:
                time.sleep(0.01)
            # What was taken has been noted when the next mail is in hand.
            while AlertMail.objects.exclude(sent_at=None).count() < len(sink.mails) and time.monotonic() < end:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time_passes()
        sink.may_take = lambda _taken: True
        assert worker(sink).wait() == 0
    assert sink.recipients == readers
