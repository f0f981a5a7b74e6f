"""Two states of a record side by side, in a real browser."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from partners.models import City
from twinning.core.history.events import EventKind, HistoryEvent, content, current_state, note
from twinning.core.models import User

pytestmark = pytest.mark.browser


@pytest.fixture
def two_states(demo):
    """A city with two states: one summary is another, long words were changed, and a milestone was added."""
    city, admin = City.objects.get(slug="dortmund"), User.objects.get(username="admin")
    after = current_state(city, at=timezone.now())
    fields = after.snapshot["fields"]
    words = fields["why"].replace("the", "our").removesuffix("</p>") + " And more of it.</p>"
    parts = after.snapshot["parts"] | {"milestones": after.snapshot["parts"]["milestones"][1:]}
    before = note(city, EventKind.CHANGE, by=admin, at=timezone.now(), remark="First\nsecond")
    before.snapshot = {**after.snapshot, "fields": fields | {"summary": "Other.", "why": words}, "parts": parts}
    before.save()
    # The list shows the newest event first, by the order in which events were saved.
    last = note(city, EventKind.CHANGE, by=admin, at=timezone.now(), snapshot=content(city))
    yield before, last
    HistoryEvent.objects.filter(pk__in=[after.pk, before.pk, last.pk]).delete()


@pytest.fixture
def history(demo_site, page, sign_in, two_states):
    """The history of that city, opened by the administrator."""
    sign_in(page, demo_site, User.objects.get(username="admin"))
    city = City.objects.get(slug="dortmund")
    page.goto(demo_site.url + reverse("admin:partners_city_history", args=[city.pk]))
    return page


def test_states_are_chosen_and_compared_with_the_keyboard(history, two_states):
    before, _last = two_states
    picks = history.get_by_role("radio", name="to (")
    picks.first.focus()
    history.keyboard.press("ArrowDown")
    expect(history.get_by_role("radio", name="to (").nth(1)).to_be_checked()
    history.get_by_role("button", name="Compare").press("Enter")
    expect(history.get_by_role("heading", name="Two states compared")).to_be_visible()
    assert f"to={before.pk}" in history.url


def test_comparison_is_in_order_in_light_and_dark_and_on_narrow_screens(history, audit, two_states):
    history.get_by_role("link", name="What changed").first.click()
    table = history.get_by_role("table")
    expect(table.get_by_role("rowheader", name="Summary")).to_be_visible()
    expect(table.get_by_role("rowheader", name="Milestone added")).to_be_visible()
    assert table.locator("ins").count()
    assert table.locator("del").count()
    assert audit(history) == []
    history.emulate_media(color_scheme="dark")
    assert audit(history, rules=["color-contrast"]) == []
    history.set_viewport_size({"width": 320, "height": 640})
    assert history.evaluate("document.documentElement.scrollWidth") <= 320
    assert audit(history) == []


def test_event_in_the_log_is_in_order(demo_site, history, audit, two_states):
    _before, last = two_states
    history.set_viewport_size({"width": 320, "height": 640})
    history.goto(demo_site.url + reverse("admin:core_historyevent_change", args=[last.pk]))
    expect(history.get_by_role("rowheader", name="Summary")).to_be_visible()
    assert history.evaluate("document.documentElement.scrollWidth") <= 320
    assert audit(history) == []
