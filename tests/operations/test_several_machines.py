"""Two web machines and a worker share a database, a Redis, a store and nothing else; to readers and staff they are one site."""

import os
import re
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from news.alerts.sending import look_again
from news.models import AlertMail
from tests.checkout import ROOT
from tests.factories import drawn, make_city, make_release, make_subscriber, make_superuser, make_user, publish, show
from tests.machine import REDIS
from tests.nginx import free_port, wait_for
from tests.processes import environment, process, wait_until
from tests.s3 import empty_bucket, s3_server, use_s3
from tests.smtp_sink import smtp_sink
from twinning.core.models import OwedTask, Photo
from twinning.core.photos.library import make_renditions

pytestmark = [
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is the database of one machine."),
]

READERS = 40
PASSWORD = "lille dortmund 1969"
LOGIN = "/admin/login/"
GUNICORN = ["-m", "gunicorn", "twinning.wsgi", "--workers", "1", "--threads", "4", "--no-control-socket", "--bind"]


@dataclass
class Browser:
    """Somebody's browser, whose next request may reach another machine, as behind a proxy that shares requests out."""

    cookies: dict = field(default_factory=dict)

    def ask(self, port: int, path: str, **typed):
        """The status of the answer and its text; sends a form where something is typed."""
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Host": "localhost", "X-Forwarded-Proto": "https", "Referer": f"https://localhost{path}"}
        headers |= {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST" if typed else "GET", path, urlencode(typed) if typed else None, headers)
        answer = line.getresponse()
        for said in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(said).items()}
        body = answer.read()
        line.close()
        return answer.status, body

    def sign_in(self, port: int, password: str) -> int:
        token = re.search(rb'csrfmiddlewaretoken" value="(\w+)"', self.ask(port, LOGIN)[1])[1].decode()
        return self.ask(port, LOGIN, csrfmiddlewaretoken=token, login="ann", password=password)[0]


@pytest.fixture(scope="module")
def store():
    """The options of the storage that all machines share."""
    with s3_server() as address, empty_bucket(address, "shared") as options:
        yield options


@pytest.fixture(scope="module")
def static(tmp_path_factory):
    """What collectstatic puts on each machine."""
    place = tmp_path_factory.mktemp("release")
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "-v0"]
    own = {"VAR_DIR": str(place), "DJANGO_SETTINGS_MODULE": "twinning.settings"}
    subprocess.run(collect, cwd=ROOT, env=os.environ | own, check=True)
    return place / "static"


@pytest.fixture
def shared(store, settings, tmp_path):
    """The environment of each process; this one, too, writes to the store and hashes passwords as they do."""
    use_s3(settings, store)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    redis, sink = free_port(), smtp_sink()
    names = {"S3_BUCKET": "bucket", "S3_ENDPOINT_URL": "endpoint_url", "S3_REGION": "region"}
    names |= {"S3_ACCESS_KEY": "access_key", "S3_SECRET_KEY": "secret_key"}
    with process(REDIS, "--port", str(redis), "--save", "", "--dir", str(tmp_path)) as running, sink as mails:
        wait_for(running, redis)
        yield (
            mails,
            environment()
            | {
                "REDIS_URL": f"redis://127.0.0.1:{redis}/1",
                "EMAIL_URL": f"smtp://127.0.0.1:{mails.server_address[1]}",
                "WORKER": "on",
                "BEHIND_PROXY": "on",
                **{name: store[option] for name, option in names.items()},
            },
        )


def place_for(machine: str, static, tmp_path) -> str:
    place = tmp_path / machine
    place.mkdir()
    (place / "static").symlink_to(static)
    return str(place)


@pytest.fixture
def machines(shared, static, tmp_path):
    """The ports of two web machines, each with a VAR_DIR of its own."""
    with ExitStack() as running:
        ports = []
        for name in ("one", "two"):
            ports.append(port := free_port())
            command = [sys.executable, *GUNICORN, f"127.0.0.1:{port}"]
            place = place_for(name, static, tmp_path)
            wait_for(running.enter_context(process(*command, **shared[1] | {"VAR_DIR": place})), port)
        yield ports


@pytest.fixture
def worker(shared, static, tmp_path):
    place = place_for("worker", static, tmp_path)
    with process(sys.executable, "manage.py", "work", **shared[1] | {"VAR_DIR": place}) as running:
        yield running


def test_what_one_machine_does_holds_on_the_other(machines):
    """Pages that appear and go, somebody who signs in, and somebody who guesses."""
    one, two = machines
    release = publish(make_release("Cities sign again", cities=[publish(make_city("Dortmund"))]))
    reader, path = Browser(), release.get_absolute_url()
    assert [reader.ask(port, path)[0] for port in machines] == [200, 200]
    assert all(b"Cities sign again" in reader.ask(port, "/")[1] for port in machines)
    release.take_down(by=make_superuser(), at=timezone.now())
    assert [reader.ask(port, path)[0] for port in machines] == [410, 410]
    assert not any(b"Cities sign again" in reader.ask(port, "/")[1] for port in machines)

    make_user("Press officer", username="ann", password=PASSWORD)
    ann = Browser()
    assert (ann.sign_in(one, PASSWORD), ann.ask(two, "/admin/")[0]) == (302, 200)
    guesses = [Browser().sign_in(port, "guess") for port in (one, two, one, two, one)]
    assert guesses == [200] * 5
    # Five in all, of which neither machine has seen five: the right password is refused as well.
    assert [Browser().sign_in(port, PASSWORD) for port in machines] == [200, 200]
    assert ann.ask(one, "/admin/")[0] == 200


def test_worker_makes_what_all_machines_show_and_mails_each_reader_once(machines, worker, shared):
    mails, _environment = shared
    city = publish(make_city("Dortmund"))
    photo = Photo.objects.create(title="Hall", credit="Desk", file=ContentFile(drawn(1700, 1000), name="hall.jpg"))
    readers = sorted(make_subscriber(f"reader-{number}@example.org").email for number in range(READERS))
    release = publish(make_release("Friends meet", cities=[city]), at=timezone.now())
    show(photo, release)
    look_again()
    wait_until(lambda: AlertMail.objects.filter(sent_at=None).count() == 0 and len(mails.mails) >= READERS)
    wait_until(lambda: not OwedTask.objects.of(make_renditions).exists())
    assert mails.recipients == readers
    reader = Browser()
    picture = re.search(rb'<img[^>]*src="(/[^"]+)"', reader.ask(machines[0], release.get_absolute_url())[1])[1].decode()
    sent = [reader.ask(port, picture) for port in machines]
    assert [status for status, _body in sent] == [200, 200]
    assert sent[0] == sent[1]
    assert worker.poll() is None
