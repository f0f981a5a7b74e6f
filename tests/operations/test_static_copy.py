"""Each address has its place in a static copy, and what the site sends in pages is put together."""

import json

import pytest

from news.models import PressRelease
from tests.factories import copy_releases, make_release, publish
from twinning.core.previews.asking import asked
from twinning.operations import copied_pages, static_copy


@pytest.mark.django_db(transaction=True)
def test_releases_are_whole_although_the_site_sends_them_in_pages():
    publish(make_release())
    copy_releases(510)
    with asked("/data/releases.jsonl") as found:
        lines = b"".join(static_copy._whole(found)).splitlines()
    ids = {json.loads(line)["id"] for line in lines}
    assert ids == set(PressRelease.objects.values_list("feed_id", flat=True))
    assert len(ids) == 511


@pytest.mark.parametrize(
    ("address", "place", "link"),
    [
        ("/", "index.html", "/"),
        ("/cities/lille/", "cities/lille/index.html", "/cities/lille/"),
        ("/news/?before=2020T1_a&city=lille", "news/before=2020T1_a&city=lille/index.html", "/news/before=2020T1_a&city=lille/"),
        ("/sitemap-news.xml?p=2", "sitemap-news-p=2.xml", "/sitemap-news-p=2.xml"),
        ("/cities/#map", "cities/index.html", "/cities/#map"),
        ("/agreements/?city=lille&status=ended", "", copied_pages.ABOUT),
        ("/news/2020/?city=lille", "", copied_pages.ABOUT),
        ("/search/", "", copied_pages.ABOUT),
        ("/alerts/?city=lille", "", copied_pages.ABOUT),
    ],
)  # fmt: skip
def test_address_has_its_place_in_the_copy(address, place, link):
    assert copied_pages.address_in_copy(address) == link
    assert not place or copied_pages.place_of(address) == place
