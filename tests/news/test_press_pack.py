"""The press pack: text and photos of a release, in public and in previews."""

import csv
from datetime import date
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.utils import timezone

from news.models import ChangeNote, Quote, ReleaseContact
from tests.back_office import signed_in
from tests.factories import (
    drawn,
    hide,
    make_city,
    make_contact,
    make_photo,
    make_release,
    make_superuser,
    make_user,
    publish,
    show,
)
from tests.previews import copy_of, embargoed, make_link, openings

pytestmark = pytest.mark.django_db


@pytest.fixture
def release():
    release = make_release(
        "Cities & friends sign",
        slug="signed",
        place="Leeds",
        body="<h3>Today</h3><p>They <strong>signed</strong>.</p><p>Again &amp; again.</p>",
        notes_to_editors="<p>Since 1969.</p>",
    )
    Quote.objects.create(release=release, office="Leader of the council", text="A day to <remember>.")
    ReleaseContact.objects.create(release=release, contact=make_contact("News desk", phone="0113 496 0101"))
    ChangeNote.objects.create(release=release, text="The year was put right.")
    photo = make_photo(content=drawn(900, 600), name="Zürich 杭州.jpg", credit="=HYPERLINK(1)", licence="CC BY 4.0")
    show(photo, release, alt="Two hands", caption="The leaders, on Friday", position=1)
    show(make_photo(), release, is_decorative=True, position=2)
    return release


def unpacked(response) -> dict[str, bytes]:
    with ZipFile(BytesIO(response.getvalue())) as pack:
        assert pack.testzip() is None
        return {name: pack.read(name) for name in pack.namelist()}


def address(release) -> str:
    return f"{release.get_absolute_url()}press-pack.zip"


def test_pack_has_the_text_twice_the_photos_and_their_words(client, release):
    response = client.get(address(publish(release)))
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="signed.zip"'
    assert response["Cache-Control"] == "public, max-age=5"
    found = unpacked(response)
    photos = ["signed/photos/1-Zürich_杭州.jpg", "signed/photos/2-hall.jpg"]
    assert list(found) == ["signed/release.txt", "signed/release.html", "signed/photos.csv", *photos]
    use = release.photos.first()
    with use.photo.file.open() as kept:
        assert found[photos[0]] == kept.read()


def test_text_is_plain_and_whole(client, release):
    text = unpacked(client.get(address(publish(release))))["signed/release.txt"].decode()
    for said in (
        "Cities & friends sign\n", "Two cities go on together.", "Leeds, 12 February 2021", "Today\n\nThey signed.\n\nAgain & again.",
        "Leader of the council:\n“A day to <remember>.”", "Since 1969.", "The year was put right.", "photos/1-Zürich_杭州.jpg",
        "The leaders, on Friday", "What can be seen: Two hands", "CC BY 4.0", "News desk", "press@example.org", "0113 496 0101",
        "http://localhost:8000/news/signed/",
    ):  # fmt: skip
        assert said in text
    assert "&amp;" not in text
    assert "\n\n\n\n" not in text


def test_html_is_a_page_of_its_own_that_shows_the_photos_beside_it(client, release):
    page = unpacked(client.get(address(publish(release))))["signed/release.html"].decode()
    for said in (
        "<h1>Cities &amp; friends sign</h1>", "<h2>Today</h2>", "<p>“A day to &lt;remember&gt;.”</p>",
        'src="photos/1-Zürich_杭州.jpg" alt="Two hands"', 'src="photos/2-hall.jpg" alt=""', "mailto:press@example.org",
    ):  # fmt: skip
        assert said in page
    assert "<script" not in page
    assert "/files/" not in page


def test_manifest_opens_in_a_spreadsheet_and_calculates_nothing(client, release):
    manifest = unpacked(client.get(address(publish(release))))["signed/photos.csv"].decode("utf-8-sig")
    first, second = csv.DictReader(StringIO(manifest))
    assert first == {
        "File": "photos/1-Zürich_杭州.jpg", "Caption": "The leaders, on Friday", "Description": "Two hands",
        "Credit": "'=HYPERLINK(1)", "Licence": "CC BY 4.0", "Terms": "", "Width": "900", "Height": "600",
    }  # fmt: skip
    assert second["Description"] == ""


def test_no_word_of_a_manifest_begins_a_formula(client):
    release, photo, signs = make_release(slug="signed"), make_photo(), "=+-@\t\r\n＝＋－＠"
    for sign in signs:
        show(photo, release, caption=f"{sign}1+1")
    manifest = unpacked(client.get(address(publish(release))))["signed/photos.csv"].decode("utf-8-sig")
    captions = [row["Caption"] for row in csv.DictReader(StringIO(manifest, newline=""))]
    assert captions == [f"'{sign}1+1" for sign in signs]


