"""Word diff: which words of a text stayed, which were added, which were removed."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\n+|[^\S\n]*\S+|[^\S\n]+")
# The largest number of pairs of words, or of paragraphs, to compare; the worst case takes a tenth of a second.
MOST_PAIRS = 400_000

SAME, INS, DEL = "same", "ins", "del"


def word_diff(before: str, after: str) -> list[tuple[str, str]]:
    """Both versions as pieces (text, "same", "ins" or "del"); what was removed stands before what was added.

    Texts too long to be compared word by word are compared by paragraphs, and paragraphs that differ by words.
    """
    if _pairs(words := (_WORD.findall(before), _WORD.findall(after))) <= MOST_PAIRS:
        return _join(_diff(*words))
    paragraphs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if _pairs(paragraphs) > MOST_PAIRS:
        return _join([(before, DEL), (after, INS)])
    pieces = []
    for old, new in _blocks(*paragraphs):
        words = _WORD.findall("".join(old)), _WORD.findall("".join(new))
        if old == new:
            pieces.append(("".join(old), SAME))
        elif _pairs(words) <= MOST_PAIRS:
            pieces += _diff(*words)
        else:
            pieces += [("".join(old), DEL), ("".join(new), INS)]
    return _join(pieces)


def _pairs(sides: tuple[list, list]) -> int:
    return len(sides[0]) * len(sides[1])


def _blocks(old: list[str], new: list[str]):
    """Pairs of runs of the two lists, equal or one replaced by the other; the space before a word does not count."""
    matcher = SequenceMatcher(None, [word.strip(" ") for word in old], [word.strip(" ") for word in new])
    for what, i, j, k, m in matcher.get_opcodes():
        yield (new[k:m], new[k:m]) if what == "equal" else (old[i:j], new[k:m])


def _diff(old: list[str], new: list[str]) -> list[tuple[str, str]]:
    pieces = []
    for removed, added in _blocks(old, new):
        if removed == added:
            pieces.append(("".join(added), SAME))
        else:
            pieces += [("".join(removed), DEL), ("".join(added), INS)]
    return pieces


def _join(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The pieces without empty ones, neighbours of one kind joined, and spaces at the beginning of a piece unmarked."""
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
