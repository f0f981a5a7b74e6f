"""A telephone number is typed as people write it, shown as it is dialled from here, and linked as every telephone dials it."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from news.models import PressContact, ReleaseContact
from tests.back_office import press
from tests.errors import codes_in
from tests.factories import make_contact, make_release, publish
from twinning.core.fields.phones import dialled, phone


@pytest.mark.parametrize(
    ("typed", "link", "shown"),
    [
        ("+49 (0)231 50-22449", "+492315022449", "+49 231 5022449"),
        ("0049 231 5022449", "+492315022449", "+49 231 5022449"),
        ("0113 496 0100", "+441134960100", "0113 496 0100"),
        ("+44 (0)113 4960100", "+441134960100", "0113 496 0100"),
        ("0113 496 0100 ext. 12", "+441134960100;ext=12", "0113 496 0100 ext. 12"),
        ("+49 231 5022449 x 7", "+492315022449;ext=7", "+49 231 5022449 ext. 7"),
        ("0113 496 0100;ext=12", "+441134960100;ext=12", "0113 496 0100 ext. 12"),
        ("0113", "0113", "0113"),
    ],
)
def test_number_is_read_linked_and_shown(typed, link, shown):
    assert (dialled(typed), phone(typed)) == (link, shown)


def test_number_without_a_code_is_one_of_the_councils_country(settings):
    settings.COUNTRY = "DE"
    assert (dialled("05361 28-1234"), phone("+49 5361 281234")) == ("+495361281234", "05361 281234")
    assert phone("+44 113 496 0100") == "+44 113 496 0100"


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_number_of_every_country_is_shown_so_that_it_can_be_read_again(region):
    number = phonenumbers.example_number(region)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    assert dialled(phone(f"{e164} ext. 5")) == dialled(f"{e164};ext=5") == f"{e164};ext=5"


@given(st.one_of(st.text(), st.text("+0123456789 ()-/.ext;=", max_size=30)))
def test_any_text_is_shown_and_linked(text):
    assert set(dialled(text)) <= set("+0123456789;ext=")
    assert phone(phone(text)) == phone(text)


@pytest.mark.django_db
def test_contact_abroad_is_called_from_anywhere(client):
    release, contact = make_release(), make_contact(phone="+49 (0)231 50-22449")
    ReleaseContact.objects.create(release=release, contact=contact)
    page = client.get(publish(release).get_absolute_url()).content.decode()
    assert '<a href="tel:+492315022449">+49 231 5022449</a>' in page
    assert PressContact.objects.get(pk=contact.pk).phone == "+49 (0)231 50-22449"


@pytest.mark.django_db
def test_extension_is_taken(officer):
    press(officer, PressContact, name="Press office", email="press@example.org", phone="0113 496 0100 ext. 12")
    assert PressContact.objects.get().phone == "0113 496 0100 ext. 12"


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["0113 496 01000000", "+999 12345", "0113", "00"])
def test_what_nobody_can_dial_is_refused(officer, typed):
    response = press(officer, PressContact, name="Press office", email="press@example.org", phone=typed)
    assert codes_in(response) == ["phone: invalid"]
