"""Nobody approves alone what they wrote or changed, unless the council has set otherwise; the history marks that."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from partners.models import Theme
from tests.back_office import errors, form_url, press, sent_by_browser, signed_in
from tests.errors import codes_in
from tests.factories import make_theme, make_user, publish, submit
from twinning.core.history.events import HistoryEvent
from twinning.core.publishing.copies import WorkingCopy, begin
from twinning.core.publishing.steps import ALONE, ANOTHER, SUBMIT_AGAIN, WITH_REASON

pytestmark = pytest.mark.django_db
CHANGED = "You have changed this since it was submitted. Somebody else has to approve it."


def submitted(name="Climate", *, by=None) -> Theme:
    theme = make_theme(name)
    theme.submit(by=by or make_user("Twinning editor"), at=timezone.now())
    return theme


@pytest.mark.parametrize("saved_before", [True, False], ids=["saved before", "saved with the approval"])
def test_nobody_approves_alone_what_they_have_changed(saved_before):
    first, second, theme = make_user("Approver"), make_user("Approver"), submitted()
    desk = signed_in(first)
    if saved_before:
        press(desk, theme, summary="Changed.")
        page = desk.get(form_url(theme)).content.decode()
        assert CHANGED in page
        assert 'name="_approve"' not in page
        assert str(SUBMIT_AGAIN.label) in page
    response = press(desk, theme, "_approve", summary="Changed.")
    assert errors(response) == [CHANGED]
    assert response.context["adminform"].form["summary"].value() == "Changed."
    press(desk, theme, "_submit_again", summary="Changed.")
    theme.refresh_from_db()
    assert (theme.submitted_by, theme.summary) == (first, "Changed.")
    press(signed_in(second), theme, "_approve")
    theme.refresh_from_db()
    assert theme.approved_by == second


def test_remark_of_who_hands_it_on_stands_on_the_list_of_the_colleague():
    first, second, theme = make_user("Approver"), make_user("Approver"), submitted()
    press(signed_in(first), theme, "_submit_again", summary="Changed.", remark="I put the year right.")
    assert "I put the year right." in signed_in(second).get(reverse("admin:waiting")).content.decode()


def test_own_changes_in_a_working_copy_are_not_approved_alone():
    editor, desk, theme = make_user("Twinning editor"), signed_in(make_user("Approver")), publish(make_theme())
    begin(theme, by=editor, at=timezone.now()).submit(by=editor, at=timezone.now())
    url = form_url(theme).replace("/change/", "/copy/")
    url = f"{url}?edit=1"
    sent = sent_by_browser(desk.get(url))
    assert errors(desk.post(url, sent | {"summary": "Changed.", "_approve": "on"})) == [CHANGED]
    desk.post(url, sent | {"_approve": "on"})
    assert not WorkingCopy.objects.exists()


def test_office_that_allows_it_approves_own_changes_with_a_reason(settings):
    settings.FOUR_EYES = WITH_REASON
    desk, theme = signed_in(make_user("Approver")), submitted()
    assert codes_in(press(desk, theme, "_approve", summary="Changed.")) == ["remark: required"]
    press(desk, theme, "_approve", summary="Changed.", remark="A comma.")
    theme.refresh_from_db()
    assert theme.is_published(at=timezone.now())
    event = HistoryEvent.objects.of(theme).get(what="approve")
    assert (event.remark, event.details["own_work"]) == ("A comma.", True)


def test_office_that_asks_for_a_reason_lets_nobody_approve_their_own_submission(settings):
    settings.FOUR_EYES = WITH_REASON
    admin = make_user("Administrator")
    theme = submitted(by=admin)
    assert codes_in(press(signed_in(admin), theme, "_approve", remark="I am right.")) == ["not_possible_now"]


def test_office_of_one_approves_alone_and_the_history_says_so(settings):
    settings.FOUR_EYES = ALONE
    admin = make_user("Administrator")
    theme = submitted(by=admin)
    press(signed_in(admin), theme, "_approve")
    theme.refresh_from_db()
    assert theme.is_published(at=timezone.now())
    history = signed_in(admin).get(reverse("admin:partners_theme_history", args=[theme.pk])).content.decode()
    assert "Approved by an author of it: nobody else looked at it." in history


@pytest.mark.parametrize(
    ("four_eyes", "approved"),
    [(ANOTHER, {"Others"}), (WITH_REASON, {"Others", "Changed"}), (ALONE, {"Others", "Changed", "Own"})],
)
def test_list_and_number_of_what_waits_agree_with_the_form(settings, four_eyes, approved):
    settings.FOUR_EYES = four_eyes
    admin = make_user("Administrator")
    submitted("Own", by=admin)
    submitted("Others")
    press(signed_in(admin), submitted("Changed"), summary="Changed.")
    may = {theme.name for theme in Theme.objects.all() if theme.may("approve", by=admin, at=timezone.now())}
    assert may == approved
    assert {theme.name for theme in Theme.objects.to_approve(admin)} == approved


def test_colleague_who_was_quicker_is_named_and_nothing_is_refused(approver):
    theme, other = publish(make_theme()), make_user("Approver", first_name="Ann", last_name="Approver")
    sent = sent_by_browser(approver.get(form_url(theme)))
    theme.take_down(by=other, at=timezone.now())
    response = approver.post(form_url(theme), sent | {"_take_down": "on"}, follow=True)
    said = [str(message) for message in response.context["messages"]]
    assert len(said) == 1
    assert said[0].startswith("A colleague was quicker. “Climate”: Taken down on")
    assert "by Ann Approver" in said[0]
    assert not HistoryEvent.objects.filter(what="refused").exists()


def test_copy_that_was_approved_meanwhile_is_not_discarded_and_nothing_is_refused(editor):
    theme, other = publish(make_theme()), make_user("Approver", first_name="Ann", last_name="Approver")
    copy = submit(begin(theme, by=make_user("Twinning editor"), at=timezone.now()))
    url = form_url(theme).replace("/change/", "/copy/")
    sent = sent_by_browser(editor.get(url))
    copy.approve(by=other, at=timezone.now(), publish_at=timezone.now() + timedelta(days=1))
    del sent["_version"]  # as a form sends that only shows
    response = editor.post(url, sent | {"_discard": "on"}, follow=True)
    assert "A colleague was quicker. “Climate”: Scheduled for" in str(next(iter(response.context["messages"])))
    assert WorkingCopy.objects.exists()
    assert not HistoryEvent.objects.filter(what="refused").exists()
