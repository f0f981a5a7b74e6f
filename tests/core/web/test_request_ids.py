"""The number of a request stands in the log, in the answer and on the page of an error."""

import json
import logging

import pytest

from twinning.core.web import request_ids
from twinning.core.web.logs import Formatter, JsonFormatter

pytestmark = pytest.mark.django_db
GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def fresh():
    token = request_ids._current.set("")
    yield
    request_ids._current.reset(token)


def line(formatter) -> str:
    return formatter.format(logging.makeLogRecord({"name": "site", "levelname": "ERROR", "created": 0, "msg": "said"}))


@pytest.mark.parametrize("sent", [GIVEN, "01234567-89ab-cdef-0123-456789abcdef"])
def test_number_of_the_proxy_is_taken_and_returned(client, sent):
    assert client.get("/admin/login/", headers={"x-request-id": sent})["X-Request-ID"] == sent
    assert request_ids.current() == sent


@pytest.mark.parametrize("sent", ["", "ann@example.org", GIVEN + "0", GIVEN[:-1] + "\n", f"{GIVEN} said"])
def test_anything_else_gets_a_number_of_our_own(client, sent):
    number = client.get("/admin/login/", headers={"x-request-id": sent})["X-Request-ID"]
    assert number != sent
    assert request_ids.WELL_FORMED.fullmatch(number)


def test_answer_that_is_kept_for_others_has_none(client):
    answer = client.get("/", headers={"x-request-id": GIVEN})
    assert answer["Cache-Control"].startswith("public")
    assert "X-Request-ID" not in answer


def test_log_names_the_request_and_a_command_has_none(client):
    plain, as_json = Formatter("{name}: {message}", style="{"), JsonFormatter()
    assert line(plain) == "site: said"
    assert "request" not in json.loads(line(as_json))
    client.get("/admin/login/", headers={"x-request-id": GIVEN})
    assert line(plain) == f"site: said (request {GIVEN})"
    assert json.loads(line(as_json))["request"] == GIVEN


def test_page_of_an_error_shows_the_number_to_be_quoted(client, monkeypatch):
    monkeypatch.setattr("twinning.views.next_anniversary", lambda *args, **kwargs: 1 / 0)
    client.raise_request_exception = False
    answer = client.get("/", headers={"x-request-id": GIVEN})
    assert answer.status_code == 500
    assert GIVEN in answer.content.decode()
