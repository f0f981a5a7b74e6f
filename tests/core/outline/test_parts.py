"""The parts of forms: each has its paragraph in the handbook, and says what it lacks by the rules that refuse publication."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from news.models import PressRelease
from partners.models import City, Memorandum, Theme
from tests.back_office import edit_url, errors, form_url, press, signed_in
from tests.factories import (
    PICTURE,
    make_city,
    make_document,
    make_memorandum,
    make_photo,
    make_release,
    make_superuser,
    make_theme,
    make_user,
    show,
    submit,
)
from twinning.core.backoffice.base import EditorAdmin
from twinning.core.models import HistoryEvent, Photo, User
from twinning.core.outline.handbook import FORMS, _paragraphs, paragraphs

pytestmark = pytest.mark.django_db


def lacks(page) -> dict[str, list[str]]:
    """What the table says, part by part; each line leads to a place of the page."""
    html = page.content.decode()
    parts = [part for part in page.context["parts"] if part.lacks]
    assert all(f'id="{lack.target}"' in html for part in parts for lack in part.lacks)
    return {part.title: [lack.words for lack in part.lacks] for part in parts}


# The handbook ---------------------------------------------------------------------------------------------------------


def test_each_part_of_each_form_has_its_paragraph_and_each_paragraph_its_part():
    root = signed_in(make_superuser())
    models = [model for model, office in admin.site._registry.items() if isinstance(office, EditorAdmin)]
    forms = [form_url(model) for model in models if model is not Permission]  # a chooser without pages of its own
    forms += [form_url(make_photo()), form_url(User.objects.get())]  # with parts that an empty form has not
    shown, without = set(), []
    for page in map(root.get, forms):
        for part in page.context["parts"] if page.status_code == 200 else ():
            kind = page.context["opts"].verbose_name
            shown |= {(f"{FORMS}: {kind}", part.title), (FORMS, part.title)}
            without += [] if part.help else [f"{kind}: {part.title}"]
    assert without == []
    written = {(one.section, one.title) for one in paragraphs() if one.section.startswith(FORMS) and one.level == 3}
    assert written - shown == set()


def test_handbook_is_a_page_with_the_places_to_which_the_paragraphs_lead():
    editor = signed_in(make_user("Twinning editor"))
    handbook = editor.get(reverse("admin:handbook")).content.decode()
    places = re.findall(r'handbook/#([^"]+)"', editor.get(form_url(City)).content.decode())
    assert len(places) > 10
    assert [place for place in places if f'id="{place}"' not in handbook] == []
    assert "<strong>Save and submit.</strong>" in handbook


def test_html_in_the_handbook_is_text():
    [one] = _paragraphs("## A\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) *so*\n")
    assert "<script>" not in one.html
    assert "href" not in one.html
    assert "<em>so</em>" in one.html


def test_handbook_is_for_staff(client):
    assert client.get(reverse("admin:handbook")).status_code == 302


# What is missing ------------------------------------------------------------------------------------------------------


def test_table_says_what_refuses_publication_and_is_right_after_a_save(editor):
    city = make_city(why="", since="")
    assert lacks(editor.get(form_url(city))) == {
        "Partnership": ["Write why we are partners.", "Say since when. “1960s” is enough."]
    }
    press(editor, city, why="<p>Peace.</p>", since="1969")
    assert lacks(editor.get(form_url(city))) == {}


def test_table_names_parts_that_are_rows(approver):
    memorandum = submit(make_memorandum(make_city(), purpose="", signed="2001", signatories_unknown=False))
    make_document(memorandum, summary="")
    page = approver.get(edit_url(memorandum))
    said = lacks(page)
    assert list(said) == ["The agreement", "Signatories", "Documents"]
    refused = press(approver, memorandum, "_approve")
    known = [words for messages in said.values() for words in messages]
    assert sorted(
        line.partition(": ")[2] if line.startswith(("purpose", "cities")) else line for line in errors(refused)
    ) == sorted(known)


def test_empty_form_says_what_it_needs(editor):
    assert lacks(editor.get(form_url(Memorandum))) == {
        "The agreement": ["Title", "Name at least one partner city.", "Write the purpose in plain words."]
    }


def test_row_that_is_wrong_is_named_by_its_number_and_stands_open(officer):
    release = make_release()
    for title in ("Steps", "Hall"):
        show(make_photo(title), release, alt="Stone steps")
    page = press(officer, release, **{"photos-1-alt": ""})
    [said] = lacks(page)["Photos"]
    assert said.startswith("Photo 2: Say what can be seen")
    folded = re.findall(r'<details class="row"\s+(open)?', page.content.decode())
    assert folded == ["", "open"]


def test_rows_are_folded_below_what_they_are(officer, editor):
    city, release = make_city(), make_release()
    for date, title in (("1969", "The charter"), ("1995", "The second charter")):
        city.milestones.create(date=date, title=title)
    for speaker in ("Ann Example", "Bob Example"):
        release.quotes.create(speaker=speaker, office="Leader", text="Yes.")
    assert "<summary><h3>1969: The charter</h3></summary>" in editor.get(form_url(city)).content.decode()
    page = officer.get(form_url(release)).content.decode()
    assert "<summary><h3>Ann Example, Leader</h3></summary>" in page
    assert re.findall(r'<details class="row"\s+(open)?', page) == ["", ""]
    release.quotes.last().delete()
    page = officer.get(form_url(release)).content.decode()
    assert re.findall(r'<details class="row"\s+(open)?', page) == ["open"]  # one alone needs no folding


def test_parts_stand_in_the_order_of_thinking(editor, officer):
    assert [part.title for part in editor.get(form_url(City)).context["parts"]][:7] == [
        "The city", "Partnership", "Changes of the partnership", "Themes of the partnership", "Photos", "Milestones",
        "Outcomes of the partnership",
    ]  # fmt: skip
    assert [part.title for part in officer.get(form_url(PressRelease)).context["parts"]][:4] == [
        "The release", "Text", "Quotes", "Photos",
    ]  # fmt: skip


# In place -------------------------------------------------------------------------------------------------------------


def in_place(model) -> str:
    return f"{form_url(model)}?in_place=1"


def test_theme_is_proposed_from_another_form(editor):
    shown = editor.get(in_place(Theme)).content.decode()
    assert "<html" not in shown
    assert 'id="id_new_name"' in shown
    wrong = editor.post(in_place(Theme), {"name": "Rivers", "summary": ""})
    assert "This field is required." in wrong.content.decode()
    assert "Rivers" in wrong.content.decode()
    added = editor.post(in_place(Theme), {"name": "Rivers", "summary": "Clean ones."}).json()
    theme = Theme.objects.get()
    assert added == {"id": theme.pk, "text": "Rivers", "picture": ""}
    assert (theme.slug, theme.state(at=timezone.now()).value) == ("rivers", "draft")
    assert [event.what for event in HistoryEvent.objects.of(theme)] == ["add"]


def test_city_that_is_there_already_is_named_before_another_is_proposed(editor):
    make_city("Dortmund", latitude="51.51", longitude="7.46")
    typed = {"name": "Dortmund", "country": "DE", "summary": "A city.", "latitude": "51.51", "longitude": "7.46", "time_zone": "Europe/Berlin"}  # fmt: skip
    refused = editor.post(in_place(City), typed).content.decode()
    assert "Probably here already" in refused
    assert City.objects.count() == 1
    [key] = re.findall(r'name="another_place" value="(\d+)"', refused)
    added = editor.post(in_place(City), typed | {"name": "Dortmund (Ohio)", "another_place": key})
    assert added.json()["text"] == "Dortmund (Ohio), Germany"


def test_photo_is_added_in_place_and_chosen_by_its_picture(officer):
    upload = SimpleUploadedFile("hall.jpg", PICTURE, "image/jpeg")
    added = officer.post(in_place(Photo), {"file": upload, "title": "Town hall", "credit": "City archive"}).json()
    photo = Photo.objects.get()
    assert (added["id"], added["text"]) == (photo.pk, "Town hall")
    assert officer.get(added["picture"]).getvalue()
    look_up = {"app_label": "news", "model_name": "releasephoto", "field_name": "photo", "term": "town"}
    [found] = officer.get(reverse("admin:autocomplete"), look_up).json()["results"]
    assert found["picture"] == added["picture"]


def test_in_place_needs_the_right_to_add(officer):
    make_theme()
    assert "data-in-place" in officer.get(form_url(PressRelease)).content.decode()  # photos
    assert "theme/add" not in re.findall(
        r'data-in-place="([^"]+)"', officer.get(form_url(PressRelease)).content.decode()
    )
    assert officer.post(in_place(City), {"name": "Lille"}).status_code == 403
