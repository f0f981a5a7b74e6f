"""Previews in the back office: who makes links and who only reads, and what the public sees of it, looked up live."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
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
from twinning.core.history import HistoryEvent, What
from twinning.core.models import PreviewLink

pytestmark = pytest.mark.django_db

STATES_BEFORE = ["draft", "in-review", "scheduled"]
ANN = {"recipient": "Ann Example", "outlet": "Evening Post", "email": "ann@example.org"}


@pytest.fixture
def press():
    return signed_in(make_user("Press officer"))


@pytest.fixture
def reader():
    """Somebody who may read releases in the back office and change none."""
    return signed_in(make_user("Twinning editor"))


def address(page: str, record, *args) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_{page}", args=[record.pk, *args])


def typed(**fields) -> dict:
    moment = timezone.localtime(timezone.now() + timedelta(days=2))
    return ANN | {"expires_at": f"{moment:%Y-%m-%dT%H:%M}", "_make_link": "on"} | fields


# Making links ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES_BEFORE)
def test_link_is_made_for_what_is_not_public(press, client, state):
    release = hide(make_release(), state, now=timezone.now())
    response = press.post(address("links", release), typed())
    shown = response.context["address"]
    assert shown.startswith(f"{settings.SITE_URL}/preview/")
    assert response.content.decode().count(shown) == 1
    assert client.get(shown.removeprefix(settings.SITE_URL)).status_code == 200
    link = PreviewLink.objects.get()
    assert (link.record, link.recipient, link.made_by.groups.get().name) == (release, "Ann Example", "Press officer")


def test_secret_is_shown_once_and_kept_nowhere(press):
    release = make_release()
    response = press.post(address("links", release), typed())
    secret = response.context["address"].split("/")[-2]
    assert "no-store" in response["Cache-Control"]
    assert secret not in str(press.session.items()) + str([s.get_decoded() for s in Session.objects.all()])
    assert secret not in str(response.headers) + str(response.cookies)
    for page in (address("links", release), form_url(release), address("preview", release)):
        assert secret not in press.get(page).content.decode()


def test_link_of_a_working_copy_shows_the_copy(press, client):
    release = publish(make_release(headline="As it is"))
    copy_of(release, headline="As it will be")
    shown = press.post(address("links", release), typed()).context["address"]
    assert "As it will be" in client.get(shown.removeprefix(settings.SITE_URL)).content.decode()


@pytest.mark.parametrize("state", ["published", "withdrawn", "taken-down"])
def test_form_says_why_there_is_no_link_and_keeps_what_was_typed(press, state):
    now = timezone.now()
    release = publish(make_release()) if state == "published" else hide(make_release(), state, now=now)
    why = "This page has been taken down" if state == "taken-down" else "This page is public"
    page = press.get(address("links", release)).content.decode()
    assert why in page
    assert 'name="recipient"' not in page
    page = press.post(address("links", release), typed()).content.decode()
    assert why in page
    assert 'value="Ann Example"' in page
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"recipient": ""}, "This field is required"),
        ({"outlet": "x" * 200}, "at most 150 characters"),
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"expires_at": "2020-01-01T10:00"}, "within 30 days"),
        ({"expires_at": "2127-01-01T10:00"}, "within 30 days"),
        ({"expires_at": "tomorrow"}, "Enter a valid date/time"),
        ({"expires_at": ""}, "This field is required"),
    ],
)
def test_error_says_what_is_wrong_and_keeps_what_was_typed(press, wrong, said):
    response = press.post(address("links", make_release()), typed(**wrong))
    page = response.content.decode()
    assert said in page
    for value in (ANN | wrong).values():
        assert f'value="{value}"' in page or not value
    assert not PreviewLink.objects.exists()


def test_form_proposes_72_hours(time_machine):
    time_machine.move_to("2027-01-04T10:00:00+00:00", tick=False)
    page = signed_in(make_superuser()).get(address("links", make_release())).content.decode()
    assert 'value="2027-01-07T10:00"' in page


def test_name_stays_on_one_line(press):
    press.post(address("links", make_release()), typed(recipient="Ann\r\nYou may publish.\r\n"))
    assert PreviewLink.objects.get().recipient == "Ann You may publish."


def test_link_is_made_by_post_only(press):
    release = make_release()
    press.get(address("links", release), typed())
    for method in ("put", "patch", "delete"):
        assert getattr(press, method)(address("links", release), typed()).status_code == 405
    assert not PreviewLink.objects.exists()


# Rights ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["make", "revoke"])
def test_forged_verb_is_refused_and_noted(reader, verb):
    release = make_release()
    link, _address = make_link(release)
    sent = typed() if verb == "make" else {"_revoke": link.pk}
    assert reader.post(address("links", release), sent).status_code == 403
    link.refresh_from_db()
    assert (PreviewLink.objects.count(), link.revoked_at) == (1, None)
    [event] = HistoryEvent.objects.of(release).filter(what=What.REFUSED)
    assert event.by.groups.get().name == "Twinning editor"


def test_verb_without_the_token_of_the_form_is_refused():
    release = make_release()
    client = signed_in(make_superuser())
    client.handler.enforce_csrf_checks = True
    assert client.post(address("links", release), typed()).status_code == 403
    assert not PreviewLink.objects.exists()


def test_whoever_may_read_sees_who_holds_links_but_no_buttons(reader):
    release = make_release()
    make_link(release)
    page = reader.get(address("links", release)).content.decode()
    assert "Ann Example, Evening Post" in page
    assert 'name="_revoke"' not in page
    assert 'name="recipient"' not in page


@pytest.mark.parametrize("view", ["preview", "links", "public"])
def test_page_is_for_those_who_may_read_the_record(client, reader, view):
    release = make_release()
    assert reader.get(address(view, release)).status_code == 200
    assert signed_in(make_user()).get(address(view, release)).status_code == 403
    assert client.get(address(view, release)).status_code == 302
    release.delete()
    release.pk = 10**6
    assert reader.get(address(view, release)).status_code == 404


# Revoking -------------------------------------------------------------------------------------------------------------


def test_revoked_link_is_dead(press, client):
    release = make_release()
    link, public = make_link(release)
    press.post(address("links", release), {"_revoke": link.pk})
    assert client.get(public).status_code == 404
    page = press.get(address("links", release)).content.decode()
    assert "Revoked" in page
    assert 'name="_revoke"' not in page


@pytest.mark.parametrize("key", ["of another record", "", "x", "²", "9" * 30])
def test_only_a_link_of_the_record_is_revoked(press, key):
    other, _address = make_link(make_release())
    release = make_release()
    response = press.post(address("links", release), {"_revoke": other.pk if key == "of another record" else key})
    assert response.status_code in (302, 400)
    assert PreviewLink.objects.alive(at=timezone.now()).count() == 1


# What the form and the list say ---------------------------------------------------------------------------------------


def test_list_tells_each_opening(press, client, time_machine):
    release = make_release()
    _link, public = make_link(release)
    time_machine.move_to(timezone.now() + timedelta(hours=1), tick=False)
    client.get(public)
    client.get(public)
    page = press.get(address("links", release)).content.decode()
    assert "Opened 2 times, last" in page
    assert page.count(timezone.localtime().strftime("%H:%M")) >= 3


def test_form_says_who_holds_a_link_and_whom_to_call(press, django_capture_on_commit_callbacks):
    release = embargoed(make_release())
    make_link(release)
    make_link(release, recipient="Bo Beispiel", email="")
    with django_capture_on_commit_callbacks(execute=True):
        release.reschedule(by=make_superuser(), at=timezone.now(), publish_at=timezone.now() + timedelta(days=9))
    page = " ".join(press.get(form_url(release)).content.decode().split())
    assert "Preview links (2)" in page
    assert "Ann Example, Evening Post: not opened yet" in page
    assert "these people have not been told" in page
    assert "Bo Beispiel, Evening Post: no email address" in page
    assert "Ann Example, Evening Post: the mail" not in page


def test_form_of_what_is_public_has_nothing_to_preview(press):
    page = press.get(form_url(publish(make_release()))).content.decode()
    assert "data-public" not in page
    assert "Preview links" not in page


def test_form_of_a_working_copy_leads_to_its_preview(press):
    release = publish(make_release())
    copy_of(release)
    assert f'href="{address("preview", release)}"' in press.get(address("copy", release)).content.decode()


# The preview of the office --------------------------------------------------------------------------------------------


def test_colleagues_see_the_page_with_a_banner_and_leave_no_trace(reader):
    response = reader.get(address("preview", embargoed(make_release("Signed in secret"))))
    page = response.content.decode()
    assert "Signed in secret" in page
    assert "Embargoed until Thursday 6 March 2127, 00:01 GMT." in page
    assert response["Referrer-Policy"] == "no-referrer"
    assert "no-store" in response["Cache-Control"]
    assert "ETag" not in response.headers
    assert not HistoryEvent.objects.filter(what=What.LINK_OPENED).exists()


def test_colleagues_see_the_working_copy(reader):
    release = publish(make_release("As it is"))
    copy_of(release, headline="As it will be")
    assert "As it will be" in reader.get(address("preview", release)).content.decode()
    assert PressRelease.objects.get().headline == "As it is"


def test_preview_of_what_is_public_is_its_page(reader):
    release = publish(make_release(slug="signed"))
    assert reader.get(address("preview", release))["Location"] == "/news/signed/"


def test_colleagues_fetch_the_files_of_the_record_and_of_no_other(reader, client):
    document = make_document(make_memorandum(make_city()))
    other = make_document(make_memorandum(make_city("Brno")))
    own = address("preview_file", document.memorandum, document.token, document.name)
    assert f'href="{own}"' in reader.get(address("preview", document.memorandum)).content.decode()
    assert b"".join(reader.get(own).streaming_content) == SCAN
    assert reader.get(own.replace(document.token, other.token)).status_code == 404
    assert client.get(own).status_code == 302
    assert signed_in(make_user()).get(own).status_code == 403


def test_copy_that_cannot_be_shown_says_why(press):
    release = publish(make_release())
    copy = copy_of(release)
    copy.snapshot["relations"]["cities"] = [10**6]
    copy.save()
    page = press.get(address("preview", release), follow=True).content.decode()
    assert "The working copy cannot be shown: “cities” named something that no longer exists." in page
