"""Pages of the council's own: in the foot of every page while they are public, in place of the texts of the site."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.back_office import form_url, press, sent_by_browser
from tests.factories import hide, make_page, make_superuser, publish, submit
from tests.leaks import STATES
from tests.previews import copy_of
from twinning.core.models import Page
from twinning.core.pages import foot
from twinning.core.pages.pages import SiteText

pytestmark = pytest.mark.django_db

NOON = datetime(2027, 3, 4, 12, tzinfo=UTC)


def links_in_foot(client, path: str = "/") -> list[tuple[str, str]]:
    """The links of “About this site” in the foot of a page."""
    page = client.get(path).content.decode()
    [nav] = re.findall(r'<nav aria-labelledby="footer-about">(.*?)</nav>', page, re.DOTALL)
    return re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', nav)


OPEN_DATA = ("/data/", "Open data")
OF_THE_SITE = [("/accessibility/", "Accessibility statement"), ("/privacy/", "Privacy"), OPEN_DATA]


def test_editor_writes_a_page_and_another_person_makes_it_public(client, editor, approver):
    press(
        editor,
        Page,
        "_submit",
        title="Imprint",
        text="<p>Who answers for this site.</p>",
        is_in_foot="on",
        position="10",
    )
    page = Page.objects.get()
    assert (page.slug, client.get("/pages/imprint/").status_code, links_in_foot(client)) == (
        "imprint",
        404,
        OF_THE_SITE,
    )
    press(approver, page, "_approve")
    assert "<p>Who answers for this site.</p>" in client.get("/pages/imprint/").content.decode()
    assert links_in_foot(client) == [*OF_THE_SITE, ("/pages/imprint/", "Imprint")]


@pytest.mark.parametrize("path", ["/", "/cities/", "/cities/nothing/", "/privacy/", "/pages/imprint/"])
def test_page_stands_in_the_foot_of_every_page(client, path):
    publish(make_page())
    assert links_in_foot(client, path) == [*OF_THE_SITE, ("/pages/imprint/", "Imprint")]


@pytest.mark.parametrize("state", STATES)
def test_hidden_page_stands_in_no_foot_and_in_the_place_of_nothing(client, state):
    hide(make_page("Data protection", replaces="privacy"), state, now=timezone.now())
    assert links_in_foot(client) == OF_THE_SITE
    assert "No cookies, no tracking" in client.get("/privacy/").content.decode()


def test_sitemap_has_the_public_pages(client):
    make_page("Zanzimott")
    publish(make_page())
    assert "/sitemap-own-pages.xml" in client.get("/sitemap.xml").content.decode()
    found = re.findall("<loc>(.*?)</loc>", client.get("/sitemap-own-pages.xml").content.decode())
    assert [address.partition("8000")[2] for address in found] == ["/pages/imprint/"]


def test_page_comes_into_the_foot_at_its_moment(client):
    submit(make_page("Data protection", replaces="privacy")).approve(by=make_superuser(), at=NOON, publish_at=NOON)
    with time_machine.travel(NOON - timedelta(milliseconds=1), tick=False):
        assert (links_in_foot(client), client.get("/privacy/").status_code) == (OF_THE_SITE, 200)
    with time_machine.travel(NOON, tick=False):
        assert links_in_foot(client) == [OF_THE_SITE[0], ("/pages/data-protection/", "Data protection"), OPEN_DATA]
        assert client.get("/privacy/").url == "/pages/data-protection/"


def test_pages_stand_in_the_order_of_their_positions_and_then_of_their_titles(client):
    for title, position in (("Zoo", 1), ("Über uns", 2), ("Art", 2)):
        publish(make_page(title, position=position, slug=title[0].lower().replace("ü", "u")))
    publish(make_page("Elsewhere", is_in_foot=False))
    assert [label for _url, label in links_in_foot(client)[3:]] == ["Zoo", "Art", "Über uns"]


@pytest.mark.parametrize("replaced", SiteText)
def test_page_takes_the_place_of_a_text_of_the_site_until_it_is_withdrawn(client, replaced):
    page = publish(make_page("In our words", replaces=replaced, is_in_foot=False))
    answer = client.get(f"/{replaced}/")
    assert (answer.status_code, answer.url, answer["Cache-Control"]) == (
        302,
        page.get_absolute_url(),
        "private, no-store",
    )
    assert (page.get_absolute_url(), "In our words") in links_in_foot(client)
    assert len(links_in_foot(client)) == len(OF_THE_SITE)
    page.withdraw(by=make_superuser(), at=timezone.now(), reason="It was wrong.")
    assert (client.get(f"/{replaced}/").status_code, links_in_foot(client)) == (200, OF_THE_SITE)


def test_text_of_the_site_is_replaced_by_one_page_only():
    first = publish(make_page("Data protection", replaces="privacy"))
    with pytest.raises(ValidationError, match="Another page already takes the place of that text"):
        Page(title="Privacy", slug="privacy", text="<p>No.</p>", replaces="privacy").full_clean()
    first.take_down(by=make_superuser(), at=timezone.now())
    Page(title="Privacy", slug="privacy", text="<p>No.</p>", replaces="privacy").full_clean()


def test_foot_says_in_which_language_a_page_is(client):
    publish(make_page("Impressum", language="de"))
    assert '<li><a href="/pages/impressum/" lang="de" dir="ltr">Impressum</a></li>' in client.get("/").content.decode()


def test_copy_changes_the_foot_when_it_is_published(client):
    page = publish(make_page())
    copy = copy_of(page, title="Legal notice", slug="legal-notice")
    assert links_in_foot(client)[3:] == [("/pages/imprint/", "Imprint")]
    submit(copy).approve(by=make_superuser(), at=timezone.now())
    assert links_in_foot(client)[3:] == [("/pages/legal-notice/", "Legal notice")]
    assert client.get("/pages/imprint/").url == "/pages/legal-notice/"


def test_page_without_a_text_is_not_saved(editor):
    response = press(editor, Page, "_save", title="Imprint", text="", position="10")
    assert (response.status_code, Page.objects.count()) == (200, 0)
    assert "This field is required." in response.content.decode()


def test_form_begins_with_a_page_in_the_foot(editor):
    sent = sent_by_browser(editor.get(form_url(Page)))
    assert (sent["is_in_foot"], sent["position"], sent["replaces"]) == ("on", "10", [""])


def test_page_is_found_by_its_words_and_chosen_by_its_kind(client):
    publish(make_page(text="<p>Responsible: the quorbelix office.</p>"))
    for path in ("/search/?q=quorbelix", "/search/?q=quorbelix&kind=page"):
        assert 'href="/pages/imprint/"' in client.get(path).content.decode().partition("<footer")[0]
    assert "Nothing found" in client.get("/search/?q=quorbelix&kind=city").content.decode()


def test_foot_takes_one_query_however_many_pages_it_has(client):
    def queries() -> int:
        client.get("/themes/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/themes/")
        return len(asked)

    publish(make_page())
    one = queries()
    for number in range(20):
        publish(make_page(f"Page {number}"))
    assert queries() == one
    with CaptureQueriesContext(connection) as asked:
        foot.foot_links(at=timezone.now())
    assert len(asked) == 1


def test_foot_of_an_address_that_no_view_has_is_that_of_the_site(client, django_assert_num_queries):
    publish(make_page())
    with django_assert_num_queries(0):
        assert links_in_foot(client, "/nothing/") == OF_THE_SITE


def test_foot_without_a_database_is_that_of_the_site(client, monkeypatch):
    def broken(**values):
        raise DatabaseError("away")

    monkeypatch.setattr(foot, "pages_in_foot", broken)
    assert links_in_foot(client, "/privacy/") == OF_THE_SITE
