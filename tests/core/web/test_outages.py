"""While the database does not work, readers and staff hear so at once, the log in a line, and nothing that was typed is lost."""

import logging
import re
from contextlib import contextmanager
from html import unescape
from io import StringIO
from time import monotonic

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.test import Client

from news.models import PressContact
from tests.factories import make_city, make_superuser, publish
from tests.proxy import Proxy
from twinning.core.web import outages
from twinning.core.web.outages import OncePerMinute, server_error
from twinning.core.web.postgresql import base as engine

pytestmark = pytest.mark.django_db

ADD = "/admin/news/presscontact/add/"
WRITTEN = {"name": "Office \"of\" <b>press</b> & 'more'", "phone": "0113 496 0000", "hours": "first\nsecond"}


@pytest.fixture
def staff():
    """A member of staff whose browser keeps cookies, sends tokens and gets error pages as they are."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(make_superuser())
    return client


@contextmanager
def failing(monkeypatch, model, error=None):
    """The database fails whenever a record of a model is saved."""

    def fail(*args, **kwargs):
        raise error or OperationalError("connection refused")

    with monkeypatch.context() as patched:
        patched.setattr(model, "save", fail)
        yield


def raising(error):
    """What the database does with each question."""

    def fail(*args):
        raise error

    return fail


def token(client) -> str:
    return re.search(r'csrfmiddlewaretoken" value="(\w+)', client.get(ADD).content.decode())[1]


def hidden_fields(page: str) -> dict:
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return {unescape(name): unescape(value) for name, value in found}


@pytest.mark.parametrize("error", [OperationalError("server closed the connection"), InterfaceError("closed")])
def test_public_page_says_when_to_come_back(error):
    with connection.execute_wrapper(raising(error)):
        response = Client(raise_request_exception=False).get("/cities/")
    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    page = response.content.decode()
    assert "<h1>Please try again in a minute</h1>" in page
    assert "Nothing was saved" not in page
    assert "core/site.css" in page


def test_other_errors_stay_errors():
    with connection.execute_wrapper(raising(ValueError("no outage"))):
        response = Client(raise_request_exception=False).get("/cities/")
    assert response.status_code == 500
    assert "Retry-After" not in response


def test_form_comes_back_with_all_that_was_typed_and_can_be_sent_again(staff, monkeypatch):
    sent = WRITTEN | {"csrfmiddlewaretoken": token(staff), "_save": "Save", "email": "press@example.org"}
    with failing(monkeypatch, PressContact):
        response = staff.post(ADD, sent)
    page = response.content.decode()
    assert response.status_code == 503
    assert "Nothing was saved" in page
    assert f'<form method="post" action="{ADD}">' in page
    assert "<b>press</b>" not in page
    assert hidden_fields(page) == sent
    again = staff.post(ADD, hidden_fields(page))
    assert again.status_code == 302
    assert PressContact.objects.get().name == WRITTEN["name"]


def test_files_are_asked_for_again(staff, monkeypatch):
    sent = WRITTEN | {"csrfmiddlewaretoken": token(staff), "scan": SimpleUploadedFile("oath & seal.pdf", b"%PDF-")}
    with failing(monkeypatch, PressContact):
        page = staff.post(ADD, sent | {"email": "press@example.org"}).content.decode()
    assert "choose them again after that: oath &amp; seal.pdf" in page
    assert "%PDF" not in page


@pytest.mark.parametrize("name", ["password", "new_password1", "Password", "code", "otp_token", "passphrase"])
def test_secrets_are_not_sent_back(name, rf):
    request = rf.post("/admin/login/", {"username": "jsmith", name: "tulip"})
    request.csrf_processing_done = True
    page = answer_to(request)
    assert "Nothing was saved" in page
    assert "tulip" not in page
    assert "<form" not in page


def test_words_that_another_site_has_sent_are_not_shown(rf):
    """Nobody has looked whether its token is right."""
    page = answer_to(rf.post(ADD, WRITTEN))
    assert "Nothing was saved" in page
    assert "0113" not in page


@pytest.mark.nu
def test_page_is_valid_html(rf, nu):
    request = rf.post(ADD, WRITTEN | {"scan": SimpleUploadedFile("oath.pdf", b"%PDF-")})
    request.csrf_processing_done = True
    assert nu(answer_to(request)) == []


def answer_to(request) -> str:
    try:
        raise OperationalError
    except OperationalError:
        return server_error(request).content.decode()


# The log --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def lines():
    """Logs errors as the settings say; returns the lines."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.addFilter(OncePerMinute())
    logger = logging.getLogger("tests.outages")
    logger.addHandler(handler)
    logger.propagate = False
    yield lambda *errors: ([logger.error("%s", "broken", exc_info=error) for error in errors], written.getvalue())[1]
    logger.removeHandler(handler)


def caused_by(**codes) -> OperationalError:
    error = OperationalError("the reason")
    error.__cause__ = type("Cause", (Exception,), codes)()
    return error


def test_outage_is_one_line_a_minute_however_many_pages_it_breaks(lines, time_machine):
    outage = [caused_by(sqlstate=None), caused_by(sqlstate="57P03"), InterfaceError("closed"), OperationalError("gone")]
    said = lines(*outage * 50)
    assert said == "The database could not be used, OperationalError: the reason\n"


def test_minute_later_there_is_another_line(lines, monkeypatch):
    lines(OperationalError("gone"))
    later = monotonic() + 61
    monkeypatch.setattr(outages, "monotonic", lambda: later)
    assert lines(OperationalError("gone")).count("\n") == 2


