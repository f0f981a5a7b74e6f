"""Asking for alerts, confirming, choosing anew and stopping: kind to late and second tries, and silent about who is here."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from news.alerts.readers import CONFIRMED_WITHIN
from news.models import AlertRequest, Subscriber
from tests.back_office import signed_in
from tests.factories import hide, make_city, make_subscriber, make_theme, make_user, publish
from tests.mails import link_in, owed_mails
from twinning.core.models import HistoryEvent, OwedTask
from twinning.core.web.request_ids import HEADER

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"


@pytest.fixture
def city():
    return publish(make_city("Dortmund"))


def ask(client, **data):
    return client.post("/alerts/", {"email": ADDRESS, "everything": "on"} | data)


def wish(*, age=timedelta(), **fields) -> AlertRequest:
    return AlertRequest.objects.create(email=ADDRESS, everything=True, asked_at=timezone.now() - age, **fields)


def test_two_steps_lead_from_the_page_of_a_city_to_its_alerts(client, city):
    page = client.get(f"/alerts/?city={city.slug}").content.decode()
    assert f'value="{city.slug}" checked' in " ".join(page.split())
    answer = client.post("/alerts/", {"email": ADDRESS, "cities": [city.slug]})
    assert (answer.status_code, answer.url) == (302, "/alerts/asked/")
    assert not Subscriber.objects.exists()
    [message] = owed_mails()
    link = link_in(message)
    client.get(link)
    assert not Subscriber.objects.exists()  # programs that check mails open every link
    assert client.post(link, follow=True).status_code == 200
    subscriber = Subscriber.objects.get()
    assert (subscriber.email, subscriber.everything, [*subscriber.cities.all()]) == (ADDRESS, False, [city])
    assert not AlertRequest.objects.exists()


def test_later_wish_adds_to_what_was_chosen_and_only_once_confirmed(client, city):
    before = make_subscriber(ADDRESS, themes=[publish(make_theme("Culture"))])
    client.post("/alerts/", {"email": ADDRESS.upper(), "cities": [city.slug]})
    assert not before.cities.exists()
    client.post(link_in(owed_mails()[-1]))
    assert (Subscriber.objects.count(), before.cities.count(), before.themes.count()) == (1, 1, 1)


def test_answer_is_the_same_whoever_is_subscribed(client):
    stranger = ask(client)
    make_subscriber("known@example.org")
    known = ask(client, email="known@example.org")
    for answer in (stranger, known):
        del answer.headers[HEADER]  # another one for each request
    assert (stranger.status_code, stranger.headers, stranger.content) == (
        known.status_code, known.headers, known.content,
    )  # fmt: skip
    first, second = owed_mails()
    assert first.subject == second.subject
    assert first.body.replace(link_in(first), "") == second.body.replace(link_in(second), "")


@pytest.mark.parametrize(
    "address",
    [
        "reader@example.org\nBcc: all@example.org",
        "reader@example.org\r\nSubject: x",
        "Reader <reader@example.org>",
        "reader@example.org, other@example.org",
        "reader",
        "",
        "x" * 260 + "@example.org",
    ],
)
def test_what_is_no_single_address_is_refused(client, address):
    answer = ask(client, email=address)
    assert (answer.status_code, owed_mails()) == (422, [])
    assert 'aria-describedby="email-error"' in answer.content.decode()


def test_somebody_who_chose_nothing_is_told(client):
    assert client.post("/alerts/", {"email": ADDRESS}).status_code == 422
    assert not AlertRequest.objects.exists()


def test_hidden_city_cannot_be_chosen_and_is_not_told_from_none(client, city):
    hidden = hide(make_city("Zanzimott"), "scheduled", now=timezone.now())
    with_hidden = ask(client, cities=[hidden.slug])
    hidden.delete()
    assert (with_hidden.status_code, with_hidden.content) == (422, ask(client, cities=["zanzimott"]).content)


def test_hundred_wishes_a_minute_meet_a_limit_that_is_told(client):
    answers = [ask(client, email=f"reader-{number}@example.org") for number in range(100)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429] * 90
    assert "minute" in answers[-1].content.decode()
    assert len(owed_mails()) == 10


def test_one_address_gets_three_mails_an_hour_and_nobody_sees_it(client):
    answers = [ask(client) for _number in range(5)]
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, "/alerts/asked/")}
    assert len(owed_mails()) == 3


def test_old_confirmation_is_told_kindly(client):
    old = wish(age=CONFIRMED_WITHIN)
    answer = client.post(f"/alerts/confirm/{old.key}/")
    assert (answer.status_code, Subscriber.objects.exists()) == (404, False)
    assert 'href="/alerts/"' in answer.content.decode()


def test_confirming_twice_is_told_kindly(client):
    link = f"/alerts/confirm/{wish().key}/"
    assert [client.post(link).status_code for _time in range(2)] == [302, 404]
    assert Subscriber.objects.count() == 1


def test_mail_program_stops_alerts_with_one_click_twice(client):
    subscriber = make_subscriber(ADDRESS)
    link = f"/alerts/stop/{subscriber.key}/"
    strict = Client(enforce_csrf_checks=True)
    answers = [strict.post(link, {"List-Unsubscribe": "One-Click"}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert not Subscriber.objects.exists()


def test_opening_the_link_that_stops_them_changes_nothing(client):
    subscriber = make_subscriber(ADDRESS)
    assert client.get(f"/alerts/stop/{subscriber.key}/").status_code == 200
    assert Subscriber.objects.exists()


def test_choosing_anew_keeps_what_is_hidden_now(client, city):
    subscriber = make_subscriber(ADDRESS, cities=[city, hide(make_city("Zanzimott"), "draft", now=timezone.now())])
    page = client.get(f"/alerts/mine/{subscriber.key}/").content.decode()
    assert "Dortmund" in page
    assert "Zanzimott" not in page
    client.post(f"/alerts/mine/{subscriber.key}/", {"everything": "on"})
    assert [one.name for one in subscriber.cities.all()] == ["Zanzimott"]


@pytest.mark.parametrize("name", ["confirm", "mine", "stop"])
def test_personal_pages_are_kept_by_nobody(client, name):
    key = wish().key
    make_subscriber(ADDRESS, key=key)
    answer = client.get(f"/alerts/{name}/{key}/")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not answer.cookies


def test_without_alerts_their_pages_are_nowhere_and_nothing_offers_them(client, city, settings):
    settings.ALERTS = False
    assert [client.get(path).status_code for path in ("/alerts/", "/alerts/asked/", "/alerts/stop/x/")] == [404] * 3
    assert [b"/alerts/" in client.get(path).content for path in ("/news/", "/privacy/", city.get_absolute_url())] == [
        False, False, False,
    ]  # fmt: skip


def test_confirmation_waits_for_the_mail_server(client, monkeypatch):
    ask(client)
    monkeypatch.setattr("news.alerts.sending.send_each", lambda mails: mails)
    assert owed_mails() == []
    monkeypatch.undo()
    OwedTask.objects.update(due_at=timezone.now())
    assert len(owed_mails()) == 1


def test_what_nobody_needs_is_deleted(capsys):
    wish(age=CONFIRMED_WITHIN)
    wish()
    call_command("tidy_alerts")
    assert "1 unconfirmed wishes and 0 notes" in capsys.readouterr().out
    assert AlertRequest.objects.count() == 1


def test_press_hands_out_what_is_kept(city):
    subscriber = make_subscriber(ADDRESS, cities=[city])
    press = signed_in(make_user("Press officer"))
    answer = press.post("/admin/news/subscriber/", {"action": "hand_out", "_selected_action": [subscriber.pk]})
    [kept] = json.loads(answer.content)
    assert (kept["email"], kept["cities"]) == (ADDRESS, ["Dortmund"])


def test_press_deletes_an_address_and_no_log_keeps_it():
    subscriber = make_subscriber(ADDRESS)
    press = signed_in(make_user("Press officer"))
    press.post(f"/admin/news/subscriber/{subscriber.pk}/delete/", {"post": "yes"})
    assert not Subscriber.objects.exists()
    assert not HistoryEvent.objects.filter(content_type__model="subscriber").exists()
    assert mail.outbox == []
