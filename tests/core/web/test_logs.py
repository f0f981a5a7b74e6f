"""The log of the site holds no address of a preview and nothing about persons, and one line for what a visitor did wrong."""

import logging
from io import StringIO
from smtplib import SMTPRecipientsRefused

import pytest
from django.db import IntegrityError

from tests.factories import make_release
from tests.previews import make_link

pytestmark = pytest.mark.django_db


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
