"""Forms of the back office for cities, themes, agreements and the introduction."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partners.models import City, Document, Focus, Memorandum, Milestone, Programme, Signatory
from tests.back_office import errors, form_url, press, signed_in
from tests.errors import codes_in
from tests.factories import (
    SCAN,
    make_city,
    make_contact,
    make_document,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    publish,
    submit,
)
from twinning.core.models import SearchEntry
from twinning.core.publishing.steps import ALONE

pytestmark = pytest.mark.django_db

CITY = {
    "name": "Dortmund", "slug": "dortmund", "country": "DE", "latitude": "51.5136", "longitude": "7.4653",
    "time_zone": "Europe/Berlin", "summary": "A friendship.", "since": "2 June 1969", "why": "<p>Peace.</p>",
}  # fmt: skip


def part(prefix: str, number: int = 0, **fields) -> dict:
    """The form fields of a part that is added with its button."""
    count = {f"{prefix}-TOTAL_FORMS": number + 1}
    return count | {f"{prefix}-{number}-{name}": value for name, value in fields.items()}


# Cities ---------------------------------------------------------------------------------------------------------------


def test_city_is_added_with_its_parts(editor):
    theme = make_theme()
    parts = part("focuses", theme=theme.pk, begins="1991") | part("milestones", date="1995", title="Charter")
    press(editor, City, **CITY, **parts, **part("involvements", organisation="Choir", role="Sings"))
    city = City.objects.get()
    assert str(city.since) == "2 June 1969"
    assert [str(p) for parts in (city.focuses, city.milestones, city.involvements) for p in parts.all()] == [
        *("Climate", "Charter", "Choir")
    ]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"latitude": "200"}, "latitude: max_value"),
        ({"time_zone": "Europe/Leeds"}, "time_zone: unknown_time_zone"),
        ({"slug": "lille"}, "slug: unique"),
        ({"population": "600000"}, "partners_city_population_has_year"),
        (part("focuses", begins="1991", ends="1990"), "focuses-0-theme: required"),
    ],
)
def test_wrong_value_is_refused_at_its_field_and_kept_in_the_form(editor, typed, code):
    make_city("Lille")
    response = press(editor, City, **CITY | typed)
    assert code in codes_in(response)
    assert_kept(response, typed)


@pytest.mark.parametrize(
    ("typed", "field", "quoted"),
    [
        ({"since": "31 February 1969"}, "since", "31 February 1969"),
        ({"since": "196?"}, "since", "196?"),
        ({"since": "Karneval 1968"}, "since", "karneval"),
        (part("milestones", date="13/13/2021", title="x"), "milestones-0-date", "13/13/2021"),
    ],
)
def test_wrong_date_is_quoted_at_its_field_and_kept_in_the_form(editor, typed, field, quoted):
    response = press(editor, City, **CITY | typed)
    [error] = [error for error in errors(response) if error.startswith(f"{field}: ")]
    assert f"“{quoted}”" in error
    assert_kept(response, typed)


def assert_kept(response, typed: dict) -> None:
    page = response.content.decode()
    assert all(f'value="{value}"' in page or f'<option value="{value}" selected' in page for value in typed.values())
    assert not City.objects.filter(slug="dortmund").exists()


def test_errors_are_gathered_on_top_with_links_to_their_fields(editor):
    response = press(editor, City, **CITY | {"since": "196?"}, **part("milestones", date="", title="x"))
    page = " ".join(response.content.decode().split())
    since, date = (error for error in errors(response) if error.startswith(("since: ", "milestones-0-date: ")))
    assert f'<a href="#id_since">Since</a>: {since.removeprefix("since: ")}' in page
    assert f'<a href="#id_milestones-0-date">Milestone: Date</a>: {date.removeprefix("milestones-0-date: ")}' in page


def test_period_of_a_focus_cannot_end_before_it_begins(editor):
    typed = part("focuses", theme=make_theme().pk, begins="1991", ends="1990")
    response = press(editor, City, **CITY, **typed)
    assert "focuses-0-partners_focus_ends_after_it_begins" in codes_in(response)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("12/02/2021", "12 February 2021"), ("196X", "1960s"), ("1991~", "about 1991"), ("2003-2021", "2003 to 2021")],
)
def test_partial_date_is_shown_in_words(editor, typed, shown):
    press(editor, City, **CITY | {"since": typed})
    assert f'name="since" value="{shown}"' in editor.get(form_url(City.objects.get())).content.decode()


def test_history_tells_only_what_changed(editor):
    press(editor, City, **CITY)
    press(editor, City.objects.get(), summary="Another summary.")
    history = editor.get(reverse("admin:partners_city_history", args=[City.objects.get().pk])).content.decode()
    assert "<li>Summary</li>" in history


def test_text_pasted_from_word_is_cleaned(editor):
    word = '<p class="MsoNormal" style="color:red">One<o:p></o:p></p><script>alert(1)</script><h1>Two</h1><p>&nbsp;</p>'
    press(editor, City, **CITY | {"why": word})
    assert City.objects.get().why == "<p>One</p><h3>Two</h3>"


def test_refused_approval_leaves_the_parts_as_they_were(root, settings):
    settings.FOUR_EYES = ALONE
    city = submit(make_city())
    Milestone.objects.create(city=city, date="1995", title="Charter")
    typed = {"why": "", "milestones-0-title": "Changed", **part("involvements", organisation="Choir", role="Sings")}
    response = press(root, city, "_approve", **typed)
    assert codes_in(response) == ["why: no_reason"]
    page = response.content.decode()
    assert 'value="Changed"' in page
    assert 'value="Choir"' in page
    assert City.objects.get().why
    assert Milestone.objects.get().title == "Charter"
    assert not city.involvements.exists()


# Deleting -------------------------------------------------------------------------------------------------------------


def test_city_that_is_named_cannot_be_deleted_and_says_by_what(root):
    city = make_city()
    release, memorandum = make_release("Cities sign", cities=[city]), make_memorandum(city, title="Charter")
    make_contact().cities.add(city)
    Signatory.objects.create(memorandum=memorandum, city=city, office="Lord Mayor")
    url = reverse("admin:partners_city_delete", args=[city.pk])
    page = root.get(url).content.decode()
    for record, kind, name in [(release, "Press release", "Cities sign"), (memorandum, "Agreement", "Charter")]:
        assert page.count(f'{kind}: <a href="{form_url(record)}">{name}</a>') == 1
    assert "Press contact: " in page
    root.post(url, {"post": "yes"})
    assert City.objects.exists()


def test_a_long_list_of_what_names_a_city_is_cut(root, django_assert_max_num_queries):
    city = make_city()
    for number in range(30):
        make_release(f"Release {number}", cities=[city])
    with django_assert_max_num_queries(55):
        page = root.get(reverse("admin:partners_city_delete", args=[city.pk])).content.decode()
    assert page.count("Press release: ") == 20
    assert "… and 10 more" in page


def test_deletion_from_the_list_takes_search_entries_along(root):
    make_city("Lille")
    data = {"action": "delete_selected", "_selected_action": [City.objects.get().pk], "post": "yes"}
    root.post(reverse("admin:partners_city_changelist"), data)
    assert not City.objects.exists()
    assert not SearchEntry.objects.exists()


def test_what_has_been_public_cannot_be_deleted(root):
    city = publish(make_city())
    url = reverse("admin:partners_city_delete", args=[city.pk])
    assert "has been public" in root.get(url).content.decode()
    root.post(url, {"post": "yes"})
    data = {"action": "delete_selected", "_selected_action": [city.pk], "post": "yes"}
    root.post(reverse("admin:partners_city_changelist"), data)
    assert City.objects.exists()


def test_deletion_lists_parts_by_name(root):
    city = make_city()
    Focus.objects.create(city=city, theme=make_theme(), begins="1991")
    page = root.get(reverse("admin:partners_city_delete", args=[city.pk])).content.decode()
    assert "Theme of the partnership: Climate" in page


# Agreements -----------------------------------------------------------------------------------------------------------


def test_renewal_without_a_common_city_is_refused_at_its_field(editor):
    charter = make_memorandum(make_city(), title="Charter")
    lille = make_city("Lille")
    typed = {"title": "New", "slug": "new", "cities": [lille.pk], "renews": charter.pk}
    response = press(editor, Memorandum, **typed)
    assert codes_in(response) == ["renews: no_shared_city"]
    assert "“Charter”" in errors(response)[0]


def test_renewed_agreement_keeps_a_city_of_its_successor(editor):
    dortmund, lille = make_city(), make_city("Lille")
    charter = make_memorandum(dortmund, title="Charter")
    make_memorandum(dortmund, title="Renewal", renews=charter)
    response = press(editor, charter, cities=[lille.pk])
    assert codes_in(response) == ["cities: no_shared_city"]
    assert "“Renewal”" in errors(response)[0]


def test_circle_of_renewals_is_refused(editor):
    city = make_city()
    charter = make_memorandum(city, title="Charter")
    renewal = make_memorandum(city, title="Renewal", renews=charter)
    response = press(editor, charter, renews=renewal.pk)
    assert codes_in(response) == ["renews: circle"]


def test_document_is_uploaded_and_shown_by_its_name(editor):
    memorandum = make_memorandum(make_city())
    scan = SimpleUploadedFile("scan of 2021.pdf", SCAN)
    typed = {"title": "Scan", "kind": "scan", "language": "en", "summary": "<p>It says so.</p>"}
    press(editor, memorandum, **part("documents", file=scan, **typed))
    document = Document.objects.get()
    assert document.name == "scan_of_2021.pdf"
    page = editor.get(form_url(memorandum)).content.decode()
    assert "scan_of_2021.pdf (PDF, 1 page, " in page
    assert document.file.name not in page


def test_reader_of_an_agreement_sees_no_address_of_a_file():
    memorandum = publish(make_memorandum(make_city()))
    document = make_document(memorandum, summary="<p>What it <em>says</em></p>")
    reader = signed_in(make_user("Press officer"))
    page = reader.get(reader.get(form_url(memorandum)).context["page_url"]).content.decode()
    assert "scan.pdf" in page
    assert "<em>says</em>" in page
    assert document.file.name not in page


@pytest.mark.parametrize("status", ["in-force", "planned"])
def test_agreements_are_filtered_by_their_status_today(editor, status):
    city = make_city()
    make_memorandum(city, title="in-force")
    make_memorandum(city, title="planned", signed="", planned="2127")
    response = editor.get(reverse("admin:partners_memorandum_changelist"), {"status": status})
    assert [memorandum.title for memorandum in response.context["cl"].result_list] == [status]


# The introduction -----------------------------------------------------------------------------------------------------


def test_there_is_one_introduction_and_its_place_leads_to_its_form(editor):
    press(editor, Programme, headline="Six cities", lead="Friendship.")
    programme = Programme.objects.get()
    url = reverse("admin:partners_programme_changelist")
    assert editor.get(url).headers["Location"] == form_url(programme)
    assert editor.get(form_url(Programme)).status_code == 403
    root = signed_in(make_superuser())
    assert root.post(reverse("admin:partners_programme_delete", args=[1]), {"post": "yes"}).status_code == 403


# Size -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["city", "theme", "memorandum"])
def test_lists_take_the_same_queries_for_two_records_and_for_ten(django_assert_max_num_queries, root, model):
    url = reverse(f"admin:partners_{model}_changelist")
    for number in range(2):
        make_memorandum(make_city(f"City {number}")).themes.add(make_theme(f"Theme {number}"))
    with django_assert_max_num_queries(50) as few:
        root.get(url)
    for number in range(2, 10):
        make_memorandum(make_city(f"City {number}")).themes.add(make_theme(f"Theme {number}"))
    with django_assert_max_num_queries(len(few)):
        root.get(url)
