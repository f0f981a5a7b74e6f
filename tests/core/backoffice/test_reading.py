"""The page on which a record is read: who gets it, what it shows, and the steps that are taken on it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Theme
from tests.back_office import edit_url, errors, form_url, press, sent_by_browser, signed_in
from tests.factories import (
    hide,
    make_city,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    publish,
    submit,
)
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import PreviewLink
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.next_steps import BEGIN_COPY, OPEN_COPY, OPEN_FORM
from twinning.core.publishing.steps import State
from twinning.core.roles import ROLES

pytestmark = pytest.mark.django_db
STATES = [state.value for state in State]
APPROVED = ("scheduled", "published", "withdrawn", "taken-down")


def theme_in(state: str) -> Theme:
    theme, now = make_theme(), timezone.now()
    return publish(theme, at=now - timedelta(days=1)) if state == "published" else hide(theme, state, now=now)


def copy_url(record) -> str:
    return form_url(record).replace("/change/", "/copy/")


def copy_in_review(theme: Theme, **changed) -> WorkingCopy:
    copy = begin(publish(theme), by=make_superuser(), at=timezone.now())
    copy.snapshot["fields"] |= changed
    copy.save()
    return submit(copy, at=timezone.now())


def words(way) -> str:
    return str(way.words)


def ways(page) -> list[str]:
    return [words(way) for way in page.context["ways"]]


# Who reads and who writes ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_what_nobody_edits_is_read(role, state):
    page = signed_in(make_user(role)).get(form_url(theme_in(state)))
    is_written = (state == "draft" and role != "Press officer") or (state, role) == ("in-review", "Twinning editor")
    assert ("adminform" in page.context) == is_written
    assert ("<iframe" in page.content.decode()) == (not is_written)


def test_approver_opens_the_form_to_put_words_right(approver):
    theme = submit(make_theme())
    page = approver.get(form_url(theme))
    assert page.context["next"].code == OPEN_FORM
    assert 'href="?edit=1"' in page.content.decode()
    press(approver, theme, summary="Put right.")
    assert Theme.objects.get().summary == "Put right."


def test_approver_goes_on_writing_after_saving(approver):
    theme = submit(make_theme())
    assert press(approver, theme, "_continue", summary="Put right.").url == edit_url(theme)


@pytest.mark.parametrize("state", APPROVED)
def test_nobody_opens_the_form_of_what_is_approved(root, state):
    assert "adminform" not in root.get(edit_url(theme_in(state))).context


def test_form_that_could_not_be_saved_comes_back_as_a_form(approver):
    theme = submit(make_theme())
    response = press(approver, theme, summary="")
    assert "adminform" in response.context


def test_working_copy_is_written_by_its_editor_and_read_by_its_approver(editor, approver, officer):
    theme = make_theme()
    copy_in_review(theme, summary="Written in the copy.")
    assert "adminform" in editor.get(copy_url(theme)).context
    for reader in (approver, officer):
        page = reader.get(copy_url(theme))
        assert "adminform" not in page.context
        assert "Written in the copy." in reader.get(page.context["page_url"]).content.decode()


# What is shown --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_page_inside_is_the_one_that_the_public_gets_or_would_get(officer, client, state):
    theme = theme_in(state)
    shown = officer.get(officer.get(form_url(theme)).context["page_url"])
    assert shown.status_code == 200
    assert "What cities do together." in shown.content.decode()
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert shown.headers["Cache-Control"].startswith("private, no-store")
    assert "frame-ancestors 'self'" in shown.headers["Content-Security-Policy"]
    assert '<base target="_blank">' in shown.content.decode()
    if state == "published":
        public = client.get(theme.get_absolute_url()).content.decode()
        without = shown.content.decode().replace('<base target="_blank">', "")
        assert without.partition("<main")[2] == public.partition("<main")[2]


@pytest.mark.parametrize("view", ["framed", "framed_copy"])
def test_page_inside_is_for_those_who_may_see_the_record(client, view):
    theme = make_theme()
    copy_in_review(theme)
    url = reverse(f"admin:partners_theme_{view}", args=[theme.pk])
    assert client.get(url).status_code == 302
    assert signed_in(make_user()).get(url).status_code == 403
    assert signed_in(make_user("Press officer")).get(url).status_code == 200
    assert signed_in(make_user("Press officer")).post(url).status_code == 405


def test_copy_that_is_gone_has_no_page(officer):
    assert officer.get(reverse("admin:partners_theme_framed_copy", args=[make_theme().pk])).status_code == 404


def test_only_this_site_is_shown_inside(officer):
    policy = officer.get(form_url(publish(make_theme()))).headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy


def test_what_only_colleagues_see_stands_beside(officer):
    owner = make_user("Twinning editor", first_name="Ann", last_name="Owner")
    city = publish(make_city(owner=owner, review_on="2127-03-04", internal_notes="Ask the archive."))
    memorandum, release = make_memorandum(city), make_release(cities=[city])
    page = officer.get(form_url(city))
    content = page.content.decode()
    assert [value for _label, value in page.context["for_office"]] == ["Ann Owner", "4 March 2127", "Ask the archive."]
    assert [use.named for use in page.context["uses"]] == [
        [(str(memorandum), form_url(memorandum))],
        [(str(release), form_url(release))],
    ]
    assert f'href="{city.get_absolute_url()}"' in content
    assert [entry.event.what for entry in page.context["entries"]] == ["approve", "submit"]


def test_empty_fields_are_not_shown(officer):
    assert officer.get(form_url(publish(make_city()))).context["for_office"] == []


def test_links_and_their_openings_stand_beside(officer):
    release = make_release()
    submit(release).approve(by=make_superuser(), at=timezone.now(), publish_at=timezone.now() + timedelta(days=1))
    link = PreviewLink(record=release, recipient="News desk", outlet="Evening paper")
    link.issue(by=make_superuser(), at=timezone.now())
    link.note_opening(at=timezone.now())
    assert "News desk, Evening paper" in officer.get(form_url(release)).content.decode()


def test_looking_at_what_is_public_writes_no_history(officer):
    theme = publish(make_theme())
    before = HistoryEvent.objects.count()
    officer.get(form_url(theme))
    assert HistoryEvent.objects.count() == before


def test_changes_of_a_copy_are_marked_in_words(approver):
    theme = make_theme(summary="What the cities of the river do together since the war ended, and why they go on.")
    copy_in_review(theme, summary="What the cities of the coast do together since the war ended, and why they go on.")
    page = approver.get(copy_url(theme))
    [difference] = page.context["changes"].differences
    assert ("river", "del") in [(text.strip(), kind) for text, kind in difference.marks]
    assert "<ins>" in page.content.decode()


def test_changes_since_a_text_was_sent_back_are_marked(editor, approver):
    theme = make_theme()
    assert approver.get(form_url(submit(theme))).context["changes"] is None
    press(approver, theme, "_send_back", remark="Say more.")
    press(editor, theme, "_submit", summary="More is said now.", remark="Done.")
    page = approver.get(form_url(theme))
    assert [(d.before, d.after) for d in page.context["changes"].differences] == [
        ("What cities do together.", "More is said now.")
    ]
    assert page.context["changes"].since
    assert page.context["remark"].remark == "Done."


def test_what_is_missing_is_said_before_somebody_approves(approver):
    page = approver.get(form_url(submit(make_city(why=""))))
    assert page.context["lacks"] == ["Write why we are partners."]


# What comes next ------------------------------------------------------------------------------------------------------


def test_public_page_is_edited_in_a_copy_which_is_gone_on_with(editor, officer):
    theme = publish(make_theme())
    page = editor.get(form_url(theme))
    assert page.context["next"].code == BEGIN_COPY
    assert editor.post(form_url(theme), {"_copy": "on"}).url == copy_url(theme)
    page = editor.get(form_url(theme))
    assert page.context["next"].code == OPEN_COPY
    assert f'href="{copy_url(theme)}"' in page.content.decode()
    assert officer.get(form_url(theme)).context["next"].code == OPEN_COPY


def test_approval_is_one_button_and_leads_back_to_the_desk(approver, client):
    theme = submit(make_theme())
    page = approver.get(form_url(theme))
    assert ways(page)[:3] == ["Approve", "Approve for a moment", "Send back"]
    assert [words(way) for way in page.context["ways"] if way.is_strong] == ["Approve"]
    sent = sent_by_browser(page) | {"_approve": "now"}
    assert approver.post(form_url(theme), sent).url == reverse("admin:index")
    assert client.get(theme.get_absolute_url()).status_code == 200


def test_moment_that_was_typed_counts_with_its_own_button_only(approver):
    theme, moment = submit(make_theme()), {"publish_at": "2127-07-01T09:30"}
    read = sent_by_browser(approver.get(form_url(theme)))
    approver.post(form_url(theme), read | moment | {"_approve": "on"})
    assert Theme.objects.get().state(at=timezone.now()) == State.SCHEDULED


def test_nothing_is_sent_back_without_a_word(approver):
    theme = submit(make_theme())
    read = sent_by_browser(approver.get(form_url(theme)))
    response = approver.post(form_url(theme), read | {"_send_back": "on"})
    assert errors(response) == ["remark: Say what is to be done. Only colleagues read it."]
    assert '<details class="way" open>' in response.content.decode()
    approver.post(form_url(theme), read | {"_send_back": "on", "remark": "Say more."})
    assert Theme.objects.get().state(at=timezone.now()) == State.DRAFT


def test_what_lacks_something_is_not_approved(approver):
    city = submit(make_city(why=""))
    read = sent_by_browser(approver.get(form_url(city)))
    response = approver.post(form_url(city), read | {"_approve": "now"})
    assert errors(response) == ["Write why we are partners."]
    assert response.context["state"] == State.IN_REVIEW


def test_nobody_approves_what_changed_while_they_read(editor, approver):
    theme = submit(make_theme())
    read = sent_by_browser(approver.get(form_url(theme)))
    press(editor, theme, summary="Changed at the last moment.")
    assert approver.post(form_url(theme), read | {"_approve": "now"}).url == form_url(theme)
    assert not Theme.objects.get().approved_at
    read = sent_by_browser(approver.get(form_url(theme)))
    approver.post(form_url(theme), read | {"_approve": "now"})
    assert Theme.objects.get().approved_at


def test_whoever_comes_too_late_reads_what_happened(approver):
    theme = submit(make_theme())
    read = sent_by_browser(approver.get(form_url(theme)))
    theme.send_back(by=make_superuser(), at=timezone.now(), remark="Not yet.")
    response = approver.post(form_url(theme), read | {"_approve": "now"}, follow=True)
    assert not Theme.objects.get().approved_at
    assert not HistoryEvent.objects.filter(what=EventKind.REFUSED).exists()
    assert response.status_code == 200


@pytest.mark.parametrize("button", ["_save", "_continue", "_nothing"])
@pytest.mark.parametrize("state", ["in-review", *APPROVED])
def test_nothing_is_saved_from_a_page_to_read(root, state, button):
    theme = theme_in(state)
    assert root.post(form_url(theme), {"_read": "1", "summary": "Forged.", button: "on"}).status_code == 403
    assert Theme.objects.get().summary == "What cities do together."


def test_scheduled_copy_is_discarded_by_an_approver(approver):
    theme = make_theme()
    copy = copy_in_review(theme)
    copy.approve(by=make_superuser(), at=timezone.now(), publish_at=timezone.now() + timedelta(days=1))
    page = approver.get(copy_url(theme))
    assert page.context["may_discard_copy"]
    approver.post(copy_url(theme), {"_discard": "on"})
    assert not WorkingCopy.objects.exists()


def test_page_takes_the_same_queries_for_one_use_and_for_many(officer, django_assert_max_num_queries):
    city = publish(make_city())

    def name_it(number: int) -> None:
        for _use in range(number):
            make_release(cities=[city])
            make_memorandum(city)

    name_it(1)
    officer.get(form_url(city))
    with django_assert_max_num_queries(40) as few:
        officer.get(form_url(city))
    name_it(8)
    with django_assert_max_num_queries(len(few)):
        officer.get(form_url(city))
