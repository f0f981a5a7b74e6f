"""Search finds what people mean, only what is public, and the same on both databases."""

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partners.models import City, Milestone, Theme
from tests.factories import PAST, hide, make_city, make_release, make_theme, publish
from twinning.core.fields.characters import printable
from twinning.core.models import SearchEntry
from twinning.core.search.results import Results, snippet
from twinning.core.search.words import finds, normalise, wanted_words
from twinning.core.templatetags.text import highlight

pytestmark = pytest.mark.django_db


def titles(query):
    return [hit.title for hit in Results(query, at=timezone.now())[:50]]


@pytest.fixture
def brno():
    return publish(
        make_city("Brno", country="CZ", other_names="Brnó, Brünn", story="<p>Its theatres play in the street.</p>")
    )


@pytest.mark.parametrize(
    "query",
    ["Brno", "brno", "BRNÓ", "Brnó", "brünn", "Brunn", "Czech", "czechia", "theatre street", "playing", "  brno  "],
)
def test_city_is_found_by_its_names_country_and_words(brno, query):
    assert titles(query) == ["Brno"]


@pytest.mark.parametrize(
    "query", ["", " ", "!!!", "Brno Dortmund", "brn*", '"', "brno' | 'x", "' OR 1=1", "NOT brno xyz"]
)
def test_other_queries_find_nothing_and_do_not_fail(brno, query):
    assert titles(query) == []


# The same on SQLite and PostgreSQL, because a database only looks up what twinning.core.search.words made of a text.
@pytest.mark.parametrize(
    ("text", "query", "is_found"),
    [
        ("Łódź, Ørsted and Straße", "LODZ orsted strasse", True),
        ("İstanbul", "istanbul", True),
        ("TEL by sign: ℡", "℡ tel", True),
        ("℡", "tel", True),
        ("𝐁𝐫𝐧𝐨", "brno", True),
        ("part\u00adner\u200bships", "partnerships", True),
        ("杭州市", "杭州市", True),
        ("杭州 Hangzhou", "杭州", True),
        ("苏州市", "苏州", True),
        ("本月，利兹市与杭州市签署了合作协议。", "合作协议", True),
        ("本月，利兹市与杭州市签署了合作协议。", "州杭", False),
        ("杭州", "州", True),
        ("リーズ市はハイデラバードと", "ハイデラバード リーズ", True),
        ("กรุงเทพมหานครและลีดส์", "มหานคร", True),
        ("กรุงเทพมหานครและลีดส์", "เชียงใหม่", False),
        ("दिल्ली नगर", "दिल्ली", True),
        ("दलाल", "दिल्ली", False),
        ("Hafnarfjörður and Þórshöfn", "Hafnarfjordur Thorshofn", True),
        ("Xi'an", "Xian", True),
        ("Xi’an", "xi'an", True),
        ("Xian", "Xi’an", True),
        ("Xi'an", "an", True),
        ("Brno", "Brno’s", True),
        ("Nukuʻalofa", "nukualofa", True),
        ("L´Aquila", "laquila aquila", True),
        ("مُدَرِّس", "مدرس", True),
        ("हिन्दी", "हिन्दी", True),
        ("Ещё Київ", "киів", True),
        ("a" * 250, "A" * 100, True),
        ("🎈 balloon", "🎈", False),
        ("R&D, C++ and 50%", "r d c 50", True),
        ("mayor's office", "mayor’s", True),
        ("snake_case x-ray", "case ray", True),
        ("art", "article", False),
        ("article", "art", False),
        ("articles", "arti", True),
        ("one two", '"one two" | & ! ( ) : * \\ \'', True),
        ("one", "one AND two", False),
        ("x y", "NEAR(x y)", False),
    ],
    ids=ascii,
)
def test_text_is_found_or_not_on_every_database(text, query, is_found):
    publish(make_theme("Languages", summary=text))
    assert titles(query) == ["Languages"] * is_found


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40), st.text(max_size=20))
def test_database_finds_what_the_words_say(text, query):
    """The rule in Python, ``finds``, and the look-up in the database are twins."""
    Theme.objects.all().delete()
    text = printable(text)
    publish(make_theme("Languages", summary=text))
    wanted, present = wanted_words(query), normalise(f"Languages {text}")
    is_found = bool(wanted) and all(any(finds(one, word) for word in present) for one in wanted)
    assert titles(query) == ["Languages"] * is_found


