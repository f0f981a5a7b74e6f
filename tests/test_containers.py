"""The image holds what a site needs and no more, and the services of the compose file have few rights and fit each other."""

import json
import re

import pytest
import yaml
from django.core.management import get_commands

from tests.checkout import ROOT
from tests.test_operations import FILES, FOLDERS

CONTAINERFILE = (ROOT / "Containerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())
GUIDE = (ROOT / "docs/install-containers.md").read_text()
NGINX = (ROOT / "deploy/nginx.conf").read_text()
UNITS = ROOT / "deploy/systemd"
SERVICES = COMPOSE["services"]
OWN = {name: service for name, service in SERVICES.items() if service["image"] == "twinning"}


def words(text: str) -> list[str]:
    """The command of a Containerfile."""
    return json.loads(re.search(rf"^{text} (\[.*\])$", CONTAINERFILE, re.MULTILINE)[1])


def mounted(service: dict) -> dict[str, str]:
    """What is mounted where."""
    return {place: source for source, place, *_only_read in (volume.split(":") for volume in service["volumes"])}


def test_image_holds_what_runs_a_site_and_nothing_else():
    copied = set(re.findall(r"^COPY (?!--from)(\S+) \S+$", CONTAINERFILE, re.MULTILINE))
    run_by_it = {name for name in (*FOLDERS, *FILES) if name not in (".env.example", "bin", "requirements-dev.txt")}
    assert {*copied, "requirements.txt"} == run_by_it | {"bin/bootstrap", "docs", "requirements*.txt"}
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert let_in == copied
    assert (ROOT / ".dockerignore").read_text().splitlines()[1] == "*"


def test_image_runs_without_rights_and_serves_as_on_debian():
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
    on_debian = re.search(r"^ExecStart=\S+/(gunicorn .*)$", (UNITS / "twinning.service").read_text(), re.MULTILINE)[1]
    for command in (words("CMD"), SERVICES["web"]["command"]):
        served = [word for word in command if word not in ("--worker-tmp-dir", "/dev/shm")]  # noqa: S108 - of a container
        assert " ".join(served).replace("0.0.0.0", "127.0.0.1") == on_debian  # noqa: S104 - inside a container


@pytest.mark.parametrize("name", SERVICES)
def test_service_has_few_rights(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not re.match(r"root|0", service["user"])
    assert not {"privileged", "cap_add", "devices", "pid", "ipc"} & set(service)


def test_only_nginx_is_reached_from_outside():
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["web"]
    assert SERVICES["nginx"]["network_mode"] == "service:web"
    assert SERVICES["web"]["ports"] == ["80:80", "443:443"]
    assert f"server {SERVICES['web']['command'][3]};" in NGINX
    assert SERVICES["database"]["command"] == ["postgres", "-c", "listen_addresses="]
    with_the_socket = {name for name, service in SERVICES.items() if "/run/postgresql" in mounted_or_nothing(service)}
    assert with_the_socket == {"database", *OWN}


def mounted_or_nothing(service: dict) -> dict[str, str]:
    return mounted(service) if "volumes" in service else {}


def test_nginx_finds_each_place_that_its_configuration_names():
    places = {
        *mounted(SERVICES["nginx"]),
        *(place.partition(":")[0] for place in SERVICES["nginx"]["tmpfs"]),
    }
    named = set(re.findall(r"(/(?:srv|etc/ssl|var)/[\w/.]+)", re.sub(r"#.*", "", NGINX)))
    assert len(named) >= 5
    assert [path for path in named if not path.startswith(tuple(places))] == []


@pytest.mark.parametrize("name", OWN)
def test_settings_and_commands_are_those_of_the_site(name):
    service, known = OWN[name], re.findall(r"^#?([A-Z_0-9]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert set(service["environment"]) <= set(known)
    named = re.findall(r"manage\.py (\w+)", " ".join(service["command"]))
    assert set(named) <= set(get_commands())
    assert named or name == "web"
    assert mounted(service)["/srv/twinning/.env"] == "./.env"


def test_named_volumes_are_declared():
    named = {source for one in SERVICES.values() for source in mounted_or_nothing(one).values() if source[0] != "."}
    assert named == set(COMPOSE["volumes"])


def test_guide_runs_what_the_timers_run():
    by_timers = {
        re.search(r"manage\.py (.+)$", unit.read_text(), re.MULTILINE)[1]
        for unit in UNITS.glob("*.service")
        if unit.with_suffix(".timer").exists()
    }
    for_each_night = GUIDE.partition("## Every night")[2]
    assert set(re.findall(r"^    .*python manage\.py (.+)$", for_each_night, re.MULTILINE)) == by_timers
