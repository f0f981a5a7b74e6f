"""Those who read notice little of those who guess passwords: the shipped nginx, gunicorn, the demonstration, eight clients."""

import re
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from django.db import connection

from tests.machine import NGINX
from tests.nginx import certificate, configure, free_port, wait_for

pytestmark = [
    pytest.mark.nginx,
    pytest.mark.alone,
    pytest.mark.skipif(connection.vendor == "postgresql", reason="The demonstration runs on SQLite in any case."),
]

BIN = Path(__file__).parent.parent / "bin"
TIMES_OF_REST = 2
TRIES = 3  # a machine that does something else beside may be slow once


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a site with the demonstration, as it runs in use."""
    spec = spec_from_file_location("demonstration", BIN / "demonstration.py")
    spec.loader.exec_module(demonstration := module_from_spec(spec))
    place, tls = tmp_path_factory.mktemp("flood"), free_port()
    certificate(place)
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("BEHIND_PROXY", "on")  # the site counts by the address that nginx passes on
        with demonstration.demonstration() as app:
            yield from behind_nginx(place, app, tls)


def behind_nginx(place: Path, app: str, tls: int):
    configured = configure(place, app=int(app.rpartition(":")[2]), tls=tls, plain=free_port())
    with subprocess.Popen([NGINX, "-p", place, "-c", configured], stderr=subprocess.DEVNULL) as running:
        try:
            wait_for(running, tls)
            yield f"https://localhost:{tls}"
        finally:
            running.terminate()


def test_page_takes_at_most_twice_as_long_while_eight_clients_guess_passwords(site):
    for number in range(1, 1 + TRIES):
        # From an address that has not been refused yet.
        command = [sys.executable, BIN / "login_flood.py", site, "--seconds", "4", "--address", f"127.0.0.{number}"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        ratios = [float(ratio) for ratio in re.findall(r"([\d.]+) times rest", said)]
        assert len(ratios) == 3
        if max(ratios) <= TIMES_OF_REST:
            return
    raise AssertionError(said)
