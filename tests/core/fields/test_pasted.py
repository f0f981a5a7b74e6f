"""What an office program does not show is not published; what it shows is, as it was meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.clipboards import CLIPBOARDS, SAFE
from twinning.core.fields.richtext import richtext, sanitise, to_text


@pytest.mark.parametrize("program", CLIPBOARDS)
def test_clipboard_means_what_its_program_shows(program):
    pasted, meant = CLIPBOARDS[program]
    assert sanitise(pasted) == meant
    assert sanitise(meant) == meant


@pytest.mark.parametrize(
    "hidden",
    [
        "<del>secret</del>",
        "<s>secret</s>",
        "<strike>secret</strike>",
        "<b hidden>secret</b>",
        "<o:p style='display:none'>secret</o:p>",
        "<span style='DISPLAY : NONE !important'>secret</span>",
        "<p style='visibility:hidden'>secret</p>",
        "<div style='opacity:0'>secret</div>",
        "<span style='font-size:0pt'>secret</span>",
        "<div style='max-height:0;overflow:hidden'>secret</div>",
        "<span class='x'>secret</span><style>.x{display:none}</style>",
        "<span class='x'>secret</span><style>/* a */ .y, span.x { mso-hide: all }</style>",
        "<noscript>secret</noscript>",
        "<xml><w:View>secret</w:View></xml>",
        "<comment>secret</comment>",
        "<!-- secret -->",
        "<![if secret]>",
        "<title>secret</title>",
    ],
)
def test_what_is_hidden_is_left_out(hidden):
    assert to_text(sanitise(f"<p>Before</p>{hidden}<p>after</p>")) == "Before\nafter"
    assert to_text(sanitise(f"<p>Before {hidden}</p>")) == "Before"


@pytest.mark.parametrize(
    "shown",
    [
        "<td style='font-size:0'><span style='font-size:12px'>word</span></td>",
        "<span style='max-height:0'>word</span>",
        "<style>@media print { .x {display:none} }</style><span class=x>word</span>",
        "<style>p b {display:none}</style><b>word</b>",
        "<style>@font-face {x:y} .y{display:none}</style><i class=x>word</i>",
        "<p style='display:none'>x<p>word",
        "<a href='#_ftn1'>word</a>",
        "<u style='text-decoration:underline'>word</u>",
        "<textarea>word</textarea>",
    ],
)
def test_what_is_shown_is_kept(shown):
    assert to_text(sanitise(shown)) == "word"


def test_colleague_is_not_named_in_words_either():
    assert to_text(sanitise(f"<p>{SAFE} tells more.</p>")) == "https://www.dortmund.de/stadt?a=1&b=2 tells more."


@pytest.mark.parametrize(
    ("table", "kept"),
    [
        ("<tr><td>One<td>two", "<p>One</p><p>two</p>"),
        ("<tr><td>One<tr><td>two", "<p>One</p><p>two</p>"),
        ("<caption>Cities<tr><td>a<td>b<tr><td>c", "<p>Cities</p><table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr>"
         "<tr><td><p>c</p></td><td><p></p></td></tr></tbody></table>"),
        ("<thead><tr><td>a<td>b<tbody><tr><th>c<td colspan=x>d", "<table><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr>"
         "<tr><th><p>c</p></th><td><p>d</p></td></tr></tbody></table>"),
        ("<tr><td rowspan=2>a<td>b<tr><td>c", "<table><tbody><tr><td rowspan=\"2\"><p>a</p></td><td><p>b</p></td></tr><tr><td><p>c"
         "</p></td></tr></tbody></table>"),
        ("<col><col width=0><tr><td colspan=2>a<td>b<tr><td>c<td>d<td>e", "<table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr>"
         "<tr><td><p>c</p></td><td><p>e</p></td></tr></tbody></table>"),
        ("<tr><td><table><tr><td>a<td>b<tr><td>c<td>d</table><td>e<tr><td>f<td>g", "<table><tbody><tr><td><p>a</p></td><td><p>b</p>"
         "</td></tr><tr><td><p>c</p></td><td><p>d</p></td></tr></tbody></table><p>e</p><p>f</p><p>g</p>"),
        ("<tr><td><td><tr><td>", ""),
    ],
)  # fmt: skip
def test_table_of_data_stays_and_any_other_becomes_paragraphs(table, kept):
    assert sanitise(f"<table>{table}</table>") == kept


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>2021<sup>1</sup>, 25 m<sup>2</sup>, CO<sub>2</sub>, 1<sup>st</sup></p>", "2021¹, 25 m², CO₂, 1st"),
        (
            "<table><tr><td>Lille<td>1968<tr><td>Brno<td><p>2018</p><p>2019</p></table>",
            "Lille | 1968\nBrno | 2018 2019",
        ),
        ("<ul><li>One<ul><li>two</li></ul></li></ul>", "One\ntwo"),
    ],
)
def test_plain_text_keeps_marks_and_cells_apart(source, words):
    assert to_text(sanitise(source)) == words


@pytest.mark.nu
def test_what_is_written_is_valid(nu):
    texts = [richtext(pasted) for pasted, _meant in CLIPBOARDS.values()]
    assert nu(f'<!doctype html><html lang="en"><title>Pasted</title><h1>Pasted</h1><h2>All</h2>{"".join(texts)}') == []


WORDS = st.lists(st.text("abcäß", min_size=1, max_size=5), min_size=1, max_size=5).map(" ".join)
INLINE = ["b", "i", "span", "font", "u", "ins", "o:p", "a", "sup", "unknown"]
BLOCKS = ["p", "div", "h1", "h3", "ul", "ol", "li", "blockquote", "table", "tr", "td", "th", "section", "center", "dl"]


@given(st.recursive(WORDS, lambda inner: st.builds(
    lambda tag, parts: f"<{tag}>{' '.join(parts)}</{tag}>", st.sampled_from(INLINE + BLOCKS), st.lists(inner, max_size=4)
), max_leaves=30))  # fmt: skip
@settings(deadline=None)
def test_no_word_that_is_shown_is_lost(source):
    cleaned = sanitise(source)
    words = "".join(piece for piece in source.replace("<", " <").split() if not piece.startswith("<") or ">" in piece)
    assert sorted(_letters(cleaned)) == sorted(_letters(words))
    assert sanitise(cleaned) == richtext(cleaned) == cleaned


def _letters(source: str) -> str:
    shown = "".join(part.rpartition(">")[2] if ">" in part else part for part in source.split("<"))
    return "".join(shown.split())


PIECES = st.sampled_from(
    ["<p>", "</p>", "<del>", "</del>", "<table>", "<td>", "<tr style='display:none'>", "<col width=0>", "<style>", "}{", "<!--",
     "-->", "<a href='", "'>", "&nbsp;", "&#0;", "<li>", "<ul>", "<b style='font-weight:700'>", "\u200d", "a", " ", "<![if x]>",
     "<p style='mso-list:l0 level1'>", "<svg>", "<math>", "<td colspan=99999999999999999999>", "</table>", "<br>", "\ud7ff"]
)  # fmt: skip


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
@settings(deadline=None)
def test_any_text_is_cleaned_once_and_for_all(source):
    cleaned = sanitise(source)
    assert sanitise(cleaned) == richtext(cleaned) == cleaned
