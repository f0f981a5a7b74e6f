"""A site with the demonstration, as it runs in use, for as long as a script needs it.

Production settings, the shipped style sheets with their manifest, and gunicorn. Data and files lie in a folder that is
deleted at the end.
"""

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv/bin/python"
GUNICORN = ["--threads", "4", "--no-control-socket", "--log-level", "warning"]
LOGIN = ("press", secrets.token_urlsafe())
# The staff of the demonstration has no passwords on a site like this one.
LET_IN = f"""
from twinning.core.models import User
user = User.objects.get(username={LOGIN[0]!r})
user.is_staff = True
user.set_password({LOGIN[1]!r})
user.save()
"""
PATIENCE = 30  # seconds until the site must answer


@contextmanager
def demonstration() -> Iterator[str]:
    """The address of the site; it stops when the caller is done."""
    port = free_port()
    with tempfile.TemporaryDirectory() as var:
        env = settings(var, port)
        for command in (["migrate"], ["sync_roles"], ["load_demo"], ["shell", "--no-imports", "--command", LET_IN]):
            manage(*command, env=env)
        manage("collectstatic", "--no-input", env=env)
        gunicorn = [PYTHON, "-m", "gunicorn", "twinning.wsgi", *GUNICORN, "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen(gunicorn, cwd=ROOT, env=env)  # noqa: S603 - our own words
        try:
            wait_for(port)
            yield f"http://localhost:{port}"
        finally:
            server.terminate()
            server.wait()


def settings(var: str, port: int) -> dict[str, str]:
    """What the environment says; nothing of a site that somebody keeps beside."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "twinning.settings",
        "VAR_DIR": var,
        "DATABASE_URL": f"sqlite:///{var}/db.sqlite3",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "SITE_URL": f"http://localhost:{port}",
        "ALLOWED_HOSTS": "localhost",
        "SITE_NAME": "Leeds International",
        "COUNCIL_NAME": "Leeds City Council",
        "COUNTRY": "GB",
        "HOME_CITY": "Leeds",
        "HOME_LATITUDE": "53.7997",
        "HOME_LONGITUDE": "-1.5491",
        "CONTACT_EMAIL": "international@localhost",
        "SECURITY_CONTACT": "mailto:security@localhost",
        "ACCESSIBILITY_PREPARED_ON": "2026-11-21",
        "ACCESSIBILITY_REVIEWED_ON": "2026-11-21",
        "DEMO": "off",
        "DEBUG": "off",
        "SECURE_SSL_REDIRECT": "off",
    }


def manage(*command: str, env: dict[str, str]):
    words = [PYTHON, "manage.py", *command]
    subprocess.run(words, cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(port: int):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                sys.exit("The site did not start; the lines above say why.")
            time.sleep(0.2)
