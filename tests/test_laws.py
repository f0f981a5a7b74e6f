"""The accessibility statement names the law of the council's country, and whom readers can turn to."""

import pytest
from django.utils.html import escape

from tests.facts import body_of
from twinning.laws import DIRECTIVE_COUNTRIES, accessibility_law, usual_currency

BODY = {"ACCESSIBILITY_BODY": "the Clearing Office", "ACCESSIBILITY_BODY_URL": "https://clearing.wolfsburg.test/"}
REGULATIONS = "the Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
COMPLAINT = "If you’re not happy with how we respond to your complaint, contact "

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement(client, settings):
    """The text of the accessibility statement of a council with such settings."""

    def statement(country: str, **changed: str) -> str:
        settings.COUNTRY = country
        for name, value in changed.items():
            setattr(settings, name, value)
        return " ".join(body_of(client.get("/accessibility/").content.decode()).split())

    return statement


def test_council_in_the_united_kingdom_names_its_regulations_and_the_advisory_service(statement):
    page = statement("GB")
    assert f"committed to making its website accessible, in accordance with {REGULATIONS}." in page
    assert (
        f"The Equality and Human Rights Commission (EHRC) is responsible for enforcing {REGULATIONS} (the ‘accessibility "
        "regulations’)."
    ) in page
    assert f"{COMPLAINT}the Equality Advisory and Support Service (EASS)." in page
    assert 'href="https://www.equalityadvisoryservice.com/"' in page


def test_council_in_northern_ireland_can_name_another_body(statement):
    page = statement("GB", **BODY)
    assert f"accessible, in accordance with {REGULATIONS}." in page
    assert f"{COMPLAINT}the Clearing Office." in page
    assert "EHRC" not in page


@pytest.mark.parametrize(
    ("law", "named"),
    [("", "Directive (EU) 2016/2102"), ("the BITV 2.0", "the BITV 2.0 (Directive (EU) 2016/2102)")],
)
def test_council_in_the_european_union_names_the_directive_and_the_body_that_it_set(statement, law, named):
    page = statement("DE", **BODY, ACCESSIBILITY_LAW=law)
    assert f"accessible, in accordance with {named}." in page
    assert f"{COMPLAINT}the Clearing Office." in page
    assert 'href="https://clearing.wolfsburg.test/"' in page
    assert "Regulations 2018" not in page


def test_council_elsewhere_names_no_law_and_nobody(statement):
    page = statement("US")
    assert "is committed to making its website accessible.</p>" in page
    assert not any(words in page for words in ("accordance", "2018", "Directive", "Enforcement", escape(COMPLAINT)))


def test_directive_holds_in_the_union_and_in_three_countries_beside_it():
    assert len(DIRECTIVE_COUNTRIES) == 27 + 3
    assert accessibility_law("CH").name == ""


def test_currency_follows_from_the_country_where_it_is_known():
    assert [usual_currency(country) for country in ("GB", "DE", "CH", "US")] == ["£", "€", "", ""]
