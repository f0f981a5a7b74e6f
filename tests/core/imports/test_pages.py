"""Imports in the back office, from the file to the batch: one walk with everything that can happen on it."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from partners.models import City
from tests.back_office import signed_in
from tests.factories import make_city, make_user, publish
from tests.workbooks import make_workbook
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.imports import jobs, writing
from twinning.core.imports.batches import Job
from twinning.core.models import ExternalId, ImportBatch, ImportUpload, OldSlug, SearchEntry, WorkingCopy
from twinning.core.spreadsheets.files import read
from twinning.core.web.tasks import do_next, do_owed

pytestmark = pytest.mark.django_db

START = reverse("admin:partners_city_import")
FILE = (
    "Key;City;Country;Summary;Since;Officer\n"
    "P-1;Brno;;A Czech partner.;1960s;Novák\n"
    "P-2;Lille;FR;Another sentence.;;\n"
    "P-3;Siegen;DE;The same.;;\n"
    "P-4;Krasnodar;RU;Withdrawn.;;\n"
    "P-5;Ostend;BE;Not the one that is here.;;\n"
    "P-6;Durban;ZA;;;\n"
)

CHOSEN = {
    "column-0": "external_id",
    "column-1": "name",
    "column-2": "country",
    "column-3": "summary",
    "column-4": "since",
}


@pytest.fixture
def client():
    return signed_in(make_user("Twinning editor", username="ed"))


@pytest.fixture
def cities():
    """What is there before: public Lille, the draft Siegen, withdrawn Krasnodar, and Ostend under another name."""
    lille = publish(make_city("Lille", country="FR", summary="A sentence."))
    siegen = make_city("Siegen", country="DE", summary="The same.")
    gone = publish(make_city("Krasnodar", country="RU"))
    gone.withdraw(by=make_user("Approver"), at=timezone.now(), reason="The partnership is over.")
    make_city("Oostende", country="BE", other_names="Ostend", latitude="51.22", longitude="2.92")
    return lille, siegen, gone


def send(client, data: bytes, name: str = "cities.csv"):
    return client.post(START, {"file": SimpleUploadedFile(name, data)})


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def done(client, address: str) -> str:
    """The words of a page, once what is owed is done."""
    do_owed()
    return words(client.get(address).content.decode())


def looked_at(client, text: str = FILE) -> str:
    """The address of a preview."""
    address = send(client, text.encode()).url
    assert client.post(address, CHOSEN).url == address
    return address


def written(client, address: str, **ticked) -> str:
    """The address of the batch."""
    do_owed()
    response = client.post(address, {"_write": "on", **ticked})
    do_owed()
    return response.url


def test_file_columns_preview_and_batch(client, cities):
    assert "Template as CSV" in client.get(START).content.decode()
    assert (
        reverse("admin:partners_city_import") in client.get(reverse("admin:partners_city_changelist")).content.decode()
    )
    address = send(client, FILE.encode("cp1252")).url
    page = client.get(address).content.decode()
    assert "For example: Novák" in page
    twice = client.post(address, {"column-1": "name", "column-2": "name"}).content.decode()
    assert "“City” fills “Name” already" in twice
    assert "Say which column has “Name”" in client.post(address, {"column-1": ""}).content.decode()

    address = looked_at(client)
    waiting = client.get(address)
    assert waiting.headers["Refresh"] == "2"
    assert "0 of 6 rows looked at" in waiting.content.decode()
    preview = done(client, address)
    assert "All (6) new (2) changed (1) unchanged (1) refused (2) probably here already (1)" in preview
    assert "Columns that are left out: Officer" in preview
    assert "Country is not in the file; proposed from the gazetteer: Czechia" in preview
    assert "Summary A sentence. → Another sentence." in preview
    assert "into a working copy" in preview
    assert "It is in the state “Withdrawn”" in preview
    assert "Probably the same as: Oostende, Belgium" in preview
    assert "Row 7" in words(client.get(f"{address}?show=refused").content.decode())
    assert "Row 2" not in words(client.get(f"{address}?show=refused").content.decode())
    assert City.objects.count() == 4, "nothing is written before somebody confirms"

    batch_address = written(client, address)
    batch = ImportBatch.objects.get()
    assert sorted(outcome for _key, outcome in batch.records) == ["changed", "new"]
    brno = City.objects.get(name="Brno")
    assert (str(brno.since), brno.time_zone, brno.slug) == ("1960s", "Europe/Prague", "brno")
    assert WorkingCopy.objects.get().snapshot["fields"]["summary"] == "Another sentence."
    assert ImportUpload.objects.get().asked_at is None, "the first one waits, and the one that was written is gone"
    assert client.get(address).status_code == 404
    assert "2 records were written" in words(client.get(batch_address).content.decode())

    again = done(client, client.post(send(client, FILE.encode()).url, CHOSEN).url)
    assert "new (1) unchanged (3)" in again, "the same file changes nothing"

    submitted = done(client, client.post(batch_address, {"_submit": "on"}).url)
    assert "Brno new; in review" in submitted
    assert "Lille changed; working copy: in review" in submitted
    assert WorkingCopy.objects.get().submitted_at
    undone = done(client, client.post(batch_address, {"_undo": "on"}).url)
    assert "Not done with 2" in undone
    assert City.objects.filter(name="Brno").exists(), "what was submitted since stays"


def test_undoing_brings_back_what_was_there(client, cities):
    _lille, siegen, _gone = cities
    text = FILE.replace("The same.", "Another one.")
    batch_address = written(client, looked_at(client, text), doubles="on")
    assert City.objects.filter(name__in=["Brno", "Ostend"]).count() == 2
    client.post(batch_address, {"_undo": "on"})
    do_owed()
    siegen.refresh_from_db()
    assert siegen.summary == "The same."
    assert not City.objects.filter(name__in=["Brno", "Ostend"]).exists()
    assert not WorkingCopy.objects.exists()
    assert not ExternalId.objects.filter(value="P-1").exists()
    assert ImportBatch.objects.get().undone_at
    assert ImportBatch.objects.get().left == []
    assert HistoryEvent.objects.filter(name="Brno").first().what == EventKind.DELETE


def test_what_a_colleague_has_touched_is_not_undone(client, cities):
    batch_address = written(client, looked_at(client))
    City.objects.get(name="Brno").submit(by=make_user("Twinning editor"), at=timezone.now())
    client.post(batch_address, {"_undo": "on"})
    do_owed()
    assert [name for name, _reason in ImportBatch.objects.get().left] == ["Brno"]
    assert City.objects.filter(name="Brno").exists()


@pytest.fixture
def stopped(client, monkeypatch):
    """The address of a batch of which one of two rows is written, because the process was killed."""
    monkeypatch.setattr(jobs, "AT_ONCE", 1)
    address = looked_at(client, FILE.replace("Lille;FR", "Mechelen;BE"))
    do_owed()
    batch_address = client.post(address, {"_write": "on"}).url
    real = writing.Writing.write_rows

    def killed(self, rows, *, by):
        if City.objects.exists():
            raise SystemExit
        return real(self, rows, by=by)

    with monkeypatch.context() as patch:
        patch.setattr(writing.Writing, "write_rows", killed)
        with pytest.raises(SystemExit):
            do_next()
    assert City.objects.count() == 1
    progress = client.get(batch_address)
    assert progress.headers["Refresh"] == "2"
    assert "1 of 5 done" in words(progress.content.decode())
    return batch_address


def test_killed_import_goes_on_where_it_stopped(stopped):
    jobs.carry_out.call(ImportBatch.objects.get().pk)
    batch = ImportBatch.objects.get()
    assert (batch.job, batch.left) == (Job.NONE, [])
    assert len(batch.records) == City.objects.count() == 5


def test_cancelled_import_leaves_nothing(client, stopped):
    writer = ImportBatch.objects.get()
    assert client.post(stopped, {"_cancel": "on"}).url == f"{stopped}?cancelled=1"
    jobs._write(writer)
    assert City.objects.count() == 1, "who was writing stops"
    do_owed()
    left = [model.objects.count() for model in (City, ImportBatch, ImportUpload, ExternalId, OldSlug, SearchEntry)]
    assert left == [0] * 6
    assert client.get(f"{stopped}?cancelled=1").url == START


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.xlsm", make_workbook([["Name"], ["Brno"]], **{"xl/vbaProject.bin": "x"}).getvalue(), "macros"),
        ("bomb.xlsx", make_workbook([], sheet=" " * 20_000_001).getvalue(), "too large"),
        ("broken.csv", b'Name\n"Brno\n', "quotation mark"),
        ("huge.csv", b"Name\n" + b"x" * 21_000_000, "20.0"),
        ("empty.csv", b"", "empty"),
    ],
)
def test_file_that_cannot_be_taken_is_refused_with_a_sentence(client, name, data, said):
    response = send(client, data, name)
    assert response.status_code == 200
    assert said in response.content.decode()
    assert not ImportUpload.objects.exists()


def test_templates_are_files_that_can_be_imported(client):
    for name in ("import_csv", "import_xlsx"):
        data = client.get(reverse(f"admin:partners_city_{name}")).content
        sheet = read(BytesIO(data), len(data))
        assert (sheet.header[1], sheet.rows[0][1][1]) == ("Name", "Dortmund")


def test_upload_is_nobody_elses_and_importing_needs_the_right(client):
    address = send(client, FILE.encode()).url
    assert signed_in(make_user("Twinning editor")).get(address).status_code == 404
    for page in (START, address):
        assert signed_in(make_user("Approver")).post(page, {"_discard": "on"}).status_code == 403
    assert client.post(address, {"_discard": "on"}).url == START
    assert not ImportUpload.objects.exists()
