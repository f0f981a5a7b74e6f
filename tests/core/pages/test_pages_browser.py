"""Pages of the council's own in a browser: on every width, in every look, and in the form."""

import pytest
from playwright.sync_api import expect

from tests.back_office import form_url
from tests.factories import make_page, make_user, publish
from twinning.core.models import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "<h2>Responsible</h2><p>The council. <a href='https://example.org/'>Its website</a></p><ul><li>One</li></ul>"


def test_page_and_foot_are_in_order_in_every_look(live_server, page, audit_in_every_look):
    publish(make_page("Impressum und Datenschutzhinweise", language="de", summary="Wer verantwortlich ist.", text=TEXT))
    for number in range(6):
        publish(make_page(f"A further page about something {number}"))
    page.goto(f"{live_server.url}/pages/impressum-und-datenschutzhinweise/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Impressum und Datenschutzhinweise")
    assert audit_in_every_look() == []


def test_link_in_the_foot_leads_to_the_page_with_the_keyboard(live_server, page, follow):
    publish(make_page())
    page.goto(live_server.url)
    follow("Imprint")
    expect(page).to_have_url(f"{live_server.url}/pages/imprint/")


def test_form_of_a_page_is_in_order(live_server, page, sign_in, audit_in_every_look):
    sign_in(page, live_server, make_user("Twinning editor"))
    page.goto(live_server.url + form_url(Page))
    assert audit_in_every_look() == []
