"""Quotation marks as each language writes them, for texts that leave the site; on pages, style sheets draw them.

The marks are those of Unicode's CLDR, of the languages in which partner cities write most. Any other gets those of English.
"""

_SPACED = "«\N{NO-BREAK SPACE} \N{NO-BREAK SPACE}»"
_ENGLISH = "“ ”"
_BY_LANGUAGE = {
    "„ “": "bg cs de et hr is ka lt lb mk sk sl sr",
    "„ ”": "hu pl ro",
    _SPACED: "fr",
    "« »": "ar be br ca el es eu fa gl hy it nb nn no oc pt rm ru sq uk",
    "» «": "da",
    "” ”": "fi sv he",
    "「 」": "ja zh-Hant",
}
_MARKS = {tag: marks for marks, tags in _BY_LANGUAGE.items() for tag in tags.split()}
# Where a country or a script writes otherwise than its language.
_MARKS |= {"de-CH": "« »", "pt-BR": _ENGLISH, "fr-CH": "« »"}


def marks(language: str) -> tuple[str, str]:
    """The mark that opens a quotation and the one that closes it, for a language tag; of English without one."""
    opening, _space, closing = (_MARKS.get(language) or _MARKS.get(language.split("-")[0]) or _ENGLISH).partition(" ")
    return opening, closing


def in_marks(paragraphs: list[str], language: str) -> list[str]:
    """Paragraphs of one quotation: each opens it anew, and only the last one closes it."""
    opening, closing = marks(language)
    opened = [f"{opening}{paragraph}" for paragraph in paragraphs]
    return [*opened[:-1], *(f"{last}{closing}" for last in opened[-1:])]
