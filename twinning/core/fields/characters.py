"""Characters: what looks the same is the same, in names, titles and texts."""

import re
import unicodedata

from django.db import models

# What XML cannot carry; Word's line break is one of them.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
# Characters without a shape that Unicode counts among letters, marks and signs: fillers of Hangul and Khmer, the
# grapheme joiner, the Mongolian selectors, the empty pattern of Braille.
_SHAPELESS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
# They decide how letters join in Persian and in Indian scripts, and which signs make one emoji.
_JOINERS = "\u200c\u200d"
_FIRST_THAT_JOINS = "\u0600"
_INVISIBLE = re.compile(
    f"[{_SHAPELESS}{_JOINERS}\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)


def printable(text: str) -> str:
    """The text with spaces for the characters that XML cannot carry."""
    return _UNPRINTABLE.sub(" ", text)


def normalise(text: str) -> str:
    """The text in Unicode's composed form (NFC), without characters that cannot be seen.

    Twice, because characters that stood apart may compose only when there is nothing between them.
    """
    text = printable(text)
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _INVISIBLE.sub(_joiner, unicodedata.normalize("NFC", text)))


def _joiner(found: re.Match) -> str:
    """A joiner that joins, between two letters or signs of which Latin, Greek and Cyrillic have none; else nothing."""
    text, at = found.string, found.start()
    around = text[at - 1 : at] + text[at + 1 : at + 2]
    joins = found[0] in _JOINERS and len(around) == 2 and min(around) >= _FIRST_THAT_JOINS
    return found[0] if joins and not _INVISIBLE.search(around) else ""


def in_one_line(text: str) -> str:
    """The text normalised, with single spaces between its words."""
    return " ".join(normalise(text).split())


class LineField(models.CharField):
    """Model field: a name, a title or another single line of text, normalised on every path into the database."""

    def to_python(self, value):
        value = super().to_python(value)
        return in_one_line(value) if isinstance(value, str) else value

    def pre_save(self, model_instance, add):
        value = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
