"""Import of agreements: parties and earlier agreements by what a spreadsheet calls them, and what cannot be."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from partners.imports.agreements import AgreementImporter
from partners.models import Memorandum
from tests.factories import make_city, make_memorandum, make_superuser, make_theme, make_user, publish
from twinning.core.history import snapshots
from twinning.core.history.events import HistoryEvent
from twinning.core.imports.batches import note_external_ids
from twinning.core.imports.columns import match
from twinning.core.imports.plans import Outcome
from twinning.core.models import WorkingCopy
from twinning.core.spreadsheets.sheets import Sheet
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db

OATH = {
    "Key": "A-1", "Title": "Oath of 1969", "Kind": "Twinning oath", "Cities": "dortmund; P-7", "Themes": "Culture", "Signed": "2 June 1969",
    "Place": "Leeds", "Until": "1999", "Notice": "90", "Renewal": "24", "Signatories unknown": "yes", "Purpose": "Peace.\n1 < 2",
}  # fmt: skip


@pytest.fixture
def cities():
    dortmund, lille = make_city("Dortmund", since="1969"), make_city("Lille", since="1968")
    note_external_ids(type(lille), {"P-7": lille.pk})
    return dortmund, lille, make_theme("Culture")


def plan_of(*rows: dict):
    header = list(dict.fromkeys(name for row in rows for name in row))
    sheet = Sheet(header, [(number, [row.get(name, "") for name in header]) for number, row in enumerate(rows, 2)])
    importer = AgreementImporter(at=timezone.now())
    return importer, importer.plan(sheet, match(header, importer.targets))


def write(*rows: dict):
    importer, plan = plan_of(*rows)
    assert [row.problems for row in plan.rows] == [[]] * len(rows)
    return importer.write(plan, file_name="agreements.csv", by=make_superuser())


def test_agreement_comes_with_parties_and_themes_and_the_same_file_again_changes_nothing(cities):
    dortmund, lille, culture = cities
    write(OATH)
    oath = Memorandum.objects.get()
    assert set(oath.cities.all()) == {dortmund, lille}
    assert list(oath.themes.all()) == [culture]
    assert (oath.kind, str(oath.signed), oath.notice_days, oath.renewal_months) == ("oath", "2 June 1969", 90, 24)
    assert oath.purpose == "<p>Peace.</p><p>1 &lt; 2</p>"
    assert HistoryEvent.objects.of(oath).get().snapshot == snapshots.take(oath)
    assert [row.outcome for row in plan_of(OATH)[1].rows] == [Outcome.UNCHANGED]
    [row] = plan_of(OATH | {"Cities": "Lille"})[1].rows
    assert row.differences == [("Cities", "Dortmund, Lille", "Lille")]


def test_parties_of_a_draft_and_of_a_public_agreement_change(cities):
    dortmund, lille, _culture = cities
    draft, public = make_memorandum(dortmund, title="Charter"), publish(make_memorandum(dortmund, title="Letter"))
    batch = write({"Title": "Charter", "Cities": "Dortmund; Lille"}, {"Title": "Letter", "Cities": "Dortmund; Lille"})
    assert [outcome for _key, outcome in batch.records] == [Outcome.CHANGED] * 2
    assert set(draft.cities.all()) == {dortmund, lille}
    assert set(public.cities.all()) == {dortmund}
    assert WorkingCopy.objects.get().snapshot["relations"]["cities"] == sorted([dortmund.pk, lille.pk])


def test_earlier_agreement_is_found_by_its_title_and_renewed_once(cities):
    earlier = make_memorandum(cities[0], title="Charter")
    later = {"Title": "Charter II", "Cities": "Dortmund", "Renews": "charter"}
    rows = plan_of(later, later | {"Title": "Charter III"}, later | {"Title": "Charter IV", "Cities": "Lille"})[1].rows
    assert [row.outcome for row in rows] == [Outcome.NEW, Outcome.REFUSED, Outcome.REFUSED]
    write(later)
    assert Memorandum.objects.get(title="Charter II").renews == earlier
    assert plan_of(later | {"Title": "Charter V"})[1].rows[0].outcome == Outcome.REFUSED


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Cities": "Atlantis"}, "There is no city “Atlantis” here."),
        ({"Cities": ""}, "Name at least one partner city."),
        ({"Renews": "Nothing"}, "There is no agreement “Nothing” here."),
        ({"Until": "1950"}, "It cannot end before it is in force"),
        ({"Signed": "1950"}, "No partnership with its cities had begun"),
        ({"Signed": "", "In force": "1970"}, "Say when it was signed"),
        ({"Ended": "1980"}, "Give the reason"),
        ({"Notice": "900"}, "longer than the term"),
        ({"Notice given on": "1990"}, "no whole day"),
        ({"Signatories unknown": "perhaps"}, "neither yes nor no"),
        ({"Kind": "Treaty"}, "is none of"),
    ],
)
def test_row_is_refused_with_the_reason(cities, cells, said):
    [row] = plan_of(OATH | cells)[1].rows
    assert row.outcome == Outcome.REFUSED
    assert said in " ".join(reason for _label, reason in row.problems)


def test_two_agreements_of_one_title_are_told_apart_by_their_cities(cities):
    dortmund, lille, _culture = cities
    make_memorandum(dortmund, title="Charter", slug="charter-a")
    theirs = make_memorandum(lille, title="Charter", slug="charter-b")
    assert plan_of({"Title": "Charter", "Cities": "Lille"})[1].rows[0].record.pk == theirs.pk
    assert plan_of({"Title": "Charter"})[1].rows[0].outcome == Outcome.REFUSED


def test_command_writes_agreements(cities, tmp_path, capsys):
    (tmp_path / "a.csv").write_text("Title;Cities\nCharter;Lille\n")
    call_command("import_agreements", tmp_path / "a.csv", write=True, by=make_user("Twinning editor").username)
    assert "1 agreements written" in capsys.readouterr().out


def test_agreements_are_imported_in_the_back_office(cities, client):
    client.force_login(make_user("Twinning editor"))
    file = SimpleUploadedFile("a.csv", b"Title;Cities\nCharter;Lille\n")
    address = client.post(reverse("admin:partners_memorandum_import"), {"file": file}).url
    client.post(address, {"column-0": "title", "column-1": "cities"})
    do_owed()
    batch = client.post(address, {"_write": "on"}).url
    do_owed()
    assert "Charter" in client.get(batch).content.decode()
    assert Memorandum.objects.get().cities.get() == cities[1]
    client.post(batch, {"_undo": "on"})
    do_owed()
    assert not Memorandum.objects.exists()
