#!/usr/bin/env python3
"""Make docs/settings.md from .env.example, which explains every setting, and twinning/settings.py, which reads it.

bin/settings_page.py > docs/settings.md
"""

import ast
import math
import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SETTING = re.compile(r"#?([A-Z0-9_]+)=(.*)")
HEADING, COMMENT = "## ", "# "
HEAD = """# Settings

Every setting of a site. `bin/settings_page.py` makes this page from `.env.example`, which you copy, and from what the site takes when a
setting is not there; the suite fails while they differ. How to write them down: [Running a site](operations.md).
"""
COLUMNS = "\n| Setting | Without it | For example | What it says |\n|---|---|---|---|"


@dataclass
class Group:
    """Settings with one explanation, and what stands behind each in the example."""

    section: str
    words: list[str]
    examples: dict[str, str] = field(default_factory=dict)


def groups(text: str) -> list[Group]:
    """The settings of .env.example in their order."""
    found, section, words, is_open = [], "", [], False
    for line in text.splitlines():
        if line.startswith(HEADING):
            section, words, is_open = line.removeprefix(HEADING), [], False
        elif setting := SETTING.fullmatch(line):
            if not is_open:
                found.append(Group(section, words))
            found[-1].examples[setting[1]] = setting[2]
            is_open = True
        else:
            words = [*([] if is_open or not line else words), *([line.removeprefix(COMMENT)] if line else [])]
            is_open = False
    return found


def defaults(code: str) -> dict[str, str]:
    """What each setting is when nobody sets it, in words, as the calls of ``env`` have it."""
    calls = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    read = [call for call in calls if isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "env"]
    return {
        call.args[0].value: _default(call)
        for call in read
        if call.func.attr not in ("expect", "make_folder", "stop_if_wrong") and isinstance(call.args[0], ast.Constant)
    }


def _default(call: ast.Call) -> str:
    given = [keyword.value for keyword in call.keywords if keyword.arg == "default"]
    if given:
        return _words(given[0])
    return "has to be set" if call.func.attr == "own" else "has to be set with the others"


def _words(value: ast.expr) -> str:
    match value:
        case ast.Constant(value=bool(is_on)):
            return "on" if is_on else "off"
        case ast.Name(id="DEMO"):
            return "off"  # the demonstration reads no such file
        case ast.Constant(value="" | None) | ast.List(elts=[]) | ast.Dict(keys=[]):
            return "—"
        case ast.Constant(value=found):
            return f"`{found}`"
        case ast.BinOp(op=ast.Mult()):
            return f"`{math.prod(node.value for node in ast.walk(value) if isinstance(node, ast.Constant))}`"
    return "see there"


def page(example: str, code: str) -> str:
    lines, section, without = [HEAD.rstrip()], None, defaults(code)
    for group in groups(example):
        if group.section != section:
            section = group.section
            lines += [f"\n## {section}", COLUMNS.lstrip("\n")]
        lines.append(_row(group, without))
    return "\n".join(lines) + "\n"


def _row(group: Group, without: dict[str, str]) -> str:
    shown = [f"`{value}`" if value else "" for value in group.examples.values()]
    cells = [[f"`{name}`" for name in group.examples], [without[name] for name in group.examples], shown]
    words = " ".join(line.strip() if not line.startswith("  ") else f"`{line.strip()}`" for line in group.words)
    return (
        "| "
        + " | ".join([*("<br>".join(cell).replace("|", r"\|") for cell in cells), words.replace("|", r"\|")])
        + " |"
    )


if __name__ == "__main__":
    print(page((ROOT / ".env.example").read_text(), (ROOT / "twinning/settings.py").read_text()), end="")
