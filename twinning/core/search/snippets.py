"""Snippets: the part of a text that shows why it was found."""

import re

from twinning.core.fields.folding import fold
from twinning.core.search.words import UNSPACED, finds, stems

# How much is shown, and how much of that before the match: a word counts three, a letter of a script without spaces one.
WIDTH, WIDTH_BEFORE = 96, 30
# A heading, a list or a name ends without a full stop; what comes after it must not read as if it went on.
_END_OF_A_LINE = re.compile(r"(?<=[^\s.,:;!?…])\s*\n\s*")
_PIECE = re.compile(rf"[{UNSPACED}] ?|[^\s{UNSPACED}]+ ?")
_LETTER = re.compile(rf"[{UNSPACED}]")


def snippet(text: str, words: list[str]) -> list[tuple[str, bool]]:
    """The part of a text around its first match, as (piece with the space behind it, whether it matched).

    Without a match it is the beginning.
    """
    pieces = _PIECE.findall(" ".join(_END_OF_A_LINE.sub(" · ", text.strip()).split()))
    matched = _Matches(pieces, words)
    first = next(filter(matched.length_at, range(len(pieces))), 0)
    start, end = _window(pieces, first)
    shown, until = [], 0
    for number in range(start, end):
        until = max(until, number + matched.length_at(number))
        shown.append((pieces[number], number < until))
    return [("… ", False)] * (start > 0) + shown + [("…", False)] * (end < len(pieces))


class _Matches:
    """Which pieces of a text match the words of a query."""

    def __init__(self, pieces: list[str], words: list[str]):
        self._folded = fold("\n".join(pieces)).split("\n")
        self._words = words
        self._parts = [word for word in words if _LETTER.match(word)]
        # No stem begins with another letter than its word, and most pieces have none of the letters that are looked for.
        self._letters = {word[0] for word in words}

    def length_at(self, number: int) -> int:
        """How many pieces match together from one on: a word, or the letters of a pair."""
        piece = self._folded[number]
        if self._letters.isdisjoint(piece):
            return 0
        if _LETTER.match(piece):
            behind = "".join(self._folded[number : number + 3])
            if length := max((len(part) for part in self._parts if behind.startswith(part)), default=0):
                return length
        return any(finds(wanted, word) for word in stems(piece) for wanted in self._words)


def _window(pieces: list[str], first: int) -> tuple[int, int]:
    """The numbers of the first piece to be shown and of the one behind the last."""
    start, room = first, WIDTH_BEFORE
    while start and (room := room - _width(pieces[start - 1])) >= 0:
        start -= 1
    end, room = start, WIDTH
    while end < len(pieces) and (room := room - _width(pieces[end])) >= 0:
        end += 1
    return start, end


def _width(piece: str) -> int:
    return 1 if _LETTER.match(piece) else 3
