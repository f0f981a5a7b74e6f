"""The units for systemd start what is there, with few rights, and the documents install all of them."""

import os
import re
import subprocess

import pytest
from django.core.management import get_commands

from tests.checkout import ROOT
from tests.machine import SYSTEMD
from twinning import judges

FOLDER = ROOT / "deploy/systemd"
SERVICES, TIMERS = sorted(FOLDER.glob("*.service")), sorted(FOLDER.glob("*.timer"))
INSTALLED = "/srv/twinning/"
# As “systemd-analyze security” counts, from 0 (nothing can be done) to 10, in tenths.
MOST_EXPOSED = 25


def setting(unit, name: str) -> str:
    return re.search(rf"^{name}=(.*)$", unit.read_text(), re.MULTILINE)[1]


@pytest.fixture
def here(tmp_path):
    """The units with the places of this checkout."""
    for unit in (*SERVICES, *TIMERS):
        (tmp_path / unit.name).write_text(unit.read_text().replace(INSTALLED, f"{ROOT}/"))
    return tmp_path


@pytest.mark.systemd
def test_units_are_understood(here):
    names = sorted(unit.name for unit in here.iterdir())
    done = subprocess.run([SYSTEMD, "verify", *names], cwd=here, capture_output=True, text=True, check=False)
    own = [line for line in done.stderr.splitlines() if "twinning" in line]
    assert (own, len(names)) == ([], 10)


@pytest.mark.systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_service_has_few_rights(unit):
    command = [SYSTEMD, "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.stem)
def test_service_starts_what_is_there_as_a_user_without_rights(unit):
    program, *words = setting(unit, "ExecStart").split()
    assert program.startswith(INSTALLED)
    assert os.access(ROOT / program.removeprefix(INSTALLED), os.X_OK)
    if words[0] == "manage.py":
        assert words[1] in get_commands()
    assert (setting(unit, "User"), setting(unit, "WorkingDirectory")) == ("twinning", INSTALLED.rstrip("/"))
    assert (ROOT / setting(unit, "Documentation").removeprefix(f"file:{INSTALLED}")).is_file()


def test_all_services_are_hardened_alike():
    limits = re.compile(r"^NoNewPrivileges.*^SystemCallErrorNumber=\w+$", re.MULTILINE | re.DOTALL)
    found = {re.sub("ReadWritePaths=.*", "", limits.search(unit.read_text())[0]) for unit in SERVICES}
    assert len(found) == 1


def test_service_of_the_site_starts_it_as_the_documents_do():
    words = setting(FOLDER / "twinning.service", "ExecStart").removeprefix(INSTALLED)
    assert f"    {words}\n" in (ROOT / "docs/operations.md").read_text()


def test_each_timer_starts_a_service_and_each_task_has_a_timer():
    tasks = [unit.stem for unit in SERVICES if "Type=oneshot" in unit.read_text()]
    assert [timer.stem for timer in TIMERS] == tasks


def test_documents_install_every_unit():
    text = (ROOT / "docs/install-debian.md").read_text()
    started = set(re.findall(r"twinning(?:-\w+)?\.(?:service|timer)", text))
    assert started == {
        unit.name for unit in (*SERVICES, *TIMERS) if unit.suffix == ".timer" or "oneshot" not in unit.read_text()
    }


def test_page_for_debian_takes_the_steps_of_the_documents():
    chapter = (ROOT / "docs/operations.md").read_text().partition("\n## Install\n")[2].partition("\n## ")[0]
    *steps, _serve = re.findall(r"^    (\S+ .+?)(?: +#.*)?$", chapter, re.MULTILINE)[1:]
    page = (ROOT / "docs/install-debian.md").read_text()
    wanted = [step.partition(" && ")[0] for step in steps]
    places = [page.find(f"    runuser -u twinning -- {step}\n") for step in wanted]
    assert -1 not in places
    assert places == sorted(places)


def test_page_for_debian_reaches_the_database_by_its_socket():
    [address] = re.findall(r"DATABASE_URL=(\S+?)`", (ROOT / "docs/install-debian.md").read_text())
    found = judges.database(address)
    assert (found["HOST"], found["NAME"], found["PASSWORD"]) == ("/var/run/postgresql", "twinning", "")
