"""What rules find in a pasted page: partner cities, since when, their themes, agreements, and whom to ask.

The rules are the same each time and ask nobody. What none of them understands is kept, to be said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import phonenumbers
from django.conf import settings
from django.core.exceptions import ValidationError

from partners.gazetteer import KnownPlace, PlacesByName
from partners.imports.cities import country
from partners.kinds import agreement_kinds
from partners.models import Theme
from partners.oldpage.passages import Passage
from twinning.core.fields.dates import PartialDate
from twinning.core.fields.folding import sort_key
from twinning.core.search.words import normalise

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH}),? \d{{4}}|(?:{_MONTH}) \d{{1,2}}, \d{{4}}|(?:{_MONTH}) \d{{4}}"
    r"|(?:(?:early|mid|late)[- ])?(?:1[5-9]|20)\d0s|(?:1[5-9]|20)\d\d)\b"
)
# Sentences that say that the partnership is one; the first of these words that has a date behind it says since when.
_BEGINNING = re.compile(
    r"\b(?:twinned|twinning|twins?|partner(?:s|ed|ship)?|linked|links?|friends(?:hip)?|relationship|sister)\b",
    re.IGNORECASE,
)
_BEGAN = re.compile(
    r"\b(?:since|twinned|began|begun|started|established|formed|founded|signed|became|dates? (?:from|back to)|formal\w*)\b",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"\b(?:re-?signed|signed|signing|renewed|concluded|agreed)\b", re.IGNORECASE)
_AGREEMENT = re.compile(
    r"\b(memorandum(?: of understanding)?|mou|agreement|charter|letter|addendum|treaty)\b", re.IGNORECASE
)
_KINDS = {
    "memorandum": "memorandum",
    "mou": "memorandum",
    "charter": "charter",
    "letter": "letter",
    "addendum": "addendum",
}
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_NAME = re.compile(r"\b[A-ZÀ-ÞŠŽČĐ][\w’'-]*(?:[ -](?:[A-ZÀ-ÞŠŽČĐ][\w’'-]*|upon|am|an|der|de|la|le|sur)){0,3}")
_COMMON = {
    "the", "in", "our", "most", "many", "since", "both", "this", "these", "it", "as", "at", "for", "from", "and", "we", "they",
    "city", "council", "europe", "european", "world", "war", "second world war", "north", "south", "east", "west", "central",
}  # fmt: skip
SHORTEST_STEM = 4
_OF_NO_THEME = set(normalise("with what work development sharing"))
# Words that speak of the same field of work: a theme with one of them in its name is meant by all of a line.
_FIELDS = [
    set(normalise(words))
    for words in (
        "culture cultural arts artists theatre festival festivals music museum architecture",
        "economic economy business businesses trade jobs investment enterprise",
        "school schools education educational pupils teachers",
        "youth young",
        "university universities science scientific research academic",
        "sport sports sporting football athletes olympic",
        "health wellbeing medical hospital hospitals",
        "climate environment environmental sustainability energy",
        "peace reconciliation solidarity",
        "technology digital",
    )
]


@dataclass(frozen=True)
class Found:
    """Something that a sentence says."""

    value: str
    sentence: str


@dataclass(frozen=True)
class FoundAgreement:
    """An agreement that a sentence says was signed."""

    title: str
    kind: str
    signed: str
    sentence: str


@dataclass
class FoundCity:
    """A partner city with all that the page says of it."""

    place: KnownPlace
    sentence: str
    since: Found | None = None
    themes: list[Found] = field(default_factory=list)
    agreements: list[FoundAgreement] = field(default_factory=list)
    paragraphs: list[str] = field(default_factory=list)


@dataclass
class Findings:
    """All that was found; ``rest`` are sentences in which nothing was."""

    cities: list[FoundCity] = field(default_factory=list)
    mails: list[Found] = field(default_factory=list)
    phones: list[Found] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def find(page: Sequence[Passage]) -> Findings:
    """Everything that the rules find in a page."""
    found, places, current = Findings(), Places(), None
    for passage in page:
        place = places.of(passage)
        if place:
            current = _city(found, place, passage)
        elif passage.is_heading:
            current = None
        used = _take_contacts(found, passage)
        if current and not passage.is_heading:
            current.paragraphs.append(passage.text)
        found.rest += [] if current else [sentence for sentence in passage.sentences if sentence not in used]
    themes = _stems_of_themes()
    for city in found.cities:
        _look_into(city, themes)
    return found


def _city(found: Findings, place: KnownPlace, passage: Passage) -> FoundCity:
    """The city of a place; the same for every passage about it."""
    for city in found.cities:
        if city.place.number == place.number:
            return city
    found.cities.append(FoundCity(place, passage.sentences[0]))
    return found.cities[-1]


class Places:
    """The places of the gazetteer, as a page names them."""

    def __init__(self):
        self._by_name = PlacesByName()

    def of(self, passage: Passage) -> KnownPlace | None:
        """The place that a passage is about: a heading that is its name, or the first that its first sentence names."""
        first = passage.sentences[0]
        if passage.is_heading:
            return self._named(*_split(first))
        if not _BEGINNING.search(passage.text):
            return None
        code = _country_in(passage.text)
        names = (match[0] for match in _NAME.finditer(first))
        return next((place for name in names for part in _parts(name) if (place := self._named(part, code))), None)

    def _named(self, name: str, code: str = "") -> KnownPlace | None:
        if sort_key(name) in _COMMON or sort_key(name) == sort_key(settings.HOME_CITY):
            return None
        places = self._by_name.named(name, code=code) or (self._by_name.named(name) if code else [])
        exact = [place for place in places if sort_key(name) in (sort_key(place.name), sort_key(place.local_name))]
        return next(iter(exact or places), None)


def _split(heading: str) -> tuple[str, str]:
    """The name and the code of the country in a heading such as “Brno, Czech Republic” or “Lille (France)”."""
    name, _sign, behind = re.sub(r"\s*[(–:]\s*", ",", heading.rstrip(")")).partition(",")
    return name.strip(), _code(behind.strip())


def _code(text: str) -> str:
    try:
        return country(text) if text else ""
    except ValidationError:
        return ""


def _country_in(text: str) -> str:
    """The code of the first country that a text names; empty if it names none but ours."""
    codes = (code for match in _NAME.finditer(text) for part in _parts(match[0]) if (code := _country_code(part)))
    return next((code for code in codes if code != settings.COUNTRY), "")


def _country_code(name: str) -> str:
    return _code(name) if len(name) > SHORTEST_STEM - 1 else ""


def _parts(name: str) -> Iterator[str]:
    """A run of capitalised words, and shorter ones in it: “The Durban” names Durban."""
    words = name.split(" ")
    for length in range(len(words), 0, -1):
        for start in range(len(words) - length + 1):
            yield " ".join(words[start : start + length])


def _look_into(city: FoundCity, themes: dict[str, set[str]]) -> None:
    """Find in the paragraphs about a city since when, the themes and the agreements."""
    sentences = [sentence for text in city.paragraphs for sentence in _sentences(text)]
    city.since = _since(sentences)
    for name, wanted in themes.items():
        if sentence := next((one for one in sentences if wanted & set(_stems(one))), ""):
            city.themes.append(Found(name, sentence))
    city.agreements = [one for sentence in sentences for one in _agreements(city.place.name, sentence)]


def _sentences(text: str) -> Iterable[str]:
    return re.split(r"(?<=[.!?])\s+", text)


def _since(sentences: Iterable[str]) -> Found | None:
    """Since when: the date behind the first word for a beginning in a sentence that speaks of the partnership."""
    for sentence in sentences:
        begins = _BEGAN.search(sentence) if _BEGINNING.search(sentence) else None
        if begins and (date := _DATE.search(sentence, begins.start())):
            return Found(date[0], sentence)
    return None


def _agreements(name: str, sentence: str) -> Iterator[FoundAgreement]:
    called, date = _AGREEMENT.search(sentence), _DATE.search(sentence)
    if not (called and date and _SIGNED.search(sentence)):
        return
    code = _KINDS.get(called[1].lower().split()[0], "")
    kind = dict(agreement_kinds()).get(code, "")
    year = PartialDate.parse(date[0]).earliest.year
    title = f"{settings.HOME_CITY} – {name} {(str(kind) or called[1]).lower()} {year}"
    yield FoundAgreement(title, str(kind), date[0], sentence)


def _stems(text: str) -> list[str]:
    return [stem for stem in normalise(text) if len(stem) >= SHORTEST_STEM]


def _stems_of_themes() -> dict[str, set[str]]:
    """The stems of the words in the name of each theme that is here and still worked on."""
    names = Theme.objects.filter(merged_into=None).values_list("name", flat=True)
    return {name: wanted for name in names if (wanted := _meaning(name))}


def _meaning(name: str) -> set[str]:
    """The stems by which a sentence speaks of a theme."""
    own = set(normalise(name)) - _OF_NO_THEME
    same = set().union(*(words for words in _FIELDS if words & own))
    return {stem for stem in own | same if len(stem) >= SHORTEST_STEM}


def _take_contacts(found: Findings, passage: Passage) -> set[str]:
    """Take the addresses and numbers of a passage; returns the sentences that have one."""
    used = set()
    for sentence in passage.sentences:
        mails = _MAIL.findall(sentence)
        numbers = [match.raw_string for match in phonenumbers.PhoneNumberMatcher(sentence, settings.COUNTRY)]
        found.mails += [Found(mail.rstrip("."), sentence) for mail in mails]
        found.phones += [Found(number, sentence) for number in numbers]
        used |= {sentence} if mails or numbers else set()
    return used
