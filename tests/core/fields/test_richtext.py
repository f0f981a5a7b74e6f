"""Rich text survives a paste from Word and nothing else does."""

from time import process_time

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template

from partners.models import Theme
from tests.factories import make_theme
from twinning.core.fields.richtext import LONGEST_TEXT, richtext, sanitise, to_text

WORD = """<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]-->
<style>p.MsoNormal {margin:0cm}</style>
<h1 class="MsoTitle" style="color:red">Climate<o:p></o:p></h1>
<p class="MsoNormal" style="mso-margin-top-alt:auto"><b style="mso-bidi-font-weight:normal">Two&nbsp;&nbsp;cities</b>
<i>agree</i>.<o:p>&nbsp;</o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p>
<div><a href="https://example.org/" target="_blank" onclick="steal()">More</a></div>"""


def test_paste_from_word_keeps_its_meaning_and_loses_its_dress():
    assert sanitise(WORD) == (
        '<h3>Climate</h3><p><strong>Two cities</strong> <em>agree</em>.</p><p><a href="https://example.org/">More</a></p>'
    )


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,x">x</a>',
        "<svg><script>alert(1)</script></svg>",
        '<iframe src="https://example.org"></iframe>',
        '<p style="background:url(x)" onmouseover="alert(1)">x</p>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    ],
)
def test_nothing_that_acts_survives(attack):
    cleaned = sanitise(attack).lower()
    for sign in ("script", "onerror", "javascript:", "data:", "iframe", "style=", "onmouseover", "<img", "<svg"):
        assert sign not in cleaned


@pytest.mark.parametrize("space", ["\u00a0", "&nbsp;", "&#160;", "\x01", "\x0b"])
def test_space_before_a_scheme_does_not_hide_it(space):
    assert sanitise(f'<a href="{space}javascript:alert(1)">x</a>') == "x"


@pytest.mark.parametrize(
    "html", [WORD, "<p><strong><em> </em></strong></p>", '<a href="\u00a0javascript:x">y</a>'], ids=len
)
def test_cleaning_twice_changes_nothing(html):
    assert sanitise(sanitise(html)) == sanitise(html)


@pytest.mark.parametrize(
    "piece",
    [
        "<p>",
        "<em>",
        "<em>\n",
        "<strong><br>",
        "<ul><li>",
        "&nbsp;",
        "<",
        "<p>\n\n",
        " ",
        "<table><tr><td>x",
        "<style>/*",
        "<x",
    ],
)
def test_large_text_costs_little(piece):
    before = process_time()
    sanitise(piece * (60_000 // len(piece)))
    assert process_time() - before < 5


def test_form_says_when_a_text_is_too_long():
    field = Theme._meta.get_field("description").formfield()
    with pytest.raises(ValidationError, match="at most 100000 characters"):
        field.clean("a" * (LONGEST_TEXT + 1))


def test_characters_that_no_feed_can_carry_are_left_out():
    assert sanitise("<p>Two\x0blines,\x00three\ufffe</p>") == "<p>Two lines, three</p>"


@pytest.mark.django_db
def test_text_is_cleaned_by_a_plain_save():
    theme = make_theme(description="<p onclick='x()'>Hello</p><script>x()</script>")
    theme.refresh_from_db()
    assert theme.description == "<p>Hello</p>"


def test_text_written_past_the_model_is_cleaned_on_the_page():
    assert richtext("<p>Hello<script>x()</script></p>") == "<p>Hello</p>"


def test_headings_follow_the_page_they_stand_on():
    assert richtext("<h3>One</h3><h4>Two</h4>", 2) == "<h2>One</h2><h3>Two</h3>"


def test_table_on_a_page_scrolls_by_itself_and_is_reached_by_the_keyboard():
    page = Template("{% load text %}{{ text|richtext }}").render(
        Context({"text": "<table><tr><td>a<td>b<tr><td>c<td>d</table>"})
    )
    assert page.startswith(
        '<div class="scrolled" role="group" aria-label="Table" tabindex="0"><table><tbody><tr><td><p>a</p>'
    )
    assert page.endswith("</table></div>")


def test_words_of_a_text_are_what_the_reader_sees():
    assert to_text("<p>R&amp;D: 5 &lt; 6 &amp;lt;</p>") == "R&D: 5 < 6 &lt;"


def test_words_of_neighbouring_paragraphs_do_not_run_together():
    assert to_text("<h3>One</h3><p>Two<br>three</p><ul><li><p>Four</p></li></ul>") == "One\nTwo\nthree\nFour"
