"""Languages: the tags of names and texts, for screen readers and fonts, and the names of the months in all of them."""

import calendar
from collections import defaultdict
from functools import cache
from gettext import GNUTranslations
from pathlib import Path

import django
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

# Language, script and region are what pages need of BCP 47 (RFC 5646).
language_tag = RegexValidator(
    r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$",
    _("Write the language as its code, for example “de”, “cs” or “zh-Hans”."),
)

# Languages that are written from right to left unless their tag names another script, and the scripts that are.
_LANGUAGES = "ar arc ckb dv fa glk he iw ji khw ks lrc mzn nqo pnb prs ps sd skr syr ug ur yi"
_SCRIPTS = "Adlm Arab Aran Hebr Mand Mend Nkoo Rohg Samr Syrc Thaa"
_RIGHT_TO_LEFT = frozenset(f"{_LANGUAGES} {_SCRIPTS}".split())


def direction(tag: str) -> str:
    """The text direction of a language as HTML names it: “rtl” for Arabic, Hebrew or Persian, “ltr” for others."""
    language, *rest = tag.split("-")
    scripts = [part.title() for part in rest if len(part) == 4 and part.isalpha()]
    return "rtl" if (scripts or [language.lower()])[0] in _RIGHT_TO_LEFT else "ltr"


def language_name(tag: str) -> str:
    """The name of a language in the language of the site, “German” of “de”; of one that Django does not know, the tag."""
    try:
        return get_language_info(tag)["name_translated"]
    except KeyError:
        return tag


class LanguageField(models.CharField):
    """Model field: a BCP 47 language tag; empty means the language of the site."""

    default_validators = [language_tag]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)


# Keys of Django's own translations: the name of a month, as it stands in a date, and how it is shortened in two ways.
_SHORT = ("Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.")
_KEYS = {
    number: (name, f"alt. month\x04{name}", name[:3].lower(), f"abbrev. month\x04{_SHORT[number - 1]}")
    for number, name in enumerate(calendar.month_name)
    if number
}
# What Django's translations lack: Austrian names, and months as they stand in Slovak, Slovene and Serbian dates.
_IN_A_DATE = (
    "januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra",
    "januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra",
    "januara februara marta aprila maja juna jula avgusta septembra oktobra novembra decembra",
    "јануара фебруара марта априла маја јуна јула августа септембра октобра новембра децембра",
)
_FURTHER_NAMES = {"jänner": 1, "feber": 2} | {
    name: number for names in _IN_A_DATE for number, name in enumerate(names.split(), start=1)
}


def months_called(name: str) -> frozenset[int]:
    """The months, as numbers, that have a name (in small letters, without a dot) in some language: “listopad” is two."""
    return frozenset(_months().get(name, ()))


@cache
def _months() -> dict[str, set[int]]:
    """The months by their names in each language that Django knows: it reads a hundred files, in a tenth of a second."""
    found = defaultdict(set, {name: {number} for name, number in _FURTHER_NAMES.items()})
    for path in (Path(django.__file__).parent / "conf/locale").glob("*/LC_MESSAGES/django.mo"):
        with path.open("rb") as file:
            texts = GNUTranslations(file)
        for number, keys in _KEYS.items():
            for key in keys:
                if (name := texts.gettext(key)) != key:
                    found[name.lower().strip(".")].add(number)
    return dict(found)