def test_part_added_later_is_found(brno):
    milestone = Milestone.objects.create(city=brno, date="2003", title="First memorandum on parchment")
    assert titles("parchment") == ["Brno"]
    milestone.delete()
    assert titles("parchment") == []


def test_changed_text_is_found_by_its_new_words_only(brno):
    brno.story = "<p>A villa by Mies.</p>"
    brno.save()
    assert titles("villa") == ["Brno"]
    assert titles("theatre") == []


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "withdrawn", "taken-down"])
def test_hidden_record_is_not_found(state):
    hide(make_theme("Zymurgy"), state, now=timezone.now())
    assert titles("zymurgy") == []


def test_deleted_record_leaves_no_entry(brno):
    brno.delete()
    assert not SearchEntry.objects.exists()


def test_record_with_the_words_in_its_title_comes_first():
    publish(make_theme("Sport"))
    publish(make_release("Another matter", body="<p>Sport for all.</p>"))
    assert titles("sport") == ["Sport", "Another matter"]


def test_of_two_the_newer_comes_first():
    publish(make_release("First visit", slug="a"), at=PAST)
    publish(make_release("Second visit", slug="b"), at=timezone.now())
    assert titles("visit") == ["Second visit", "First visit"]


def test_snippet_shows_the_match_with_its_surroundings():
    text = " ".join(f"w{n}" for n in range(50)) + " the Lord Mayors met " + "x " * 50
    pieces = snippet(text, ["mayor"])
    assert ("Mayors ", True) in pieces
    assert (pieces[0], pieces[-1]) == (("… ", False), ("…", False))
    assert len(pieces) == 34


def test_snippet_parts_what_stood_on_lines_of_its_own():
    text = "They name three subjects:\nclimate change\nhealth \n\n Each year they meet.\nMayor of Brno\n"
    said = "".join(piece for piece, _matched in snippet(text, ["subject"]))
    assert said == "They name three subjects: climate change · health · Each year they meet. Mayor of Brno"


def test_snippet_of_a_text_without_spaces_is_short_and_marks_the_word():
    text = "利兹市议会宣布消息。" * 40 + "本月与杭州市签署协议。" + "市民可以参加活动。" * 40
    pieces = snippet(text, wanted_words("杭州市"))
    assert highlight(pieces).count("<mark>杭州市</mark>签署协议。") == 1
    assert 60 < len("".join(piece for piece, _matched in pieces)) < 110


def test_snippet_keeps_the_spaces_that_are_there_and_adds_none():
    assert highlight(snippet("Leeds  and 杭州市 sign", wanted_words("杭州"))) == "Leeds and <mark>杭州</mark>市 sign"
    assert highlight(snippet("Leeds and\nSuzhou sign", wanted_words("and sign"))) == (
        "Leeds <mark>and</mark> · Suzhou <mark>sign</mark>"
    )


def test_search_page_marks_matches_and_escapes_everything_else(client):
    publish(make_theme("Arts", description="<p>R&amp;D with theatre</p>", summary="5 < 6 theatre"))
    page = client.get("/search/", {"q": "theatre"}).content.decode()
    assert "<mark>theatre</mark>" in page
    assert "5 &lt; 6" in page


def test_search_page_counts_and_pages(client):
    for number in range(23):
        publish(make_release(f"Visit {number}"))
    first = client.get("/search/?q=visit").content.decode()
    assert "23 results for “visit”" in first
    assert first.count("<h3>") == 20
    second = client.get("/search/?q=visit&page=2").content.decode()
    assert second.count("<h3>") == 3


def test_index_can_be_rebuilt_from_nothing(brno, capsys):
    SearchEntry.objects.all().delete()
    City.objects.filter(pk=brno.pk).update(summary="Parchment")
    call_command("rebuild_search")
    assert titles("parchment") == ["Brno"]
