"""Import of cities: what each row would do, and what is written."""

from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from partners.imports.cities import CityImporter
from partners.models import City
from tests.factories import hide, make_city, make_superuser, make_theme, make_user, publish
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.imports.columns import match
from twinning.core.imports.plans import Outcome, Plan, Row
from twinning.core.models import ImportBatch, WorkingCopy
from twinning.core.spreadsheets.sheets import NotReadable, Sheet

pytestmark = pytest.mark.django_db

BRNO = {
    "Name": "Brno", "Country": "Czechia", "Latitude": "49,1951", "Longitude": "16.6068", "Time zone": "Europe/Prague",
    "Since": "1960s", "Summary": "A Czech partner.", "Why": "Peace.\nAnd <b>trade</b>.", "External id": "P-1",
}  # fmt: skip


def plan_of(*rows: dict) -> tuple[CityImporter, Plan]:
    header = list(dict.fromkeys(name for row in rows for name in row))
    sheet = Sheet(header, [(number, [row.get(name, "") for name in header]) for number, row in enumerate(rows, 2)])
    importer = CityImporter(at=timezone.now())
    return importer, importer.plan(sheet, match(header, importer.targets))


def row_of(**cells: str) -> Row:
    return plan_of(BRNO | cells)[1].rows[0]


def write(*rows: dict) -> ImportBatch | None:
    importer, plan = plan_of(*rows)
    return importer.write(plan, file_name="cities.csv", by=make_superuser())


def outcomes(plan: Plan) -> list[str]:
    return [row.outcome for row in plan.rows]


def test_plan_writes_nothing():
    assert outcomes(plan_of(BRNO)[1]) == [Outcome.NEW]
    assert not City.objects.exists()


def test_new_city_is_a_draft_with_a_history():
    batch = write(BRNO)
    city = City.objects.get()
    assert (city.slug, city.country.code, str(city.latitude), str(city.since)) == ("brno", "CZ", "49.19510", "1960s")
    assert city.why == "<p>Peace.</p><p>And &lt;b&gt;trade&lt;/b&gt;.</p>"
    assert not city.is_published(at=timezone.now())
    assert HistoryEvent.objects.of(city).get().what == EventKind.ADD
    assert batch.records == [[city.pk, "new"]]


def test_same_file_again_changes_nothing():
    write(BRNO)
    assert outcomes(plan_of(BRNO)[1]) == [Outcome.UNCHANGED]
    assert write(BRNO) is None


def test_empty_cell_changes_nothing():
    write(BRNO)
    assert outcomes(plan_of(BRNO | {"Summary": "", "Since": ""})[1]) == [Outcome.UNCHANGED]


def test_changed_draft_is_shown_with_the_difference_and_saved():
    write(BRNO)
    row = row_of(Summary="Another sentence.")
    assert (row.outcome, row.differences) == (Outcome.CHANGED, [("Summary", "A Czech partner.", "Another sentence.")])
    write(BRNO | {"Summary": "Another sentence."})
    assert City.objects.get().summary == "Another sentence."


def test_public_city_gets_a_working_copy_and_the_public_sees_no_change():
    write(BRNO)
    publish(City.objects.get())
    changed = BRNO | {"Summary": "Another sentence."}
    write(changed)
    assert City.objects.get().summary == "A Czech partner."
    assert WorkingCopy.objects.get().snapshot["fields"]["summary"] == "Another sentence."
    assert outcomes(plan_of(changed)[1]) == [Outcome.UNCHANGED]


def test_working_copy_that_waits_for_approval_is_left_alone():
    write(BRNO)
    publish(City.objects.get())
    write(BRNO | {"Summary": "Another sentence."})
    WorkingCopy.objects.get().submit(by=make_superuser(), at=timezone.now())
    assert row_of(Summary="A third one.").outcome == Outcome.REFUSED


@pytest.mark.parametrize("state", ["in-review", "scheduled", "withdrawn", "taken-down"])
def test_city_that_is_neither_a_draft_nor_public_is_refused(state):
    hide(make_city("Brno", country="CZ"), state, now=timezone.now())
    assert row_of().outcome == Outcome.REFUSED


def test_row_is_found_by_external_id_then_by_address_then_by_name_with_country():
    write(BRNO)
    assert row_of(Name="Brünn").outcome == Outcome.CHANGED
    assert row_of(**{"External id": "", "Name": "Brünn", "Address": "brno"}).outcome == Outcome.CHANGED
    assert row_of(**{"External id": "", "Name": "BRNÓ"}).record.pk == City.objects.get().pk
    assert row_of(**{"External id": "", "Name": "Brno", "Country": "DE"}).outcome == Outcome.REFUSED


