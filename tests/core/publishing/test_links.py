"""Preview links: the token and its hash, the right to make a link, and the mails about a moved embargo."""

import logging
import smtplib
from base64 import urlsafe_b64decode
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import mailers
from django.db import transaction
from django.utils import timezone

from tests.factories import hide, make_release, make_superuser, make_theme, make_user, publish
from tests.previews import EMBARGO, copy_of, embargoed, make_link
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import PreviewLink
from twinning.core.publishing import links
from twinning.core.publishing.links import holders_to_call

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def events(record, what: EventKind) -> list[HistoryEvent]:
    return list(HistoryEvent.objects.of(record).filter(what=what))


# The token ------------------------------------------------------------------------------------------------------------


def test_token_has_256_random_bits_and_only_its_hash_is_stored():
    link, address = make_link(make_theme())
    secret = address.split("/")[2]
    assert len(urlsafe_b64decode(secret + "=")) == 32
    link.refresh_from_db()
    stored = [str(getattr(link, field.attname)) for field in link._meta.concrete_fields]
    stored += [f"{event.name} {event.details}" for event in HistoryEvent.objects.all()]
    assert not any(secret in value for value in stored)


def test_log_does_not_contain_the_token(client, caplog):
    _link, address = make_link(make_theme())
    client.post(address)
    client.get(f"{address}files/nothing/nothing.pdf")
    assert [record.levelname for record in caplog.records] == ["WARNING"] * 2
    written = [logging.getLogger("django").handlers[0].format(record) for record in caplog.records]
    assert [line for line in written if address in line] == []


def test_link_expires_after_72_hours_by_default():
    at = timezone.now()
    assert make_link(make_theme(), at=at)[0].expires_at == at + timedelta(hours=72)


@pytest.mark.parametrize("lasts", [timedelta(0), -DAY, timedelta(days=30, seconds=1)])
def test_link_expires_in_the_future_and_within_30_days(lasts):
    at = timezone.now()
    with pytest.raises(ValidationError) as refused:
        make_link(make_theme(), at=at, expires_at=at + lasts)
    [error] = refused.value.error_dict["expires_at"]
    assert error.code == "wrong-expiry"
    assert not PreviewLink.objects.exists()


def test_making_a_link_needs_the_right_to_change_the_record():
    with pytest.raises(PermissionDenied):
        make_link(make_release(), by=make_user("Twinning editor"))
    make_link(make_release(), by=make_user("Press officer"))


@pytest.mark.parametrize("state", ["published", "withdrawn", "taken-down"])
def test_there_is_no_link_to_a_public_record_or_to_one_that_was_taken_down(state):
    theme = publish(make_theme()) if state == "published" else hide(make_theme(), state, now=timezone.now())
    with pytest.raises(ValidationError) as refused:
        make_link(theme)
    reason = links.REASON_TAKEN_DOWN if state == "taken-down" else links.REASON_PUBLIC
    assert (refused.value.message, refused.value.code) == (reason, "not-linkable")


def test_query_and_instance_agree_on_which_links_are_alive():
    at = timezone.now()
    theme = make_theme()
    made = [make_link(theme, at=at)[0] for _ in range(2)]
    made[1].revoke(by=make_superuser(), at=at)
    for moment in (at, at + 3 * DAY - timedelta(seconds=1), at + 3 * DAY):
        found = PreviewLink.objects.alive(at=moment)
        assert [link.pk for link in found] == [link.pk for link in made if link.is_alive(at=moment)]


def test_taking_a_page_down_revokes_the_links_to_it():
    theme, by, at = make_theme(), make_superuser(), timezone.now()
    link, _address = make_link(theme)
    publish(theme).take_down(by=by, at=at)
    link.refresh_from_db()
    assert (link.revoked_at, link.revoked_by) == (at, by)
    [event] = events(theme, EventKind.LINK_REVOKED)
    assert (event.by, event.details["link"]) == (by, "Ann Example, Evening Post")


# Holders --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def held():
    """An embargoed release with a holder who can be reached and one who cannot."""
    release = embargoed(make_release("Cities sign in secret", slug="secret-signing"))
    make_link(release)
    make_link(release, recipient="Bo Beispiel", outlet="City of Dortmund", email="")
    return release


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Runs what waits for the commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


STEPS = {
    "moved": lambda r: r.reschedule(by=make_superuser(), at=timezone.now(), publish_at=EMBARGO + DAY),
    "lifted": lambda r: r.reschedule(by=make_superuser(), at=timezone.now()),
    "put off": lambda r: r.send_back(by=make_superuser(), at=timezone.now(), remark="Not yet."),
}
SAID = {
    "moved": "From now on: Friday 7 March 2127, 00:01 GMT",
    "lifted": "Its embargo has been lifted. You may publish.",
    "put off": "Its publication has been put off, and there is no new moment yet.",
}


