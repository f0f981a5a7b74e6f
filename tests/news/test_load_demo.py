from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from news.demo.records import next_europe_day
from news.models import PressContact, PressRelease
from partners.models import City, Document, Memorandum, Programme, Theme
from partners.models.memoranda import Status
from twinning.core.models import SearchEntry, User
from twinning.core.publishing import State
from twinning.core.search import Results

pytestmark = pytest.mark.django_db

SIX = {"brno", "dortmund", "durban", "hangzhou", "lille", "siegen"}
NOT_PUBLIC = {"how-to-take-part-in-our-city-partnerships", "leeds-and-lille-sign-a-new-memorandum"}


def load(**options) -> str:
    output = StringIO()
    call_command("load_demo", stdout=output, **options)
    return output.getvalue()


def status(slug: str) -> Status:
    return Memorandum.objects.get(slug=slug).status(on=date(2026, 11, 21), at=timezone.now())


def contents() -> list:
    kinds = (Programme, City, Theme, Memorandum, PressRelease, PressContact, SearchEntry, User)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def test_it_can_be_run_again_and_changes_nothing():
    load()
    before = contents()
    assert "Cities: 0 loaded, 8 there already" in load()
    assert contents() == before


def test_what_people_changed_stays():
    load()
    Programme.objects.update(headline="Ours")
    dortmund = City.objects.get(slug="dortmund")
    dortmund.slug, dortmund.summary = "dortmund-westfalen", "Ours"
    dortmund.save()
    dortmund.milestones.all().delete()
    PressContact.objects.update(email="ours@example.org")
    PressRelease.objects.get(slug="leeds-and-lille-sign-a-new-memorandum").delete()
    load()
    assert Programme.objects.get().headline == "Ours"
    assert City.objects.count() == 8
    dortmund.refresh_from_db()
    assert (dortmund.summary, dortmund.milestones.count()) == ("Ours", 0)
    assert PressContact.objects.count() == 3


def test_a_load_that_fails_leaves_nothing_behind():
    Theme.objects.create(name="Sport", slug="sports", summary="Our own sports page.")
    with pytest.raises(CommandError, match="Nothing was loaded"):
        load()
    assert Theme.objects.count() == 1
    assert not City.objects.exists()
    assert not User.objects.exists()


def test_a_user_without_the_role_is_told_about():
    User.objects.create_user("editor")
    with pytest.raises(CommandError, match="need the roles"):
        load()
    assert not City.objects.exists()


def test_six_cities_are_public_and_two_wait_as_drafts():
    load()
    now = timezone.now()
    assert set(City.objects.published(at=now).values_list("slug", flat=True)) == SIX
    waiting = City.objects.exclude(slug__in=SIX)
    assert {(city.slug, city.status, city.state(at=now)) for city in waiting} == {
        ("colombo", City.Status.DORMANT, State.DRAFT),
        ("louisville", City.Status.DORMANT, State.DRAFT),
    }


def test_every_city_tells_its_beginning_and_why():
    load()
    cities = City.objects.filter(slug__in=SIX).order_by("since_earliest")
    assert [(city.slug, str(city.since), city.home_side) for city in cities] == [
        ("siegen", "1966", "Morley"),
        ("lille", "1968", ""),
        ("dortmund", "1969", ""),
        ("hangzhou", "1988", ""),
        ("brno", "1991", ""),
        ("durban", "1998", ""),
    ]
    for city in cities:
        assert city.why
        assert city.focuses.exists()
        assert city.milestones.exists()
        assert city.memoranda.exists()
        assert [contact.name for contact in city.contacts.all()] == ["International relations office"]


def test_agreements_stand_where_history_left_them():
    load()
    assert status("leeds-dortmund-1969") == Status.RENEWED
    assert status("leeds-dortmund-1995") == Status.RENEWED
    assert status("leeds-dortmund-2021") == Status.IN_FORCE
    assert status("leeds-brno-2003") == Status.IN_FORCE
    assert status("leeds-brno-2021") == Status.IN_FORCE
    assert status("leeds-hangzhou-2018") == Status.IN_FORCE
    assert status("leeds-lille-1968") == Status.IN_FORCE
    assert status("leeds-lille-planned") == Status.PLANNED
    assert Memorandum.objects.get(slug="leeds-brno-2021").amends.slug == "leeds-brno-2003"


def test_every_record_and_part_would_pass_its_form():
    load()
    kinds = [*apps.get_app_config("partners").get_models(), *apps.get_app_config("news").get_models()]
    assert [kind.__name__ for kind in kinds if not kind.objects.exists()] == []
    for kind in kinds:
        for record in kind.objects.all():
            record.full_clean()


