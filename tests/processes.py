"""Processes of the site beside the tests, with their database and their files, and waiting for what they do."""

import os
import subprocess
import time
from contextlib import contextmanager

from django.db import connection

from tests.checkout import ROOT

PATIENCE = 60  # seconds, of which none is spent unless a test fails


def environment() -> dict[str, str]:
    """For a process of the site with the database and the files of the tests."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        url = f"postgres://{database['USER']}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "twinning.settings"}


@contextmanager
def process(*command: str, **environment: str):
    """A silent process, as long as it is needed."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **quiet) as running:
        try:
            yield running
        finally:
            running.terminate()


def wait_until(condition) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
