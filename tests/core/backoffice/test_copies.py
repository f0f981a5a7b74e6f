"""The form of a working copy: the record's own form, while the public page stays as it is."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from partners.models import City, Document, Memorandum, Theme
from tests.back_office import errors, form_url, sent_by_browser, signed_in
from tests.factories import (
    SCAN,
    hide,
    make_city,
    make_document,
    make_memorandum,
    make_photo,
    make_superuser,
    make_theme,
    make_user,
    publish,
    show,
    submit,
)
from twinning.core.files import scanner
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.next_steps import BEGIN_COPY
from twinning.core.publishing.steps import ALONE
from twinning.core.publishing.workflow import State

pytestmark = pytest.mark.django_db


def copy_url(record) -> str:
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_copy", args=[record.pk])


def press_copy(client, record, button="_save", **typed):
    """Open the form of a record's copy, type, press a button."""
    url = f"{copy_url(record)}?edit=1"
    return client.post(url, sent_by_browser(client.get(url)) | typed | {button: "on"})


def test_editor_changes_what_is_public_in_a_copy(editor, approver, client):
    theme = publish(make_theme())
    assert editor.get(form_url(theme)).context["next"].code == BEGIN_COPY
    assert editor.post(form_url(theme), {"_copy": "on"}).url == copy_url(theme)
    press_copy(editor, theme, summary="Typed in the copy.")
    assert Theme.objects.get().summary == "What cities do together."
    assert "Typed in the copy." in editor.get(copy_url(theme)).content.decode()
    press_copy(editor, theme, "_submit", summary="Typed and submitted.")
    assert WorkingCopy.objects.get().state(at=timezone.now()) == State.IN_REVIEW
    response = press_copy(approver, theme, "_approve")
    assert response.url == form_url(theme)
    assert "Typed and submitted." in client.get(theme.get_absolute_url()).content.decode()


def test_form_of_the_record_leads_to_its_copy(editor):
    theme = publish(make_theme())
    begin(theme, by=make_user("Twinning editor", first_name="Ann"), at=timezone.now())
    page = editor.get(form_url(theme)).content.decode()
    assert copy_url(theme) in page
    assert "begun by" in page
    assert 'name="_copy"' not in page


def test_equal_parts_of_a_copy_are_previewed_in_the_order_in_which_they_are_published(editor, approver, client):
    city, photo = make_city(), make_photo()
    show(photo, city, alt="There before")
    publish(city)
    editor.post(form_url(city), {"_copy": "on"})
    for number in range(1, 6):
        total = {"photos-TOTAL_FORMS": str(number + 1)}
        new = {"photo": photo.pk, "alt": f"Added {number}", "position": "1"}
        press_copy(editor, city, **total, **{f"photos-{number}-{name}": value for name, value in new.items()})
    preview = editor.get(reverse("admin:partners_city_preview", args=[city.pk])).content.decode()
    press_copy(editor, city, "_submit")
    press_copy(approver, city, "_approve")
    pages = [preview, client.get(city.get_absolute_url()).content.decode()]
    shown = [re.findall(r'alt="(There before|Added .)"', page) for page in pages]
    assert shown == 2 * [["There before", *(f"Added {number}" for number in range(1, 6))]]


def test_parts_of_a_copy_can_be_added_changed_and_taken_out(editor, approver):
    city = make_city()
    city.milestones.create(date="1969", title="First")
    city.milestones.create(date="1970", title="Second")
    publish(city)
    editor.post(form_url(city), {"_copy": "on"})
    sent = sent_by_browser(editor.get(copy_url(city)))
    new = {"milestones-TOTAL_FORMS": "3", "milestones-2-date": "1999", "milestones-2-title": "Third"}
    editor.post(copy_url(city), sent | new | {"milestones-0-DELETE": "on", "_save": "on"})
    assert [m.title for m in city.milestones.all()] == ["First", "Second"]
    press_copy(editor, city, "_submit", **{"milestones-1-title": "Third, put right"})
    press_copy(approver, city, "_approve")
    assert [m.title for m in city.milestones.all()] == ["Second", "Third, put right"]


@pytest.mark.django_db(transaction=True)
def test_colleagues_can_save_while_an_upload_into_a_copy_is_scanned(editor, monkeypatch, settings):
    memorandum, looked = publish(make_memorandum(publish(make_city()))), []
    settings.CLAMD_URL = "tcp://127.0.0.1:3310"
    monkeypatch.setattr(scanner, "_ask", lambda upload: looked.append(connection.in_atomic_block) or "stream: OK")
    editor.post(form_url(memorandum), {"_copy": "on"})
    new = {"documents-TOTAL_FORMS": "1", "documents-0-title": "Letter", "documents-0-kind": "text"}
    new |= {"documents-0-language": "en", "documents-0-file": SimpleUploadedFile("letter.pdf", SCAN)}
    press_copy(editor, memorandum, **new, **{"documents-0-summary": "<p>It says so.</p>"})
    assert looked == [False]