def test_the_release_of_2021_carries_its_day_and_both_quotes():
    load()
    release = PressRelease.objects.get(slug="leeds-and-dortmund-renew-their-agreement")
    assert release.publish_at == release.updated_at == datetime(2021, 2, 12, 10, tzinfo=UTC)
    assert [(len(quote.paragraphs), quote.speaker) for quote in release.quotes.all()] == [(2, ""), (2, "")]
    assert [contact.current(on=date(2026, 1, 1)).name for contact in release.contacts.order_by("pk")] == [
        "Press office",
        "International relations office",
    ]


def test_nothing_under_embargo_or_in_draft_is_public(client):
    load()
    now = timezone.now()
    states = {release.state(at=now) for release in PressRelease.objects.filter(slug__in=NOT_PUBLIC)}
    assert states == {State.SCHEDULED, State.DRAFT}
    assert not PressRelease.objects.published(at=now).filter(slug__in=NOT_PUBLIC).exists()
    for slug in NOT_PUBLIC:
        assert client.get(f"/news/{slug}/").status_code == 404
        for url in ("/", "/news/", "/cities/lille/", "/sitemap.xml"):
            assert slug not in client.get(url, follow=True).text


def test_search_finds_brno_under_every_name():
    load()
    for query in ("Brnó", "brno", "Czech"):
        assert "Brno" in [hit.title for hit in Results(query, at=timezone.now())[:20]]


def test_nobody_can_log_in_while_debug_is_off(settings, client):
    settings.DEBUG = False
    assert "twinning-demo" not in load()
    assert not User.objects.filter(is_staff=True).exists()
    assert not client.login(username="admin", password="twinning-demo")


def test_each_role_has_a_login_while_debug_is_on(settings, client):
    settings.DEBUG = True
    output = load()
    for username, role in (("editor", "Twinning editor"), ("press", "Press officer"), ("approver", "Approver")):
        assert f"{username:10}{role}" in output
    assert client.login(username="admin", password="twinning-demo")
    assert User.objects.get(username="admin").groups.get().name == "Administrator"


@pytest.mark.parametrize(
    ("loaded", "embargo"),
    [
        (datetime(2026, 4, 24, 12, tzinfo=UTC), datetime(2026, 5, 9, 8, tzinfo=UTC)),
        (datetime(2026, 4, 27, 12, tzinfo=UTC), datetime(2027, 5, 9, 8, tzinfo=UTC)),
        (datetime(2026, 11, 21, 12, tzinfo=UTC), datetime(2027, 5, 9, 8, tzinfo=UTC)),
    ],
)
def test_the_embargo_ends_on_a_europe_day_at_least_two_weeks_away(loaded, embargo):
    assert next_europe_day(at=loaded) == embargo


def test_scale_fills_up_to_the_number_that_is_wanted():
    load(scale=3)
    first = list(PressRelease.objects.filter(slug__startswith="archive-").order_by("pk").values())
    assert "5 of 5" in load(scale=5)
    assert "of 2" not in load(scale=2)
    archive = PressRelease.objects.filter(slug__startswith="archive-").order_by("pk")
    assert archive.count() == 5
    assert list(archive.values())[:3] == first


def test_generated_releases_are_public_and_complete():
    load(scale=40)
    now = timezone.now()
    archive = PressRelease.objects.published(at=now).filter(slug__startswith="archive-")
    assert archive.count() == 40
    assert {release.publish_at.year for release in archive} <= set(range(1990, 2026))
    for release in archive:
        release.full_clean()
        release.check_ready()
        city = release.cities.get()
        assert city.slug in SIX
        assert "{" not in release.headline + release.standfirst + release.body
        assert release.themes.exists()
        assert release.release_contacts.count() == 1


def test_search_finds_generated_releases_as_if_people_had_saved_them():
    load(scale=5)
    release = PressRelease.objects.filter(slug__startswith="archive-").first()
    entry = SearchEntry.objects.get(slug=release.slug)
    found = Results(release.headline, at=timezone.now())
    assert release.get_absolute_url() in [hit.url for hit in found[:50]]
    release.index()
    again = SearchEntry.objects.get(slug=release.slug)
    assert (again.words, again.text, again.title_words) == (entry.words, entry.text, entry.title_words)


def test_scale_needs_a_city_to_write_about():
    load()
    City.objects.update(approved_at=None, approved_by=None, publish_at=None)
    with pytest.raises(CommandError, match="need a public city"):
        load(scale=1)


@pytest.mark.parametrize("wrong", ["-1", "many"])
def test_scale_wants_a_number(wrong):
    with pytest.raises(CommandError, match="not a number of releases"):
        call_command("load_demo", "--scale", wrong, stdout=StringIO())


def test_dortmund_memorandum_has_a_scan_that_can_be_read_aloud(client):
    load()
    document = Document.objects.get()
    assert (document.in_short.split(",")[:2], document.has_text) == (["PDF", " 2 pages"], True)
    page = client.get("/agreements/leeds-dortmund-2021/").content.decode()
    assert document.get_absolute_url() in page
    assert "it is not the signed" in page
    assert client.get(document.get_absolute_url()).getvalue().startswith(b"%PDF-")
