"""Waiting for approval: the approver's list, and its number on every page."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from tests.back_office import form_url, signed_in
from tests.factories import (
    PAST,
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
from twinning.core.desk.waiting import number, waiting
from twinning.core.publishing.copies import WorkingCopy, begin, publish_due

pytestmark = pytest.mark.django_db

URL = reverse("admin:waiting")
INDEX = reverse("admin:index")
SECTIONS = ("failed", "urgent", "in_review", "own")


def listed(user) -> dict[str, list[str]]:
    """The sections of a user's list that are not empty, with the names of the records in them."""
    context = signed_in(user).get(URL).context
    return {name: [str(item.subject) for item in context[name]] for name in SECTIONS if context[name]}


def copy_of(record) -> WorkingCopy:
    return begin(publish(record), by=make_superuser(), at=timezone.now())


def copy_that_failed(name: str = "Climate") -> WorkingCopy:
    """A copy that could not be published, because another record had taken its name."""
    now = timezone.now()
    copy = submit(copy_of(make_theme(name)))
    copy.snapshot["fields"]["name"] = copy.snapshot["fields"]["slug"] = "taken"
    copy.save()
    copy.approve(by=make_superuser(), at=now - timedelta(hours=2), publish_at=now - timedelta(hours=1))
    make_theme("taken", slug="taken")
    publish_due(at=now)
    copy.refresh_from_db()
    return copy


# Rights ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status"),
    [("", 403), ("Twinning editor", 403), ("Press officer", 403), ("Approver", 200), ("Administrator", 200)],
)
def test_list_is_for_those_who_may_approve(role, status):
    make_theme()
    client = signed_in(make_user(role))
    assert client.get(URL).status_code == status
    assert (f'href="{URL}"' in client.get(INDEX).content.decode()) == (status == 200)


def test_visitor_is_redirected_to_the_log_in_page(client):
    assert client.get(URL).url == f"{reverse('admin:login')}?next={URL}"


def test_list_allows_get_only():
    assert signed_in(make_superuser()).post(URL).status_code == 405


def test_superuser_sees_every_kind():
    records = [make_theme(), make_city(), make_memorandum(make_city("Lille")), make_release()]
    for record in records:
        submit(record)
    assert set(listed(make_superuser())["in_review"]) == {str(record) for record in records}


def test_approver_of_one_kind_sees_that_kind():
    submit(make_theme("Climate"))
    submit(make_release("Cities sign again"))
    submit(copy_of(make_theme("Sport")))
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_theme", "approve_theme"]))
    assert listed(user) == {"in_review": ["Climate", "Sport"]}
    assert number(by=user) == 2


# Sections -------------------------------------------------------------------------------------------------------------


def test_records_that_do_not_wait_are_not_listed():
    now = timezone.now()
    for state in ("draft", "scheduled", "withdrawn", "taken-down"):
        hide(make_theme(state), state, now=now)
    publish(make_theme("published"))
    copy_of(make_city())
    user = make_user("Approver")
    assert listed(user) == {}
    assert "Nothing waits for you." in signed_in(user).get(URL).content.decode()


def test_submission_is_listed_with_person_moment_and_remark():
    author = make_user("Press officer", first_name="Ann", last_name="Author")
    release = make_release()
    release.submit(by=author, at=PAST, remark="An old remark.")
    release.send_back(by=make_superuser(), at=PAST, remark="Name the hall.")
    release.submit(by=author, at=PAST, remark="Now with the hall.")
    page = signed_in(make_user("Approver")).get(URL).content.decode()
    assert f'<a href="{form_url(release)}">{release}</a>' in page
    assert "Submitted on Friday 12 February 2021, 10:00 GMT by Ann Author" in page
    assert "Now with the hall." in page
    assert "An old remark." not in page


def test_submitted_working_copy_links_to_its_form():
    copy = copy_of(make_theme())
    copy.submit(by=make_superuser(), at=timezone.now(), remark="New figures.")
    page = signed_in(make_user("Approver")).get(URL).content.decode()
    assert f'<a href="{reverse("admin:partners_theme_copy", args=[copy.object_id])}">Climate</a>' in page
    assert "Working copy: theme" in page
    assert "New figures." in page


