"""Measures pages in one process, in turns with /robots.txt; bench.py runs it in a site of its own.

A page is asked for as often as the time allows, and never alone: each round asks for all of them once, so that what else the
machine does falls on all alike.
"""

import json
import logging
import statistics
import time

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.demo.scale import Generator
from news.demo.staff import make_staff
from news.models import PressRelease
from tests.factories import copy_releases, make_release, make_superuser, publish

BASE = "/robots.txt"
PUBLIC = [
    "/",
    "/cities/",
    "/cities/dortmund/",
    "/themes/",
    "/themes/culture-and-arts/",
    "/agreements/",
    "/agreements/leeds-dortmund-2021/",
    "/news/",
    "/news/?before={middle}",
    "/news/2021/?city=brno",
    "/news/zymurgy/",
    "/search/?q=zymurgy",
    "/search/?q=Leeds",
    "/news/atom.xml",
    "/sitemap.xml",
    "/sitemap-news.xml",
    "/nothing/",
]
BACK_OFFICE = [
    "/admin/",
    "/admin/news/pressrelease/",
    "/admin/news/pressrelease/?q=zymurgy",
    "/admin/news/pressrelease/?q=Leeds",
    "/admin/autocomplete/?app_label=news&model_name=pressrelease&field_name=related&term=zymu",
    "/admin/partners/city/",
    "{form}",
]
GENERATED = 200  # what is more is copied in the database
FEWEST_ROUNDS = 3


def main(releases: int, seconds: float) -> None:
    """Fill a site that has the demonstration, measure it, and print a JSON object."""
    logging.disable()  # of pages that are not found
    fill(releases)
    print(json.dumps(measure(seconds)))


def fill(releases: int) -> None:
    """So many public releases in the index, and one more with a word of its own."""
    staff, at = make_staff(), timezone.now()
    for _present in Generator(staff, at=at).fill_up(min(releases, GENERATED)):
        pass
    if times := releases // GENERATED - 1:
        copy_releases(max(0, times))
    publish(make_release("Zymurgy", slug="zymurgy"), at=at)
    if connection.vendor == "postgresql":  # which does so itself in time; nobody does on SQLite
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def measure(seconds: float) -> dict[str, float]:
    """By page, the time as a multiple of that of /robots.txt; takes about so many seconds, and at least three rounds.

    It is that of the lower quartile, which hears least of what else the machine does.
    """
    visitor, staff = Client(headers={"host": "localhost"}), Client(headers={"host": "localhost"})
    staff.force_login(make_superuser())
    clients = dict.fromkeys([BASE, *PUBLIC], visitor) | dict.fromkeys(BACK_OFFICE, staff)
    times, places, end = {page: [] for page in clients}, _places(), time.monotonic() + seconds
    while len(times[BASE]) <= FEWEST_ROUNDS or time.monotonic() < end:
        for page, client in clients.items():
            address = page.format(**places)
            before = time.perf_counter()
            response = client.get(address)
            times[page].append(time.perf_counter() - before)
            if response.status_code != (404 if page == "/nothing/" else 200):
                raise RuntimeError(f"{address} answered {response.status_code}")
    # The first round pays for what is compiled and kept.
    usual = {page: statistics.quantiles(taken[1:], n=4)[0] for page, taken in times.items()}
    return {page: usual[page] / usual[BASE] for page in clients}


def _places() -> dict[str, str]:
    """What stands in addresses for a record that is only known now."""
    releases = PressRelease.objects.published(at=timezone.now()).order_by("-publish_at", "slug")
    middle = releases[releases.count() // 2]
    form = reverse("admin:news_pressrelease_change", args=[releases.get(slug="zymurgy").pk])
    return {"middle": f"{middle.publish_at:%Y%m%dT%H%M%S%f}_{middle.slug}", "form": form}
