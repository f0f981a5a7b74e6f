"""Reminders go to whoever is responsible: once a month, and once when something becomes urgent, whatever fails."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from news.models import Told
from news.radar.sending import mail_reminders, owe_reminders
from tests.factories import make_city, make_document, make_memorandum, make_user
from tests.mails import owed_mails
from tests.smtp_sink import smtp_sink
from twinning.core.models import OwedTask
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock(time_machine):
    def set_to(day: str) -> None:
        time_machine.move_to(datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC), tick=False)

    set_to("2026-11-02")
    return set_to


@pytest.fixture
def city(clock):
    officer = make_user("Twinning editor", email="officer@example.org", first_name="Officer")
    return make_city(owner=officer, since="2026")


def remind() -> list[tuple[str, str]]:
    """To whom mails went since the beginning, each with its subject."""
    call_command("remind")
    return [(message.to[0], message.subject.partition(": ")[2]) for message in owed_mails()]


MONTHLY = ("officer@example.org", "What has to be decided this month")
SOON = ("officer@example.org", "Something has to be decided soon")


def test_officer_is_told_once_a_month_and_once_when_something_becomes_urgent(city, clock):
    make_document(make_memorandum(city, title="Five-year charter", ends="2027-01-20"))
    make_document(make_memorandum(city, title="Vague plan", signed=""))
    make_document(make_memorandum(make_city("Lille", owner=make_user(email="")), title="Of others", ends="2027-01-20"))
    assert remind() == [MONTHLY]
    assert remind() == [MONTHLY]
    text = mail.outbox[0].body
    assert text.index("Five-year charter") < text.index("Vague plan")
    assert "Of others" not in text
    assert "It ends soon. Renew it, or let it run out. Until 20 January 2027." in text
    assert "/renew/" in text
    clock("2026-12-02")
    assert remind() == [MONTHLY] * 2
    clock("2026-12-22")  # 29 days before its end
    assert remind() == [MONTHLY, MONTHLY, SOON]
    assert "Vague plan" not in mail.outbox[-1].body
    clock("2026-12-23")
    assert remind() == [MONTHLY, MONTHLY, SOON]


def test_what_is_urgent_on_the_day_of_the_list_is_told_with_it(city):
    make_document(make_memorandum(city, ends="2026-11-20"))
    assert remind() == [MONTHLY]
    assert remind() == [MONTHLY]


def test_nobody_is_written_to_who_has_nothing_to_decide_or_has_left(city):
    assert remind() == []
    make_memorandum(city, ends="2026-11-20")
    city.owner.is_active = False
    city.owner.save()
    assert remind() == []


def test_what_was_decided_before_the_mail_left_is_not_in_it(city):
    memorandum = make_memorandum(city, ends="2026-11-20")
    make_document(memorandum)
    owe_reminders(at=timezone.now())
    memorandum.delete()
    assert owed_mails() == []


def test_mail_that_is_not_taken_is_owed_again_and_sent_once(city, settings):
    make_memorandum(city, ends="2026-11-20")
    with smtp_sink() as sink:
        away, settings.MAILERS = settings.MAILERS, sink.mailers
    call_command("remind")
    do_owed()
    assert OwedTask.objects.of(mail_reminders).get().failure.startswith("NotSent")
    assert not Told.objects.exclude(sent_at=None).exists()
    settings.MAILERS = away
    OwedTask.objects.update(due_at=timezone.now())
    assert len(owed_mails()) == 1
    told = Told.objects.filter(user=city.owner)
    assert {one.sent_at is None for one in told} == {False}
    mail_reminders.call(city.owner.pk, told[0].owed_at.isoformat())  # a task may be done twice
    assert len(mail.outbox) == 1


def test_what_was_told_is_forgotten_after_more_than_a_year(city, clock):
    make_memorandum(city, ends="2026-11-20")
    remind()
    clock("2028-03-01")
    call_command("remind")
    assert set(Told.objects.values_list("about", flat=True)).isdisjoint({"2026-11"})