def test_release_without_photos_has_a_pack_without_a_manifest(client):
    release = publish(make_release(slug="plain"))
    assert list(unpacked(client.get(address(release)))) == ["plain/release.txt", "plain/release.html"]
    assert "Photos" not in unpacked(client.get(address(release)))["plain/release.txt"].decode()


def test_page_leads_to_the_pack(client, release):
    assert f'href="{address(release)}"' in client.get(publish(release).get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled", "withdrawn", "taken-down"])
def test_pack_of_what_is_not_public_is_not_found(client, release, state):
    hide(release, state, now=timezone.now())
    absent = client.get("/news/nothing/press-pack.zip")
    found = client.get(address(release))
    assert (found.status_code, found.content.replace(b"signed", b"nothing")) == (404, absent.content)
    if state == "withdrawn":
        assert "press-pack" not in client.get(release.get_absolute_url()).content.decode()


def test_old_address_leads_to_the_pack_of_a_public_release_only(client, release):
    release.slug = "signed-again"
    release.save()
    assert client.get("/news/signed/press-pack.zip").status_code == 404
    publish(release)
    response = client.get("/news/signed/press-pack.zip")
    assert (response.status_code, response.url) == (301, "/news/signed-again/press-pack.zip")


def test_photo_whose_licence_has_ended_is_left_out(client, release):
    publish(release)
    ended = release.photos.first().photo
    ended.licence_ends = date(2021, 3, 1)
    ended.save()
    found = unpacked(client.get(address(release)))
    assert [name for name in found if "photos/" in name] == ["signed/photos/1-hall.jpg"]
    assert "Zürich" not in found["signed/release.txt"].decode()


def test_pack_names_nothing_that_is_hidden(client, release):
    release.cities.add(make_city("Zanzimott"))
    release.related.add(make_release("Zanzimott signs too"))
    show(make_photo("Zanzimott", name="zanzimott.jpg"), make_release())
    found = unpacked(client.get(address(publish(release))))
    assert not any(b"zanzimott" in name.lower().encode() + content.lower() for name, content in found.items())


def test_head_sends_no_pack(client, release):
    response = client.head(address(publish(release)))
    assert (response.status_code, response["Content-Type"], response.streaming) == (200, "application/zip", False)


def test_holder_of_a_link_takes_the_pack_along_with_its_embargo(client, release):
    embargoed(release)
    link, preview = make_link(release)
    page = client.get(preview).content.decode()
    assert f'href="{preview}press-pack.zip"' in page
    response = client.get(f"{preview}press-pack.zip")
    found = unpacked(response)
    assert response["Cache-Control"] == "private, no-store"
    for name in ("signed/release.txt", "signed/release.html"):
        assert "Embargoed until Thursday 6 March 2127, 00:01 GMT." in found[name].decode()
        assert "/news/signed/" not in found[name].decode()
    assert len(found) == 5
    assert [event.details.get("file") for event in openings(link)] == ["press-pack.zip", None]
    assert client.get(f"{preview}another.zip").status_code == 404


def test_link_of_what_is_public_leads_to_the_public_pack(client, release):
    _link, preview = make_link(release)
    publish(release)
    response = client.get(f"{preview}press-pack.zip")
    assert (response.status_code, response.url) == (302, address(release))
    assert client.get(f"{preview}another.zip").status_code == 404


def test_colleagues_preview_the_pack_of_a_working_copy(release):
    publish(release)
    copy_of(release, headline="What comes next")
    client = signed_in(make_user("Press officer"))
    found = unpacked(client.get(f"/admin/news/pressrelease/{release.pk}/preview/press-pack.zip"))
    assert "What comes next" in found["signed/release.txt"].decode()
    assert "What comes next" not in unpacked(client.get(address(release)))["signed/release.txt"].decode()


def test_pack_is_written_piece_by_piece(client, release, monkeypatch):
    show(make_photo(content=drawn(1600, 1600, kind="PNG")), release, position=3, alt="A square")
    response = client.get(address(publish(release)))
    assert response.streaming
    pieces = list(response.streaming_content)
    assert len(pieces) > 5
    assert client.get(address(release)).getvalue() == b"".join(pieces)


def test_pack_of_a_corrected_release_is_of_the_correction(client, release):
    publish(release)
    copy = copy_of(release, headline="Put right")
    copy.submit(by=make_superuser(), at=timezone.now())
    copy.approve(by=make_superuser(), at=timezone.now())
    assert "Put right" in unpacked(client.get(address(release)))["signed/release.txt"].decode()
