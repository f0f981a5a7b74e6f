"""Import of press releases: old dates, old addresses, and the cities, themes and agreements that they are about."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from news.imports import LONGEST_STANDFIRST, ReleaseImporter, beginning_of
from news.models import PressRelease
from tests.factories import make_city, make_memorandum, make_release, make_superuser, make_theme, make_user, publish
from twinning.core.imports.columns import match
from twinning.core.imports.plans import Outcome
from twinning.core.spreadsheets.sheets import Sheet

pytestmark = pytest.mark.django_db

OLD = {
    "Key": "R-1", "Title": "Cities sign", "Date": "March 1998", "Lead": "", "Text": "They signed today. It rained.\nThen they ate.",
    "City": "Dortmund", "Theme": "Culture", "Agreement": "Charter", "Old address": "https://old.example.org/news/1998/cities-sign-it.aspx?x=1",
}  # fmt: skip


@pytest.fixture
def world():
    city, theme = make_city("Dortmund"), make_theme("Culture")
    return city, theme, make_memorandum(city, title="Charter")


def plan_of(*rows: dict):
    header = list(dict.fromkeys(name for row in rows for name in row))
    sheet = Sheet(header, [(number, [row.get(name, "") for name in header]) for number, row in enumerate(rows, 2)])
    importer = ReleaseImporter(at=timezone.now())
    return importer, importer.plan(sheet, match(header, importer.targets))


def write(*rows: dict):
    importer, plan = plan_of(*rows)
    assert [row.problems for row in plan.rows] == [[]] * len(rows)
    return importer.write(plan, file_name="releases.csv", by=make_superuser())


def reasons(cells: dict) -> str:
    [row] = plan_of(OLD | cells)[1].rows
    assert row.outcome == Outcome.REFUSED
    return " ".join(reason for _label, reason in row.problems)


def test_old_release_keeps_its_date_and_its_old_address(world, client):
    city, theme, agreement = world
    write(OLD)
    release = PressRelease.objects.get()
    assert (str(release.first_issued), release.slug) == ("March 1998", "cities-sign")
    assert release.standfirst == "They signed today. It rained."
    assert (*release.cities.all(), *release.themes.all(), *release.memoranda.all()) == (city, theme, agreement)
    assert client.get("/news/cities-sign-it/").status_code == 404, "nothing tells of a draft"
    publish(release)
    assert client.get("/news/cities-sign-it/").url == "/news/cities-sign/"
    assert "1998" in client.get("/news/cities-sign/").content.decode()
    assert [row.outcome for row in plan_of(OLD)[1].rows] == [Outcome.UNCHANGED]
    assert [row.outcome for row in plan_of(OLD | {"Key": "", "Title": "Signed"})[1].rows] == [Outcome.CHANGED]


def test_new_address_keeps_clear_of_the_old_ones_in_the_file(world):
    write(
        {"Title": "Signed", "Lead": "One.", "Old address": "/a/cities-sign"}, {"Title": "Cities sign", "Lead": "Two."}
    )
    assert set(PressRelease.objects.values_list("slug", flat=True)) == {"signed", "cities-sign-2"}


def test_same_headline_of_another_year_is_another_release(world):
    write(OLD)
    [row] = plan_of(OLD | {"Key": "R-2", "Date": "1999", "Old address": ""})[1].rows
    assert row.outcome == Outcome.NEW


def test_rows_are_refused_with_the_reason(world):
    publish(make_release("Other", slug="taken"))
    assert "letters" in reasons({"Old address": "/news/1234"})
    assert "There is no city" in reasons({"City": "Atlantis"})
    assert "No press release is as old" in reasons({"Date": "1066"})
    assert "Photo calls" in reasons({"Kind": "photo call"})
    assert "cannot be blank" in reasons({"Text": ""})
    write(OLD)
    assert "another date" in reasons({"Date": "1999"})
    assert "Another record has or had the address “taken”" in reasons({"Old address": "/x/taken"})
    assert "new records only" in reasons({"Old address": "/x/some-other"})


def test_standfirst_is_the_beginning_of_the_text_at_a_sentence_or_a_word():
    assert beginning_of("\nOne. Two.\nThree.") == "One. Two."
    assert beginning_of(f"One. {'x' * LONGEST_STANDFIRST}") == "One."
    cut = beginning_of("word " * 100)
    assert cut.endswith("word…")
    assert len(cut) <= LONGEST_STANDFIRST


def test_who_may_not_see_cities_does_not_learn_their_names_from_an_import(client):
    someone = make_user()
    rights = Permission.objects.filter(content_type__app_label="news", codename__endswith="_pressrelease")
    someone.user_permissions.set(rights)
    client.force_login(someone)
    assert client.get(reverse("admin:news_pressrelease_add")).status_code == 200
    assert client.get(reverse("admin:news_pressrelease_import")).status_code == 403
