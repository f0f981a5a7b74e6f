"""The steps of docs/operations.md, taken one by one as they stand there, lead from a fresh checkout to a site that works."""

import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.checkout import OF_THE_COUNTRY, ROOT, SAFE
from tests.databases import empty_database
from tests.nginx import ask, free_port, wait_for

OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
FOLDERS = ("bin", "news", "partners", "static", "templates", "twinning")
FILES = ("manage.py", ".env.example", "requirements.txt", "requirements-dev.txt")
ADMINISTRATOR = {
    "DJANGO_SUPERUSER_USERNAME": "root",
    "DJANGO_SUPERUSER_EMAIL": "root@wolfsburg.test",
    "DJANGO_SUPERUSER_PASSWORD": "lille dortmund 1969",
}
# Whom the browser and nginx would name.
ASKED_AS = {"Host": SAFE["ALLOWED_HOSTS"], "X-Forwarded-Proto": "https"}


def steps(heading: str) -> list[str]:
    """The indented lines of a chapter."""
    chapter = OPERATIONS.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    found = re.findall(r"^    (.+)$", chapter, re.MULTILINE)
    assert found
    return found


@pytest.fixture
def checkout(tmp_path) -> Path:
    """What git would have cloned, with the packages that are installed for this checkout."""
    place = tmp_path / "twinning"
    for name in FOLDERS:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, place)
    (place / ".venv").mkdir()
    for name in ("bin", "lib", "pyvenv.cfg"):
        (place / ".venv" / name).symlink_to((ROOT / ".venv" / name).resolve())
    # So there is nothing left to install, and no test changes what others run with.
    shutil.copy(ROOT / "requirements-dev.txt", place / ".venv/installed.txt")
    return place


@pytest.fixture
def database() -> dict:
    """The setting for an empty database of the kind that the tests run on; none for SQLite."""
    with empty_database("installed") as found:
        yield found


def take(step: str, place: Path) -> subprocess.CompletedProcess:
    """A step in a shell that knows nothing but where programs are."""
    environment = {"PATH": os.environ["PATH"]} | (ADMINISTRATOR if "createsuperuser" in step else {})
    step += " --no-input" if "createsuperuser" in step else ""
    return subprocess.run(step, shell=True, cwd=place, env=environment, capture_output=True, text=True, check=False)  # noqa: S602


def fill_in(env: Path, **settings: str) -> None:
    """Write a value behind each name that has none, and what else is set."""
    empty = re.findall(r"^([A-Z_]+)=$", env.read_text(), re.MULTILINE)
    assert set(empty) == set(SAFE) - set(OF_THE_COUNTRY)
    text = re.sub(r"^([A-Z_]+)=$", lambda line: f"{line[1]}={SAFE[line[1]]}", env.read_text(), flags=re.MULTILINE)
    env.write_text(text + "".join(f"{name}={value}\n" for name, value in settings.items()))


@contextmanager
def served(step: str, place: Path):
    """The site, as long as gunicorn runs; yields its port."""
    port = free_port()
    assert ":8000 " in step
    words = step.replace(":8000 ", f":{port} ").split()
    with subprocess.Popen(words, cwd=place, env={"PATH": os.environ["PATH"]}, stderr=subprocess.PIPE) as server:
        try:
            wait_for(server, port)
            yield port
        finally:
            server.terminate()


def get(port: int, path: str, **headers):
    return ask(HTTPConnection("127.0.0.1", port, timeout=30), "GET", path, None, ASKED_AS | headers)


def test_steps_of_the_documentation_lead_to_a_site(checkout, database):
    _clone, bootstrap, copy, *commands, serve = steps("Install")
    assert take(bootstrap, checkout).returncode == 0
    assert take(copy, checkout).returncode == 0
    refused = take(commands[0], checkout)
    assert (refused.returncode, "Traceback" in refused.stderr) == (3, False)
    behind_nginx = dict(line.split("=") for line in steps("nginx"))
    fill_in(checkout / ".env", **database, **behind_nginx, **OF_THE_COUNTRY)
    for command in commands:
        done = take(command, checkout)
        assert done.returncode == 0, (command, done.stderr)
        assert done.stderr in ("", "System check identified no issues (0 silenced).\n")
    with served(serve, checkout) as port:
        assert (get(port, "/healthz/ready", Host="10.0.0.7").body) == b"ok\n"
        home = get(port, "/")
        assert (home.status, b"Wolfsburg International" in home.body) == (200, True)
        sheet = re.search(rb"/static/core/site\.\w+\.css", home.body)[0].decode()
        assert get(port, sheet).status == 200
        assert get(port, "/nothing/").status == 404
        assert b"Log in" in get(port, "/admin/login/").body


def test_backup_is_made_and_comes_back_by_the_steps_of_the_documentation(checkout, tmp_path):
    """On SQLite in any case; tests/operations has both databases."""
    _clone, bootstrap, copy, _check, migrate, *_others = steps("Install")
    for step in (bootstrap, copy):
        assert take(step, checkout).returncode == 0
    fill_in(checkout / ".env", **OF_THE_COUNTRY, VAR_DIR=f"{tmp_path}/var")
    (tmp_path / "backups").mkdir()
    back_up, verify = (step.replace("/var/backups/twinning", f"{tmp_path}/backups") for step in steps("Back up"))
    for step in (migrate, back_up):
        assert (done := take(step, checkout)).returncode == 0, done.stderr
    [made] = (tmp_path / "backups").iterdir()
    (checkout / "site.log").touch()
    drill = [step.replace("/srv/drill", f"{tmp_path}/drill") for step in steps("Drill")]
    (tmp_path / "var").rename(tmp_path / "lost")
    for step in (verify, *drill, *steps("Restore")):
        step = re.sub(r"/\S+/twinning-\w+\.tar", str(made), step)
        assert (done := take(step, checkout)).returncode == 0, (step, done.stderr)
    assert done.stdout == "The site is open to the public.\n"
    assert not (tmp_path / "drill").exists()
