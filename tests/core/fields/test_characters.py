"""What looks the same is the same, in every name and title, on every path into the database."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from hypothesis import given
from hypothesis import strategies as st

from news.models import PressRelease, Quote
from partners.models import City, Theme
from tests.factories import make_release, make_theme
from twinning.core.fields.characters import LineField, in_one_line, normalise


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Cafe\u0301", "Caf\u00e9"),
        ("Cli\u200bmate", "Climate"),
        ("Cli\u00admate\ufeff", "Climate"),
        ("\u202eClimate\u202c", "Climate"),
        ("Cli\u200cmate", "Climate"),
        ("Climate\u3164", "Climate"),
        ("  Two \u00a0\u2003 words\n", "Two words"),
        ("Two\x0blines", "Two lines"),
        ("e\u200b\u0301", "\u00e9"),
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("\U0001f469\u200d\U0001f680", "\U0001f469\u200d\U0001f680"),
    ],
)
def test_same_looks_are_the_same_characters(typed, kept):
    assert in_one_line(typed) == kept


@given(st.text())
def test_any_text_is_normalised_once_and_for_all(text):
    once = normalise(text)
    assert normalise(once) == once == unicodedata.normalize("NFC", once)
    letters = [c for c in unicodedata.normalize("NFC", text) if c.isalnum() and c.isascii()]
    assert [c for c in once if c.isalnum() and c.isascii()] == letters or len(letters) != len(once)


def test_every_name_and_title_is_normalised():
    names = ("name", "title", "headline", "speaker", "organisation", "local_name", "other_names", "office", "place")
    fields = [field for model in (City, Theme, PressRelease, Quote) for field in model._meta.concrete_fields]
    assert [str(f) for f in fields if f.name in names and not isinstance(f, LineField)] == []
    assert all(
        type(LineField().clone()) is LineField and LineField().deconstruct()[1].endswith(".CharField") for _ in "1"
    )


@pytest.mark.django_db
def test_two_themes_cannot_look_alike():
    make_theme("Santé")
    twin = Theme(name="Sante\u0301\u200b", slug="sante", summary="x")
    with pytest.raises(ValidationError, match="already exists"):
        twin.full_clean()
    with pytest.raises(IntegrityError):
        models.Model.save(twin)


@pytest.mark.django_db
def test_name_is_normalised_by_a_plain_save_and_in_a_query():
    theme = make_theme("Cli\u200bmate")
    assert theme.name == "Climate"
    assert Theme.objects.get(name="Clima\u200bte") == theme


@pytest.mark.django_db
def test_quote_parts_at_a_line_of_spaces():
    quote = Quote(release=make_release(), text="One\r\ntwo.\n \u00a0\t\nThree.\n\u200b\nFour.")
    assert quote.paragraphs == ["One two.", "Three.", "Four."]
