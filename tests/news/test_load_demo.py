"""The demonstration after it has been loaded, once and again."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import PurePath

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from news.demo.records import FILES
from news.models import PressContact, PressRelease
from partners.models import City, Document, Memorandum, Programme, Theme
from partners.models.memoranda import Status
from twinning.core.models import Photo, SearchEntry, User
from twinning.core.publishing.gate import State
from twinning.core.search.results import Results

pytestmark = pytest.mark.django_db

SIX = {"brno", "dortmund", "durban", "hangzhou", "lille", "siegen"}
PICTURES = {path.stem for path in FILES.glob("*.webp")}
NOT_PUBLIC = {"how-to-take-part-in-our-city-partnerships", "leeds-and-lille-sign-a-new-memorandum"}


def load(**options) -> str:
    output = StringIO()
    call_command("load_demo", stdout=output, **options)
    return output.getvalue()


@pytest.fixture(scope="module", autouse=True)
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for the module; changes by a test are rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def status(slug: str) -> Status:
    return Memorandum.objects.get(slug=slug).status(on=date(2026, 11, 21), at=timezone.now())


def contents() -> list:
    kinds = (Programme, Photo, City, Theme, Memorandum, PressRelease, PressContact, SearchEntry, User)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def test_loading_again_changes_nothing():
    before = contents()
    assert "Cities: 0 loaded, 8 there already" in load()
    assert contents() == before


def test_loading_again_keeps_changes_by_people():
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


def test_six_cities_are_public_and_two_wait_as_drafts():
    now = timezone.now()
    assert set(City.objects.published(at=now).values_list("slug", flat=True)) == SIX
    waiting = City.objects.exclude(slug__in=SIX)
    today = timezone.localdate(now)
    assert {(city.slug, city.standing(on=today).status, city.state(at=now)) for city in waiting} == {
        ("colombo", "dormant", State.DRAFT),
        ("louisville", "dormant", State.DRAFT),
    }


def test_every_city_says_since_when_and_why():
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


def test_agreements_have_their_status_of_2026():
    assert status("leeds-dortmund-1969") == Status.RENEWED
    assert status("leeds-dortmund-1995") == Status.RENEWED
    assert status("leeds-dortmund-2021") == Status.IN_FORCE
    assert status("leeds-brno-2003") == Status.IN_FORCE
    assert status("leeds-brno-2021") == Status.IN_FORCE
    assert status("leeds-hangzhou-2018") == Status.IN_FORCE
    assert status("leeds-lille-1968") == Status.IN_FORCE
    assert status("leeds-lille-planned") == Status.PLANNED
    assert Memorandum.objects.get(slug="leeds-brno-2021").amends.slug == "leeds-brno-2003"


# No source that we know tells of a suspension, or of what the council decided about an agreement.
NOT_IN_THE_FACTS = {"Suspension", "Decision", "PreElectionPeriod"}
# The demonstration knows no readers, and nobody has been told of anything or asked for a calendar.
OF_ALERTS = {"AlertMail", "AlertRequest", "Announcement", "Subscriber", "Told", "CalendarLink"}
OF_QUOTES = {"QuoteApproval", "QuoteLink"}  # nobody said its sentences, so no office was asked


def test_every_record_and_part_is_valid():
    kinds = [*apps.get_app_config("partners").get_models(), *apps.get_app_config("news").get_models()]
    assert {kind.__name__ for kind in kinds if not kind.objects.exists()} == NOT_IN_THE_FACTS | OF_ALERTS | OF_QUOTES
    for kind in kinds:
        for record in kind.objects.all():
            record.full_clean()


def test_release_of_2021_has_its_date_and_both_quotes():
    release = PressRelease.objects.get(slug="leeds-and-dortmund-renew-their-agreement")
    assert release.publish_at == release.updated_at == datetime(2021, 2, 12, 10, tzinfo=UTC)
    assert [(len(quote.paragraphs), quote.speaker) for quote in release.quotes.all()] == [(2, ""), (2, "")]
    assert [contact.current(on=date(2026, 1, 1)).name for contact in release.contacts.order_by("pk")] == [
        "Press office",
        "International relations office",
    ]


def test_release_from_before_the_site_is_dated_by_when_it_was_first_issued(client):
    release = PressRelease.objects.get(slug="leeds-and-lille-have-been-twins-for-fifty-years")
    assert (str(release.issued), release.publish_at.year) == ("October 2018", timezone.now().year)
    assert list(PressRelease.objects.published(at=timezone.now()))[-1] == release
    assert release.headline not in client.get("/cities/lille/atom.xml").text


def test_nothing_under_embargo_or_in_draft_is_public(client):
    now = timezone.now()
    states = {release.state(at=now) for release in PressRelease.objects.filter(slug__in=NOT_PUBLIC)}
    assert states == {State.SCHEDULED, State.DRAFT}
    assert not PressRelease.objects.published(at=now).filter(slug__in=NOT_PUBLIC).exists()
    for slug in NOT_PUBLIC:
        assert client.get(f"/news/{slug}/").status_code == 404
        for url in ("/", "/news/", "/cities/lille/", "/sitemap.xml"):
            assert slug not in client.get(url, follow=True).text


def test_search_finds_brno_under_every_name():
    for query in ("Brnó", "brno", "Czech"):
        assert "Brno" in [hit.title for hit in Results(query, at=timezone.now())[:20]]


def test_scale_adds_releases_up_to_the_number():
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
        release.check_ready(at=timezone.now())
        city = release.cities.get()
        assert city.slug in SIX
        assert "{" not in release.headline + release.standfirst + release.body
        assert release.themes.exists()
        assert release.release_contacts.count() == 1


def test_generated_releases_are_indexed_like_saved_ones():
    load(scale=5)
    release = PressRelease.objects.filter(slug__startswith="archive-").first()
    entry = SearchEntry.objects.get(slug=release.slug)
    found = Results(release.headline, at=timezone.now())
    assert release.get_absolute_url() in [hit.url for hit in found[:50]]
    release.index()
    again = SearchEntry.objects.get(slug=release.slug)
    assert (again.words, again.text, again.title_words) == (entry.words, entry.text, entry.title_words)


def test_scale_needs_a_public_city():
    City.objects.update(approved_at=None, approved_by=None, publish_at=None)
    with pytest.raises(CommandError, match="need a public city"):
        load(scale=1)


def test_dortmund_memorandum_has_a_scan_with_a_text_layer(client):
    document = Document.objects.get()
    assert (document.file_facts.split(",")[:2], document.has_text) == (["PDF", " 2 pages"], True)
    page = client.get("/agreements/leeds-dortmund-2021/").content.decode()
    assert document.get_absolute_url() in page
    assert "it is not the signed" in page
    assert client.get(document.get_absolute_url()).getvalue() == (FILES / document.name).read_bytes()


def test_every_city_but_siegen_has_a_picture():
    cities = City.objects.published(at=timezone.now()).with_photos(at=timezone.now())
    assert {city.slug for city in cities if not city.shown_photos} == {"siegen"}


def test_release_of_2021_has_more_than_one_picture(client):
    page = client.get("/news/leeds-and-dortmund-renew-their-agreement/").content.decode()
    assert page.count('<figcaption class="meta">') == 3
    assert "More photos" in page


def test_pictures_have_their_credit_and_licence_and_say_that_they_are_drawings():
    photos = Photo.objects.all()
    assert {PurePath(photo.name).stem for photo in photos} == PICTURES
    assert {(photo.credit, photo.licence) for photo in photos} == {("Drawn for the demonstration", "CC0 1.0")}
    for photo in photos:
        uses = [*photo.cityphotos.all(), *photo.releasephotos.all()]
        assert uses
        assert all(use.alt.startswith("Drawing: ") for use in uses)


def test_renamed_and_replaced_picture_is_not_loaded_again():
    photo = Photo.objects.get(name="lille-grand-place.jpg")
    photo.title, photo.file = "Ours", ContentFile((FILES / "leeds-town-hall.webp").read_bytes(), name="ours.webp")
    photo.save()
    assert f"Photos: 0 loaded, {len(PICTURES)} there already" in load()
