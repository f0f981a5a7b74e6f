"""Addresses never break, and an old one tells nothing of a record that is not public."""

from unittest.mock import Mock

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partners.models import Theme
from tests.back_office import press
from tests.factories import hide, make_release, make_superuser, make_theme, publish
from twinning.core.addresses import _SLUG, address_of
from twinning.core.models import OldSlug

pytestmark = pytest.mark.django_db


def move(record, slug):
    record.slug = slug
    record.full_clean()
    record.save()
    return record


def test_old_address_leads_to_the_new_one(client):
    move(publish(make_theme()), "climate-action")
    response = client.get("/themes/climate/")
    assert (response.status_code, response["Location"]) == (301, "/themes/climate-action/")


def test_two_moves_lead_to_the_last_address_in_one_step(client):
    theme = publish(make_theme())
    move(move(theme, "second"), "third")
    for old in ("climate", "second"):
        assert client.get(f"/themes/{old}/")["Location"] == "/themes/third/"


def test_moving_back_frees_the_old_address(client):
    theme = publish(make_theme())
    move(move(theme, "second"), "climate")
    assert client.get("/themes/climate/").status_code == 200
    assert client.get("/themes/second/")["Location"] == "/themes/climate/"


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "taken-down"])
def test_old_address_of_a_hidden_record_is_not_found(client, state):
    move(hide(make_theme(), state, now=timezone.now()), "climate-action")
    assert client.get("/themes/climate/").status_code == 404


def test_step_of_a_copy_read_before_the_move_keeps_both_addresses(client):
    theme = publish(make_theme())
    stale = Theme.objects.get(pk=theme.pk)
    move(theme, "climate-action")
    stale.withdraw(by=make_superuser(), at=timezone.now(), reason="Wrong.")
    assert client.get("/themes/climate/")["Location"] == "/themes/climate-action/"
    assert client.get("/themes/climate-action/").status_code == 200


def test_saving_other_fields_of_an_old_copy_keeps_both_addresses(client):
    theme = publish(make_theme())
    stale = Theme.objects.get(pk=theme.pk)
    move(theme, "climate-action")
    stale.save(update_fields=["summary"])
    assert client.get("/themes/climate/")["Location"] == "/themes/climate-action/"


def test_move_past_the_forms_does_not_take_the_old_address_of_another(client):
    move(publish(make_theme()), "climate-action")
    sport = publish(make_theme("Sport"))
    sport.slug = "climate"
    sport.save()
    move(sport, "sport")
    assert client.get("/themes/climate/")["Location"] == "/themes/climate-action/"


def test_address_and_redirect_change_together(monkeypatch):
    theme = make_theme()
    monkeypatch.setattr(OldSlug, "save", Mock(side_effect=OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        move(theme, "climate-action")
    theme.refresh_from_db()
    assert theme.slug == "climate"


def test_deleted_record_frees_its_addresses():
    move(make_theme(), "climate-action").delete()
    assert move(make_theme("Sport"), "climate").slug == "climate"


def test_nobody_can_move_into_an_old_address():
    move(make_theme(), "climate-action")
    with pytest.raises(ValidationError, match="had this address before"):
        move(make_theme("Sport"), "climate")


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Đà Nẵng", "da-nang"),
        ("北京", "beijing"),
        ("苏州", "suzhou"),
        ("Łódź", "lodz"),
        ("Hafnarfjörður", "hafnarfjordur"),
        ("Київ", "kiiv"),
        ("Xi’an", "xian"),
        ("Leeds – Dortmund 2021", "leeds-dortmund-2021"),
        ("2021", "theme-2021"),
        ("!?", "theme"),
        ("A" * 70 + " " + "B" * 9, "a" * 70 + "-" + "b" * 9),
    ],
)
def test_address_is_made_of_a_name_in_any_script(editor, name, address):
    press(editor, Theme, name=name, summary="x")
    assert Theme.objects.get().slug == address


@given(st.text(max_size=300))
def test_any_name_makes_an_address_or_none(name):
    made = address_of(name)
    assert made == "" or (_SLUG.fullmatch(made) and len(made) <= 100)


def test_made_address_is_nobody_elses():
    move(make_theme("Climate", slug="climate-2"), "climate")
    for number in (3, 4):
        theme = Theme(name="Climate" + "!" * number, summary="x")
        theme.full_clean()
        theme.save()
        assert theme.slug == f"climate-{number}"


def test_emptied_address_is_made_anew_and_the_old_one_leads_there(client):
    theme = publish(make_theme("Climate", slug="klima"))
    theme.slug = ""
    theme.save()
    assert theme.slug == "climate"
    assert client.get("/themes/klima/")["Location"] == "/themes/climate/"


def test_two_records_cannot_share_an_address():
    make_theme()
    with pytest.raises(ValidationError, match="Another record has this address"):
        move(make_theme("Sport"), "climate")


@pytest.mark.parametrize("slug", ["Climate", "climate_action", "-climate", "climate--action"])
def test_address_is_small_letters_digits_and_single_hyphens(slug):
    with pytest.raises(ValidationError, match="small letters"):
        move(make_theme(), slug)


def test_release_cannot_take_the_address_of_a_year():
    with pytest.raises(ValidationError, match="address of a year"):
        move(make_release(), "2021")