@pytest.mark.parametrize("step", STEPS)
def test_holders_get_a_mail_when_the_embargo_moves(held, committed, mailoutbox, settings, step):
    with committed():
        STEPS[step](held)
        assert mailoutbox == []
    [mail] = mailoutbox
    assert mail.to == ["ann@example.org"]
    assert mail.from_email == settings.DEFAULT_FROM_EMAIL
    assert mail.reply_to == [settings.CONTACT_EMAIL]
    for words in ("Ann Example", settings.SITE_NAME, settings.COUNCIL_NAME, SAID[step]):
        assert words in mail.body
    assert "Until now: Thursday 6 March 2127, 00:01 GMT" in mail.body
    assert settings.SITE_NAME in mail.subject


@pytest.mark.parametrize("step", STEPS)
def test_mail_names_neither_the_record_nor_its_address(held, committed, mailoutbox, step):
    with committed():
        STEPS[step](held)
    whole = mailoutbox[0].message().as_string().lower()
    for secret in ("secret", "cities sign", "http", "/preview/", "/news/", "release"):
        assert secret not in whole


def test_history_names_holders_who_got_a_mail_and_those_to_call(held, committed):
    with committed():
        STEPS["moved"](held)
    [event] = events(held, EventKind.HOLDERS_TOLD)
    assert event.details["told"] == ["Ann Example, Evening Post"]
    assert [(h["name"], h["why"]) for h in event.details["to_call"]] == [("Bo Beispiel, City of Dortmund", "no email")]
    assert (event.details["was"], event.details["now"]) == (EMBARGO.isoformat(), (EMBARGO + DAY).isoformat())
    assert [str(link) for link in holders_to_call(held, at=timezone.now())] == ["Bo Beispiel, City of Dortmund"]


def test_rolled_back_step_sends_no_mail(held, committed, mailoutbox):
    with committed(), transaction.atomic():
        STEPS["moved"](held)
        transaction.set_rollback(True)
    assert mailoutbox == []
    assert events(held, EventKind.HOLDERS_TOLD) == []


def test_unchanged_embargo_sends_no_mail(held, committed, mailoutbox):
    with committed():
        held.reschedule(by=make_superuser(), at=timezone.now(), publish_at=EMBARGO)
    assert mailoutbox == []


def test_holders_of_revoked_and_expired_links_get_no_mail(held, committed, mailoutbox):
    for link in PreviewLink.objects.all():
        link.revoke(by=make_superuser(), at=timezone.now())
    make_link(held, at=timezone.now() - 4 * DAY)
    with committed():
        STEPS["moved"](held)
    assert mailoutbox == []


def test_embargo_moves_although_the_mail_server_does_not_answer(held, committed, monkeypatch):
    monkeypatch.setattr(type(mailers.default), "open", Mock(side_effect=ConnectionRefusedError))
    with committed():
        STEPS["moved"](held)
    held.refresh_from_db()
    assert held.publish_at == EMBARGO + DAY
    to_call = {str(link): link.email for link in holders_to_call(held, at=timezone.now())}
    assert to_call == {"Ann Example, Evening Post": "ann@example.org", "Bo Beispiel, City of Dortmund": ""}


def test_other_mails_are_sent_although_one_is_refused(held, committed, mailoutbox, monkeypatch):
    make_link(held, recipient="Cy", email="cy@example.org")
    send = type(mailers.default).send_messages

    def refuse_ann(mailer, mails):
        if mails[0].to == ["ann@example.org"]:
            raise smtplib.SMTPRecipientsRefused({})
        return send(mailer, mails)

    monkeypatch.setattr(type(mailers.default), "send_messages", refuse_ann)
    with committed():
        STEPS["moved"](held)
    assert [mail.to for mail in mailoutbox] == [["cy@example.org"]]
    [event] = events(held, EventKind.HOLDERS_TOLD)
    assert {(h["name"], h["why"]) for h in event.details["to_call"]} == {
        ("Ann Example, Evening Post", "not sent"),
        ("Bo Beispiel, City of Dortmund", "no email"),
    }


def test_all_holders_are_to_be_called_until_the_mails_are_sent(held):
    STEPS["moved"](held)  # and here the process ends
    assert len(holders_to_call(held, at=timezone.now())) == 2


@pytest.mark.parametrize("dead", ["revoked", "expired"])
def test_holders_of_revoked_and_expired_links_are_not_to_be_called(held, dead):
    STEPS["moved"](held)
    at = timezone.now()
    if dead == "revoked":
        for link in PreviewLink.objects.all():
            link.revoke(by=make_superuser(), at=at)
    assert holders_to_call(held, at=at if dead == "revoked" else at + 4 * DAY) == []


def test_holders_of_links_to_a_copy_get_a_mail_when_its_moment_changes(committed, mailoutbox):
    theme = publish(make_theme())
    make_link(embargoed(make_release()))  # somebody else's
    copy = embargoed(copy_of(theme))
    make_link(theme, copy=copy, recipient="Cy", email="cy@example.org")
    with committed():
        copy.reschedule(by=make_superuser(), at=timezone.now())
    assert [mail.to for mail in mailoutbox] == [["cy@example.org"]]
    assert "You may publish" in mailoutbox[0].body
    assert events(theme, EventKind.HOLDERS_TOLD)[0].details["told"] == ["Cy, Evening Post"]
