"""Checks of language and form, for the texts of every kind of record: spaces, quotation marks, headings, links, sentences."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from twinning.core.fields.links import links_in
from twinning.core.search.words import UNSPACED
from twinning.core.writing.checks import Check, Draft, Finding
from twinning.core.writing.passages import Passage
from twinning.core.writing.site_links import leads_nowhere, path_here

MOST_WORDS = 25
AROUND = 30  # letters shown on either side of a place
# How a quotation opens and closes, by language; in all others as in English.
_MARKS = {"de": "„“", "cs": "„“", "sk": "„“", "sl": "„“", "pl": "„”", "hu": "„”", "ro": "„”", "fr": "«»", "es": "«»", "it": "«»", "pt": "«»", "ru": "«»", "uk": "«»"}  # fmt: skip
_ENGLISH_MARKS = "“”"
_VAGUE = re.compile(r"(click |see |read )?(here|more|this( link| page| website)?|link|website|page)|https?://.*|www\..*", re.IGNORECASE)  # fmt: skip
_SPACES = re.compile(r"(?<=\S)(?:  +|[^\S\n]*\xa0[^\S\n]*(?=[^\W\d_]))(?=\S)")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def around(text: str, start: int, end: int) -> str:
    """A place in a text, with whole words on either side."""
    first, last = text.rfind(" ", 0, max(0, start - AROUND)) + 1, text.find(" ", end + AROUND)
    return text[first : last if last >= 0 else len(text)].strip()


def _finding(passage: Passage, said: str, excerpt: str) -> Finding:
    return Finding(said, excerpt, passage.where, passage.anchor)


def doubled_spaces(draft: Draft) -> Iterator[Finding]:
    """Two spaces in a row, and spaces between two words at which no line can break."""
    for passage in draft.passages:
        for line in passage.lines:
            for found in _SPACES.finditer(line):
                if "\xa0" not in found[0]:
                    yield _finding(passage, _("Two spaces stand here in a row."), around(line, *found.span()))
                elif passage.is_in_site_language and line[found.start() - 1].isalpha():
                    said = _("A no-break space stands between these words; a plain one lets the line break.")
                    yield _finding(passage, said, around(line, *found.span()))


def quotation_marks(draft: Draft) -> Iterator[Finding]:
    """Quotations that are not closed, are opened twice, or are closed and were never opened."""
    for passage in draft.passages:
        opens, closes = _MARKS.get(passage.language.split("-")[0], _ENGLISH_MARKS)
        for paragraph, follows in zip(passage.paragraphs, [*passage.paragraphs[1:], ""], strict=True):
            for said, start in _unpaired(paragraph, follows, opens, closes):
                yield _finding(passage, said, around(paragraph, start, start + 1))


def _unpaired(paragraph: str, follows: str, opens: str, closes: str) -> Iterator[tuple[str, int]]:
    """Places with an unpaired mark. A quotation of several paragraphs opens each and closes only the last."""
    opened_at = None
    for at, letter in enumerate(paragraph):
        if letter == opens:
            if opened_at is not None:
                yield _("A quotation begins here, and the one before is not closed."), at
            opened_at = at
        elif letter == closes:
            if opened_at is None:
                yield _("A quotation is closed here that was never opened."), at
            opened_at = None
    if opened_at is not None and not follows.startswith(opens):
        yield _("The quotation that begins here is not closed."), opened_at
    if paragraph.count('"') % 2:
        yield _("A quotation mark stands here alone."), paragraph.rindex('"')


def headings(draft: Draft) -> Iterator[Finding]:
    """Headings of the second rank above which none of the first stands: a screen reader looks for the one left out."""
    for passage in draft.passages:
        first = re.search(r"<h([34])>(.*?)</h\1>", passage.text) if passage.is_rich else None
        if first and first[1] == "4":
            said = _("The text begins with a small heading. Make it a large one, or put a large one above.")
            yield _finding(passage, said, re.sub(r"<[^>]+>", "", first[2]))


def links_in_words(draft: Draft) -> Iterator[Finding]:
    """Links whose words do not say where they lead: a screen reader lists them without the sentence around."""
    for passage in draft.passages:
        for words, _href in links_in(passage.text) if passage.is_rich else ():
            if _VAGUE.fullmatch(words.strip(" .…›»>")):
                yield _finding(passage, _("Say in the words of the link where it leads."), words)


def links_on_this_site(draft: Draft) -> Iterator[Finding]:
    """Links to pages of this site that the public will not find on the day of publication."""
    for passage in draft.passages:
        for words, href in links_in(passage.text) if passage.is_rich else ():
            if (path := path_here(href)) and leads_nowhere(path, at=draft.at):
                said = _("The link leads to where this site has no public page on the day of publication.")
                yield _finding(passage, said, f"{words} ({path})")


def long_sentences(draft: Draft) -> Iterator[Finding]:
    """Sentences of more than 25 words, in languages that put spaces between words."""
    for passage in draft.passages:
        for sentence in passage.sentences:
            words = len(sentence.split())
            if words > MOST_WORDS and not _UNSPACED.search(sentence):
                yield _finding(passage, _("%(number)d words in one sentence.") % {"number": words}, sentence)


LANGUAGE_CHECKS = (
    Check(code="spaces", label=gettext_lazy("Spaces"), warns=doubled_spaces),
    Check(code="quotation_marks", label=gettext_lazy("Quotation marks"), warns=quotation_marks),
    Check(code="headings", label=gettext_lazy("Headings"), warns=headings),
    Check(code="words_of_links", label=gettext_lazy("Words of links"), warns=links_in_words),
    Check(code="links", label=gettext_lazy("Links on this site"), warns=links_on_this_site),
    Check(code="long_sentences", label=gettext_lazy("Long sentences"), warns=long_sentences),
)
