"""Rules for templates: line length, and no text marked as safe."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "templates"
NAMES = sorted(str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*"))
LONGEST_LINE = 120


@pytest.mark.parametrize("name", NAMES)
def test_lines_are_short(name):
    assert [line for line in (FOLDER / name).read_text().splitlines() if len(line) > LONGEST_LINE] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_from_the_database_is_escaped(name):
    text = (FOLDER / name).read_text()
    assert not re.search(r"\|\s*safe", text)
    assert "autoescape off" not in text or name.endswith(".txt")  # plain text has no markup to escape


@pytest.mark.parametrize("name", NAMES)
def test_language_is_written_by_the_filter_that_writes_the_direction_beside_it(name):
    assert not re.search(r"\s(lang|xml:lang|dir)\s*=", (FOLDER / name).read_text())