def test_old_address_still_finds_the_city():
    write(BRNO)
    city = City.objects.get()
    city.slug = "brno-in-moravia"
    city.save()
    assert row_of(**{"External id": "", "Name": "Brünn", "Address": "brno"}).record.pk == city.pk


def test_cities_that_only_look_the_same_are_told_apart_by_their_country():
    make_city("Frankfurt", country="DE")
    plan = plan_of(BRNO | {"External id": "", "Name": "Frankfurt (Kentucky)", "Country": "USA"})[1]
    assert outcomes(plan) == [Outcome.NEW]


def test_two_rows_for_one_city_are_refused_the_second_time():
    other = BRNO | {"Name": "Lille", "Country": "FR", "External id": "P-2"}
    assert outcomes(plan_of(BRNO, other, BRNO | {"Summary": "Twice."})[1]) == [
        Outcome.NEW,
        Outcome.NEW,
        Outcome.REFUSED,
    ]
    write(BRNO)
    assert outcomes(plan_of(BRNO, BRNO)[1]) == [Outcome.UNCHANGED, Outcome.REFUSED]


def test_two_new_rows_with_one_address_are_refused():
    other = BRNO | {"Name": "Lille", "Country": "FR", "External id": "P-2", "Address": "brno"}
    assert outcomes(plan_of(BRNO | {"Address": "brno"}, other)[1]) == [Outcome.NEW, Outcome.REFUSED]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("Country", "Atlantis"),
        ("Latitude", "north"),
        ("Latitude", "95"),
        ("Latitude", "NaN"),
        ("Time zone", "Middle Europe"),
        ("Summary", "x" * 251),
        ("Summary", ""),
        ("Since", "the day after tomorrow"),
        ("Population", "many"),
        ("Year of population", "²"),
        ("Kind", "Best friends"),
        ("Wikidata", "1295"),
        ("Website", "javascript:alert(1)"),
        ("Address", "not an address"),
        ("Address", "double--hyphen"),
    ],
)
def test_row_is_refused_with_the_column_and_the_reason(column, text):
    row = row_of(**{column: text})
    assert row.outcome == Outcome.REFUSED
    [(label, reason)] = row.problems
    assert label
    assert reason


def test_what_is_missing_is_proposed_from_the_gazetteer_where_it_knows_one_place():
    row = row_of(**{"Country": "", "Longitude": "", "Time zone": ""})
    assert (row.outcome, row.record.country.code, row.record.time_zone) == (Outcome.NEW, "CZ", "Europe/Prague")
    assert [label for label, _value, _source in row.proposed] == ["Country", "Longitude", "Time zone"]
    assert "several places" in row_of(Name="Birmingham", Longitude="", Country="").problems[0][1]
    assert "no place" in row_of(Name="Nowhere-upon-Sea", Longitude="").problems[0][1]


def test_what_is_probably_there_already_is_left_out_unless_somebody_wants_it():
    make_city("Brünn", country="CZ", latitude="49.19", longitude="16.61")
    importer, plan = plan_of(BRNO, BRNO | {"Name": "Brno-Old", "External id": "P-3"})
    first, second = (row.doubles for row in plan.rows)
    assert [name for name, _key in first] == ["Brünn, Czechia"]
    assert [name for name, _key in second] == ["Brünn, Czechia", "Brno (row 2 of this file)"]
    by = make_superuser()
    assert importer.write(plan, file_name="x", by=by) is None
    assert len(importer.write(plan, file_name="x", by=by, with_doubles=True).records) == 2


def test_row_that_somebody_has_changed_since_the_plan_is_left():
    write(BRNO)
    importer, plan = plan_of(BRNO | {"Summary": "From the file."})
    City.objects.update(summary="From a colleague.")
    batch = importer.write(plan, file_name="x", by=make_superuser())
    assert (City.objects.get().summary, batch.records, len(batch.left)) == ("From a colleague.", [], 1)


def test_name_that_is_taken_since_the_plan_costs_that_row_alone():
    importer, plan = plan_of(BRNO, BRNO | {"Name": "Lille", "Country": "FR", "Latitude": "50.6", "External id": "P-2"})
    make_city("Brno", slug="elsewhere", country="CZ")
    batch = importer.write(plan, file_name="x", by=make_superuser())
    assert {city.name for city in City.objects.all()} == {"Brno", "Lille"}
    assert [name for name, _reason in batch.left] == ["Brno"]


