"""What every test may rely on: no network, and a clear word about what was left out."""

import gc
import os
import sys

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import client as test_client
from django.test.utils import override_settings, setup_databases, teardown_databases
from hypothesis import settings

from tests import machine
from tests.back_office import signed_in
from tests.factories import make_city, make_document, make_memorandum, make_superuser, make_user, publish
from twinning.core.fields import queries
from twinning.core.files import readers
from twinning.core.photos import pictures
from twinning.core.web import clocks
from twinning.core.web.tasks import do_owed

pytest_plugins = ["tests.browser", "tests.nu", "tests.races"]


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
def flushes():
    """The times that all tables were emptied, as they are after each test that commits.

    PostgreSQL is made to delete the few rows: its TRUNCATE writes new files for each table, whatever it held.
    """
    found, sql_flush = [], type(connection.ops).sql_flush

    def noted(self, style, tables, **options):
        found.append(tables)
        queries._statements.clear()  # they name content types by keys, which are others afterwards
        if connection.vendor == "postgresql":
            return [f"DELETE FROM {self.quote_name(table)}" for table in tables]  # noqa: S608 - tables of our models
        return sql_flush(self, style, tables, **options)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(connection.ops), "sql_flush", noted)
        yield found


@pytest.fixture(scope="module", autouse=True)
def roles_are_restored(flushes, django_db_blocker):
    """After a file that emptied the tables: otherwise every later test with somebody in a role would make the roles."""
    before = len(flushes)
    yield
    if len(flushes) > before:
        with django_db_blocker.unblock():
            call_command("sync_roles", verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def clocks_agree():
    """Tests that travel in time do so alone: the clock of PostgreSQL stays where it is."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clocks, "ahead_of_database", lambda: 0.0)
        yield


@pytest.fixture(scope="session", autouse=True)
def uploads_are_read_once():
    """Most files of the suite are one and the same: the process that reads a scan or a photo is started for the first."""
    answers, run = {}, readers.run

    def run_once(*asked, deadline: float) -> bytes:
        if asked not in answers:
            answers[asked] = run(*asked, deadline=deadline)
        return answers[asked]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(readers, "run", run_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def contexts_of_widgets_are_not_kept():
    """The test client copies the context of each template; in a form, most are widgets of Django, which no test reads."""
    store = test_client.store_rendered_templates

    def store_pages(stored, signal, sender, template, context, **kwargs):
        if not (template.name or "").startswith("django/forms/"):
            store(stored, signal, sender, template, context, **kwargs)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(test_client, "store_rendered_templates", store_pages)
        yield


# The cast: each is a browser in which somebody with a role has logged in; `client` (pytest-django) is a visitor ---------


@pytest.fixture
def compiled_anew(monkeypatch):
    """Public queries are compiled for this test: one that replaces what they are built from, or counts it."""
    monkeypatch.setattr(queries, "_statements", {})


@pytest.fixture
def editor():
    return signed_in(make_user("Twinning editor"))


@pytest.fixture
def officer():
    return signed_in(make_user("Press officer"))


@pytest.fixture
def approver():
    return signed_in(make_user("Approver"))


@pytest.fixture
def administrator():
    return signed_in(make_user("Administrator"))


@pytest.fixture
def root(superuser):
    """For tests in which rights are not the point."""
    return signed_in(superuser)


@pytest.fixture
def superuser():
    """The person behind `root`, for model methods and for comparing."""
    return make_superuser()


@pytest.fixture
def document():
    """A file of a draft agreement: nobody outside may have it."""
    return make_document(make_memorandum(make_city()))


@pytest.fixture
def public_document():
    """A file of a published agreement."""
    return make_document(publish(make_memorandum(make_city())))


@pytest.fixture(scope="module")
def module_transaction(django_db_setup, django_db_blocker):
    """For records that the tests of a module share: they are written once, and rolled back after the last test."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The Leeds content with its staff, loaded once for a module: tests that use it change nothing, or roll it back."""
    with django_db_blocker.unblock():
        call_command("sync_roles", verbosity=0)
        # Without DEMO nobody of the demonstration may log in. One size of each photo is enough, at a tenth of the work.
        variants = pictures.variants
        with override_settings(DEMO=True), pytest.MonkeyPatch.context() as patched:
            patched.setattr(pictures, "variants", lambda width, ending: variants(480, ending))
            call_command("load_demo", verbosity=0)
            do_owed()
        yield
        call_command("flush", interactive=False, verbosity=0)


# Files that take longest. They begin first: at the end, one process would be busy with them and the other idle.
LONGEST = [
    "test_leak_matrix.py",
    "test_leaks.py",
    "test_rights.py",
    "test_pages.py",
    "test_nonsense.py",
    "test_embargo.py",
]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
    for item in items:
        for marker, gap in machine.gaps().items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"cannot test {gap}"))


def pytest_terminal_summary(terminalreporter):
    for what in machine.untested():
        terminalreporter.write_sep("!", f"NOT TESTED: {what}", red=True, bold=True)