def test_document_uploaded_into_a_copy_is_there_when_it_is_published(editor, approver, client):
    memorandum = make_memorandum(publish(make_city()))
    make_document(memorandum)
    publish(memorandum)
    editor.post(form_url(memorandum), {"_copy": "on"})
    sent = sent_by_browser(editor.get(copy_url(memorandum)))
    upload = SimpleUploadedFile("letter.pdf", SCAN)
    new = {"documents-TOTAL_FORMS": "2", "documents-1-title": "Letter", "documents-1-kind": "text"}
    new |= {"documents-1-language": "en", "documents-1-file": upload, "documents-1-summary": "<p>It says so.</p>"}
    editor.post(copy_url(memorandum), sent | new | {"_submit": "on"})
    assert Document.objects.count() == 1
    press_copy(approver, memorandum, "_approve")
    letter = Document.objects.get(title="Letter")
    assert client.get(letter.get_absolute_url()).getvalue() == SCAN


def test_refused_step_keeps_what_was_typed_and_the_copy_as_it_was(approver, settings):
    settings.FOUR_EYES = ALONE
    city = publish(make_city())
    submit(begin(city, by=make_superuser(), at=timezone.now()))
    response = press_copy(approver, city, "_approve", why="", summary="Typed.")
    assert errors(response) == ["why: Write why we are partners."]
    assert response.context["adminform"].form["summary"].value() == "Typed."
    assert WorkingCopy.objects.get().snapshot["fields"]["summary"] == "A friendship with Dortmund."
    assert City.objects.get().summary == "A friendship with Dortmund."


def test_scheduled_copy_is_not_edited_but_can_be_moved_and_sent_back(approver):
    theme = publish(make_theme())
    copy = submit(begin(theme, by=make_superuser(), at=timezone.now()))
    press_copy(approver, theme, "_approve", publish_at="2127-07-01T09:30")
    assert 'name="summary"' not in approver.get(copy_url(theme)).content.decode()
    press_copy(approver, theme, "_reschedule", publish_at="2127-08-01T09:30")
    copy.refresh_from_db()
    assert copy.publish_at.month == 8
    press_copy(approver, theme, "_send_back", remark="Not yet.")
    copy.refresh_from_db()
    assert copy.state(at=timezone.now()) == State.DRAFT


def test_discarding_leads_back_to_the_record(editor):
    theme = publish(make_theme())
    editor.post(form_url(theme), {"_copy": "on"})
    assert editor.post(copy_url(theme), {"_discard": "on"}).url == form_url(theme)
    assert not WorkingCopy.objects.exists()
    assert editor.get(copy_url(theme)).url == form_url(theme)


@pytest.mark.parametrize("what", ["scheduled", "published", "discarded"])
def test_text_for_a_copy_that_went_its_way_is_shown_to_be_kept(editor, what):
    city, by = make_city(), make_superuser()
    city.milestones.create(date="1969", title="First")
    copy = begin(publish(city), by=by, at=timezone.now())
    sent = sent_by_browser(editor.get(copy_url(city))) | {"summary": "Typed.", "milestones-0-title": "The first."}
    if what == "discarded":
        copy.discard(by=by, at=timezone.now())
    else:
        moment = timezone.now() + timedelta(days=1) if what == "scheduled" else None
        submit(copy).approve(by=by, at=timezone.now(), publish_at=moment)
    response = editor.post(copy_url(city), sent | {"_save": "on"})
    assert response.status_code == 409
    kept = {kept.label: kept.text for kept in response.context["typed"]}
    assert (kept["Summary"], kept["Milestone: What happened"]) == ("Typed.", "The first.")
    assert City.objects.get().summary == "A friendship with Dortmund."


def test_saving_a_copy_writes_nothing_into_the_history_of_the_record(editor):
    theme = publish(make_theme())
    editor.post(form_url(theme), {"_copy": "on"})
    before = HistoryEvent.objects.of(theme).count()
    press_copy(editor, theme, summary="Typed.")
    assert HistoryEvent.objects.of(theme).count() == before


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "taken-down"])
def test_copy_is_offered_for_public_records_only(editor, state):
    theme = hide(make_theme(), state, now=timezone.now())
    assert 'name="_copy"' not in editor.get(form_url(theme)).content.decode()
    editor.post(form_url(theme), {"_copy": "on"})
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("button", ["_copy", "_discard", "_save", "_submit", "_approve", "_publish_urgently"])
def test_forged_post_changes_nothing(button):
    stranger, theme = signed_in(make_user("Press officer")), publish(make_theme())
    assert stranger.post(form_url(theme), {"_copy": "on"}).status_code == 403
    begin(theme, by=make_superuser(), at=timezone.now())
    assert stranger.post(copy_url(theme), {button: "on", "summary": "Forged."}).status_code == 403
    assert WorkingCopy.objects.get().snapshot["fields"]["summary"] == "What cities do together."


def test_nobody_approves_their_own_copy():
    user = make_user("Administrator")
    theme = publish(make_theme())
    begin(theme, by=user, at=timezone.now()).submit(by=user, at=timezone.now())
    assert errors(press_copy(signed_in(user), theme, "_approve")) == [
        "You submitted this yourself. Somebody else has to approve it."
    ]


def test_chosen_agreement_shows_in_the_form_of_a_copy(editor):
    city = publish(make_city())
    memorandum = publish(make_memorandum(city, title="Charter"))
    editor.post(form_url(memorandum), {"_copy": "on"})
    press_copy(editor, memorandum, title="Charter of friendship")
    assert "Charter of friendship" in editor.get(copy_url(memorandum)).content.decode()
    assert Memorandum.objects.get().title == "Charter"
