"""Previews through a link: the same page that the public will get, for one named person and nobody else."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import City, Document, Memorandum
from tests.factories import (
    SCAN,
    hide,
    make_city,
    make_document,
    make_memorandum,
    make_release,
    make_superuser,
    make_theme,
    make_whole_record,
    publish,
)
from tests.previews import copy_of, embargoed, make_link, openings
from twinning.core.history.events import EventKind, HistoryEvent
from twinning.core.models import PreviewLink

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
KINDS = ["city", "theme", "memorandum", "release", "page"]
WORD = "Zanzimott"


# The page -------------------------------------------------------------------------------------------------------------


def without_what_a_preview_adds(page: str) -> str:
    page = re.sub(r'<aside class="preview".*?</aside>', "", page, flags=re.DOTALL)
    page = re.sub(
        r'<(meta name="(?:robots|twitter:card)"|meta property|link rel="canonical"|link rel="alternate")[^>]*>',
        "",
        page,
    )
    page = re.sub(r'<script type="application/ld.json">.*?</script>', "", page)
    page = re.sub(r"<li><a href=.mailto:[^>]*subject.*?</li>", "", page, flags=re.DOTALL)
    page = re.sub(r'<p class="more">.*?</p>', "", page)
    page = re.sub(r"/preview/[\w-]+/files/", "/files/", page)
    page = re.sub(r'href="[^"]*/answers"', 'href="answers"', page)
    page = re.sub(r'href="[^"]*/(press-pack.zip|text.txt)"', r'href="\1"', page)
    return " ".join(page.split())


@pytest.mark.parametrize("kind", KINDS)
def test_preview_is_the_page_that_the_public_will_get(client, time_machine, kind):
    time_machine.move_to(timezone.now(), tick=False)
    for folder in ("theme", "city", "memorandum"):
        publish(make_whole_record(folder, f"open{folder}"))
    record = make_whole_record(kind, WORD)
    _link, address = make_link(record)
    before = client.get(address).content.decode()
    assert WORD in before
    publish(record, at=timezone.now())
    after = client.get(record.get_absolute_url()).content.decode()
    assert without_what_a_preview_adds(before) == without_what_a_preview_adds(after)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("state", ["draft", "in-review", "scheduled"])
def test_record_is_shown_in_each_hidden_state_with_its_present_content(client, kind, state):
    record = hide(make_whole_record(kind, WORD), state, now=timezone.now())
    _link, address = make_link(record)
    name = {"city": "name", "theme": "name", "release": "headline", "memorandum": "title", "page": "title"}[kind]
    type(record).objects.filter(pk=record.pk).update(**{name: "Put right a minute ago"})
    response = client.get(address)
    assert response.status_code == 200
    assert "Put right a minute ago" in response.content.decode()


def test_answer_is_neither_cached_nor_indexed(client):
    city = make_city()
    publish(make_release(cities=[city]))
    _link, address = make_link(city)
    for response in (client.get(address), client.head(address), client.post(address)):
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert "ETag" not in response.headers
        assert not response.cookies
    page = client.get(address).content.decode()
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in page
    assert 'rel="canonical"' not in page
    assert "/cities/dortmund/atom.xml" not in page
    assert "?city=dortmund" not in page
    assert address not in page.replace(f'href="{address}answers"', "")  # the page below it is under the same link
    assert "Report a problem" not in page


def test_banner_names_the_moment_and_the_holder(client):
    _link, address = make_link(embargoed(make_release()))
    page = " ".join(client.get(address).content.decode().split())
    assert (
        "<strong>Embargoed until Thursday 6 March 2127, 00:01 GMT.</strong> For Ann Example, Evening Post only." in page
    )


def test_banner_of_a_draft_says_that_it_is_not_for_publication(client):
    _link, address = make_link(make_release())
    assert "Draft: not for publication." in client.get(address).content.decode()


def test_other_pages_have_no_banner(client):
    publish(make_theme())
    assert 'class="preview"' not in client.get("/themes/climate/").content.decode()


def test_preview_does_not_name_other_hidden_records(client):
    release = embargoed(make_release())
    _link, address = make_link(release)
    alone = client.get(address).content
    release.cities.add(embargoed(make_whole_record("city", WORD)))
    release.related.add(make_release(f"{WORD} too"))
    assert client.get(address).content == alone


def test_head_request_writes_nothing_to_the_database(client):
    _link, address = make_link(make_release())
    client.head(address)
    with CaptureQueriesContext(connection) as queries:
        client.head(address)
    assert not re.search(r"INSERT|UPDATE|DELETE|SAVEPOINT|BEGIN", "".join(query["sql"] for query in queries))


# Openings -------------------------------------------------------------------------------------------------------------


def test_each_opening_is_an_event_with_its_moment(client, time_machine):
    link, address = make_link(make_release())
    first = timezone.now()
    for hours in (1, 2):
        time_machine.move_to(first + timedelta(hours=hours), tick=False)
        client.get(address)
    assert [(event.at, event.details["link"]) for event in openings(link)] == [
        (first + timedelta(hours=hours), "Ann Example, Evening Post") for hours in (2, 1)
    ]


def test_head_request_is_no_opening(client):
    link, address = make_link(make_release())
    assert client.head(address).status_code == 200
    assert openings(link) == []


def test_openings_of_a_link_to_a_copy_outlive_the_copy(client):
    theme = publish(make_theme())
    copy = copy_of(theme)
    link, address = make_link(theme, copy=copy)
    client.get(address)
    copy.discard(by=make_superuser(), at=timezone.now())
    assert len(openings(link)) == 1


# Dead links -----------------------------------------------------------------------------------------------------------


def expired():
    return make_link(make_theme(), at=timezone.now() - 4 * DAY)[1]


def revoked():
    link, address = make_link(make_theme())
    link.revoke(by=make_superuser(), at=timezone.now())
    return address


def taken_down():
    theme = make_theme()
    _link, address = make_link(theme)
    hide(theme, "taken-down", now=timezone.now())
    return address


def taken_down_and_not_revoked():
    address = taken_down()
    PreviewLink.objects.update(revoked_at=None, revoked_by=None)
    assert PreviewLink.objects.alive(at=timezone.now()).exists()
    return address


def deleted():
    theme = make_theme()
    _link, address = make_link(theme)
    theme.delete()
    return address


def of_a_discarded_copy():
    copy = copy_of(publish(make_theme()))
    _link, address = make_link(copy.record, copy=copy)
    copy.discard(by=make_superuser(), at=timezone.now())
    return address


def never_was():
    return f"/preview/{'A' * 43}/"


DEAD = [expired, revoked, taken_down, taken_down_and_not_revoked, deleted, of_a_discarded_copy, never_was]
METHODS = {
    "get": {},
    "head": {},
    "options": {},
    "post": {},
    "put": {},
    "delete": {},
    "range": {"headers": {"range": "bytes=0-10"}},
    "if-none-match": {"headers": {"if-none-match": "*"}},
}


def answer(client, how: str, address: str) -> tuple:
    response = getattr(client, how if hasattr(client, how) else "get")(address, **METHODS[how])
    # An unknown address is in the letter that the page offers to write.
    body = response.content.decode().replace(address.replace("/", "%2F"), "")
    headers = {name: value for name, value in response.headers.items() if name != "ETag"}
    return response.status_code, headers, body


@pytest.mark.parametrize("how", METHODS)
@pytest.mark.parametrize("dead", DEAD)
def test_dead_link_answers_as_an_unknown_address(client, dead, how):
    client.handler.enforce_csrf_checks = True
    address = dead()
    unknown = address.replace("/preview/", "/nothing/")
    assert len(unknown) == len(address)
    status, headers, body = answer(client, how, address)
    assert status == 404
    assert (status, headers, body) == answer(client, how, unknown)
    assert not HistoryEvent.objects.filter(what=EventKind.LINK_OPENED).exists()


@pytest.mark.parametrize("dead", DEAD)
def test_file_of_a_dead_link_answers_as_an_unknown_address(client, dead):
    address = f"{dead()}files/{'B' * 32}/scan.pdf"
    for how in METHODS:
        assert answer(client, how, address) == answer(client, how, address.replace("/preview/", "/nothing/"))


def test_link_that_was_not_revoked_sends_no_file_of_a_record_taken_down(client, document):
    _link, address = make_link(document.memorandum)
    hide(document.memorandum, "taken-down", now=timezone.now())
    PreviewLink.objects.update(revoked_at=None, revoked_by=None)
    assert client.get(file_address(address, document)).status_code == 404


def test_malformed_token_is_not_found(client):
    for garbage in ("x", "%00", "%ff", "a" * 5000, "<script>", "..", "🎈"):
        assert client.get(f"/preview/{garbage}/").status_code == 404


@pytest.mark.parametrize("how", ["post", "put", "patch", "delete", "options"])
def test_link_allows_get_and_head_only(client, how):
    client.handler.enforce_csrf_checks = True
    _link, address = make_link(make_theme())
    response = getattr(client, how)(address)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


# Published meanwhile --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["published", "withdrawn"])
def test_link_to_a_public_record_redirects_to_its_page(client, state):
    theme = make_theme()
    _link, address = make_link(theme)
    publish(theme) if state == "published" else hide(theme, state, now=timezone.now())
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, "/themes/climate/")
    assert response["Cache-Control"] == "private, no-store"


def test_link_redirects_from_the_moment_of_publication_on(client, time_machine):
    moment = timezone.now() + DAY
    release = embargoed(make_release(slug="signed"), until=moment)
    _link, address = make_link(release)
    time_machine.move_to(moment - timedelta(milliseconds=1), tick=False)
    assert client.get(address).status_code == 200
    time_machine.move_to(moment, tick=False)
    assert client.get(address)["Location"] == "/news/signed/"


# Files ----------------------------------------------------------------------------------------------------------------


def file_address(address: str, document: Document) -> str:
    return f"{address}files/{document.token}/{document.name}"


def test_file_is_linked_and_sent_for_the_link_only(client, document):
    link, address = make_link(document.memorandum)
    own = file_address(address, document)
    page = client.get(address).content.decode()
    assert f'href="{own}"' in page
    assert document.get_absolute_url() not in page.replace(own, "")
    response = client.get(own)
    assert b"".join(response.streaming_content) == SCAN
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert "sandbox" in response["Content-Security-Policy"]
    assert [event.details.get("file") for event in openings(link)] == [document.name, None]
    assert client.get(document.get_absolute_url()).status_code == 404


def test_link_sends_no_file_of_another_record(client, document):
    other = make_memorandum(make_city("Brno"))
    _link, address = make_link(other)
    own = make_document(other)
    assert client.get(file_address(address, document)).status_code == 404
    assert client.get(file_address(address, own).replace("scan.pdf", "other.pdf")).status_code == 404
    assert client.get(file_address(address, own)).close() is None


def test_file_of_a_record_that_became_public_redirects(client, document):
    _link, address = make_link(document.memorandum)
    publish(document.memorandum, at=timezone.now())
    response = client.get(file_address(address, document))
    assert (response.status_code, response["Location"]) == (302, document.get_absolute_url())
    stranger = make_document(make_memorandum(make_city("Brno")))
    assert client.get(file_address(address, stranger)).status_code == 404


# Working copies -------------------------------------------------------------------------------------------------------


def test_link_to_a_working_copy_shows_its_content_and_changes_nothing(client):
    theme = publish(make_theme())
    copy = copy_of(theme, summary="What it will be.")
    link, address = make_link(theme, copy=copy)
    page = client.get(address).content.decode()
    assert "What it will be." in page
    assert "Working copy: not for publication." in page
    assert "What cities do together." in client.get("/themes/climate/").content.decode()
    assert len(openings(link)) == 1


def test_banner_of_a_scheduled_copy_names_the_moment(client):
    copy = embargoed(copy_of(publish(make_theme())))
    _link, address = make_link(copy.record, copy=copy)
    assert "Working copy: embargoed until Thursday 6 March 2127, 00:01 GMT." in client.get(address).content.decode()


def test_link_to_a_published_copy_redirects_to_the_page(client):
    copy = copy_of(publish(make_theme()), slug="climate-action")
    _link, address = make_link(copy.record, copy=copy)
    publish(copy, at=timezone.now())
    assert client.get(address)["Location"] == "/themes/climate-action/"


def test_file_added_in_a_copy_is_sent_and_a_removed_one_is_not(client):
    memorandum = publish(make_memorandum(make_city()))
    old = make_document(memorandum)
    copy = copy_of(memorandum)
    row = copy.snapshot["parts"]["documents"][0]
    added = {"pk": 0, "fields": row["fields"] | {"token": "T" * 32, "name": "new.pdf"}}
    parts = copy.snapshot["parts"] | {"documents": [added]}
    copy.snapshot |= {"parts": parts | {"documents": [added | {"pk": -5}]}}
    copy.save()
    _link, address = make_link(memorandum, copy=copy)
    response = client.get(f"{address}files/{'T' * 32}/new.pdf")
    assert b"".join(response.streaming_content) == SCAN
    assert client.get(file_address(address, old)).status_code == 404
    assert list(Document.objects.all()) == [old]


def test_copy_that_refers_to_a_missing_record_is_not_found(client):
    city = publish(make_city())
    memorandum = publish(make_memorandum(city))
    copy = copy_of(memorandum)
    copy.snapshot["relations"]["cities"] = [city.pk + 1000]
    copy.save()
    _link, address = make_link(memorandum, copy=copy)
    assert client.get(address).status_code == 404
    assert list(Memorandum.objects.get().cities.all()) == [City.objects.get()]
