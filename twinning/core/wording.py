"""Two versions of a text, word by word: which words stayed, which came, which went."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\n+|[^\S\n]*\S+|[^\S\n]+")
# Pairs of words, or of paragraphs, that are compared with each other; the worst case takes a tenth of a second.
MOST_PAIRS = 400_000

SAME, INS, DEL = "same", "ins", "del"


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """Both versions in one, as (text, "same", "ins" or "del"), what went before what came.

    Texts too long to be compared word by word are compared paragraph by paragraph, and only what differs there by words.
    """
    if _pairs(words := (_WORD.findall(before), _WORD.findall(after))) <= MOST_PAIRS:
        return _joined(_compared(*words))
    paragraphs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if _pairs(paragraphs) > MOST_PAIRS:
        return _joined([(before, DEL), (after, INS)])
    pieces = []
    for old, new in _blocks(*paragraphs):
        words = _WORD.findall("".join(old)), _WORD.findall("".join(new))
        if old == new:
            pieces.append(("".join(old), SAME))
        elif _pairs(words) <= MOST_PAIRS:
            pieces += _compared(*words)
        else:
            pieces += [("".join(old), DEL), ("".join(new), INS)]
    return _joined(pieces)


def _pairs(sides: tuple[list, list]) -> int:
    return len(sides[0]) * len(sides[1])


def _blocks(old: list[str], new: list[str]):
    """Runs of the two lists that are the same or stand in each other's place; the space before a word does not count."""
    matcher = SequenceMatcher(None, [word.strip(" ") for word in old], [word.strip(" ") for word in new])
    for what, i, j, k, m in matcher.get_opcodes():
        yield (new[k:m], new[k:m]) if what == "equal" else (old[i:j], new[k:m])


def _compared(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    pieces = []
    for went, came in _blocks(old, new):
        if went == came:
            pieces.append(("".join(came), SAME))
        else:
            pieces += [("".join(went), DEL), ("".join(came), INS)]
    return pieces


def _joined(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces that have text, neighbours of one kind as one, and no mark around mere space at the edge of a piece."""
    joined = []
    for text, kind in pieces:
        bare = text.lstrip(" ") if kind != SAME else text
        for part, of_kind in ((text[: len(text) - len(bare)], SAME), (bare, kind)):
            if not part:
                continue
            if joined and joined[-1][1] == of_kind:
                joined[-1] = (joined[-1][0] + part, of_kind)
            else:
                joined.append((part, of_kind))
    return joined
