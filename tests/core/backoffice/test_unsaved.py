"""Nothing that was typed is lost when a session ends, or its token: it is kept for its writer, and shown again."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import Theme
from tests.back_office import form_url, press, sent_by_browser, signed_in
from tests.factories import SCAN, make_city, make_memorandum, make_theme, make_user, publish, submit
from twinning.core.editing import resuming
from twinning.core.editing.unsaved import sign_reader
from twinning.core.models import UnsavedForm
from twinning.core.publishing.copies import begin

pytestmark = pytest.mark.django_db

TYPED = "Typed while the session ended."


@pytest.fixture
def ann():
    return make_user("Twinning editor", username="ann")


def typed_by(user, target, **typed) -> dict:
    """What the browser of somebody sends who typed into a form."""
    return sent_by_browser(signed_in(user).get(form_url(target))) | {"summary": TYPED, "_save": "on"} | typed


def send_signed_out(sent: dict, target):
    """Send a form after the session has ended."""
    return Client().post(form_url(target), sent)


def shown(response, name="summary"):
    return response.context["adminform"].form[name].value()


def test_form_sent_after_the_session_has_ended_stands_as_it_was_typed_after_signing_in_again(ann):
    theme = make_theme()
    signed_out = Client()
    answer = signed_out.post(form_url(theme), typed_by(ann, theme))
    assert answer.url == f"{reverse('account_login')}?next={form_url(theme)}"
    assert "What you typed is kept" in signed_out.get(answer.url).content.decode()
    signed_out.force_login(ann)
    again = signed_out.get(form_url(theme))
    assert shown(again) == TYPED
    assert "Nothing of this is saved yet." in again.content.decode()
    theme.refresh_from_db()
    assert theme.summary == "What cities do together."
    signed_out.post(form_url(theme), sent_by_browser(again) | {"_kept": "on", "_save": "on"})
    theme.refresh_from_db()
    assert theme.summary == TYPED
    assert not UnsavedForm.objects.exists()
    assert shown(signed_out.get(form_url(theme))) == TYPED


def test_form_that_shows_what_was_kept_says_so_when_it_is_sent(ann):
    theme = make_theme()
    assert b'name="_kept"' not in signed_in(ann).get(form_url(theme)).content
    send_signed_out(typed_by(ann, theme), theme)
    page = signed_in(ann).get(form_url(theme)).content
    assert b'name="_kept"' in page
    # Still there after a refusal.
    sent = typed_by(ann, theme, name="")
    assert b'name="_kept"' in signed_in(ann).post(form_url(theme), sent | {"_kept": "on"}).content


def test_empty_form_is_kept_too(ann):
    send_signed_out(typed_by(ann, Theme, name="Water", slug="water"), Theme)
    client = signed_in(ann)
    again = client.get(form_url(Theme))
    assert (shown(again, "name"), shown(again)) == ("Water", TYPED)
    assert not Theme.objects.exists()
    client.post(form_url(Theme), sent_by_browser(again) | {"_save": "on"})
    assert Theme.objects.get().summary == TYPED


def test_working_copy_is_kept_too(ann):
    theme = publish(make_theme())
    begin(theme, by=ann, at=timezone.now())
    url = reverse("admin:partners_theme_copy", args=[theme.pk])
    sent = sent_by_browser(signed_in(ann).get(url)) | {"summary": TYPED, "_save": "on"}
    Client().post(url, sent)
    assert shown(signed_in(ann).get(url)) == TYPED
    assert shown(signed_in(ann).get(url)) == TYPED, "until it is saved or thrown away"


def test_colleague_who_saved_meanwhile_is_shown_beside_it(ann):
    theme = make_theme()
    sent = typed_by(ann, theme)
    press(signed_in(make_user("Twinning editor")), theme, summary="The colleague's.")
    send_signed_out(sent, theme)
    again = signed_in(ann).get(form_url(theme))
    assert [(one.before, one.after, mine) for one, mine in again.context["conflict"].theirs] == [
        ("What cities do together.", "The colleague's.", True)
    ]
    assert shown(again) == TYPED


def test_text_of_a_record_that_was_approved_meanwhile_is_shown_until_it_is_thrown_away(ann):
    theme = submit(make_theme())
    send_signed_out(typed_by(ann, theme), theme)
    publish(theme)
    client = signed_in(ann)
    overtaken = client.get(form_url(theme))
    assert overtaken.status_code == 409
    assert TYPED in overtaken.content.decode()
    assert client.post(form_url(theme), {"_drop_unsaved": ""}).url == form_url(theme)
    assert client.get(form_url(theme)).status_code == 200
    theme.refresh_from_db()
    assert theme.summary == "What cities do together."


def test_step_whose_button_was_pressed_is_not_taken_later(ann):
    theme = make_theme()
    send_signed_out(typed_by(ann, theme, _submit="on"), theme)
    signed_in(ann).get(form_url(theme))
    theme.refresh_from_db()
    assert not theme.submitted_at


def test_files_are_named_and_have_to_be_chosen_again(ann):
    memorandum = make_memorandum(make_city())
    sent = typed_by(ann, memorandum, title="Renamed") | {"documents-0-file": SimpleUploadedFile("scan.pdf", SCAN)}
    del sent["summary"]
    send_signed_out(sent, memorandum)
    again = signed_in(ann).get(form_url(memorandum))
    assert shown(again, "title") == "Renamed"
    assert "Files are not kept; choose them again: scan.pdf." in again.content.decode()


def test_what_is_kept_is_thrown_away_on_demand(ann):
    theme = make_theme()
    send_signed_out(typed_by(ann, theme), theme)
    client = signed_in(ann)
    client.post(form_url(theme), typed_by(ann, theme) | {"_drop_unsaved": ""})
    assert not UnsavedForm.objects.exists()
    assert shown(client.get(form_url(theme))) == "What cities do together."


def test_whoever_may_only_look_by_now_sees_the_record(ann):
    theme = make_theme()
    send_signed_out(typed_by(ann, theme), theme)
    ann.groups.set([])
    ann.user_permissions.add(Permission.objects.get(codename="view_theme"))
    page = signed_in(ann).get(form_url(theme))
    assert page.status_code == 200
    assert TYPED not in page.content.decode()


def test_nobody_else_sees_it(ann):
    theme = make_theme()
    send_signed_out(typed_by(ann, theme), theme)
    bob = signed_in(make_user("Twinning editor"))
    assert TYPED not in bob.get(form_url(theme)).content.decode()
    bob.post(form_url(theme), {"_drop_unsaved": ""})
    assert UnsavedForm.objects.get().user == ann


@pytest.mark.parametrize("signature", [None, "", "1", "1:2:3", "forged"])
def test_form_that_was_not_shown_to_anybody_is_not_kept(ann, signature):
    theme = make_theme()
    sent = typed_by(ann, theme)
    del sent["_shown_to"]
    send_signed_out(sent | ({} if signature is None else {"_shown_to": signature}), theme)
    assert not UnsavedForm.objects.exists()


def test_form_is_kept_for_colleagues_who_are_still_here_and_for_a_week(ann):
    theme = make_theme()
    sent = typed_by(ann, theme)
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        send_signed_out(sent, theme)
    ann.is_active = False
    ann.save()
    send_signed_out(sent, theme)
    assert not UnsavedForm.objects.exists()


def test_what_is_a_week_old_goes_when_something_is_kept(ann):
    theme = make_theme()
    with time_machine.travel(timezone.now() - timedelta(days=8)):
        send_signed_out(typed_by(ann, theme), theme)
    send_signed_out(typed_by(ann, Theme), Theme)
    assert [kept.path for kept in UnsavedForm.objects.all()] == [form_url(Theme)]


def test_neither_tokens_nor_buttons_are_kept(ann):
    theme = make_theme()
    send_signed_out(typed_by(ann, theme, csrfmiddlewaretoken="secret", _draft="1"), theme)
    names = {name for name, _value in UnsavedForm.objects.get().fields}
    assert {"name", "summary", "_version"} <= names
    assert {name for name in names if name.startswith("_")} == {"_version"}
    assert "csrfmiddlewaretoken" not in names


def test_nonsense_is_kept_without_what_no_database_keeps(ann):
    theme = make_theme()
    send_signed_out(typed_by(ann, theme, summary="A\0 and \x07.", other=["", "2"]), theme)
    fields = dict(UnsavedForm.objects.get().fields)
    assert fields["summary"].startswith("A and ")
    assert signed_in(ann).get(form_url(theme)).status_code == 200


def test_address_that_is_too_long_is_only_led_to_the_sign_in_page(ann):
    theme = make_theme()
    url = f"{form_url(theme)}?{'x' * 500}"
    assert Client().post(url, typed_by(ann, theme)).status_code == 302
    assert not UnsavedForm.objects.exists()


def test_form_with_the_token_of_another_session_is_kept_and_shown(ann):
    theme = make_theme()
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    answer = client.post(form_url(theme), typed_by(ann, theme))
    assert (answer.status_code, answer.url) == (302, form_url(theme))
    assert shown(client.get(form_url(theme))) == TYPED
    theme.refresh_from_db()
    assert theme.summary != TYPED


def test_form_from_another_site_is_still_refused(ann):
    theme = make_theme()
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    forged = typed_by(ann, theme) | {"_shown_to": "forged"}
    assert client.post(form_url(theme), forged).status_code == 403
    other = make_user("Twinning editor")
    client.post(form_url(theme), forged | {"_shown_to": sign_reader(other)})
    assert TYPED not in client.get(form_url(theme)).content.decode(), "a colleague plants nothing"


def test_whoever_owes_a_second_factor_first_loses_nothing(settings):
    approver = make_user("Approver")
    theme = make_theme()
    sent = typed_by(approver, theme)
    settings.SECOND_FACTOR_REQUIRED = True
    assert signed_in(approver).post(form_url(theme), sent).url == reverse("mfa_index")
    settings.SECOND_FACTOR_REQUIRED = False
    assert shown(signed_in(approver).get(form_url(theme))) == TYPED


# What the browser kept -------------------------------------------------------------------------------------------------


def test_text_that_the_browser_kept_is_shown_and_not_saved(ann):
    theme = make_theme()
    sent = typed_by(ann, theme) | {"_show_unsaved": "on", "_files": "scan.pdf", "_submit": "on"}
    again = signed_in(ann).post(form_url(theme), sent)
    assert shown(again) == TYPED
    assert "Nothing of this is saved yet." in again.content.decode()
    assert "choose them again: scan.pdf." in again.content.decode()
    theme.refresh_from_db()
    assert (theme.summary, theme.submitted_at) == ("What cities do together.", None)
    assert not UnsavedForm.objects.exists()


def test_browser_is_told_which_of_its_texts_is_saved(ann):
    theme = make_theme()
    client = signed_in(ann)
    client.post(form_url(theme), typed_by(ann, theme, name="", _draft="d-1"))
    assert resuming.SAVED not in client.cookies
    client.post(form_url(theme), typed_by(ann, theme, _draft="d-2"))
    cookie = client.cookies[resuming.SAVED]
    assert (cookie.value, cookie["path"], cookie["samesite"]) == ("d-2", reverse("admin:index"), "Strict")


def test_key_of_the_browser_is_another_for_each_person_and_after_a_new_password(ann, settings):
    first = resuming.key_for_browser(ann)
    assert len(first) == 64
    assert first != resuming.key_for_browser(make_user())
    ann.set_password("another-one")
    assert resuming.key_for_browser(ann) != first
    settings.KEEP_UNSAVED_TEXT = False
    assert resuming.key_for_browser(ann) == ""
