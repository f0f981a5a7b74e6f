"""Who gives a release its first-issued date, what is refused, and what the history says of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from tests.back_office import errors, form_url, press, sent_by_browser
from tests.errors import refusal
from tests.factories import PAST, make_release, make_superuser, make_user, publish, submit
from tests.previews import copy_of
from twinning.core.history.events import HistoryEvent, current_state
from twinning.core.models import SearchEntry
from twinning.core.publishing.copies import begin
from twinning.core.publishing.restore import restore

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2003 to 2021", "not_one_year"),
        ("1990s", "not_one_year"),
        ("before 1998", "not_one_year"),
        ("after 1998", "not_one_year"),
        ("198", "too_old"),
        ("1 March 2021", "after_publication"),
        ("2022", "after_publication"),
    ],
)
def test_date_that_cannot_be_is_refused(typed, code):
    release = publish(make_release(), at=PAST)
    release.first_issued = typed
    assert refusal(release.full_clean)[0] == f"first_issued: {code}"


def test_database_refuses_a_date_after_the_publication():
    publish(make_release(), at=PAST)
    with pytest.raises(IntegrityError), transaction.atomic():
        PressRelease.objects.update(first_issued_start=PAST + timedelta(days=1))


def test_nothing_is_approved_with_a_date_that_is_still_to_come():
    release = submit(make_release(first_issued="2 March 2022"), at=PAST)
    with pytest.raises(ValidationError, match="2 March 2022 is still to come"):
        release.approve(by=make_superuser(), at=PAST)


def test_copy_is_not_approved_with_a_date_after_the_publication():
    copy = copy_of(publish(make_release(), at=PAST), first_issued="2022")
    copy.submit(by=make_superuser(), at=NOW)
    with pytest.raises(ValidationError, match="public here since 12 February 2021"):
        copy.approve(by=make_superuser(), at=NOW)


def test_approver_dates_it_and_approves_it_in_one_step(approver):
    release = submit(make_release("Old friends"), at=NOW)
    assert press(approver, release, "_approve", first_issued="12 march 1998").status_code == 302
    release.refresh_from_db()
    assert (str(release.first_issued), release.is_published(at=timezone.now())) == ("12 March 1998", True)
    events = HistoryEvent.objects.of(release)
    assert [event.what for event in events][:2] == ["approve", "dated"]
    assert "own_work" not in events.first().details
    history = approver.get(reverse("admin:news_pressrelease_history", args=[release.pk])).content.decode()
    assert "First issued date set" in history
    assert f"Public from {timezone.localtime(release.publish_at):%A %-d %B %Y}" in history


def test_approver_who_changes_a_word_with_it_is_an_author(approver):
    release = submit(make_release("Old friends"), at=NOW)
    response = press(approver, release, "_approve", first_issued="1998", headline="Old and good friends")
    assert "Somebody else has to approve it" in response.content.decode()
    release.refresh_from_db()
    assert not release.approved_at


def test_others_see_it_and_cannot_change_it(officer):
    release = make_release(first_issued="March 1998")
    page = officer.get(form_url(release))
    assert "March 1998" in page.content.decode()
    assert "first_issued" not in sent_by_browser(page)
    assert press(officer, release, first_issued="1997", headline="Better").status_code == 302
    release.refresh_from_db()
    assert (str(release.first_issued), release.headline) == ("March 1998", "Better")


def test_who_goes_back_without_the_right_leaves_it_alone():
    officer, release = make_user("Press officer"), make_release("Before", first_issued="1997")
    before = current_state(release, at=NOW)
    release.headline, release.first_issued = "After", "1998"
    release.save()
    current_state(release, at=NOW)
    restore(release, before, by=officer, at=NOW)
    assert (release.headline, str(release.first_issued)) == ("Before", "1998")
    restore(release, before, by=make_superuser(), at=NOW)
    assert str(release.first_issued) == "1997"


def test_form_says_in_words_what_is_wrong(approver):
    release = submit(make_release(), at=NOW)
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    for typed, said in {
        "1990s": "Write a day, a month or a year, for example 12 March 1998, March 1998 or 1998.",
        "before 1950": "Write a day, a month or a year, for example 12 March 1998, March 1998 or 1998.",
        "1066": "No press release is as old as that. Look at the year again.",
        tomorrow: "is still to come. Leave this empty if it is new.",
        "yesterday": "“yesterday” is not a date we can read.",
    }.items():
        assert said in "".join(errors(press(approver, release, first_issued=typed))), typed


def test_working_copy_dates_what_is_public_already(approver):
    release = publish(make_release("Old friends", slug="old-friends"), at=PAST)
    copy = begin(release, by=make_superuser(), at=NOW)
    copy.submit(by=make_superuser(), at=NOW)
    path = f"{reverse('admin:news_pressrelease_copy', args=[release.pk])}?edit=1"
    data = sent_by_browser(approver.get(path)) | {"first_issued": "March 1998", "_approve": "on"}
    assert approver.post(path, data).status_code == 302
    release.refresh_from_db()
    assert (str(release.issued), release.publish_at) == ("March 1998", PAST)
    assert SearchEntry.objects.get(slug="old-friends").dated_at == release.issued_at
    event = HistoryEvent.objects.of(release).first()
    assert [what for what, *_rest in event.details["steps"]] == ["submit", "dated", "approve"]