def test_another_reason_and_other_errors_are_not_hidden_by_it(lines):
    said = lines(OperationalError("gone"), caused_by(sqlstate="55P03"), caused_by(sqlite_errorname="SQLITE_FULL"))
    assert said.count("\n") == 3
    assert lines(ValueError("no outage"), ValueError("no outage")).count("ValueError: no outage") == 2


# What asks nobody -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/healthz/live", "/robots.txt", "/.well-known/security.txt", "/static/nothing.css", "/nothing"]
)
def test_what_needs_no_database_asks_it_nothing(client, django_assert_num_queries, path):
    with django_assert_num_queries(0):
        client.get(path)


def test_staff_may_ask_longer_questions(client):
    client.get("/")
    assert connection.patience == 10
    client.get("/admin/login/")
    assert connection.patience == 30


# A database that goes away ---------------------------------------------------------------------------------------------


@pytest.fixture
def proxy(transactional_db, monkeypatch):
    """A proxy in front of PostgreSQL that can be frozen, stopped and started; the site knows no other way to it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file of this machine.")
    monkeypatch.setattr(engine, "HEALTH_CHECK", 0.3)
    monkeypatch.setattr(engine, "PAUSE", 0.2)
    monkeypatch.setattr(engine, "OUTAGE", engine.Outage())
    usual = connection.settings_dict
    with Proxy(usual["HOST"] or "127.0.0.1", int(usual["PORT"] or 5432)) as proxy:
        connection.close()
        connection.settings_dict = usual | {
            "HOST": "127.0.0.1", "PORT": proxy.port, "OPTIONS": usual["OPTIONS"] | {"connect_timeout": 2},
            "CONN_MAX_AGE": 60,
        }  # fmt: skip
        yield proxy
        connection.close()
        connection.settings_dict = usual
        connection.patience = None


class Kept(Client):
    """A browser whose requests find the database connection of the last one, as those to a server do."""

    def request(self, **request):
        close_old_connections()
        return super().request(**request)


def stop(proxy):
    proxy.stop()


def freeze(proxy):
    proxy.freeze()


@pytest.mark.parametrize("break_it", [stop, freeze])
def test_database_that_goes_away_and_comes_back_costs_seconds_and_no_saved_word(proxy, settings, break_it):
    staff = Kept(enforce_csrf_checks=True, raise_request_exception=False)
    staff.force_login(make_superuser())
    settings.PATIENCE_PUBLIC = settings.PATIENCE_STAFF = 1
    city = publish(make_city())
    saved = WRITTEN | {"csrfmiddlewaretoken": token(staff), "_save": "Save", "email": "press@example.org"}
    assert staff.post(ADD, saved | {"name": "Before"}).status_code == 302
    break_it(proxy)
    started = monotonic()
    lost = staff.post(ADD, saved | {"name": "During"})
    assert (lost.status_code, hidden_fields(lost.content.decode())["name"]) == (503, "During")
    assert staff.get(city.get_absolute_url()).status_code == 503
    assert staff.get("/healthz/live").status_code == 200
    assert monotonic() - started < 8
    proxy.start()
    back = monotonic()
    while staff.get(city.get_absolute_url()).status_code != 200:
        assert monotonic() - back < 2
    assert staff.post(ADD, hidden_fields(lost.content.decode())).status_code == 302
    assert set(PressContact.objects.values_list("name", flat=True)) == {"Before", "During"}


@pytest.mark.parametrize("break_it", [stop, freeze])
def test_connection_that_breaks_while_a_form_is_saved_claims_nothing(proxy, settings, monkeypatch, break_it):
    staff = Kept(enforce_csrf_checks=True, raise_request_exception=False)
    staff.force_login(make_superuser())
    settings.PATIENCE_STAFF = 1
    save, sent = PressContact.save, WRITTEN | {"csrfmiddlewaretoken": token(staff), "email": "press@example.org"}
    commit = connection._commit

    def save_and_break(self, *args, **kwargs):
        save(self, *args, **kwargs)
        patched.setattr(connection, "_commit", break_and_commit)

    def break_and_commit():
        break_it(proxy)
        commit()

    with monkeypatch.context() as patched:
        patched.setattr(PressContact, "save", save_and_break)
        page = staff.post(ADD, sent).content.decode()
    assert "It may be saved and it may not: look before you send it again." in " ".join(page.split())
    assert "Nothing was saved" not in page
    assert hidden_fields(page)["name"] == WRITTEN["name"]
    assert "Nothing was saved" in staff.post(ADD, sent).content.decode()  # the next one does not even begin


def test_threads_do_not_all_wait_for_a_database_that_is_frozen(proxy):
    connection.patience = 1
    proxy.freeze()
    for _attempt in range(2):
        with pytest.raises(OperationalError):
            connection.ensure_connection()
    started = monotonic()
    for _attempt in range(100):
        with pytest.raises(OperationalError, match="a moment ago"):
            connection.ensure_connection()
        connection.close()
    assert monotonic() - started < 0.2


def test_question_that_takes_too_long_is_stopped_in_the_database_too(proxy):
    connection.patience = 0.5
    with pytest.raises(OperationalError, match=r"within 0\.5 seconds"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(20) -- too long")
    connection.close()
    asked = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE %s AND state = 'active' AND pid != pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(asked, ["SELECT pg_sleep(20) -- too long%"])
        assert cursor.fetchone() == (0,)


def test_open_connection_is_tried_before_each_request_and_not_for_long(proxy):
    connection.patience = 10
    connection.ensure_connection()
    assert connection.is_usable()
    proxy.freeze()
    started = monotonic()
    assert not connection.is_usable()
    assert monotonic() - started < 2
    assert connection.patience == 10


def test_command_waits_as_long_as_it_takes(proxy):
    connection.patience = None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.5)")