def test_point_at_zero_zero_and_population_without_a_year_are_refused():
    assert row_of(Latitude="0", Longitude="0").outcome == Outcome.REFUSED
    assert row_of(Population="381,346").outcome == Outcome.REFUSED
    assert row_of(Population="381.346", **{"Year of population": "2019"}).record.population == 381_346


def test_half_broken_file_is_handled_row_by_row():
    wrong = BRNO | {"Name": "Lille", "Country": "Atlantis", "External id": "P-2"}
    write(wrong, BRNO)
    assert [city.name for city in City.objects.all()] == ["Brno"]


def test_row_with_more_cells_than_columns_is_refused():
    importer = CityImporter(at=timezone.now())
    [row] = importer.plan(Sheet(["Name"], [(2, ["Brno", "CZ"])]), match(["Name"], importer.targets)).rows
    assert row.outcome == Outcome.REFUSED


def test_file_without_names_is_refused_as_a_whole():
    with pytest.raises(NotReadable):
        plan_of({"Country": "CZ"})


def test_unknown_columns_are_named():
    assert plan_of(BRNO | {"Twinning officer": "x"})[1].unknown == ["Twinning officer"]


def test_who_may_not_add_cities_imports_none():
    importer, plan = plan_of(BRNO)
    with pytest.raises(PermissionDenied):
        importer.write(plan, file_name="cities.csv", by=make_user("Press officer"))
    assert not City.objects.exists()


def test_failure_in_the_middle_leaves_nothing(monkeypatch):
    monkeypatch.setattr("twinning.core.imports.batches.ImportBatch.add", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write(BRNO)
    assert not City.objects.exists()


def command(tmp_path, text: str, **options) -> str:
    (tmp_path / "cities.csv").write_text(text)
    out = StringIO()
    call_command("import_cities", tmp_path / "cities.csv", stdout=out, **options)
    return out.getvalue()


LINES = "Name;Country;Lat;Lon;Time zone;Summary\nBrno;CZ;49,1951;16,6068;Europe/Prague;A partner.\nX;Atlantis;;;;\n"


def test_command_shows_a_preview_and_writes_only_when_told(tmp_path):
    said = command(tmp_path, LINES)
    assert "Row 2, Brno: new" in said
    assert "Country: We know no country “Atlantis”" in said
    assert not City.objects.exists()
    assert "1 cities written" in command(tmp_path, LINES, write=True, by=make_user("Twinning editor").username)
    assert City.objects.get().name == "Brno"


def test_command_says_what_is_wrong(tmp_path):
    with pytest.raises(CommandError, match="login"):
        command(tmp_path, LINES, write=True, by="nobody")
    with pytest.raises(CommandError, match="no right"):
        command(tmp_path, LINES, write=True, by=make_user("Press officer").username)
    with pytest.raises(CommandError, match="no row"):
        command(tmp_path, "")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_cities", tmp_path / "nothing.csv")


def test_new_city_gets_its_themes_and_one_that_is_there_is_told_where_they_are_added():
    _culture, climate = make_theme("Culture"), make_theme("Climate")
    row = BRNO | {"Themes": "Culture; climate"}
    write(row)
    city = City.objects.get()
    assert sorted(focus.theme.name for focus in city.focuses.all()) == ["Climate", "Culture"]
    assert len(HistoryEvent.objects.of(city).get().snapshot["parts"]["focuses"]) == 2
    assert outcomes(plan_of(row)[1]) == ["unchanged"]
    city.focuses.filter(theme=climate).delete()
    [again] = plan_of(row)[1].rows
    assert again.problems == [("Themes", "Themes come along with new cities only; add them in the form of this one.")]
    [wrong] = plan_of(BRNO | {"Themes": "Sport"})[1].rows
    assert wrong.problems[0][0] == "Themes"


def test_template_can_be_imported_as_it_is(tmp_path):
    out = StringIO()
    call_command("import_cities", template=True, stdout=out)
    said = command(tmp_path, out.getvalue())
    assert "Row 2, Dortmund: new" in said
    assert "not known" not in said


def test_large_register_is_planned_with_a_constant_number_of_queries(django_assert_max_num_queries):
    make_city("Elsewhere")
    rows = [BRNO | {"Name": f"City {number}", "External id": f"{number}"} for number in range(300)]
    with django_assert_max_num_queries(6):
        plan = plan_of(*rows)[1]
    assert plan.counts[Outcome.NEW] == 300
