"""No sentence of the back office tells somebody to do what they cannot: walked for each state, role and kind, with copies."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.back_office import form_url, sent_by_browser, signed_in
from tests.factories import (
    hide,
    make_city,
    make_memorandum,
    make_page,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    publish,
    submit,
)
from twinning.core.history.events import HistoryEvent
from twinning.core.models import User
from twinning.core.publishing.copies import begin
from twinning.core.publishing.next_steps import BEGIN_COPY, OPEN_COPY, OPEN_FORM
from twinning.core.publishing.steps import ASK_BACK, PUBLISHING_STEPS, SEND_BACK, State
from twinning.core.roles import ROLES

pytestmark = pytest.mark.django_db

KINDS = {
    "city": make_city,
    "theme": make_theme,
    "memorandum": lambda: make_memorandum(make_city()),
    "release": make_release,
    "page": make_page,
}
STATES = [*(state.value for state in State), "urgent", "copy draft", "copy in-review", "copy scheduled"]


def record_in(state: str, kind: str):
    """A record in a state, or with a working copy in one, brought there by other people."""
    record, now = KINDS[kind](), timezone.now()
    if state == "urgent":
        record.publish_urgently(by=make_superuser(), at=now, reason="Flood.")
        return record
    if state == "published" or state.startswith("copy"):
        publish(record, at=now - timedelta(days=1))
    elif state != "draft":
        hide(record, state, now=now)
    if state.startswith("copy"):
        copy = begin(record, by=make_superuser(), at=now)
        if state != "copy draft":
            submit(copy, at=now)
        if state == "copy scheduled":
            copy.approve(by=make_superuser(), at=now, publish_at=now + timedelta(days=3))
    return record


def url_of(record, state: str) -> str:
    return form_url(record).replace("/change/", "/copy/") if state.startswith("copy") else form_url(record)


def roles_named(sentence: str) -> list[str]:
    return [role for role in ROLES if role in sentence]


# What a sentence tells somebody to do, and the step that has to be offered to them then.
TOLD = {"To change it, send it back.": SEND_BACK, "ask for it back:": ASK_BACK}
# What a sentence says that somebody else can do, and the right to it.
OTHERS = {
    "can send it back": "approve",
    "can approve it": "approve",
    "can submit it": "submit",
    "can change it": "change",
    "can go on with it": "change",
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_each_step_that_is_named_is_offered_or_somebody_is_named_who_can_take_it(role, state, kind):
    record, reader = record_in(state, kind), signed_in(make_user(role))
    page = reader.get(url_of(record, state))
    content, upcoming, offered = page.content.decode(), page.context["next"], page.context["visit"].offered
    for name in PUBLISHING_STEPS:
        assert (f'name="_{name}"' in content) == (name in offered), name
    for words, step in TOLD.items():
        assert words not in upcoming.sentence or step.name in offered
    named = roles_named(upcoming.sentence)
    for words, right in OTHERS.items():
        if words in upcoming.sentence:
            assert named
            for other in named:
                assert record.has_right(right, by=User.objects.get(pk=make_user(other).pk))
    if upcoming.code == BEGIN_COPY:
        assert 'name="_copy"' in content
    if upcoming.code == OPEN_COPY:
        assert reader.get(url_of(record, "copy")).status_code == 200
    if upcoming.code == OPEN_FORM and "adminform" not in page.context:
        assert "adminform" in reader.get(f"{url_of(record, state)}?edit=1").context
    is_writing = 'name="_save"' in content
    assert offered or upcoming.code or named or is_writing or state == "taken-down"


@pytest.mark.parametrize("state", ["scheduled", "copy scheduled"])
def test_writer_asks_for_what_is_scheduled_and_the_approver_gets_it_on_the_desk(editor, approver, state):
    theme = record_in(state, "theme")
    url = url_of(theme, state)
    read = sent_by_browser(editor.get(url))
    response = editor.post(url, read | {"_ask_back": "on"})
    assert "Say what is wrong" in response.content.decode()
    assert editor.post(url, read | {"_ask_back": "on", "remark": "The date is wrong."}).url == url
    page = editor.get(url)
    assert "ask_back" not in page.context["visit"].offered
    assert "asked for back already" in page.context["next"].sentence
    [section] = [one for one in approver.get("/admin/").context["sections"] if one.code == "asked-back"]
    assert [(line.url, line.remark) for line in section.lines] == [(url, "The date is wrong.")]
    assert "The date is wrong." in approver.get(url).content.decode()
    read = sent_by_browser(approver.get(url))
    approver.post(url, read | {"_send_back": "on", "remark": "Put it right."})
    assert "asked-back" not in [one.code for one in approver.get("/admin/").context["sections"]]
    assert "adminform" in editor.get(url).context


def test_asking_changes_nothing_that_the_public_gets(editor):
    theme = record_in("scheduled", "theme")
    before = type(theme).objects.values().get(pk=theme.pk)
    editor.post(form_url(theme), sent_by_browser(editor.get(form_url(theme))) | {"_ask_back": "on", "remark": "Wrong."})
    assert type(theme).objects.values().get(pk=theme.pk) == before
    assert HistoryEvent.objects.of(theme).first().what == ASK_BACK.name


def test_what_is_moved_is_no_longer_asked_for(editor, approver):
    theme = record_in("scheduled", "theme")
    theme.ask_back(by=User.objects.get(username__startswith="twinning"), at=timezone.now(), remark="Later, please.")
    theme.reschedule(by=make_superuser(), at=timezone.now(), publish_at=timezone.now() + timedelta(days=9))
    assert "asked-back" not in [one.code for one in approver.get("/admin/").context["sections"]]
    assert "ask_back" in editor.get(form_url(theme)).context["visit"].offered


def test_copy_that_failed_stands_with_the_approvers_already(editor):
    theme = record_in("copy scheduled", "theme")
    copy = begin(theme, by=make_superuser(), at=timezone.now())
    copy.failure = "Another theme has that name."
    copy.save()
    page = editor.get(url_of(theme, "copy"))
    assert "ask_back" not in page.context["visit"].offered
    assert roles_named(page.context["next"].sentence) == ["Approver", "Administrator"]
