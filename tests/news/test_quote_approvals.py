"""Approval of quotes: by a link without an account, or noted by a colleague; always of the wording that was read."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from news.models import Quote, QuoteApproval, QuoteLink
from news.quotes.approvals import Said, approvals_of, said_of
from tests.back_office import signed_in
from tests.errors import refusal
from tests.factories import hide, make_release, make_superuser, make_user, publish, say
from tests.mails import link_in
from tests.previews import make_quote_link
from twinning.core.models import HistoryEvent
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db

ANSWER = {"said": "approved", "person": "Ms Example"}


@pytest.fixture
def officer(client):
    client.force_login(make_user("Press officer", email="officer@example.org"))
    return client


@pytest.fixture
def quote():
    body = "<p>Far before.</p><p>Just before.</p><p>[quote 1]</p><p>Just behind.</p><p>Far behind.</p>"
    release = make_release("The secret headline", body=body, notes_to_editors="<p>Not for them.</p>")
    return Quote.objects.create(release=release, position=1, speaker="Ann", office="Lord Mayor", text="We agree.")


def pages(quote) -> tuple[str, str]:
    form = f"/admin/news/pressrelease/{quote.release_id}/quotes/"
    return form, f"{form}{quote.digest}/"


def ask(client, quote, **typed):
    expires = f"{timezone.localtime() + timedelta(days=2):%Y-%m-%dT%H:%M}"
    asked = {"_ask": "on", "recipient": "Her office", "email": "office@example.org", "expires_at": expires}
    return client.post(pages(quote)[1], asked | typed)


def state(quote) -> Said:
    return said_of(quote, approvals_of(quote.release))


def test_office_is_asked_by_mail_and_answers_once_for_the_words_that_it_read(officer, quote):
    quotes, own = pages(quote)
    assert "Not asked" in officer.get(quotes).content.decode()
    shown = ask(officer, quote)
    [message] = mail.outbox
    assert (message.to, "secret headline" in message.body, "We agree" in message.body) == (
        ["office@example.org"],
        False,
        False,
    )
    link = link_in(message)
    assert link in shown.content.decode()
    token = link.strip("/").rpartition("/")[2]
    assert not QuoteLink.objects.filter(digest=token).exists()
    assert refusal(publish, quote.release) == ["quotes: quote_not_approved"]
    stranger = Client(enforce_csrf_checks=True)
    page = stranger.get(link)
    assert (page.status_code, page["Cache-Control"], page["Referrer-Policy"]) == (
        200,
        "private, no-store",
        "no-referrer",
    )
    assert "noindex" in page["X-Robots-Tag"]
    text = page.content.decode()
    for read in ("We agree.", "Lord Mayor", "The secret headline", "Just before.", "Just behind."):
        assert read in text
    for not_theirs in ("Far before.", "Far behind.", "Not for them.", "[quote", token):
        assert not_theirs not in text
    assert state(quote) == Said.ASKED  # reading changes nothing
    assert stranger.post(link, {"said": "declined", "person": ""}).status_code == 422
    assert state(quote) == Said.ASKED
    assert stranger.post(link, ANSWER | {"remark": "Well said."}).status_code == 302
    assert "Ms Example" in stranger.get(link).content.decode()
    stranger.post(link, {"said": "declined", "person": "Another", "remark": "No!"})
    [_asked, told] = mail.outbox
    assert (told.to, "Approved" in told.body, link in told.body) == (["officer@example.org"], True, False)
    assert (state(quote), QuoteApproval.objects.count()) == (Said.APPROVED, 2)
    assert "Well said." in officer.get(own).content.decode()
    told = HistoryEvent.objects.of(quote.release).values_list("what", flat=True)
    assert [what for what in reversed(told) if what.startswith("quote")] == [
        "quote_asked",
        "quote_opened",
        "quote_approved",
    ]
    assert "Approval of a quote asked for" in officer.get(quotes.replace("quotes", "history")).content.decode()
    publish(quote.release)


def test_declined_quote_blocks_until_its_words_are_changed_and_a_changed_one_was_not_asked_about(
    client, quote, settings
):
    _link, address = make_quote_link(quote)
    assert (
        client.post(address, {"said": "declined", "person": "Ann"}).status_code == 422
    )  # without a word what to change
    client.post(address, {"said": "declined", "person": "Ann", "remark": "Say “I agree”."})
    assert state(quote) == Said.DECLINED
    assert refusal(publish, quote.release) == ["quotes: quote_not_approved"]
    quote.text = "I agree."
    quote.save()
    assert state(quote) == Said.NOT_ASKED
    settings.QUOTES_NEED_APPROVAL = True
    assert refusal(quote.release.check_ready, at=timezone.now()) == ["quotes: quote_not_approved"]
    settings.QUOTES_NEED_APPROVAL = False
    quote.release.check_ready(at=timezone.now())
    quote.text = "We  agree."  # other spaces are no other words
    quote.save()
    assert state(quote) == Said.DECLINED


@pytest.mark.parametrize("end", ["expired", "revoked", "guess", "taken-down"])
def test_dead_links_answer_alike_and_take_nothing(client, quote, end):
    link, address = make_quote_link(quote)
    if end == "expired":
        QuoteLink.objects.update(
            made_at=timezone.now() - timedelta(days=9), expires_at=timezone.now() - timedelta(days=1)
        )
    elif end == "revoked":
        link.revoke(by=make_superuser(), at=timezone.now())
    elif end == "guess":
        address = "/quotes/guess/"
    else:
        say(quote, Said.APPROVED)
        hide(quote.release, "taken-down", now=timezone.now())
    for answer in (client.get(address), client.post(address, ANSWER)):
        assert (answer.status_code, answer["Cache-Control"]) == (404, "private, no-store")
        assert "We agree" not in answer.content.decode()
    assert not QuoteApproval.objects.filter(person="Ms Example").exists()


@pytest.mark.parametrize("change", ["text", "delete"])
def test_answer_about_a_quote_that_was_changed_or_deleted_is_not_taken(client, quote, change):
    _link, address = make_quote_link(quote)
    if change == "delete":
        quote.delete()
    else:
        Quote.objects.update(text="We do not agree.")
    for answer in (client.get(address), client.post(address, ANSWER)):
        assert (answer.status_code, "changed or taken out" in answer.content.decode()) == (200, True)
    assert QuoteApproval.objects.get().said == Said.ASKED


def test_quote_in_a_working_copy_is_asked_about_before_it_is_public(client, quote):
    release, root = publish(quote.release), make_superuser()
    copy = begin(release, by=root, at=timezone.now())
    copy.snapshot["parts"]["quotes"][0]["fields"]["text"] = "Changed in the copy."
    copy.keep(copy.snapshot, by=root, at=timezone.now())
    desk = signed_in(root)
    listed = desk.get(pages(quote)[0])
    [(changed, said, _approval)] = listed.context["rows"]
    assert (changed.text, said) == ("Changed in the copy.", Said.NOT_ASKED)
    ask(desk, changed)
    copy.submit(by=make_superuser(), at=timezone.now())
    assert refusal(copy.approve, by=root, at=timezone.now()) == ["quotes: quote_not_approved"]
    client.post(link_in(mail.outbox[0]), ANSWER)
    copy.refresh_from_db()
    copy.approve(by=root, at=timezone.now())
    assert release.quotes.get().text == "Changed in the copy."
    assert state(release.quotes.get()) == Said.APPROVED


def test_colleague_notes_what_was_said_and_links_about_it_end(officer, quote):
    own = pages(quote)[1]
    link, address = make_quote_link(quote)
    refused = officer.post(own, {"_note": "on", "said": "approved", "how": "phone", "person": " "})
    assert refused.context["forms"][1][0].errors.as_data()["person"][0].code == "required"
    officer.post(own, {"_note": "on", "said": "approved", "how": "phone", "person": "Ms Example"})
    link.refresh_from_db()
    assert (state(quote), bool(link.revoked_at), officer.get(address).status_code) == (Said.APPROVED, True, 404)
    officer.post(own, {"_note": "on", "said": "not-asked", "how": "phone"})
    assert state(quote) == Said.NOT_ASKED
    for wrong in ({"expires_at": "2020-01-01T10:00"}, {"email": "nobody"}, {"recipient": ""}):
        assert ask(officer, quote, **wrong).context["forms"][0][0].errors, wrong
    assert officer.get(own.replace(quote.digest, "0" * 64)).status_code == 302


def test_nobody_is_asked_about_what_is_approved_already_nor_by_those_who_may_not_change_it(client, quote):
    hide(quote.release, "scheduled", now=timezone.now())
    link = QuoteLink(release=quote.release, recipient="Her office")
    assert refusal(link.issue, quote, by=make_superuser(), at=timezone.now()) == ["not_askable"]
    client.force_login(make_user("Twinning editor"))
    assert client.get(pages(quote)[1]).status_code == 200
    assert ask(client, quote).status_code == 403
    assert not QuoteApproval.objects.exists()


def test_list_of_forty_quotes_asks_the_database_no_more_than_that_of_one(officer, quote, django_assert_max_num_queries):
    officer.get(pages(quote)[0])
    for number in range(39):
        say(Quote.objects.create(release=quote.release, office=f"Office {number}", text="Good."), Said.APPROVED)
    with django_assert_max_num_queries(20):
        page = officer.get(pages(quote)[0])
    assert page.content.decode().count("Approved") == 39
