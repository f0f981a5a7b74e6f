"""Previews in the back office: preview links and the rights to them, the preview itself, and the public check."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from tests.back_office import form_url, signed_in
from tests.factories import (
    SCAN,
    hide,
    make_city,
    make_document,
    make_memorandum,
    make_release,
    make_superuser,
    make_user,
    publish,
)
from tests.previews import copy_of, embargoed, make_link
from twinning.core.backoffice import previews
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import PreviewLink
from twinning.core.publishing.links import REASON_PUBLIC, REASON_TAKEN_DOWN

pytestmark = pytest.mark.django_db

STATES_BEFORE = ["draft", "in-review", "scheduled"]
ANN = {"recipient": "Ann Example", "outlet": "Evening Post", "email": "ann@example.org"}


def address(page: str, record, *args) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk, *args])


def typed(**fields) -> dict:
    moment = timezone.localtime(timezone.now() + timedelta(days=2))
    return ANN | {"expires_at": f"{moment:%Y-%m-%dT%H:%M}", "_make_link": "on"} | fields


# Making links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES_BEFORE)
def test_link_is_made_for_a_hidden_record(officer, client, state):
    release = hide(make_release(), state, now=timezone.now())
    response = officer.post(address("links", release), typed())
    shown = response.context["address"]
    assert shown.startswith(f"{settings.SITE_URL}/preview/")
    assert response.content.decode().count(shown) == 1
    assert client.get(shown.removeprefix(settings.SITE_URL)).status_code == 200
    link = PreviewLink.objects.get()
    assert (link.record, link.recipient, link.made_by.groups.get().name) == (release, "Ann Example", "Press officer")


def test_token_is_shown_once_and_stored_nowhere(officer):
    release = make_release()
    response = officer.post(address("links", release), typed())
    secret = response.context["address"].split("/")[-2]
    assert "no-store" in response["Cache-Control"]
    assert secret not in str(officer.session.items()) + str([s.get_decoded() for s in Session.objects.all()])
    assert secret not in str(response.headers) + str(response.cookies)
    for page in (address("links", release), form_url(release), address("preview", release)):
        assert secret not in officer.get(page).content.decode()


def test_link_of_a_working_copy_shows_the_copy(officer, client):
    release = publish(make_release(headline="As it is"))
    copy_of(release, headline="As it will be")
    shown = officer.post(address("links", release), typed()).context["address"]
    assert "As it will be" in client.get(shown.removeprefix(settings.SITE_URL)).content.decode()


@pytest.mark.parametrize("state", ["published", "withdrawn", "taken-down"])
def test_form_says_why_there_can_be_no_link_and_keeps_what_was_typed(officer, state):
    now = timezone.now()
    release = publish(make_release()) if state == "published" else hide(make_release(), state, now=now)
    reason = str(REASON_TAKEN_DOWN if state == "taken-down" else REASON_PUBLIC)
    page = officer.get(address("links", release)).content.decode()
    assert reason in page
    assert 'name="recipient"' not in page
    page = officer.post(address("links", release), typed()).content.decode()
    assert reason in page
    assert 'value="Ann Example"' in page
    assert not PreviewLink.objects.exists()


def test_who_writes_for_no_newspaper_gets_a_link_by_name_alone(officer, client):
    response = officer.post(address("links", make_release()), typed(outlet=""))
    assert response.context["title"] == "Preview link for Ann Example"
    shown = client.get(response.context["address"].removeprefix(settings.SITE_URL)).content.decode()
    assert "For Ann Example only." in shown


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"recipient": ""}, "required"),
        ({"outlet": "x" * 200}, "max_length"),
        ({"email": "nobody"}, "invalid"),
        ({"expires_at": "2020-01-01T10:00"}, "wrong-expiry"),
        ({"expires_at": "2127-01-01T10:00"}, "wrong-expiry"),
        ({"expires_at": "tomorrow"}, "invalid"),
        ({"expires_at": ""}, "required"),
    ],
)
def test_error_stands_at_its_field_and_the_form_keeps_what_was_typed(officer, wrong, code):
    response = officer.post(address("links", make_release()), typed(**wrong))
    page, [(name, [error])] = response.content.decode(), response.context["form"].errors.as_data().items()
    assert ([name], error.code) == (list(wrong), code)
    assert " ".join(error.messages) in page
    for value in (ANN | wrong).values():
        assert f'value="{value}"' in page or not value
    assert not PreviewLink.objects.exists()


def test_form_proposes_to_expire_after_72_hours(time_machine):
    time_machine.move_to("2027-01-04T10:00:00+00:00", tick=False)
    page = signed_in(make_superuser()).get(address("links", make_release())).content.decode()
    assert 'value="2027-01-07T10:00"' in page


def test_name_stays_on_one_line(officer):
    officer.post(address("links", make_release()), typed(recipient="Ann\r\nYou may publish.\r\n"))
    assert PreviewLink.objects.get().recipient == "Ann You may publish."


def test_link_is_made_by_post_only(officer):
    release = make_release()
    officer.get(address("links", release), typed())
    for method in ("put", "patch", "delete"):
        assert getattr(officer, method)(address("links", release), typed()).status_code == 405
    assert not PreviewLink.objects.exists()


# Rights ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["make", "revoke"])
def test_forged_request_is_refused_and_written_into_the_history(editor, verb):
    release = make_release()
    link, _address = make_link(release)
    sent = typed() if verb == "make" else {"_revoke": link.pk}
    assert editor.post(address("links", release), sent).status_code == 403
    link.refresh_from_db()
    assert (PreviewLink.objects.count(), link.revoked_at) == (1, None)
    [event] = HistoryEvent.objects.of(release).filter(what=EventKind.REFUSED)
    assert event.by.groups.get().name == "Twinning editor"


def test_request_without_csrf_token_is_refused():
    release = make_release()
    client = signed_in(make_superuser())
    client.handler.enforce_csrf_checks = True
    assert client.post(address("links", release), typed()).status_code == 403
    assert not PreviewLink.objects.exists()


def test_reader_sees_the_holders_but_no_buttons(editor):
    release = make_release()
    make_link(release)
    page = editor.get(address("links", release)).content.decode()
    assert "Ann Example, Evening Post" in page
    assert 'name="_revoke"' not in page
    assert 'name="recipient"' not in page


@pytest.mark.parametrize("view", ["preview", "links", "public"])
def test_page_needs_the_right_to_view_the_record(client, editor, view):
    release = make_release()
    assert editor.get(address(view, release)).status_code == 200
    assert signed_in(make_user()).get(address(view, release)).status_code == 403
    assert client.get(address(view, release)).status_code == 302
    release.delete()
    release.pk = 10**6
    assert editor.get(address(view, release)).status_code == 404


# Revoking -------------------------------------------------------------------------------------------------------------


def test_revoked_link_is_not_found(officer, client):
    release = make_release()
    link, public = make_link(release)
    officer.post(address("links", release), {"_revoke": link.pk})
    assert client.get(public).status_code == 404
    page = officer.get(address("links", release)).content.decode()
    assert "Revoked" in page
    assert 'name="_revoke"' not in page


@pytest.mark.parametrize("key", ["of another record", "", "x", "²", "9" * 30])
def test_only_a_link_of_the_record_is_revoked(officer, key):
    other, _address = make_link(make_release())
    release = make_release()
    response = officer.post(address("links", release), {"_revoke": other.pk if key == "of another record" else key})
    assert response.status_code in (302, 400)
    assert PreviewLink.objects.alive(at=timezone.now()).count() == 1


# Openings -------------------------------------------------------------------------------------------------------------


def test_list_shows_each_opening(officer, client, time_machine):
    release = make_release()
    _link, public = make_link(release)
    time_machine.move_to(timezone.now() + timedelta(hours=1), tick=False)
    client.get(public)
    client.get(public)
    page = officer.get(address("links", release)).content.decode()
    assert "Opened 2 times, last" in page
    assert page.count(timezone.localtime().strftime("%H:%M")) >= 3


def test_openings_of_two_links_of_the_same_name_are_counted_apart(officer, client):
    release = make_release()
    (_link, once), (_link, twice), (_link, _never) = (make_link(release) for _number in range(3))
    for public in (once, twice, twice):
        client.get(public)
    page = officer.get(address("links", release)).content.decode()
    said = ["Not opened yet", "Opened 2 times, last", "Opened once:"]
    assert [words for line in page.splitlines() for words in said if words in line] == said
    form = " ".join(officer.get(form_url(release)).content.decode().split())
    assert [
        form.count(f"Ann Example, Evening Post: {words}") for words in ("not opened yet", "opened 2", "opened once")
    ] == [1] * 3


def test_list_names_the_last_openings_of_each_link(officer, monkeypatch):
    monkeypatch.setattr(previews, "MOST_OPENINGS_SHOWN", 2)
    release = make_release()
    for opened in (3, 2):
        link, _address = make_link(release)
        for minute in range(opened):
            link.note_opening(at=datetime(2127, 3, 6, 10, minute, tzinfo=UTC))
    page = officer.get(address("links", release)).content.decode()
    assert [page.count(f"<li>Thursday 6 March 2127, 10:0{minute} GMT</li>") for minute in range(3)] == [1, 2, 1]
    assert page.count("… and before") == 1


def test_pages_take_the_same_queries_for_few_links_and_openings_and_for_many(officer, django_assert_num_queries):
    release = make_release()
    pages = address("links", release), form_url(release)
    make_link(release)[0].note_opening(at=timezone.now())
    for page in pages:
        officer.get(page)
        with CaptureQueriesContext(connection) as few:
            officer.get(page)
        for _number in range(3):
            link, _address = make_link(release)
            link.note_opening(at=timezone.now())
            link.note_opening(at=timezone.now(), file="scan.pdf")
        with django_assert_num_queries(len(few)):
            officer.get(page)


def test_form_names_the_holders_and_those_to_call(officer, django_capture_on_commit_callbacks):
    release = embargoed(make_release())
    make_link(release)
    make_link(release, recipient="Bo Beispiel", email="")
    with django_capture_on_commit_callbacks(execute=True):
        release.reschedule(by=make_superuser(), at=timezone.now(), publish_at=timezone.now() + timedelta(days=9))
    page = " ".join(officer.get(form_url(release)).content.decode().split())
    assert "Preview links (2)" in page
    assert f'<a href="{address("public", release)}">Look what the public sees of it</a>' in page
    assert "Ann Example, Evening Post: not opened yet" in page
    assert "these people have not been told" in page
    assert "Bo Beispiel, Evening Post: no email address" in page
    assert "Ann Example, Evening Post: the mail" not in page


def test_form_of_a_public_record_has_no_previews(officer):
    page = officer.get(form_url(publish(make_release()))).content.decode()
    assert "Look what the public sees of it" not in page
    assert "Preview links" not in page


def test_form_of_a_working_copy_links_to_its_preview(officer):
    release = publish(make_release())
    copy_of(release)
    assert f'href="{address("preview", release)}"' in officer.get(address("copy", release)).content.decode()


# The preview of the office --------------------------------------------------------------------------------------------


def test_colleagues_see_the_page_with_a_banner_and_are_no_opening(editor):
    response = editor.get(address("preview", embargoed(make_release("Signed in secret"))))
    page = response.content.decode()
    assert "Signed in secret" in page
    assert "Embargoed until Thursday 6 March 2127, 00:01 GMT." in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response.headers
    assert not HistoryEvent.objects.filter(what=EventKind.LINK_OPENED).exists()


def test_colleagues_see_the_working_copy(editor):
    release = publish(make_release("As it is"))
    copy_of(release, headline="As it will be")
    assert "As it will be" in editor.get(address("preview", release)).content.decode()
    assert PressRelease.objects.get().headline == "As it is"


def test_preview_of_a_public_record_redirects_to_its_page(editor):
    release = publish(make_release(slug="signed"))
    assert editor.get(address("preview", release))["Location"] == "/news/signed/"


def test_colleagues_fetch_the_files_of_the_record_and_of_no_other(editor, client):
    document = make_document(make_memorandum(make_city()))
    other = make_document(make_memorandum(make_city("Brno")))
    own = address("preview_file", document.memorandum, document.token, document.name)
    assert f'href="{own}"' in editor.get(address("preview", document.memorandum)).content.decode()
    assert b"".join(editor.get(own).streaming_content) == SCAN
    assert editor.get(own.replace(document.token, other.token)).status_code == 404
    assert client.get(own).status_code == 302
    assert signed_in(make_user()).get(own).status_code == 403


def test_form_says_why_a_copy_cannot_be_shown(officer):
    release = publish(make_release())
    copy = copy_of(release)
    copy.snapshot["relations"]["cities"] = [10**6]
    copy.save()
    page = officer.get(address("preview", release), follow=True).content.decode()
    assert "The working copy cannot be shown: “cities” named something that no longer exists." in page
