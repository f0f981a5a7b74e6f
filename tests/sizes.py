"""Sites of any size: so many public cities on all continents, each with an agreement and a release, and themes."""

import random
from datetime import timedelta

from django.db import connection

from news.models import PressRelease
from partners.models import City, Memorandum, Theme
from tests.factories import PAST, make_superuser
from twinning.core.search.index import index_all

SIZES = (1, 12, 45, 120, 700)
COUNTRIES = ("DE", "FR", "PL", "CZ", "IT", "ES", "NL", "CN", "JP", "US", "ZA", "LK", "BR", "AU", "SE", "FI", "IE", "RO")
# Latitudes and longitudes of crowded and of lonely regions.
REGIONS = (((45, 55), (-4, 24)), ((30, 45), (75, 140)), ((28, 48), (-120, -70)), ((-35, 15), (-60, 45)))
BEGINNINGS = [
    "Alten",
    "Brück",
    "Castel",
    "Dorn",
    "Eich",
    "Falken",
    "Grün",
    "Hoch",
    "König",
    "Linden",
    "Mühl",
    "Nord",
    "Oster",
    "Rosen",
    "Stein",
    "Wald",
]
ENDINGS = ["burg", "feld", "hausen", "mar", "nov", "ona", "ville", "wick"]


def _place(generator: random.Random) -> dict:
    latitudes, longitudes = generator.choice(REGIONS)
    return {
        "latitude": f"{generator.uniform(*latitudes):.5f}",
        "longitude": f"{generator.uniform(*longitudes):.5f}",
        "country": generator.choice(COUNTRIES),
        "hue": generator.randint(1, 12),
    }


def name_of(number: int) -> str:
    """The name of a city; no two have the same."""
    ending, beginning = divmod(number, len(BEGINNINGS))
    age, ending = divmod(ending, len(ENDINGS))
    return BEGINNINGS[beginning] + ENDINGS[ending] + (f" {age + 1}" if age else "")


def make_site(number: int, *, first: int = 0) -> list[City]:
    """Public cities with numbers from ``first`` on, and for each a theme (at most 40), an agreement and a release."""
    generator = random.Random(number)
    public = {"submitted_at": PAST, "submitted_by": make_superuser(), "approved_at": PAST,
              "approved_by": make_superuser(), "publish_at": PAST}  # fmt: skip
    cities = City.objects.bulk_create(
        City(name=name_of(i), slug=f"city-{i}", since=str(1950 + i % 70), time_zone="Europe/Berlin", kind="twin-city",
             summary="A friendship.", why="<p>Peace.</p>", **_place(generator), **public)
        for i in range(first, first + number)
    )  # fmt: skip
    themes = Theme.objects.bulk_create(
        Theme(name=f"Theme {i}", slug=f"theme-{i}", summary="What we do.", **public)
        for i in range(first, first + min(number, 40))
    )
    memoranda = Memorandum.objects.bulk_create(
        Memorandum(title=f"Agreement with {city.name}", slug=f"agreement-{i}", purpose="<p>To learn.</p>",
                   signed=str(1955 + i % 70), signatories_unknown=True, **public)
        for i, city in enumerate(cities, first)
    )  # fmt: skip
    releases = PressRelease.objects.bulk_create(
        PressRelease(headline=f"A visit to {city.name}", slug=f"visit-{i}", standfirst="They met.", body="<p>Friends.</p>",
                     **public | {"publish_at": PAST - timedelta(days=60 * i % 9000)}
                     | {"submitted_at": PAST - timedelta(days=9000), "approved_at": PAST - timedelta(days=9000)})
        for i, city in enumerate(cities, first)
    )  # fmt: skip
    for model, records, name in ((Memorandum, memoranda, "memorandum"), (PressRelease, releases, "pressrelease")):
        for relation, others in (("city", cities), ("theme", themes)):
            through = getattr(model, {"city": "cities", "theme": "themes"}[relation]).through
            through.objects.bulk_create(
                through(**{f"{name}_id": record.pk, f"{relation}_id": others[i % len(others)].pk})
                for i, record in enumerate(records)
            )
    for model in (City, Theme, Memorandum, PressRelease):
        index_all(model.objects.all())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as autovacuum does; until then it takes all tables for nearly empty ones
    return cities
