"""Limits on attempts: by name and by address, for all processes, and before a password is hashed."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from subprocess import DEVNULL, Popen
from threading import Event

import pytest
from django.contrib.auth import hashers
from django.core.cache import caches
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_user
from tests.machine import REDIS
from twinning.core.models import CacheEntry, HistoryEvent
from twinning.core.signin import limits

pytestmark = pytest.mark.django_db

LOGIN = reverse("account_login")
PASSWORD = "a-long-one-2127"
_address = count(1)


@pytest.fixture(autouse=True)
def nobody_was_refused():
    yield
    caches["refusals"].clear()


@pytest.fixture
def hashed(monkeypatch):
    """The passwords that were hashed."""
    found, encode = [], hashers.MD5PasswordHasher.encode

    def noted(self, password, salt):
        found.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", noted)
    return found


def attempt(name: str, word: str = "wrong", address: str = ""):
    """An attempt from an address of its own, unless one is named."""
    address = address or f"192.0.2.{next(_address) % 250}"
    return Client(REMOTE_ADDR=address).post(LOGIN, {"login": name, "password": word})


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_name_has_five_attempts_from_wherever_they_come(name, hashed):
    make_user(username="ann", password=PASSWORD)
    hashed.clear()
    answers = [attempt(name) for _ in range(5)]
    assert len(hashed) == 5
    refused = attempt(name, PASSWORD)
    assert len(hashed) == 5  # refused before the password was looked at
    assert [a.context["form"].non_field_errors().as_data()[0].code for a in (*answers, refused)] == [
        *["username_password_mismatch"] * 5, "too_many_login_attempts",
    ]  # fmt: skip


def test_address_has_ten_failures_whatever_the_names(hashed):
    for number in range(12):
        attempt(f"name-{number}", address="192.0.2.1")
    assert len(hashed) == 10
    attempt("another", address="192.0.2.2")
    assert len(hashed) == 11


def test_address_that_goes_on_is_refused_and_costs_nothing():
    for number in range(30):
        assert attempt(f"name-{number}", address="192.0.2.1").status_code == 200
    answer = attempt("name", address="192.0.2.1")
    assert (answer.status_code, answer["Retry-After"]) == (429, str(limits.SECONDS_TO_WAIT))
    with CaptureQueriesContext(connection) as done:
        assert attempt("name", address="192.0.2.1").status_code == 429
    assert not [query for query in done.captured_queries if "workingcopy" not in query["sql"]]  # as on every page
    assert attempt("name", address="192.0.2.2").status_code == 200


def test_right_password_is_taken_again_when_the_time_is_over(time_machine):
    make_user(username="ann", password=PASSWORD)
    time_machine.move_to("2026-11-30T08:00:00+00:00")
    for _ in range(5):
        attempt("ann")
    assert attempt("ann", PASSWORD).status_code == 200
    time_machine.shift(301)
    assert attempt("ann", PASSWORD).status_code == 302


def test_success_does_not_wipe_out_what_was_counted():
    make_user(username="ann", password=PASSWORD)
    for _ in range(4):
        attempt("ann")
    assert attempt("ann", PASSWORD).status_code == 302
    attempt("ann")
    assert attempt("ann", PASSWORD).status_code == 200


def test_other_processes_see_what_was_counted():
    attempt("ann")
    assert [key.split(":")[1:6] for key in CacheEntry.objects.values_list("cache_key", flat=True)]
    assert not hasattr(caches["default"], "_cache")  # the memory of one process


@pytest.fixture
def redis(tmp_path, settings):
    """A Redis of its own counts."""
    place = tmp_path / "redis.sock"
    with Popen(
        [REDIS, "--port", "0", "--unixsocket", place, "--dir", tmp_path, "--save", ""], stdout=DEVNULL
    ) as server:
        while not place.exists():
            assert server.poll() is None
            time.sleep(0.01)
        backend = "django.core.cache.backends.redis.RedisCache"
        settings.CACHES = settings.CACHES | {"default": {"BACKEND": backend, "LOCATION": f"unix://{place}"}}
        yield
        server.terminate()


@pytest.mark.redis
def test_limits_hold_when_redis_counts(redis, time_machine):
    make_user(username="ann", password=PASSWORD)
    answers = [attempt("ann").status_code for _ in range(5)] + [attempt("ann", PASSWORD).status_code]
    assert answers == [200] * 6
    assert not CacheEntry.objects.exists()
    time_machine.move_to(datetime.now(UTC) + timedelta(seconds=301))
    assert attempt("ann", PASSWORD).status_code == 302
    for number in range(30):
        attempt(f"name-{number}", address="192.0.2.1")
    assert attempt("name", address="192.0.2.1").status_code == 429


def test_address_is_what_the_proxy_says_and_only_behind_one(settings):
    def forwarded(*header: str):
        return Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": ", ".join(header)})

    def fill(client):
        for number in range(31):
            answer = client.post(LOGIN, {"login": f"name-{number}", "password": "wrong"})
        return answer.status_code

    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert fill(forwarded("192.0.2.66", "198.51.100.1")) == 429
    answer = forwarded("198.51.100.1", "198.51.100.2").post(LOGIN, {"login": "ann", "password": "wrong"})
    assert answer.status_code == 200  # another visitor of the same proxy
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    assert [forwarded(f"192.0.2.{n}").post(LOGIN, {"login": "a"}).status_code for n in range(31)][-1] == 429


def test_own_old_password_is_limited_too(hashed):
    client = Client()
    client.force_login(make_user(password=PASSWORD))
    hashed.clear()
    typed = {"oldpassword": "wrong", "password1": "x", "password2": "y"}
    answers = [client.post(reverse("account_change_password"), typed).status_code for _ in range(7)]
    assert (answers[-1], len(hashed)) == (429, 5)
    assert attempt("ann", address="127.0.0.1").status_code == 200  # that is another limit


# Turns ----------------------------------------------------------------------------------------------------------------


def turn(address: str = "192.0.2.1"):
    return limits.turn(RequestFactory(REMOTE_ADDR=address).post(LOGIN))


def test_of_one_address_one_is_let_in_and_one_waits():
    came, went = Event(), Event()

    def come_second():
        came.set()
        with turn() as is_in:
            went.set()
            return is_in

    with ThreadPoolExecutor(1) as another:
        with turn() as first:
            second = another.submit(come_second)
            came.wait()
            time.sleep(0.2)  # until the second one waits
            with turn() as third, turn("192.0.2.2") as elsewhere:
                assert (first, third, elsewhere) == (True, False, True)
            assert not went.is_set()
        assert second.result(limits.PATIENCE)


def test_who_waits_too_long_is_refused_without_a_hash_or_a_row(monkeypatch, hashed):
    monkeypatch.setattr(limits, "PATIENCE", 0.1)
    with turn():
        assert attempt("ann", address="192.0.2.1").status_code == 429
    assert (hashed, CacheEntry.objects.count(), HistoryEvent.objects.count()) == ([], 0, 0)
    assert attempt("ann", address="192.0.2.1").status_code == 200
