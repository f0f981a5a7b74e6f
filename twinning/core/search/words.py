"""Words as search compares them, the same on SQLite and PostgreSQL.

Both databases' own stemmers and tokenisers differ, so words are normalised here, once, for both: accents folded, letters
lowered, English endings removed by the Snowball stemmer. Scripts without spaces between words are cut into pairs of letters
(ADR 23). The databases only look normalised words up: SQLite in an FTS5 table, PostgreSQL in a GIN index.

A migration that calls ``twinning.core.search.rewriting`` goes with each change of these rules.
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer
from django.db import models

from twinning.core.fields.folding import APOSTROPHE, fold

_STEMMER = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME = threading.Lock()
LONGEST_WORD = 60


def _marks(first: int, last: int) -> str:
    """The vowel signs among some characters: parts of words, although Python's ``\\w`` leaves them out."""
    return "".join(letter for letter in map(chr, range(first, last)) if unicodedata.category(letter) in ("Mn", "Mc"))


# Scripts that write no spaces between words, with the number of letters that are looked up together: a Chinese or Japanese
# word mostly has two; of the letters of Thai, Lao, Burmese and Khmer there are few, so that every text has most pairs.
_PAIRS = "\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_TRIPLES = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ece\u1000-\u103f\u1050-\u109f\u1780-\u17d3"
UNSPACED = f"{_PAIRS}{_TRIPLES}"
_LETTERS = rf"(?:[^\W_{UNSPACED}]++|[{_marks(0x0900, 0x0E00)}{_marks(0x0F00, 0x1000)}]++)++"
_WORD = re.compile(f"(?P<pairs>[{_PAIRS}]+)|(?P<triples>[{_TRIPLES}]+)|(?P<word>{_LETTERS}(?:{APOSTROPHE}{_LETTERS})*)")
_ASCII_WORD = re.compile(f"[a-z0-9]+(?:{APOSTROPHE}[a-z0-9]+)*")
_LENGTHS = {"pairs": 2, "triples": 3}
_POSSESSIVE = f"{APOSTROPHE}s"


def normalise(text: str) -> list[str]:
    """The stemmed words of a text, in order, by all of which it can be found."""
    return stems(fold(text))


def stems(folded: str) -> list[str]:
    """The stemmed words of a folded text: of “xi'an” the parts and the whole, of 苏州市 each letter and each pair."""
    found = []
    for match in (_ASCII_WORD if folded.isascii() else _WORD).finditer(folded):
        word = match[0]
        if length := _LENGTHS.get(match.lastgroup):
            found += [part for size in range(1, length + 1) for part in _parts(word, size)]
        elif APOSTROPHE in word:
            found += map(_stem, [*word.split(APOSTROPHE), word.replace(APOSTROPHE, "")])
        else:
            found.append(_stem(word))
    return found


def wanted_words(query: str) -> list[str]:
    """The words that a query looks for, each once: the whole “xian” of “Xi'an”, the pairs 苏州 and 州市 of 苏州市."""
    found = []
    for match in _WORD.finditer(fold(query)):
        word = match[0]
        if length := _LENGTHS.get(match.lastgroup):
            found += _parts(word, min(length, len(word)))
        else:
            found.append(_stem(word.removesuffix(_POSSESSIVE).replace(APOSTROPHE, "")))
    return list(dict.fromkeys(found))


def _parts(word: str, size: int) -> list[str]:
    """All runs of some letters in a word."""
    return [word[start : start + size] for start in range(len(word) - size + 1)]


def _stem(word: str) -> str:
    return _stemmed(word[:LONGEST_WORD])


@lru_cache(maxsize=2**15)
def _stemmed(word: str) -> str:
    # The stemmer keeps the word it works on in itself: two threads at once get each other's letters, or an IndexError.
    with _ONE_AT_A_TIME:
        return _STEMMER.stemWord(word)


def is_prefix(word: str) -> bool:
    """Whether a word of a query also finds the words that begin with it: "Czech" finds Czechia, "art" no article."""
    return len(word) >= 4


def finds(wanted: str, word: str) -> bool:
    """Whether a normalised word of a query finds a normalised word of a text."""
    return word == wanted or (is_prefix(wanted) and word.startswith(wanted))


class WordsField(models.TextField):
    """Normalised words with a space between them, each once; looked up with ``__has_all=[word, …]``, or ``__has_beginnings``."""


class QueryWords(models.Field):
    """A list of normalised words in the language in which a database is asked for all of them."""

    is_prefix = staticmethod(is_prefix)

    def get_db_prep_value(self, value, connection, prepared=False):
        is_sqlite = connection.vendor == "sqlite"
        quoted, prefix, both = ('"{}"', "*", " AND ") if is_sqlite else ("'{}'", ":*", " & ")
        return both.join(quoted.format(word) + prefix * self.is_prefix(word) for word in value)


class Beginnings(QueryWords):
    """As QueryWords, where each word may be the beginning of another one, however short it is."""

    is_prefix = staticmethod(bool)


@WordsField.register_lookup
class HasAll(models.Lookup):
    """Lookup: the column has all given words, the longer ones perhaps as the beginning of another word."""

    lookup_name = "has_all"
    prepare_rhs = False
    asked = QueryWords()

    def get_db_prep_lookup(self, value, connection):
        return "%s", [self.asked.get_db_prep_value(value, connection)]

    def as_sqlite(self, compiler, connection):
        table = compiler.quote_name(self.lhs.alias)
        value, params = self.process_rhs(compiler, connection)
        # The only part put in is a placeholder.
        index = f"SELECT rowid FROM core_searchentry_words WHERE core_searchentry_words MATCH {value}"  # noqa: S608
        return f"{table}.id IN ({index})", params

    def as_postgresql(self, compiler, connection):
        column, column_params = self.process_lhs(compiler, connection)
        value, params = self.process_rhs(compiler, connection)
        return f"array_to_tsvector(string_to_array({column}, ' ')) @@ {value}::tsquery", (*column_params, *params)


@WordsField.register_lookup
class HasBeginnings(HasAll):
    """Lookup: the column has words that begin with all given ones."""

    lookup_name = "has_beginnings"
    asked = Beginnings()
