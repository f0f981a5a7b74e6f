"""The programs behind `make bench` run, and what nginx is for holds: a kept page costs it little more than a file."""

import importlib
import re
from pathlib import Path

import pytest
from django.db import connection

from benchmarks import inside

ROOT = Path(__file__).parent.parent
LEAST_OF_A_FILE, LONGEST_WAIT = 0.6, 50  # ms, of the slowest hundredth
TRIES = 3  # a machine that does something else beside may be slow once


@pytest.fixture
def program(monkeypatch):
    """Imports a program of the benchmarks, which finds those in bin/."""
    monkeypatch.syspath_prepend(ROOT / "bin")
    return lambda name: importlib.import_module(f"benchmarks.{name}")


@pytest.mark.django_db
def test_each_page_is_measured_in_turns_with_robots_txt(demo, program, capsys):
    inside.fill(5)
    measured = inside.measure(0)
    assert measured.keys() == {inside.BASE, *inside.PUBLIC, *inside.BACK_OFFICE}
    assert measured[inside.BASE] == 1
    assert min(measured.values()) > 0
    program("bench").print_table("SQLite", [200, 20_000], [measured, measured])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:3] == ["| SQLite, by releases | 200 | 20,000 |", "| --- | ---: | ---: |"]
    assert lines[3] == "| `/robots.txt` | 1.0 | 1.0 |"


@pytest.mark.nginx
@pytest.mark.alone
@pytest.mark.skipif(connection.vendor == "postgresql", reason="The demonstration runs on SQLite in any case.")
def test_kept_page_costs_nginx_little_more_than_a_file_and_nobody_waits_for_it(program, monkeypatch, capsys):
    behind_nginx = program("behind_nginx")
    monkeypatch.setattr(behind_nginx, "PAGES", ("/cities/",))
    for _try in range(TRIES):
        behind_nginx.main()
        of_a_file, _median, slow = map(float, re.findall(r"\| ([\d.]+)", capsys.readouterr().out)[-3:])
        if of_a_file >= LEAST_OF_A_FILE and slow <= LONGEST_WAIT:
            return
    raise AssertionError(f"{of_a_file} of a file, {slow} ms")
