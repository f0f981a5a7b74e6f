"""Every page of the back office in a real browser: nothing for axe or the security policy to say.

By all rules wide in light, as on a phone in dark, and between the two in forced colours; by the one of contrast wide in dark.
"""

from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from partners.models import City, Theme
from tests.factories import make_election, make_page, make_release, make_subscriber, make_theme
from twinning.core.publishing.copies import WorkingCopy, begin

pytestmark = pytest.mark.browser

MODELS = sorted(model._meta.label_lower for model in admin.site._registry)


@pytest.fixture
def back_office(demo_site, page, sign_in):
    """Opens a page of the back office as the administrator of the demonstration."""
    sign_in(page, demo_site, get_user_model().objects.get(username="admin"))

    def back_office(name, *args):
        response = page.goto(demo_site.url + reverse(f"admin:{name}", args=args))
        assert "/login/" not in page.url
        return response.status

    return back_office


@pytest.mark.parametrize("name", ["index", "password_change", "waiting"])
def test_page(back_office, audit_in_every_look, name):
    assert back_office(name) == 200
    assert audit_in_every_look() == []


@pytest.fixture
def work_to_do(demo_site):
    """Something in every section of the approver's list, and something that was sent back to the administrator."""
    at, own, others = timezone.now(), *(get_user_model().objects.get(username=name) for name in ("admin", "press"))
    approver = get_user_model().objects.get(username="approver")
    submitted, mine, back = (make_release(name) for name in ("Submitted", "Mine", "Back"))
    submitted.submit(by=others, at=at, remark="The quote of the mayor arrived this morning.")
    mine.submit(by=own, at=at)
    back.submit(by=own, at=at)
    back.send_back(by=approver, at=at, remark="Name the hall, and say when doors open.")
    urgent = make_theme("Urgent")
    urgent.publish_urgently(by=approver, at=at, reason="The mayor is on the radio.")
    copy = begin(urgent, by=own, at=at)
    WorkingCopy.objects.filter(pk=copy.pk).update(failure="There is a theme of that name.", submitted_at=at)
    yield
    copy.delete()
    for record in (submitted, mine, back, urgent):
        record.delete()


@pytest.mark.parametrize("name", ["index", "waiting"])
def test_page_with_work_to_do(back_office, page, work_to_do, audit_in_every_look, name):
    page.set_viewport_size({"width": 320, "height": 800})
    assert back_office(name) == 200
    assert page.locator(":is(.choices, .lines) > li").count()
    assert audit_in_every_look() == []


@pytest.mark.parametrize("name", ["Submitted", "Urgent"])
def test_page_to_read_with_all_its_ways_open(back_office, page, work_to_do, audit_in_every_look, name):
    record = PressRelease.objects.filter(headline=name).first() or Theme.objects.get(name=name)
    back_office(f"{record._meta.app_label}_{record._meta.model_name}_change", record.pk)
    for way in page.locator("details.way > summary").all():
        way.click()
    assert audit_in_every_look() == []


def test_page_to_read_of_a_copy_marks_what_changes(back_office, demo_site, page, audit_in_every_look):
    city, by = City.objects.get(name="Dortmund"), get_user_model().objects.get(username="editor")
    copy = begin(city, by=by, at=timezone.now())
    copy.snapshot["fields"]["summary"] = f"{city.summary} It is renewed every year."
    copy.save()
    copy.submit(by=by, at=timezone.now(), remark="New figures.")
    back_office("partners_city_copy", city.pk)
    assert page.locator("ins").count()
    height = page.locator("iframe").bounding_box()["height"]
    shown = page.frame_locator("iframe").locator("html").evaluate("html => html.scrollHeight")
    assert shown <= height <= shown + 4  # one thing scrolls, not two
    assert audit_in_every_look() == []
    copy.delete()


def test_page_before_a_step_with_several_records(back_office, page, work_to_do, audit_in_every_look):
    page.set_viewport_size({"width": 320, "height": 800})
    back_office("news_pressrelease_changelist")
    page.get_by_role("checkbox", name="Choose all on this page").check()
    page.get_by_label("Action:").select_option("Approve")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Possible now (1)").wait_for()
    assert audit_in_every_look() == []
    page.get_by_label("Publish on").fill("2127-10-26T01:30")
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Which moment is meant").wait_for()
    assert audit_in_every_look() == []
    page.get_by_label("(before the clocks go back)").check()
    page.get_by_role("button", name="Approve").click()
    page.get_by_text("Scheduled for Sunday 26 October 2127, 01:30 BST").first.wait_for()
    assert audit_in_every_look() == []
    assert PressRelease.objects.get(headline="Submitted").approved_by.username == "admin"


def test_log_in_page(demo_site, page, audit_in_every_look):
    page.goto(demo_site.url + reverse("admin:login"))
    page.get_by_role("button", name="Log in", exact=True).click()
    assert audit_in_every_look() == []


@pytest.fixture
def own_page(demo_site):
    """What the demonstration has none of."""
    records = [make_page(), make_subscriber("reader@example.org"), make_election()]
    yield
    for record in records:
        record.delete()


@pytest.mark.parametrize("label", MODELS)
def test_list_and_forms(back_office, own_page, page, audit_in_every_look, label):
    prefix = label.replace(".", "_")
    record = apps.get_model(label).objects.first()
    problems = {}
    for name, *args in [
        ("changelist",),
        ("change", record.pk),
        ("history", record.pk),
        ("delete", record.pk),
        ("add",),
    ]:
        status = back_office(f"{prefix}_{name}", *args)
        assert status == 200 or (status == 403 and name in ("add", "delete"))
        problems[name] = audit_in_every_look()
    if status == 200:
        page.locator("input[name=_save]").first.click()
        page.locator(".errornote").wait_for()
        problems["errors"] = audit_in_every_look()
    assert not any(problems.values()), problems


@pytest.fixture
def election(demo_site):
    """A pre-election period, which every page tells."""
    today = timezone.localdate()
    period = make_election(begins=today, ends=today + timedelta(days=9))
    yield
    period.delete()


def test_calendar_and_coverage(back_office, election, demo_site, page, audit_in_every_look):
    page.goto(demo_site.url + reverse("office_calendar"))
    page.get_by_text("Pre-election period: Local elections").wait_for()
    problems = audit_in_every_look()
    release = PressRelease.objects.published(at=timezone.now()).first()
    assert back_office("news_pressrelease_coverage", release.pk) == 200
    assert problems + audit_in_every_look() == []
