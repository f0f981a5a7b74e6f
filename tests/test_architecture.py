"""Imports run one way: twinning (wiring), news, partners, twinning.core."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the top of the house to the ground floor; a floor may import from itself and from below.
FLOORS = ["twinning", "news", "partners", "twinning.core"]


def floor_of(module: str) -> int | None:
    """The floor that a dotted name stands on; None for everything from elsewhere."""
    named = [floor for floor in FLOORS if module == floor or module.startswith(f"{floor}.")]
    return FLOORS.index(max(named, key=len)) if named else None


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imported_by(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources() -> list[Path]:
    found = [path for top in ("twinning", "partners", "news") for path in (ROOT / top).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_imports_run_downwards(path):
    here = floor_of(module_of(path))
    floors = {name: floor_of(name) for name in imported_by(ast.parse(path.read_text()))}
    assert [name for name, floor in floors.items() if floor is not None and floor < here] == []


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_no_import_hides_in_a_function(path):
    functions = [
        n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    hidden = [node.lineno for f in functions for node in ast.walk(f) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert hidden == []
