"""The log of the site holds no address of a preview and nothing about persons, and one line for what a visitor did wrong."""

import json
import logging
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import IntegrityError

from tests.factories import make_release
from tests.previews import make_link
from twinning.core.web import request_ids
from twinning.core.web.logs import Formatter, JsonFormatter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def outside_of_requests():
    request_ids._current.set("")


@pytest.fixture
def log(monkeypatch):
    """What the site writes to standard error, through the handler that its settings set up."""
    # pytest adds handlers of its own.
    [handler] = [one for one in logging.getLogger("django").handlers if type(one) is logging.StreamHandler]
    written = StringIO()
    monkeypatch.setattr(handler, "stream", written)
    return written


def test_refused_preview_is_logged_without_its_secret(client, log):
    secret = make_link(make_release())[1].split("/")[2]
    for path in (f"/preview/{secret}x/", f"/preview/{secret}/files/nothing/nothing.pdf"):
        assert client.get(path).status_code == 404
    assert log.getvalue().count("WARNING django.request: Not Found: /preview/…/") == 2
    assert secret not in log.getvalue()


def test_error_in_a_preview_is_logged_without_its_secret(client, log, monkeypatch):
    secret = make_link(make_release())[1].split("/")[2]

    def fail(*args, **kwargs):
        raise ZeroDivisionError(f"in /preview/{secret}/")

    monkeypatch.setattr("twinning.core.previews.pages.page_view", fail)
    client.raise_request_exception = False
    assert client.get(f"/preview/{secret}/").status_code == 500
    assert "ZeroDivisionError" in log.getvalue()
    assert secret not in log.getvalue()


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"host": "evil.example"}),
        ("/nothing", {"host": "evil.example"}),
        ("/", {"host": "a b"}),
        ("/wp-login.php", {}),
    ],
    ids=str,
)
def test_what_a_visitor_does_wrong_is_one_line_at_most(client, log, path, headers):
    assert client.get(path, headers=headers).status_code >= 400
    assert log.getvalue().count("\n") == 1
    assert "Traceback" not in log.getvalue()


NAMED = [
    SMTPRecipientsRefused({"jane.doe@example.org": (550, b"5.1.1 <jane.doe> Jane Doe is unknown here")}),
    IntegrityError(
        'duplicate key value violates unique constraint "core_user_username"\nDETAIL:  Key (username)=(Jane Doe).'
    ),
    IntegrityError("DETAIL:  Failing row contains (1, Jane Doe, jane.doe@example.org)."),
    ValueError("invalid literal for int() with base 10: 'Jane Doe'"),
    ValueError("jane.doe@example.org is nobody"),
    OSError("could not open “Jane Doe.pdf”"),
]


@pytest.mark.parametrize("error", NAMED, ids=lambda error: type(error).__name__)
def test_exception_of_a_third_party_names_nobody(client, log, monkeypatch, error):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("twinning.views.next_anniversary", fail)
    client.raise_request_exception = False
    assert client.get("/").status_code == 500
    said = log.getvalue()
    assert type(error).__name__ in said
    assert "views.py" in said
    assert "Jane" not in said
    assert "jane" not in said


def test_name_of_a_constraint_stays_in_the_log(client, log, monkeypatch):
    def fail(*args, **kwargs):
        raise NAMED[1]

    monkeypatch.setattr("twinning.views.next_anniversary", fail)
    client.raise_request_exception = False
    client.get("/")
    assert 'violates unique constraint "core_user_username"' in log.getvalue()


def formatted(formatter: logging.Formatter, **record) -> str:
    return formatter.format(logging.makeLogRecord({"name": "site", "levelname": "ERROR", "created": 0.25, **record}))


def test_times_are_utc_wherever_the_site_is(settings):
    line = formatted(Formatter("{asctime} {levelname} {name}: {message}", style="{"), msg="said")
    assert line == "1970-01-01T00:00:00.250Z ERROR site: said"


def test_event_is_a_line_of_json_without_what_plain_lines_leave_out():
    try:
        raise ValueError("ann@example.org said 'a secret'")
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    line = formatted(
        JsonFormatter(), msg="Opened /preview/%s/ by\n%s", args=("abc-DEF", "ann@example.org"), exc_info=caught
    )
    said = json.loads(line)
    assert "\n" not in line
    assert said["message"] == "Opened /preview/…/ by\n…@…"
    assert (said["at"], said["level"], said["logger"]) == ("1970-01-01T00:00:00.250Z", "ERROR", "site")
    assert said["traceback"].startswith("Traceback")
    assert "secret" not in line.partition("raise ")[0] + said["traceback"].splitlines()[-1]


def test_what_a_visitor_did_wrong_has_no_traceback_in_json():
    try:
        raise ValueError
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    assert "traceback" not in json.loads(formatted(JsonFormatter(), msg="no", status_code=404, exc_info=caught))
