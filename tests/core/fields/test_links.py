"""A link is what somebody meant by it, or it is refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.models import City, Theme
from tests.back_office import errors, press
from tests.errors import codes_in, refusal
from tests.factories import make_city, make_theme
from twinning.core.fields.links import address, without_detours
from twinning.core.fields.richtext import portable_richtext, sanitise

SAFE = "https://nam02.safelinks.protection.outlook.com/?url={}&data=05%7C02%7Ccolleague%40example.org%7C0&reserved=0"
DORTMUND = "https%3A%2F%2Fwww.dortmund.de%2Fstadt%3Fa%3D1%26b%3D2"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("www.dortmund.de", "https://www.dortmund.de"),
        (" dortmund.de/stadt?a=1 ", "https://dortmund.de/stadt?a=1"),
        ("münchen.de", "https://münchen.de"),
        ("//example.org/x", "https://example.org/x"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("press@example.org", "mailto:press@example.org"),
        ("mailto:press@example.org", "mailto:press@example.org"),
        ("tel:+441134960100", "tel:+441134960100"),
        ("/cities/lille/", "/cities/lille/"),
        (SAFE.format(DORTMUND), "https://www.dortmund.de/stadt?a=1&b=2"),
        (SAFE.format("https%3A%2F%2Feur01.safelinks.protection.outlook.com%2F%3Furl%3Dhttps%253A%252F%252Fa.org"), "https://a.org"),
        ("https://www.google.com/url?q=https://example.org/&sa=D", "https://example.org/"),
        ("https://www.google.com/search?q=https://example.org/", "https://www.google.com/search?q=https://example.org/"),
        (SAFE.format("javascript%3Aalert(1)"), SAFE.format("javascript%3Aalert(1)")),
    ],
)  # fmt: skip
def test_address_is_what_was_meant(typed, meant):
    assert address(typed) == meant


@pytest.mark.parametrize(
    "typed",
    ["http://", "https:///x", "https://", "http://[::1", "foo", "report.pdf", "#top", "", "javascript:alert(1)", "java\nscript:x",
     "\u00a0javascript:x", "file:///C:/x", "mailto:", "/\\example.org", "https:example.org"]
)  # fmt: skip
def test_what_leads_nowhere_is_no_address(typed):
    assert address(typed) == ""
    assert sanitise(f'<p><a href="{typed}">x</a></p>') == "<p>x</p>"


@given(st.text())
def test_any_text_has_an_address_or_none(text):
    assert address(address(text)) == address(text)
    assert without_detours(text).split()[:1] == text.split()[:1] or "safelinks" in text


def test_form_names_the_link_that_leads_nowhere():
    field, record = Theme._meta.get_field("description"), Theme()
    text = '<p><a href="http://">the  plan</a>, <a href="www.dortmund.de">Dortmund</a>, <a href="#1">1</a></p>'
    assert refusal(field.clean, text, record) == ["broken_link"]


@pytest.mark.django_db
def test_link_without_a_host_is_refused_by_name(editor):
    response = press(editor, make_theme(), description='<p><a href="https://">the plan</a></p>')
    assert codes_in(response) == ["description: broken_link"]
    assert "“the plan”" in errors(response)[0]


@pytest.mark.django_db
def test_field_of_an_address_names_no_colleague_either(editor):
    city = make_city()
    press(editor, city, official_site=SAFE.format(DORTMUND) + "&more=" + "x" * 300)
    city.refresh_from_db()
    assert city.official_site == "https://www.dortmund.de/stadt?a=1&b=2"
    City.objects.filter(pk=city.pk).update(official_site=SAFE.format(DORTMUND))
    city.refresh_from_db()
    assert city.official_site == "https://www.dortmund.de/stadt?a=1&b=2"


def test_paths_on_this_site_are_whole_for_readers_elsewhere(settings):
    settings.SITE_URL = "https://cities.example.org"
    text = '<p><a href="/cities/lille/">Lille</a> <a href="https://example.org/">x</a></p>'
    assert portable_richtext(text) == text.replace('"/cities', '"https://cities.example.org/cities')
