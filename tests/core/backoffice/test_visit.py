"""What one visit to a form costs: statements, calls of functions, readings of the clock, attributes on the request."""

import sys
from contextlib import contextmanager
from cProfile import Profile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from news.models import PressRelease
from partners.models import City, Memorandum, Theme
from tests.back_office import form_url, sent_by_browser, signed_in
from tests.factories import make_user
from twinning.core.backoffice.visit import FormVisit
from twinning.core.models import Photo
from twinning.core.publishing.copies import begin
from twinning.core.publishing.steps import ALONE

pytestmark = pytest.mark.django_db

# What Django, allauth, their middleware and WSGI put onto a request of the back office.
DJANGOS = {
    "COOKIES", "FILES", "GET", "META", "POST", "accepted_types", "allauth", "auser", "content_params", "content_type",
    "csrf_processing_done", "current_app", "environ", "headers", "method", "path", "path_info", "resolver_match",
    "session", "upload_handlers", "user",
}  # fmt: skip


@pytest.fixture
def person():
    return make_user("Administrator")


@pytest.fixture
def desk(person):
    """The browser in which this person works."""
    return signed_in(person)


@pytest.fixture
def draft(demo) -> PressRelease:
    """A release of the demonstration that is not published yet."""
    return PressRelease.objects.filter(submitted_at=None).first()


@pytest.fixture
def published(demo) -> PressRelease:
    """A public release of the demonstration, with photos, quotes, contacts and a correction."""
    return PressRelease.objects.published(at=timezone.now()).first()


def copy_url(record) -> str:
    return form_url(record).replace("/change/", "/copy/")


@contextmanager
def at_most(statements: int):
    with CaptureQueriesContext(connection) as done:
        yield
    assert len(done) <= statements, "\n".join(query["sql"][:160] for query in done.captured_queries)


def send(desk, url: str, sent: dict, button: str):
    response = desk.post(url, sent | {"headline": f"{sent['headline']} again", button: "on"})
    assert response.status_code == 302, response.context["errors"]
    return response


# The database that tests share adds savepoints where a site in use has transactions; both are counted.


def test_draft_is_saved_in_few_statements(desk, draft):
    sent = sent_by_browser(desk.get(form_url(draft)))
    with at_most(70):
        send(desk, form_url(draft), sent, "_save")


def test_draft_is_saved_and_approved_in_few_statements(desk, draft, settings):
    settings.FOUR_EYES = ALONE
    draft.submit(by=make_user("Administrator"), at=timezone.now())
    url = f"{form_url(draft)}?edit=1"
    sent = sent_by_browser(desk.get(url))
    with at_most(75):
        send(desk, url, sent, "_approve")


def test_draft_is_read_and_approved_in_few_statements(desk, draft, settings):
    settings.FOUR_EYES = ALONE
    draft.submit(by=make_user("Administrator"), at=timezone.now())
    desk.get(form_url(draft))
    with at_most(50):
        read = sent_by_browser(desk.get(form_url(draft)))
    with at_most(45):
        assert desk.post(form_url(draft), read | {"_approve": "now"}).status_code == 302


def test_working_copy_is_saved_in_few_statements(desk, person, published):
    begin(published, by=person, at=timezone.now())
    sent = sent_by_browser(desk.get(copy_url(published)))
    with at_most(95):
        send(desk, copy_url(published), sent, "_save")


def test_working_copy_is_published_in_few_statements(desk, person, published, settings):
    settings.FOUR_EYES = ALONE
    begin(published, by=person, at=timezone.now()).submit(by=make_user("Administrator"), at=timezone.now())
    url = f"{copy_url(published)}?edit=1"
    sent = sent_by_browser(desk.get(url))
    with at_most(170):
        send(desk, url, sent, "_approve")


