"""While Redis does not answer or the disk is full, readers notice nothing, and nobody who types loses anything."""

import socket

import pytest

from tests.checkout import SAFE, copy_to, run

# Redis that goes away --------------------------------------------------------------------------------------------------

WITHOUT_REDIS = """
import logging, time
import django
django.setup()
from django.test import Client
from django.urls import reverse
client = Client(headers={"host": "international.wolfsburg.test"}, raise_request_exception=False)
print(client.get("/").status_code, client.get("/admin/login/").status_code)
started = time.monotonic()
for attempt in range(3):
    answer = client.post("/admin/login/", {"login": "ann", "password": "a-long-one-2127"})
    print(answer.status_code, answer["Retry-After"], b"2127" in answer.content)
print(time.monotonic() - started < 3)
"""


@pytest.fixture(scope="module")
def counting_in_redis(tmp_path_factory):
    """A site in use that counts attempts to sign in with a Redis: its folder, and its environment without the address."""
    folder = copy_to(tmp_path_factory.mktemp("site"))
    environment = SAFE | {
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "VAR_DIR": f"{folder}/var", "SECURE_SSL_REDIRECT": "off",
    }  # fmt: skip
    assert run(folder, "manage.py", "migrate", "-v0", **environment).returncode == 0
    assert run(folder, "manage.py", "collectstatic", "-v0", "--no-input", **environment).returncode == 0
    return folder, environment | {"DJANGO_SETTINGS_MODULE": "twinning.settings"}


@pytest.mark.parametrize("is_frozen", [False, True])
def test_signing_in_waits_for_redis_and_reading_does_not(counting_in_redis, is_frozen):
    folder, environment = counting_in_redis
    with socket.create_server(("127.0.0.1", 0), backlog=9) as silent:
        port = silent.getsockname()[1]
        if not is_frozen:
            silent.close()
        address = f"redis://127.0.0.1:{port}/1?socket_timeout=0.2"
        done = run(folder, "-c", WITHOUT_REDIS, **environment, REDIS_URL=address)
    assert done.stdout.splitlines() == ["200 200", *["503 60 False"] * 3, "True"], done.stderr
    assert done.stderr.count("Redis could not be used") == 1
    assert "Traceback" not in done.stderr


# A full disk ----------------------------------------------------------------------------------------------------------

FULL_DISK = """
import resource, signal
import django
django.setup()
from django.test import Client
from twinning.core.models import User
readers, staff = (Client(headers={"host": "localhost"}, raise_request_exception=False) for _ in "ab")
staff.force_login(User.objects.create_superuser("root"))
assert readers.get("/").status_code == 200
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
for path in ("/", "/cities/", "/search/?q=wolf", "/news/atom.xml"):
    print(readers.get(path).status_code, path)
refused = staff.post("/admin/news/presscontact/add/", {"name": "Press", "email": "p@wolfsburg.test"})
print(refused.status_code, b"p@wolfsburg.test" in refused.content)
"""


def test_sqlite_on_a_full_disk_serves_readers_and_keeps_what_was_typed(tmp_path):
    assert run(copy_to(tmp_path), "manage.py", "migrate", "-v0", DEMO="on").returncode == 0
    done = run(tmp_path, "-c", FULL_DISK, DEMO="on", DJANGO_SETTINGS_MODULE="twinning.settings")
    assert done.stdout.splitlines() == [
        "200 /", "200 /cities/", "200 /search/?q=wolf", "200 /news/atom.xml", "503 True"
    ], done.stderr  # fmt: skip