def test_urgent_publication_stays_until_somebody_else_approves_it():
    theme, first, second = make_theme(), make_user("Approver"), make_user("Approver")
    theme.publish_urgently(by=first, at=timezone.now(), reason="The mayor is on the radio.")
    assert listed(first) == {"own": ["Climate"]}
    assert listed(second) == {"urgent": ["Climate"]}
    assert "The mayor is on the radio." in signed_in(second).get(URL).content.decode()
    theme.confirm(by=second, at=timezone.now())
    assert listed(second) == {}


def test_approval_afterwards_changes_no_public_page(client, time_machine):
    time_machine.move_to(PAST, tick=False)
    release = make_release(slug="flood")
    release.publish_urgently(by=make_superuser(), at=PAST, reason="Flood.")
    pages = ("/news/flood/", "/news/atom.xml", "/sitemap-news.xml")
    before = [client.get(page).content for page in pages]
    time_machine.move_to(PAST + timedelta(days=1), tick=False)
    release.confirm(by=make_superuser(), at=timezone.now())
    assert [client.get(page).content for page in pages] == before


def test_working_copy_that_failed_is_listed_with_the_reason():
    copy = copy_that_failed()
    assert copy.failure
    user = make_user("Approver")
    assert listed(user) == {"failed": ["Climate"]}
    assert copy.failure.splitlines()[0] in signed_in(user).get(URL).content.decode()


def test_own_submissions_have_a_section_of_their_own():
    user = make_user("Administrator")
    own, other = make_theme("Climate"), submit(make_theme("Sport"))
    own.submit(by=user, at=timezone.now())
    assert listed(user) == {"in_review": [str(other)], "own": [str(own)]}
    assert "Somebody else has to approve these" in signed_in(user).get(URL).content.decode()
    other.delete()
    page = signed_in(user).get(URL).content.decode()
    assert "Nothing waits for you. What is below waits for a colleague." in page


def test_oldest_comes_first():
    for name, days in [("Newer", 1), ("Oldest", 3), ("Old", 2)]:
        submit(make_theme(name), at=timezone.now() - timedelta(days=days))
    assert listed(make_user("Approver")) == {"in_review": ["Oldest", "Old", "Newer"]}


# Number and queries ---------------------------------------------------------------------------------------------------


def one_of_everything(user) -> None:
    """Records and copies in each section of a user's list."""
    for record in (make_theme("Own"), make_release("Own")):
        record.submit(by=user, at=timezone.now())
    make_city().publish_urgently(by=user, at=timezone.now(), reason="Flood.")
    submit(make_theme("Sport"))
    submit(make_release())
    make_city("Lille").publish_urgently(by=make_superuser(), at=timezone.now(), reason="Flood.")
    submit(copy_of(make_city("Brno")))
    copy_of(make_city("Siegen")).submit(by=user, at=timezone.now())
    copy_that_failed()


def test_number_counts_the_list_without_own_submissions():
    user = make_user("Administrator")
    one_of_everything(user)
    found = waiting(by=user, at=timezone.now())
    assert {name: len(items) for name, items in found.items()} == {"failed": 1, "urgent": 1, "in_review": 3, "own": 4}
    assert number(by=user) == 5
    [section] = [one for one in signed_in(user).get(INDEX).context["sections"] if one.code == "waiting"]
    assert section.number == 5
    assert "Waiting for approval (5)" in signed_in(user).get(form_url(make_release())).content.decode()


def test_list_takes_the_same_queries_for_few_and_for_many(django_assert_max_num_queries):
    user = make_user("Administrator")
    one_of_everything(user)
    client = signed_in(user)
    client.get(URL)
    with django_assert_max_num_queries(30) as few:
        client.get(URL)
    for number_of in range(4):
        submit(make_theme(f"Theme {number_of}"))
        submit(make_release())
        submit(copy_of(make_city(f"City {number_of}")))
        make_release().publish_urgently(by=make_superuser(), at=timezone.now(), reason="Flood.")
    with django_assert_max_num_queries(len(few)):
        client.get(URL)


def test_number_takes_one_query(django_assert_num_queries):
    user = make_user("Approver")
    number(by=user)
    with django_assert_num_queries(1):
        number(by=user)


def test_log_in_page_has_no_number(client):
    assert client.get(reverse("admin:login")).context["number_waiting"] is None