def test_form_opens_in_few_statements(desk, person, draft, published):
    # Seven are of the checks, which compare the text with the register, two of the approvals of quotes: however much there is.
    begin(published, by=person, at=timezone.now())
    for url, statements in ((form_url(draft), 47), (copy_url(published), 62)):
        desk.get(url)
        with at_most(statements):
            desk.get(url)


def calls(visit) -> int:
    """The functions that a visit calls, those of Python too: its work, on a busy machine as on an idle one.

    The first visit pays for what is kept afterwards, such as templates and compiled queries.
    """
    visit()
    profile = Profile()
    assert profile.runcall(visit).status_code == 200
    return sum(entry.callcount for entry in profile.getstats())


@pytest.fixture
def pages(draft, published) -> dict[str, str]:
    """Addresses of the office, each of another kind."""
    return {
        "draft": form_url(draft),
        "published": form_url(published),
        "empty city": form_url(City),
        "city": form_url(City.objects.published(at=timezone.now()).first()),
        "agreement": form_url(Memorandum.objects.published(at=timezone.now()).first()),
        "theme": form_url(Theme.objects.first()),
        "photo": form_url(Photo.objects.first()),
        "cities": "/admin/partners/city/",
        "releases": "/admin/news/pressrelease/",
    }


# docs/performance.md has what they took before; a quarter more than they take now is allowed.
@pytest.mark.parametrize(
    ("place", "most"),
    [
        ("draft", 240_000),
        ("published", 150_000),
        ("empty city", 275_000),
        ("city", 205_000),
        ("agreement", 134_000),
        ("theme", 84_000),
        ("photo", 88_000),
        ("cities", 104_000),
        ("releases", 105_000),
    ],
)
def test_page_takes_few_calls(desk, pages, place, most):
    assert calls(lambda: desk.get(pages[place])) <= most


def test_draft_is_saved_with_few_calls(desk, draft):
    for _time in range(2):
        sent = sent_by_browser(desk.get(form_url(draft)))
        profile = Profile()
        profile.runcall(send, desk, form_url(draft), sent, "_save")
    assert sum(entry.callcount for entry in profile.getstats()) <= 91_000


@pytest.fixture
def our_clock(monkeypatch):
    """The places in our own code that read the clock."""
    read, now = [], timezone.now

    def noted():
        caller = sys._getframe(1).f_globals["__name__"]
        if caller.split(".")[0] in ("twinning", "partners", "news"):
            read.append(caller)
        return now()

    monkeypatch.setattr(timezone, "now", noted)
    return read


@pytest.mark.parametrize("button", ["_save", "_submit", "_publish_urgently"])
def test_clock_is_read_once_for_each_request(desk, draft, our_clock, button):
    sent = sent_by_browser(desk.get(form_url(draft)))
    assert our_clock == ["twinning.core.web.visits"]
    our_clock.clear()
    reason = {"urgent_reason": "The mayor waits."} if button == "_publish_urgently" else {}
    send(desk, form_url(draft), sent | reason, button)
    assert our_clock == ["twinning.core.web.visits"]


def test_clock_is_read_once_for_a_working_copy_and_a_list(desk, person, published, our_clock):
    begin(published, by=person, at=published.publish_at)
    for url in (copy_url(published), form_url(published), "/admin/news/pressrelease/", "/admin/waiting/", "/admin/"):
        our_clock.clear()
        desk.get(url)
        assert our_clock == ["twinning.core.web.visits"], url


def test_visit_is_the_only_attribute_of_ours_on_a_request(desk, person, draft, published):
    begin(published, by=person, at=timezone.now())
    saved = send(desk, form_url(draft), sent_by_browser(desk.get(form_url(draft))), "_save")
    for response in (saved, desk.get(form_url(draft)), desk.get(copy_url(published))):
        request = response.wsgi_request
        assert isinstance(request.visit, FormVisit)
        ours = {name for name in vars(request) if not name.startswith("_")} - DJANGOS
        assert ours == {"visit"}
