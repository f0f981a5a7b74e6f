"""A council can leave: the public part is what strangers can read and works on any web server, the internal part has all else."""

import json
import re
from functools import partial
from hashlib import sha256
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from threading import Thread
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone

from partners.models import Document
from tests.factories import SCAN, make_city, make_document, make_memorandum, publish
from tests.leaks import OFFICE, READER, WORD, hide_one_of_each, two_worlds
from twinning.core.history.events import HistoryEvent
from twinning.core.history.snapshots import part_relations
from twinning.core.models import Photo, PreviewLink, User
from twinning.core.web import closing
from twinning.operations import folders, records, static_copy
from twinning.operations.internal_part import InternalPart

pytestmark = pytest.mark.django_db

LEFT_OUT = {
    "admin.LogEntry": "the history takes its place", "auth.Permission": "of this program",
    "auth.Group": "stands in the file of each colleague", "contenttypes.ContentType": "of this program",
    "sessions.Session": "a secret", "account.EmailAddress": "stands in the file of each colleague",
    "account.EmailConfirmation": "a secret", "mfa.Authenticator": "a secret", "usersessions.UserSession": "a secret",
    "core.OpenForm": "over when the form is closed", "core.UnsavedForm": "over when the form is saved",
    "core.HistoryEvent": "told with its record, and in the log", "core.SearchEntry": "made of the records",
    "core.OwedTask": "work of this program", "core.ImportUpload": "not written yet",
    "core.ImportBatch": "what was written stands in the records", "core.Rendition": "made of the photos",
    "core.CacheEntry": "a count", "news.AlertRequest": "confirmed by nobody", "news.AlertMail": "was sent, and names a reader",
    "news.CalendarLink": "a secret", "news.Told": "was sent",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def same_connection():
    """The site is asked inside the transaction of a test, whose connection must not be closed, as Django's own client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def left(same_connection, django_db_setup, django_db_blocker, tmp_path_factory):
    """What a site with public, withdrawn and scheduled records takes along; ``said`` is what the command printed."""
    folder, output = tmp_path_factory.mktemp("leaving") / "all", StringIO()
    with django_db_blocker.unblock(), two_worlds() as worlds:
        hide_one_of_each("scheduled", worlds)
        city = worlds[0]["city"]
        city.slug = "open-now"
        city.save()
        city.slug = "open"
        city.save()
        call_command("leave", folder, stdout=output, stderr=output)
        yield folder, output.getvalue()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def holding(folder: Path, words: str) -> list[str]:
    return [str(path) for path in files(folder) if words.lower() in path.read_bytes().decode(errors="replace").lower()]


def test_public_part_has_nothing_that_is_hidden_and_the_internal_part_has_it(left):
    folder, _said = left
    assert holding(folder / "public", WORD) == holding(folder / "public", OFFICE) == []
    assert [path for path in files(folder / "public") if WORD.lower() in str(path).lower()] == []
    for word in (WORD, OFFICE):
        assert len(holding(folder / "internal", word)) > 20


def test_no_secret_and_no_reader_is_in_any_file(left):
    folder, _said = left
    secrets = [user.password for user in User.objects.exclude(password="")]
    secrets += [READER, "reader@example.org", *PreviewLink.objects.values_list("digest", flat=True)]
    assert len(secrets) > 6
    whole = b"".join(path.read_bytes() for path in files(folder)).decode(errors="replace")
    assert [secret for secret in secrets if secret in whole] == []
    assert "are not in it" in (folder / "README.txt").read_text()


def test_readers_come_along_if_somebody_asks(left, tmp_path):
    with folders.writing(tmp_path / "all") as folder:
        InternalPart(folder, "", at=timezone.now(), say=str).write(with_readers=True)
    found = [path for path in (tmp_path / "all/subscribers").rglob("record.json") if "reader@" in path.read_text()]
    assert len(found) == 1
    assert READER not in found[0].read_text()


def test_checksums_are_of_every_file(left):
    folder, _said = left
    lines = [line.split("  ", 1) for line in (folder / folders.CHECKSUMS).read_text().splitlines()]
    assert {path for _sum, path in lines} == {
        str(path.relative_to(folder)) for path in files(folder) if path.name != folders.CHECKSUMS
    }
    assert all(sha256((folder / path).read_bytes()).hexdigest() == told for told, path in lines)
    assert folder.stat().st_mode & 0o077 == 0


class Links(HTMLParser):
    """Reads the addresses to which a page leads."""

    def __init__(self, html: str):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.found += [given[name] for name in ("href", "src") if given.get(name)]
        self.found += [part.split()[0] for part in (given.get("srcset") or "").split(",") if part.strip()]
        assert tag != "form"


@pytest.fixture
def served(left):
    """A web server that knows nothing of the site, and serves its copy."""
    handler = partial(Quiet, directory=str(left[0] / "public"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        connection = HTTPConnection(*server.server_address)
        yield connection
        connection.close()
        server.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass


def answer(connection: HTTPConnection, address: str) -> tuple[int, str, bytes]:
    connection.request("GET", address)
    response = connection.getresponse()
    return response.status, response.headers.get("Content-Type", ""), response.read()


def test_copy_works_on_any_web_server_and_no_link_in_it_is_broken(served):
    waiting, seen, broken = ["/"], set(), []
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        status, kind, body = answer(served, address)
        if status != 200:
            broken.append((address, status))
        if kind.startswith("text/html"):
            found = [urlsplit(urljoin(address, link)) for link in Links(body.decode()).found]
            waiting += [link.path for link in found if not link.scheme and not link.netloc]
            assert [link for link in found if link.query and not link.scheme] == []
    assert broken == []
    assert len(seen) > 60
    assert {"/cities/open/", "/cities/open/answers/", "/news/city=open/", "/data/releases.jsonl"} <= seen
    assert {each.split("/")[1] for each in seen} >= {"files", "static", "about-this-copy"}


def test_copy_has_what_no_link_leads_to(left, served):
    for address in ("/sitemap.xml", "/sitemap-news.xml", "/robots.txt", "/news/rss.xml", "/data/datapackage.json"):
        assert answer(served, address)[0] == 200
    assert "url=/cities/open/" in answer(served, "/cities/open-now/")[2].decode()
    public = left[0] / "public"
    assert "There is no page at this address" in (public / "404.html").read_text()
    assert "Search: not available in this copy" in (public / "404.html").read_text()
    pictures = re.findall(
        r'property="og:image" content="http://localhost:8000/([^"]+)"', (public / "cities/open/index.html").read_text()
    )
    assert all((public / picture).is_file() for picture in pictures)
    assert pictures


def test_record_has_its_fields_parts_files_and_history_in_plain_names(left):
    folder, said = left
    agreement = json.loads((folder / "internal/agreements/open/record.json").read_text())
    assert agreement["state"] == "Published"
    assert agreement["is_public"] is True
    assert agreement["fields"]["internal_notes"]["value"] == f"{OFFICE} notes"
    assert {"name": "open city", "record": "cities/open/"} in agreement["fields"]["cities"]["value"]
    [document] = agreement["parts"]["document"]
    with default_storage.open(Document.objects.get(memorandum__slug="open").file.name) as file:
        assert (folder / "internal/agreements/open" / document["file"]).read_bytes() == file.read()
    release = json.loads((folder / "internal/press-releases/wrong/record.json").read_text())
    assert release["history"][0]["what"] == "Withdrawn"
    assert release["history"][0]["by"] == OFFICE
    [photo] = release["parts"]["releasephoto"]
    assert photo["fields"]["alt"]["value"]
    assert (folder / "internal/press-releases/wrong" / photo["file"]).is_file()
    assert (
        f'alt="{photo["fields"]["alt"]["value"]}"' in (folder / "internal/press-releases/wrong/index.html").read_text()
    )
    assert "cities: " in said


def test_history_says_what_changed():
    city = make_city(summary="Before.")
    for summary in ("Before.", "After."):
        city.summary = summary
        city.save()
        HistoryEvent.objects.create(**event_of(city))
    [newest, oldest] = records.history(city)
    assert newest["changes"] == [{"field": "Summary", "before": "Before.", "after": "After."}]
    assert {"field": "Name in English", "before": "", "after": "Dortmund"} in oldest["changes"]


def event_of(city) -> dict:
    kind = records.ContentType.objects.get_for_model(city)
    about = {"content_type": kind, "object_id": city.pk, "name": str(city), "what": "change", "at": timezone.now()}
    return about | {"snapshot": records.take(city)}


def test_log_tells_what_a_deleted_record_had():
    city = make_city("Colombo", internal_notes="Letter of 2010.")
    HistoryEvent.objects.create(**event_of(city) | {"what": "delete"})
    city.delete()
    *_older, line = records.log()
    assert (line["record"], line["kind"], line["what"]) == ("Colombo", "city", "Deleted")
    assert line["content"]["Internal notes"] == "Letter of 2010."


def test_every_kind_of_record_is_taken_along_or_left_out_for_a_reason():
    kinds = {*records.FOLDERS, *records.READERS, *records.BESIDE}
    kinds |= {relation.related_model for model in records.FOLDERS for relation in part_relations(model)}
    assert {model._meta.label for model in apps.get_models()} - {
        model._meta.label for model in kinds
    } == LEFT_OUT.keys()


def test_files_are_whole_where_nginx_would_send_them(settings, tmp_path):
    settings.ACCEL_REDIRECT = "/internal/"
    agreement = make_memorandum(publish(make_city("Brno")))
    document = make_document(agreement)
    publish(agreement)
    with folders.writing(tmp_path / "all") as folder:
        copy = static_copy.StaticCopy(folder, "", at=timezone.now(), say=str)
        copy._take(document.get_absolute_url(), is_linked=True)
        copy._queue.close()
    assert (tmp_path / f"all{document.get_absolute_url()}").read_bytes() == SCAN


def test_folder_that_is_not_empty_stays_as_it_is(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="is not empty"):
        call_command("leave", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_failure_leaves_nothing(tmp_path):
    def write():
        with folders.writing(tmp_path / "all") as folder:
            folder.add_text("a.txt", "a")
            raise CommandError("No.")

    with pytest.raises(CommandError):
        write()
    assert list(tmp_path.iterdir()) == []


def test_page_that_fails_is_no_whole_copy(tmp_path, settings):
    settings.VAR_DIR = tmp_path
    closing.close(closing.RESTORED)
    with pytest.raises(CommandError, match="The site is closed"):
        call_command("leave", tmp_path / "all")
    with folders.writing(tmp_path / "all") as folder, pytest.raises(CommandError, match="answered 503"):
        static_copy.StaticCopy(folder, "", at=timezone.now(), say=str).write()


def test_file_that_the_storage_lost_is_named(tmp_path):
    city = make_city()
    record = Photo(title="Lost", name="lost.jpg", file="lo/st")
    record.pk = 1
    with folders.writing(tmp_path / "all") as folder:
        inside = InternalPart(folder, "", at=timezone.now(), say=str)
        inside._copy_files(record, f"photos/{city.slug}/")
    assert inside.missing == [f"photos/{city.slug}/lost.jpg"]
