"""Nobody learns which accounts exist: the same answer, the same statements, the same work, for every name."""

import re
import time

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_user
from tests.mails import owed_mails
from twinning.core.history.events import HistoryEvent
from twinning.core.models import User
from twinning.core.web.request_ids import HEADER

pytestmark = pytest.mark.django_db

LOGIN, FORGOTTEN = reverse("account_login"), reverse("account_reset_password")
SLOW = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
# Of the same length: what was typed comes back in the form.
NAMES = ["working", "invited", "dormant", "visitor", "nowhere"]
FEWEST_ROUNDS, MOST_ROUNDS = 8, 100
SAME = 1.25  # times; a hash more would be about twice
VARYING = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|nonce-[^\']+|value="(?:working|invited|dormant|visitor|nowhere)"'
)


@pytest.fixture(autouse=True)
def accounts(settings, monkeypatch):
    """An account that can log in, three that cannot, and a name that has none."""
    settings.PASSWORD_HASHERS = [SLOW]
    settings.ACCOUNT_RATE_LIMITS = False
    monkeypatch.setattr(hashers.PBKDF2PasswordHasher, "iterations", 100_000)
    hashers.get_hashers.cache_clear()
    make_user(username="working", email="working@example.org", password="a-long-one-2127")
    make_user(username="invited", email="invited@example.org")
    make_user(username="dormant", email="dormant@example.org", password="a-long-one-2127", is_active=False)
    User.objects.create_user("visitor", "visitor@example.org", "a-long-one-2127")
    attempt("working")  # what a process does once only
    yield
    hashers.get_hashers.cache_clear()


def attempt(name: str, word: str = "wrong"):
    return Client().post(LOGIN, {"login": name, "password": word})


def seen(response) -> tuple:
    """What a stranger sees, without what is different each time or was typed."""
    headers = {
        name: VARYING.sub("", value) for name, value in response.headers.items() if name not in ("Expires", HEADER)
    }
    return response.status_code, headers, VARYING.sub("", response.content.decode())


def statements(ask) -> list[str]:
    """The statements of a request, without the values in them."""
    with CaptureQueriesContext(connection) as done:
        ask()
    return [re.sub(r"'[^']*'|\b\d+\b|NULL|\bnow\b", "?", query["sql"]) for query in done.captured_queries]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("password", ["wrong", "a-long-one-2127"])
def test_answer_is_the_same_for_every_name(name, password):
    if (name, password) != ("working", "a-long-one-2127"):
        assert seen(attempt(name, password)) == seen(attempt("nowhere"))


@pytest.mark.parametrize("name", NAMES)
def test_statements_are_the_same_for_every_name(name):
    assert statements(lambda: attempt(name)) == statements(lambda: attempt("nowhere"))


def test_password_is_hashed_once_for_every_name(monkeypatch):
    hashed, pbkdf2 = [], hashers.pbkdf2

    def noted(*args, **kwargs):
        hashed.append(args)
        return pbkdf2(*args, **kwargs)

    monkeypatch.setattr(hashers, "pbkdf2", noted)
    for name in NAMES:
        hashed.clear()
        attempt(name)
        assert [iterations for _password, _salt, iterations in hashed] == [hashers.PBKDF2PasswordHasher.iterations], (
            name
        )


@pytest.mark.alone
def test_processor_time_is_the_same_for_every_name():
    cheapest = dict.fromkeys(NAMES, float("inf"))

    def spread() -> float:
        return max(cheapest.values()) / min(cheapest.values())

    # In turn, and the cheapest of each: what else the machine does passes with more rounds, a second hash would not.
    for rounds in range(MOST_ROUNDS):
        if rounds >= FEWEST_ROUNDS and spread() < SAME:
            return
        for name in NAMES:
            began = time.process_time()
            attempt(name)
            cheapest[name] = min(cheapest[name], time.process_time() - began)
    raise AssertionError(f"{spread():.2f} times as dear: {cheapest}")


def test_failure_leaves_the_same_trace_in_the_log_and_nothing_that_was_typed(caplog):
    for name in ("working", "nowhere"):
        attempt(name, "quixombre")
    lines = [record.getMessage() for record in caplog.records if record.name == "twinning.core.signin.record"]
    account = User.objects.get(username="working").pk
    assert lines == [
        f"Sign-in to account {account} failed from 127.0.0.1",
        "Sign-in to no account failed from 127.0.0.1",
    ]
    assert [event.what for event in HistoryEvent.objects.all()[:2]] == ["sign_in_failed"] * 2
    assert "quixombre" not in f"{lines}{list(HistoryEvent.objects.values())}"


# A forgotten password ---------------------------------------------------------------------------------------------------


def ask_for_link(address: str):
    return Client().post(FORGOTTEN, {"email": address})


@pytest.mark.parametrize("name", NAMES)
def test_page_does_the_same_for_every_address(name):
    # The task looks for the account, after the answer.
    address = f"{name}@example.org"
    assert seen(ask_for_link(address)) == seen(ask_for_link("nowhere@example.org"))
    assert statements(lambda: ask_for_link(address)) == statements(lambda: ask_for_link("nowhere@example.org"))
    assert not any("core_user" in statement for statement in statements(lambda: ask_for_link(address)))


def test_mail_goes_to_those_who_can_log_in():
    for name in NAMES:
        ask_for_link(f"{name.title()}@example.org")
    assert [sent.to for sent in owed_mails()] == [["working@example.org"], ["invited@example.org"]]
