"""One resolution, several files: what runs in production, with or without an extra, is what was tested."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
# The lock files, with the extras that each contains.
FILES = {
    "requirements.txt": [],
    "requirements-s3.txt": ["s3"],
    "requirements-sso.txt": ["sso"],
    "requirements-dev.txt": ["dev", "s3", "sso"],
}


def locked(name: str) -> dict[str, tuple[str, frozenset[str]]]:
    """The pinned packages of a lock file, each with its version, marker and hashes."""
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text())
    found = {}
    for entry in entries:
        package, pin = re.match(r"([a-z0-9.-]+)(?:\[[a-z,]+\])?==([^\\\n]+)", entry).groups()
        found[package] = (pin.strip(), frozenset(re.findall(r"sha256:[0-9a-f]{64}", entry)))
    return found


def declared() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


@pytest.mark.parametrize("name", FILES)
def test_what_production_installs_is_part_of_what_is_tested(name):
    assert locked("requirements.txt").items() <= locked(name).items() <= locked("requirements-dev.txt").items()


@pytest.mark.parametrize("name", FILES)
def test_every_package_has_hashes(name):
    assert not [package for package, (_, hashes) in locked(name).items() if not hashes]


@pytest.mark.parametrize("name", FILES)
def test_a_lock_file_names_no_address(name):
    assert "://" not in (ROOT / name).read_text()


@pytest.mark.parametrize("name", FILES)
def test_the_lock_satisfies_the_declared_dependencies(name):
    extras = declared()["optional-dependencies"]
    wanted = declared()["dependencies"] + [requirement for extra in FILES[name] for requirement in extras[extra]]
    lock = locked(name)
    unmet = []
    for requirement in map(Requirement, wanted):
        version = lock.get(requirement.name, ("",))[0].split(" ;")[0]
        if not (version and requirement.specifier.contains(version)):
            unmet.append(str(requirement))
    assert not unmet, "run make lock"


def test_the_npm_lock_names_no_address():
    assert "://" not in (ROOT / "package-lock.json").read_text()
