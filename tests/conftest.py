"""What every test may rely on: no network, and a clear word about what was left out."""

import gc
import os
import sys
from functools import cache

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings, setup_databases, teardown_databases
from hypothesis import settings

from news.demo.pictures import canvas
from tests import machine
from twinning.core import documents, pictures

pytest_plugins = ["tests.browser", "tests.nu"]


settings.register_profile("tests", deadline=None)  # a busy machine is slow, not wrong
settings.load_profile("tests")


def pytest_configure(config):
    gc.set_threshold(50_000, 20)  # there is memory enough: looking for garbage less often is a twentieth of the time
    if os.environ.get("CI") and machine.gaps():
        raise pytest.UsageError(f"CI tests everything, but cannot test {' or '.join(machine.gaps().values())}")
    sys.addaudithook(refuse_the_network)


def refuse_the_network(event, args):
    """No test talks to anything but this machine; an audit hook sees every way to try."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        host = args[1][0]
    elif event == "socket.getaddrinfo":
        host = args[0]
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", "", None):
        raise AssertionError(f"A test tried to reach {host}")


def pytest_collection_finish():
    """What has been imported stays until the end: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, django_db_modify_db_settings):
    """The test database for whoever asks; pytest-django makes one only for tests that it knows to need it."""
    with django_db_blocker.unblock():
        created = setup_databases(verbosity=0, interactive=False)
        call_command("sync_roles", verbosity=0)  # once, and not again for every test with somebody in a role
    yield
    with django_db_blocker.unblock():
        teardown_databases(created, verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def few_rows_are_deleted_quickly():
    """After tests that commit, all tables are emptied; PostgreSQL's TRUNCATE writes new files for each, whatever it held."""

    def delete(self, style, tables, **options):
        return [f"DELETE FROM {self.quote_name(table)}" for table in tables]  # noqa: S608 - the tables of our own models

    with pytest.MonkeyPatch.context() as patched:
        if connection.vendor == "postgresql":
            patched.setattr(type(connection.ops), "sql_flush", delete)
        yield


@pytest.fixture(scope="session", autouse=True)
def uploads_are_read_once():
    """Most files of the suite are one and the same: the process that reads a scan or a photo is started for the first."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(documents, "_read_pdf", cache(documents._read_pdf))
        patched.setattr(pictures, "_read", cache(pictures._read))
        patched.setattr(pictures, "rendition", cache(pictures.rendition))
        patched.setattr(canvas, "PIXELS", 480)  # the drawings of the demonstration, at a ninth of the work
        yield


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The Leeds content with its staff, loaded once for a module: tests that use it change nothing, or roll it back."""
    with django_db_blocker.unblock():
        call_command("sync_roles", verbosity=0)
        with override_settings(DEBUG=True):  # otherwise nobody of the demonstration may log in
            call_command("load_demo", verbosity=0)
        yield
        call_command("flush", interactive=False, verbosity=0)
        call_command("sync_roles", verbosity=0)


def pytest_collection_modifyitems(items):
    for item in items:
        for marker, gap in machine.gaps().items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"cannot test {gap}"))


def pytest_terminal_summary(terminalreporter):
    for what in machine.untested():
        terminalreporter.write_sep("!", f"NOT TESTED: {what}", red=True, bold=True)
