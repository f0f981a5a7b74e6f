"""The admin of the photo library: adding, replacing, searching and deleting photos, and using them on pages."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from partners.models import CityPhoto
from tests.back_office import errors, form_url, press, sent_by_browser, signed_in
from tests.factories import (
    drawn,
    make_city,
    make_photo,
    make_release,
    make_superuser,
    make_user,
    publish,
    show,
    submit,
)
from tests.previews import EMBARGO, copy_of
from twinning.core.backoffice.photos import ONLY_APPROVERS
from twinning.core.files import scanner
from twinning.core.files.readers import Reader
from twinning.core.models import HistoryEvent, Photo
from twinning.core.photos.uses import DESCRIBED_OR_DECORATION
from twinning.core.search.index import SearchablePart
from twinning.core.web.tasks import do_owed

pytestmark = pytest.mark.django_db

LIST = "/admin/core/photo/"


def upload(content: bytes = b"", name: str = "IMG_7.JPG") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or drawn(), "image/jpeg")


def test_editor_adds_a_photo(editor):
    response = press(editor, Photo, title="Lille by night", credit="Press desk", file=upload())
    assert response.status_code == 302
    photo = Photo.objects.get()
    assert (photo.title, photo.name, photo.width, photo.focal_x) == ("Lille by night", "IMG_7.jpg", 320, 50)


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF", drawn()[:400]])
def test_refused_photo_leaves_nothing_behind_and_keeps_what_was_typed(editor, content):
    before = set(default_storage.names())
    response = press(editor, Photo, title="Lille by night", credit="Press desk", file=upload(content))
    assert [said for said in errors(response) if said.startswith("file:")]
    assert response.context["adminform"].form["title"].value() == "Lille by night"
    assert not Photo.objects.exists()
    assert set(default_storage.names()) == before


@pytest.mark.django_db(transaction=True)
def test_colleagues_can_save_while_an_upload_is_looked_at(editor, monkeypatch, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:3310"
    looked = []

    def noted(name, look):
        return lambda *args: looked.append((name, connection.in_atomic_block)) or look(*args)

    monkeypatch.setattr(scanner, "_ask", noted("scanner", lambda upload: "stream: OK"))
    monkeypatch.setattr(Reader, "read", noted("reader", Reader.read))
    assert press(editor, Photo, title="Lille by night", credit="Press desk", file=upload()).status_code == 302
    assert looked == [("scanner", False), ("reader", False)]


def test_upload_of_somebody_without_a_right_to_photos_is_not_looked_at(monkeypatch):
    monkeypatch.setattr(Reader, "read", lambda *args: pytest.fail("It was read."))
    assert signed_in(make_user()).post(form_url(Photo), {"file": upload()}).status_code == 403


def test_photo_without_a_credit_is_refused_in_words(editor):
    assert errors(press(editor, Photo, title="Lille", file=upload())) == ["credit: This field is required."]


@pytest.mark.parametrize("value", ["101", "-1", "half"])
def test_focal_point_lies_inside_the_photo(editor, value):
    photo = make_photo()
    assert [said for said in errors(press(editor, photo, focal_x=value)) if said.startswith("focal_x:")]


def test_staff_see_the_picture_and_no_cache_keeps_it(editor):
    photo = make_photo()
    response = editor.get(reverse("admin:core_photo_picture", args=[photo.pk]))
    assert sha256(response.getvalue()).hexdigest() == photo.renditions.get(ending="avif").sha256
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("key", ["0", "999999", "99999999999999999999", "x", "1%2F2"])
def test_picture_of_no_photo_is_not_found(editor, key):
    assert editor.get(f"{LIST}{key}/picture/").status_code in (302, 400, 404)


def test_replacing_is_told_in_the_history(editor, django_capture_on_commit_callbacks):
    photo = make_photo()
    with django_capture_on_commit_callbacks(execute=True):
        press(editor, photo, file=upload(drawn(400, 300), "new hall.jpg"))
    assert Photo.objects.get().width == 400
    history = editor.get(reverse("admin:core_photo_history", args=[photo.pk])).content.decode()
    assert "File: hall.jpg" in history


@pytest.mark.parametrize("typed", [{"focal_x": "10"}, {"file": upload(drawn(500, 300))}], ids=["point", "file"])
def test_of_two_who_change_a_photo_the_second_hears_that_it_was_replaced(editor, typed):
    photo, colleague = make_photo(), signed_in(make_user("Twinning editor", first_name="Ann"))
    form = sent_by_browser(colleague.get(form_url(photo)))
    press(editor, photo, file=upload(drawn(400, 300)))
    said = colleague.post(form_url(photo), form | typed | {"_save": "on"}).content.decode()
    assert "somebody else has saved this while you were writing" in said
    assert "They replaced the file." in said
    assert (Photo.objects.get().width, Photo.objects.get().focal_x) == (400, 50)


@pytest.mark.parametrize("bring", [submit, publish], ids=["submitted", "approved"])
@pytest.mark.parametrize("record", ["city", "release"])
def test_photo_that_approvers_look_at_or_approved_is_changed_by_them_only(editor, approver, record, bring):
    photo, record = make_photo(), {"city": make_city, "release": make_release}[record]()
    show(photo, record)
    assert press(editor, photo, title="Mine").status_code == 302
    bring(record)
    page = editor.get(form_url(photo)).content.decode()
    assert "id_title" not in page
    assert str(ONLY_APPROVERS) in page
    assert editor.post(form_url(photo), {"title": "Forged", "file": upload(drawn(400, 300))}).status_code == 403
    assert press(approver, photo, title="Corrected").status_code == 302
    assert (Photo.objects.get().title, Photo.objects.get().width) == ("Corrected", 320)


def test_photo_of_a_page_that_was_sent_back_is_changed_by_its_editors(editor):
    photo, city = make_photo(), make_city()
    show(photo, city)
    submit(city).send_back(by=make_superuser(), at=timezone.now(), remark="The photo is too dark.")
    assert press(editor, photo, title="Brighter").status_code == 302
    assert Photo.objects.get().title == "Brighter"


@pytest.mark.parametrize("is_approved", [False, True])
def test_photo_in_a_submitted_working_copy_is_changed_by_approvers_only(editor, is_approved):
    photo, city = make_photo(), make_city()
    show(photo, publish(city))
    copy = copy_of(city)
    city.photos.all().delete()
    press(editor, photo, title="Mine")
    submit(copy, at=timezone.now())
    if is_approved:
        copy.approve(by=make_superuser(), at=timezone.now(), publish_at=EMBARGO)
    assert editor.post(form_url(photo), {"title": "Forged"}).status_code == 403
    assert Photo.objects.get().title == "Mine"


def test_form_lists_where_the_photo_is_used(editor):
    photo, city = make_photo(), make_city("Lille")
    assert "On no page yet." in editor.get(form_url(photo)).content.decode()
    show(photo, city)
    assert f'City: <a href="{form_url(city)}">Lille</a>' in editor.get(form_url(photo)).content.decode()


def test_photo_in_use_is_not_deleted_and_the_page_says_where(editor):
    photo, city = make_photo(), make_city("Lille")
    show(photo, city)
    delete = reverse("admin:core_photo_delete", args=[photo.pk])
    page = editor.get(delete).content.decode()
    assert f'City: <a href="{form_url(city)}">Lille</a>' in page
    editor.post(delete, {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [photo.pk], "post": "yes"}
    editor.post(LIST, chosen)
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_photo_that_a_working_copy_would_show_is_not_deleted(editor):
    photo, city = make_photo(), make_city("Lille")
    show(photo, publish(city))
    copy_of(city)
    city.photos.all().delete()
    delete = reverse("admin:core_photo_delete", args=[photo.pk])
    assert "is used in the working copy of “Lille”." in editor.get(delete).content.decode()
    editor.post(delete, {"post": "yes"})
    assert Photo.objects.filter(pk=photo.pk).exists()


def test_unused_photo_is_deleted_and_an_hour_later_its_files(editor, time_machine):
    photo = make_photo()
    editor.post(reverse("admin:core_photo_delete", args=[photo.pk]), {"post": "yes"})
    assert not Photo.objects.exists()
    time_machine.move_to(timezone.now() + timedelta(hours=1, seconds=1))
    do_owed()
    assert not default_storage.exists(photo.file.name)
    assert HistoryEvent.objects.filter(what="delete", name=photo.title).exists()


def test_list_is_searched_and_filtered(editor):
    used, today = make_photo("Harbour"), timezone.localdate()
    show(used, make_city())
    make_photo("Tram", credit="Ann Example")
    make_photo("Market", licence_ends=today.replace(year=today.year - 1))
    for query, found in {
        "q=harb": {"Harbour"},
        "q=ann": {"Tram"},
        "use=used": {"Harbour"},
        "use=unused": {"Tram", "Market"},
        "licence=ended": {"Market"},
        "licence=ends-soon": set(),
        "use=nonsense": {"Harbour", "Tram", "Market"},
    }.items():
        listed = editor.get(f"{LIST}?{query}").context["cl"].result_list
        assert {photo.title for photo in listed} == found, query


def test_editor_puts_a_photo_on_the_page_of_a_city(editor):
    photo, city = make_photo(), make_city()
    part = {"photos-TOTAL_FORMS": "1", "photos-0-photo": photo.pk, "photos-0-position": "1"}
    refused = errors(press(editor, city, **part, **{"photos-0-alt": ""}))
    assert any(str(DESCRIBED_OR_DECORATION) in error for error in refused)
    response = press(editor, city, **part, **{"photos-0-alt": "The town hall in the rain"})
    assert response.status_code == 302, errors(response)
    assert city.photos.get().photo == photo


def test_missing_sizes_are_told_and_made_when_somebody_looks(editor):
    photo = make_photo(content=drawn(1700, 1000))
    photo.renditions.exclude(ending="jpg").delete()
    page = editor.get(form_url(photo)).content.decode()
    assert "2 of 10 sizes for the web are made" in page
    do_owed()
    assert photo.missing_renditions() == []


def test_superuser_with_every_right_cannot_delete_what_is_shown():
    photo = make_photo()
    show(photo, make_city())
    signed_in(make_superuser()).post(reverse("admin:core_photo_delete", args=[photo.pk]), {"post": "yes"})
    assert Photo.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets nobody delete while somebody saves.")
def test_photo_that_is_deleted_while_somebody_places_it_is_missed_in_the_form(editor, monkeypatch):
    photo, city = make_photo(), make_city()

    def delete_first(use, *args, **kwargs):
        with ThreadPoolExecutor(1) as colleague:
            colleague.submit(delete).result()
        return SearchablePart.save(use, *args, **kwargs)

    def delete():
        Photo.objects.all().delete()
        connection.close()

    monkeypatch.setattr(CityPhoto, "save", delete_first)
    part = {"photos-TOTAL_FORMS": "1", "photos-0-photo": photo.pk, "photos-0-position": "1", "photos-0-alt": "A hall"}
    response = press(editor, city, **part, name="Typed meanwhile")
    assert any(said.startswith("photos-0-photo: That is not there to be chosen") for said in errors(response))
    assert response.context["adminform"].form["name"].value() == "Typed meanwhile"
    assert "is there now" not in response.content.decode()
