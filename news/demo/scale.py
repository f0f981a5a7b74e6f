"""Generated press releases, to measure the site with an archive of decades.

Release number 17 is the same whenever and wherever it is generated, apart from the cities and themes in the database. For
the gate, lists and search it is like any other.
"""

import random
import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from news.demo.staff import Staff
from news.models import PressContact, PressRelease, Quote, ReleaseContact
from partners.models import City, Theme
from twinning.core.search.index import index_all, open_due

PREFIX = "archive-"
FIRST_YEAR, LAST_YEAR = 1990, 2025
BATCH = 1000
PHRASES = tomllib.loads((Path(__file__).parent / "scale.toml").read_text(encoding="utf-8"))


class Generator:
    """Makes releases by number and saves them in batches, each batch whole or not at all."""

    def __init__(self, staff: Staff, *, at: datetime):
        self.staff, self.at = staff, at
        self.cities = list(City.objects.published(at=at).order_by("slug"))
        self.themes = list(Theme.objects.published(at=at).order_by("slug"))
        self.contact = PressContact.objects.filter(is_general=True).first()

    def fill_up(self, total: int) -> Iterator[int]:
        """Add what is missing of the numbers 1 to ``total``; yield how many there are after each batch."""
        slugs = PressRelease.objects.filter(slug__startswith=PREFIX).values_list("slug", flat=True)
        present = {int(number) for slug in slugs if (number := slug.split("-")[1]).isdecimal()}
        missing = [number for number in range(1, total + 1) if number not in present]
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._save([self._release(number) for number in batch])
            while open_due(at=self.at):  # no search has to do it
                pass
            yield len(present) + start + len(batch)

    def _release(self, number: int) -> dict:
        """An unsaved release with its cities, themes and quotes."""
        rng = random.Random(number)  # noqa: S311 - nothing secret, and the same every time
        moment = _random_moment(rng)
        known = [city for city in self.cities if city.since and city.since.earliest.year <= moment.year]
        city, themes = (
            rng.choice(known or self.cities),
            rng.sample(self.themes, min(rng.choice((1, 1, 2)), len(self.themes))),
        )
        writer = Writer(rng, city=city, theme=themes[0], moment=moment)
        headline = writer.phrase("headlines")
        release = PressRelease(
            slug=f"{PREFIX}{number:06}-{slugify(headline)}"[:100].rstrip("-"),
            headline=headline,
            standfirst=writer.phrase("standfirsts"),
            place=writer.phrase("places"),
            body=writer.body(),
            notes_to_editors=PHRASES["notes"],
            submitted_at=moment,
            submitted_by=self.staff.press,
            approved_at=moment,
            approved_by=self.staff.approver,
            publish_at=moment,
            created_at=moment,
        )
        quotes = [Quote(release=release, **quote) for quote in writer.quotes()]
        return {"release": release, "cities": [city], "themes": themes, "quotes": quotes}

    @transaction.atomic
    def _save(self, made: list[dict]) -> None:
        PressRelease.objects.bulk_create(item["release"] for item in made)
        saved = PressRelease.objects.filter(pk__in=[item["release"].pk for item in made])
        saved.update(updated_at=F("publish_at"))
        for name, column in (("cities", "city"), ("themes", "theme")):
            through = getattr(PressRelease, name).through
            through.objects.bulk_create(
                through(pressrelease=item["release"], **{column: other}) for item in made for other in item[name]
            )
        Quote.objects.bulk_create(quote for item in made for quote in item["quotes"])
        if self.contact:
            ReleaseContact.objects.bulk_create(
                ReleaseContact(release=item["release"], contact=self.contact) for item in made
            )
        index_all(saved)


class Writer:
    """Makes the texts of one release from the phrases of scale.toml, each used once at most."""

    def __init__(self, rng: random.Random, *, city: City, theme: Theme, moment: datetime):
        self.rng = rng
        self.unused = {
            kind: rng.sample(phrases, len(phrases)) for kind, phrases in PHRASES.items() if isinstance(phrases, list)
        }
        self.names = {
            "city": city.name,
            "theme": theme.name.lower(),
            "weekday": f"{moment:%A}",
            "month": f"{moment + timedelta(days=60):%B}",
        }

    def phrase(self, kind: str) -> str:
        return self.unused[kind].pop().format(number=self.rng.randint(12, 240), **self.names)

    def body(self) -> str:
        lengths = [self.rng.randint(2, 4) for _paragraph in range(self.rng.randint(3, 6))]
        return "".join(
            f"<p>{' '.join(self.phrase('sentences') for _sentence in range(length))}</p>" for length in lengths
        )

    def quotes(self) -> list[dict]:
        """The fields of up to two quotes, one from each side."""
        sides = [side for side in ("home", "partner") if self.rng.random() < 0.4]
        return [
            {
                "position": position,
                "side": side,
                "office": self.phrase(f"offices_{side}"),
                "text": self.phrase("quotes"),
            }
            for position, side in enumerate(sides, 1)
        ]


def _random_moment(rng: random.Random) -> datetime:
    """A working hour in one of the years, to the quarter of an hour."""
    day = datetime(FIRST_YEAR, 1, 1) + timedelta(days=rng.randrange((LAST_YEAR - FIRST_YEAR + 1) * 365))
    return timezone.make_aware(day.replace(hour=rng.randrange(8, 18), minute=rng.choice((0, 15, 30, 45))))
