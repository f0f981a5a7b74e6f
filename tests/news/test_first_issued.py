"""Releases from before the site: dated and sorted by when they were first issued, and public by the gate alone."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone

from news.models import PressRelease
from news.queries import for_feed, for_home, years_with_news
from tests.factories import (
    PAST,
    hide,
    make_city,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    publish,
    submit,
)
from tests.previews import make_link
from twinning.core.models import SearchEntry
from twinning.core.search.results import Results

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture
def about():
    """A public city, theme and agreement."""
    city, theme = publish(make_city("Lille")), publish(make_theme("Culture"))
    return {"cities": [city], "themes": [theme], "memoranda": [publish(make_memorandum(city, slug="letter"))]}


@pytest.fixture
def archive(about):
    """Three releases of this site, of 2021, and one that came onto it yesterday and is from March 1998."""
    for day in range(3):
        publish(make_release(f"New {day}", slug=f"new-{day}", **about), at=PAST + timedelta(days=day))
    old = make_release("Old friends", slug="old-friends", place="Lille", first_issued="March 1998", **about)
    return publish(old, at=NOW - timedelta(days=1))


def text_of(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return b"".join(response).decode(errors="replace")


def headlines(page: str) -> list[str]:
    """The headlines in a list or a feed, in its order; the timeline of a city has another, that of the years."""
    listed = re.sub(r'<section aria-labelledby="timeline">.*?</section>', "", page, flags=re.DOTALL)
    return re.findall(r"(?:/\"[^>]*>|<title>)(New \d|Old friends)", listed)


# The date -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown", "machines", "start"),
    [
        ("12 March 1998", "12 March 1998", "1998-03-12", datetime(1998, 3, 12, tzinfo=UTC)),
        ("2 June 1998", "2 June 1998", "1998-06-02", datetime(1998, 6, 1, 23, tzinfo=UTC)),
        ("March 1998", "March 1998", "1998-03", datetime(1998, 3, 1, tzinfo=UTC)),
        ("1998", "1998", "1998", datetime(1998, 1, 1, tzinfo=UTC)),
        ("about 1998", "about 1998", "1998", datetime(1998, 1, 1, tzinfo=UTC)),
        ("spring 1998", "spring 1998", "1998", datetime(1998, 3, 1, tzinfo=UTC)),
    ],
)
def test_date_is_shown_and_sorted_as_precisely_as_it_is_known(typed, shown, machines, start):
    release = publish(make_release(first_issued=typed), at=PAST)
    assert (str(release.issued), release.issued_iso, release.issued_at) == (shown, machines, start)
    assert release.publish_at == PAST


def test_without_it_the_date_is_that_of_the_publication(client):
    release = publish(make_release(place="Leeds"), at=PAST)
    assert (str(release.issued), release.issued_iso, release.issued_at) == ("12 February 2021", "2021-02-12", PAST)
    page = " ".join(text_of(client, release.get_absolute_url()).split())
    assert 'Leeds, <time datetime="2021-02-12T10:00:00+00:00">12 February 2021</time>' in page
    assert "First issued" not in page


def test_date_follows_the_publication_whoever_writes_that():
    release = make_release()
    assert release.issued_at is make_release(first_issued="1998").issued_at is None
    later = NOW + timedelta(days=9)
    submit(release, at=NOW).approve(by=make_superuser(), at=NOW, publish_at=later)
    assert release.issued_at == later
    release.reschedule(by=make_superuser(), at=NOW, publish_at=later + timedelta(days=1))
    assert release.issued_at == later + timedelta(days=1)
    for changed in ({"publish_at": PAST}, {"first_issued_start": PAST - timedelta(days=9)}):
        PressRelease.objects.filter(pk=release.pk).update(**changed)
        release.refresh_from_db()
        assert release.issued_at == SearchEntry.objects.get(object_id=release.pk).dated_at == changed.popitem()[1]


# What readers see -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/news/", "/cities/lille/", "/themes/culture/", "/agreements/letter/"])
def test_it_stands_last_in_a_list_though_it_came_last(client, archive, path):
    found = headlines(text_of(client, path))
    assert found == (
        ["New 2", "New 1", "New 0", "Old friends"] if path in ("/", "/news/") else ["New 2", "New 1", "New 0"]
    )
    assert "Old friends" in found or PressRelease.objects.filter(slug__startswith="new").delete()
    if "Old friends" not in found:
        assert headlines(text_of(client, path)) == ["Old friends"]
    page = " ".join(text_of(client, path).split())
    assert '<time datetime="1998-03">March 1998</time>' in page


def test_page_says_when_it_was_first_issued_and_leads_to_that_year(client, archive):
    page = " ".join(text_of(client, archive.get_absolute_url()).split())
    assert 'Lille · First issued <time datetime="1998-03">March 1998</time>' in page
    assert '<a href="/news/1998/">1998</a>' in page
    data = json.loads(re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page)[1])
    assert data["datePublished"] == "1998-03"
    assert data["dateModified"] > "2021"


def test_archive_and_search_have_it_in_its_year(client, archive):
    assert years_with_news(at=NOW) == [2021, 1998]
    assert headlines(text_of(client, "/news/1998/")) == ["Old friends"]
    assert headlines(text_of(client, f"/news/{NOW.year}/")) == []
    assert headlines(text_of(client, "/search/?q=cities&year=1998&kind=pressrelease")) == ["Old friends"]
    assert headlines(text_of(client, f"/search/?q=cities&year={NOW.year}&kind=pressrelease")) == []


def test_search_finds_it_behind_what_is_newer(archive):
    found = [hit.title for hit in Results("together", at=NOW, chosen={"kind": "pressrelease"})[:9]]
    assert found == ["New 2", "New 1", "New 0", "Old friends"]


def test_press_pack_is_dated_by_it(client, archive):
    pack = client.get("/news/old-friends/press-pack.zip").getvalue()
    with ZipFile(BytesIO(pack)) as files:
        for name in ("release.txt", "release.html"):
            assert "Lille, March 1998" in files.read(f"old-friends/{name}").decode()


def test_preview_is_dated_by_it(client):
    draft = hide(make_release(first_issued="March 1998"), "draft", now=NOW)
    assert "March 1998</time>" in text_of(client, make_link(draft)[1])


def test_pages_of_the_list_go_by_it(client):
    for number in range(45):
        day = date(1990, 1, 1) + timedelta(days=40 * (number // 2))
        publish(make_release(f"New {number}", slug=f"r{number:02}", first_issued=day.isoformat()), at=PAST)
    path, shown = "/news/", []
    while path:
        page = text_of(client, path)
        shown += re.findall(r'href="/news/(r\d\d)/"', page)
        older = re.search(r'href="(\?before=[^"]*)"', page)
        path = older and "/news/" + older[1]
    releases = PressRelease.objects.order_by("-first_issued_start", "slug")
    assert shown == [release.slug for release in releases]


# Never announced as new -----------------------------------------------------------------------------------------------


def test_feed_does_not_have_it(client, archive):
    for path in ("/news/atom.xml", "/news/rss.xml", "/cities/lille/atom.xml", "/themes/culture/rss.xml"):
        assert headlines(text_of(client, path)) == ["New 2", "New 1", "New 0"], path


def test_feed_is_the_same_bytes_before_and_after_it_comes(client, archive):
    archive.take_down(by=make_superuser(), at=NOW)
    before = client.get("/news/atom.xml").content
    publish(make_release("Old friends again", first_issued="1999"), at=NOW)
    assert client.get("/news/atom.xml").content == before


def test_feed_has_it_if_it_is_newer_than_its_newest(client, about):
    publish(make_release("New 0", **about), at=PAST)
    publish(make_release("Old friends", first_issued="1 March 2021", **about), at=NOW)
    assert headlines(text_of(client, "/news/atom.xml")) == ["Old friends", "New 0"]
    publish(make_release("New 1", **about), at=NOW)
    assert headlines(text_of(client, "/news/atom.xml")) == ["New 1", "New 0"]


def test_feed_of_nothing_but_old_releases_is_empty():
    publish(make_release(first_issued="1998"), at=PAST)
    assert for_feed(at=NOW) == []


def test_full_feed_and_home_keep_what_is_new(about):
    new = [publish(make_release(f"New {n}", **about), at=PAST - timedelta(days=n)) for n in range(35)]
    publish(make_release("Old", first_issued="1998", **about), at=NOW)
    assert for_feed(at=NOW) == for_feed(at=NOW, city=about["cities"][0].pk) == new[:30]
    assert for_home(at=NOW) == new[:4]


# The gate -------------------------------------------------------------------------------------------------------------


def test_embargo_holds_it_back_everywhere_whatever_its_date(client, archive):
    city = PressRelease.objects.get(slug="old-friends").cities.get()
    paths = [
        "/", "/news/", "/news/1997/", "/news/1998/", f"/news/{NOW.year}/", "/news/?city=lille", "/news/?theme=culture",
        "/cities/lille/", "/themes/culture/", "/agreements/letter/", "/search/?q=secret", "/search/?q=cities&year=1998",
        "/search/?q=together", "/news/atom.xml", "/news/rss.xml", "/cities/lille/atom.xml", "/sitemap-news.xml",
        "/news/secret/", "/news/secret/press-pack.zip", "/news/new-0/", "/news/old-friends/",
        "/news/?before=19981231T000000000000_a", "/news/?after=19970101T000000000000_a",
    ]  # fmt: skip

    def answers() -> dict:
        found = {path: client.get(path) for path in paths}
        return {path: (answer.status_code, b"".join(answer)) for path, answer in found.items()}

    before = answers()
    for number, (issued, state) in enumerate(
        (issued, state)
        for issued in ("1997", "March 1998", "2021-02-13")
        for state in ("draft", "in-review", "scheduled")
    ):
        secret = make_release(
            "Secret", slug=f"secret{'-' * bool(number)}{number or ''}", first_issued=issued, cities=[city],
            themes=city.releases.first().themes.all(), memoranda=city.memoranda.all(),
        )  # fmt: skip
        hide(secret, state, now=NOW)
    assert answers() == before


def test_it_shows_at_the_moment_of_the_gate(client, time_machine):
    moment = datetime(2027, 3, 4, 0, 1, tzinfo=UTC)
    release = submit(make_release("Old friends", first_issued="March 1998"), at=NOW)
    release.approve(by=make_superuser(), at=NOW, publish_at=moment)
    time_machine.move_to(moment - timedelta(milliseconds=1), tick=False)
    assert "Old friends" not in text_of(client, "/news/1998/") + text_of(client, "/news/")
    time_machine.move_to(moment, tick=False)
    assert "Old friends" in text_of(client, "/news/1998/")
    assert "Old friends" in text_of(client, "/news/")
