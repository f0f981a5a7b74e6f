"""What the checks of language and form find in a text, and what they let pass."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from tests.factories import hide, make_city, publish
from twinning.core.writing import language
from twinning.core.writing.checks import Draft
from twinning.core.writing.passages import Passage

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def found(check, text: str, *, tag: str = "en-gb") -> list[str]:
    draft = Draft(SimpleNamespace(pk=1), NOW)
    draft.__dict__["passages"] = [Passage("text", "id_text", tag, text, is_rich=text.startswith("<"))]
    return [finding.excerpt for finding in check(draft)]


@pytest.mark.parametrize(
    ("text", "excerpts"),
    [
        ("<p>Leeds and Lille.</p><p>Both.</p>", []),
        ("<p>Leeds  and Lille.</p>", ["Leeds  and Lille."]),
        ("Leeds and\xa0Lille meet.", ["Leeds and\xa0Lille meet."]),
        ("They came with 40\xa0people at 9\xa0am.", []),  # a number keeps its unit beside it
        ("One line.\n\nAnother.", []),
    ],
)
def test_spaces(text, excerpts):
    assert found(language.doubled_spaces, text) == excerpts


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("<p>She said: “Yes.” He said: “No.”</p>", 0),
        ("<p>“One paragraph.</p><p>“And the next.”</p>", 0),
        ("<p>“One paragraph.</p><p>And the next.”</p>", 2),  # left open, and closed where none is
        ("<p>“She said “yes”.</p>", 1),
        ("<p>Never opened.”</p>", 1),
        ('<p>He said "yes" and "no.</p>', 1),
        ("<p>It’s the cities’ own.</p>", 0),
    ],
)
def test_quotation_marks(text, number):
    assert len(found(language.quotation_marks, text)) == number


def test_quotation_marks_are_those_of_the_language():
    assert found(language.quotation_marks, "<p>Sie sagte: „Ja.“</p>", tag="de") == []
    assert found(language.quotation_marks, "<p>Elle dit : « Oui. »</p>", tag="fr") == []
    assert len(found(language.quotation_marks, "<p>Sie sagte: „Ja.</p>", tag="de-AT")) == 1


def test_headings_begin_with_a_large_one():
    assert found(language.headings, "<h3>First</h3><h4>Second</h4>") == []
    assert found(language.headings, "<p>Before.</p><h4>Sec<em>ond</em></h4><h3>First</h3>") == ["Second"]


@pytest.mark.parametrize("words", ["here", "Click here", "Read more…", "this link", "https://www.leeds.gov.uk/a"])
def test_words_of_links_that_say_nothing(words):
    assert found(language.links_in_words, f'<p>See <a href="/cities/">{words}</a>.</p>') == [words]


def test_words_of_links_that_say_where_they_lead():
    assert found(language.links_in_words, '<p><a href="/cities/">All partner cities</a> are here.</p>') == []


def test_long_sentences_are_counted_one_by_one():
    long = " ".join(["word"] * 26)
    assert found(language.long_sentences, f"<p>Short. {long.capitalize()}. Short.</p>") == [f"{long.capitalize()}."]
    halves = f"{' '.join(['word'] * 13)}. {' '.join(['Word'] * 13)}."
    assert found(language.long_sentences, halves) == []
    assert len(found(language.long_sentences, f"Cllr. Smith {' '.join(['said'] * 12)} to Dr. Jones {long}")) == 1


@pytest.mark.django_db
def test_links_on_this_site_lead_to_what_is_public_on_that_day(settings):
    publish(make_city("Lille"))
    hide(make_city("Brno"), "draft", now=NOW)
    moved = publish(make_city("Durban"))
    moved.slug = "ethekwini"
    moved.save()
    good = [
        "/cities/lille/",
        "/cities/durban/",
        "/cities/?page=2",
        f"{settings.SITE_URL}/news/",
        "https://example.org/x",
    ]
    here = [f"{settings.SITE_URL}/cities/brno/"]
    bad = ["/cities/nowhere/", "/no/such/page", "/admin/"]
    text = "".join(f'<p><a href="{href}">words</a></p>' for href in [*good, *here, *bad])
    assert found(language.links_on_this_site, text) == [f"words ({path})" for path in ["/cities/brno/", *bad]]
