"""Quotes: their places in a text, their marks in each language, and where they are shown."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.db import IntegrityError, transaction

from news.models import Quote
from news.quotes.placing import check_places, misplaced, placed
from news.quotes.typography import in_marks
from tests.errors import refusal
from tests.factories import PAST, make_city, make_memorandum, make_release, publish


def test_quote_has_paragraphs():
    quote = Quote(text="First\r\nline.\r\n\r\n\r\n Second. \n\n")
    assert quote.paragraphs == ["First line.", "Second."]


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("", ["“A", "“B”"]),
        ("en-GB", ["“A", "“B”"]),
        ("de", ["„A", "„B“"]),
        ("de-CH", ["«A", "«B»"]),
        ("fr", ["«\N{NO-BREAK SPACE}A", "«\N{NO-BREAK SPACE}B\N{NO-BREAK SPACE}»"]),
        ("cs", ["„A", "„B“"]),
        ("pl", ["„A", "„B”"]),
        ("sv", ["”A", "”B”"]),
        ("zh-Hant", ["「A", "「B」"]),
    ],
)
def test_each_paragraph_opens_a_quotation_and_the_last_one_closes_it(language, written):
    assert in_marks(["A", "B"], language) == written
    assert in_marks([], language) == []


def shape(body: str, *numbers: int | None) -> list:
    return [
        (text, [quote.position for quote in quotes])
        for text, quotes in placed(body, [Quote(position=n) for n in numbers])
    ]


def test_quotes_stand_where_the_text_names_them_and_others_at_its_end():
    body = "<p>One.</p><p>[quote 2]</p><h3>Two</h3><p><strong>[Quote\N{NO-BREAK SPACE}1]</strong></p><p>Three.</p>"
    assert shape(body, 1, 2, None) == [("<p>One.</p>", [2]), ("<h3>Two</h3>", [1]), ("<p>Three.</p>", [None])]
    assert shape(body, 2, 2, 7) == [("<p>One.</p>", [2, 2]), ("<h3>Two</h3><p>Three.</p>", [7])]
    assert shape("<p>One.</p>") == [("<p>One.</p>", [])]


@pytest.mark.parametrize(
    "body",
    [
        "<p>She said [quote 1] and went.</p>",
        "<ul><li><p>[quote 1]</p></li></ul>",
        "<p>[quote]</p>",
        "<p>One.<br>[quote 1]</p>",
        "<p>[quote one]</p>",
    ],
)
def test_place_that_does_not_stand_alone_is_refused_and_named(body):
    assert refusal(check_places, body) == ["quote_not_alone"]
    check_places("<p>One.</p><p>[quote 1]</p><p>An unquoted [note].</p>")


def test_numbers_that_no_quote_has_and_places_named_twice_keep_a_release_from_the_public():
    body = "<p>[quote 1]</p><p>[quote 3]</p><p>[quote 1]</p>"
    assert [error.code for error in misplaced(body, [Quote(position=1)])] == ["no_such_quote", "quote_twice"]
    assert shape(body, 1) == [("", [1]), ("", [])]


@pytest.mark.django_db
def test_original_has_a_text_and_a_language():
    quote = Quote(release=make_release(), office="Mayor", text="Good.", original="Gut.")
    assert refusal(quote.full_clean) == ["original_language: required"]
    with pytest.raises(IntegrityError), transaction.atomic():
        quote.save()
    quote.original, quote.original_language = " ", "de"
    assert "original: required" in refusal(quote.full_clean)


@pytest.mark.django_db
def test_quote_stands_in_its_place_wherever_the_text_is_read(client):
    """Page, plain text, pack and feeds; and as what was said on the pages of the city and the agreement."""
    city = publish(make_city())
    memorandum = publish(make_memorandum(city))
    body = "<p>Before.</p><p>[quote 1]</p><p>Behind.</p>"
    release = make_release("Signed", body=body, cities=[city], memoranda=[memorandum])
    said = {"speaker": "Ann Example", "office": "Lord Mayor", "text": "We <agree>.", "original": "Einig.\n\nJa."}
    Quote.objects.create(release=release, position=1, original_language="de", **said)
    for number in range(39):
        Quote.objects.create(release=release, office=f"Office {number}", text="Good.")
    draft = make_release("Secret", cities=[city], memoranda=[memorandum])
    Quote.objects.create(release=draft, office="Hidden office", text="Not yet.")
    address = publish(release, at=PAST).get_absolute_url()
    page = client.get(address).content.decode()
    assert page.index("Before.") < page.index("We &lt;agree&gt;.") < page.index("Behind.") < page.index("Office 38")
    assert "In the original (German)" in page
    plain = client.get(f"{address}text.txt").content.decode()
    assert "Ann Example, Lord Mayor:\n“We <agree>.”\nIn the original (German):\n„Einig.\n„Ja.“\n" in plain
    with ZipFile(BytesIO(client.get(f"{address}press-pack.zip").getvalue())) as files:
        packed = files.read(f"{release.slug}/release.html").decode()
    [entry] = json.loads(client.get(f"/cities/{city.slug}/feed.json").content)["items"]
    for text in (page, plain, packed, entry["content_html"]):
        assert "[quote" not in text
        told = text.index("agree&gt;" if "agree&gt;" in text else "agree>")
        assert text.index("Before.") < told < text.index("Behind.") < text.index("Office 38")
    for about in (city, memorandum):
        seen = client.get(about.get_absolute_url()).content.decode()
        assert (seen.count('<figure class="quote">'), "Hidden office" in seen) == (3, False)
        assert f'<a href="{address}">Signed</a>' in seen[seen.index("What was said") :]
