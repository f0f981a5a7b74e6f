"""Words as search sees them, the same on SQLite and PostgreSQL.

Both databases' own stemmers and tokenisers differ, so words are normalised here, once, for both: accents folded, letters
lowered, English endings removed by the Snowball stemmer. The databases only look normalised words up: SQLite in an FTS5
table, PostgreSQL in a GIN index (both made by the first migration).
"""

import re
import threading
import unicodedata
from functools import lru_cache

import snowballstemmer
from django.db import models

_WORD = re.compile(r"[^\W_]+")
_STEMMER = snowballstemmer.stemmer("english")
_ONE_AT_A_TIME = threading.Lock()
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})
_INVISIBLE = "Cf"  # soft hyphens, zero-width spaces: inside a word that was pasted, they do not divide it
LONGEST_WORD = 60


def fold(text: str) -> str:
    """The text in small letters without accents: "Brnó" and "BRNO" are both "brno".

    Small only after it is taken apart: "℡" has no small letter of its own and becomes "TEL".
    """
    small = unicodedata.normalize("NFKD", text).lower().translate(_LETTERS)
    if small.isascii():  # most words, and nothing there to leave out
        return small
    return "".join(c for c in small if not unicodedata.combining(c) and unicodedata.category(c) != _INVISIBLE)


def normalise(text: str) -> list[str]:
    """The stemmed words of a text, in order."""
    return [_stem(word[:LONGEST_WORD]) for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=2**15)
def _stem(word: str) -> str:
    # The stemmer keeps the word it works on in itself: two threads at once get each other's letters, or an IndexError.
    with _ONE_AT_A_TIME:
        return _STEMMER.stemWord(word)


def is_begun(word: str) -> bool:
    """Whether a word of a query also finds the words that begin with it: "Czech" finds Czechia, "art" no article."""
    return len(word) >= 4


def finds(wanted: str, word: str) -> bool:
    """Whether a normalised word of a query finds a normalised word of a text."""
    return word == wanted or (is_begun(wanted) and word.startswith(wanted))


class WordsField(models.TextField):
    """Normalised words with a space between them, each once; looked up whole with ``__have=[word, …]``."""


@WordsField.register_lookup
class Have(models.Lookup):
    """All of the given words stand in the column, the longer ones perhaps as the beginning of another word."""

    lookup_name = "have"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        is_sqlite = connection.vendor == "sqlite"
        quoted, begun, both = ('"{}"', "*", " AND ") if is_sqlite else ("'{}'", ":*", " & ")
        terms = (quoted.format(word) + begun * is_begun(word) for word in value)
        return "%s", [both.join(terms)]

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
