"""Imports run one way: twinning (wiring), news, partners, twinning.core, and inside core from room to room."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the top of the house to the ground; a room may import from itself and from what stands below it in this list.
ROOMS = [
    "twinning",
    "twinning.operations",
    "news",
    "partners",
    "twinning.core",  # the tables of contents: models, admin, urls, checks, template tags, commands
    "twinning.core.pages",
    "twinning.core.backoffice",
    "twinning.core.signin",
    "twinning.core.desk",
    "twinning.core.writing",
    "twinning.core.sharing",
    "twinning.core.previews",
    "twinning.core.opendata",
    "twinning.core.imports",
    "twinning.core.photos",
    "twinning.core.files",
    "twinning.core.lists",
    "twinning.core.outline",
    "twinning.core.search",
    "twinning.core.publishing",
    "twinning.core.editing",
    "twinning.core.history",
    "twinning.core.addresses",
    "twinning.core.roles",
    "twinning.core.accounts",
    "twinning.core.spreadsheets",
    "twinning.core.web",
    "twinning.core.fields",
]
MOST_FILES_IN_A_ROOM = 16


def room_of(module: str) -> int | None:
    """The place in ROOMS of a dotted name; None for everything from elsewhere."""
    named = [room for room in ROOMS if module == room or module.startswith(f"{room}.")]
    return ROOMS.index(max(named, key=len)) if named else None


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported_by(tree: ast.AST):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources() -> list[Path]:
    found = [path for top in ("twinning", "partners", "news") for path in (ROOT / top).rglob("*.py")]
    return [path for path in found if "migrations" not in path.parts]


def core_packages() -> list[Path]:
    core = ROOT / "twinning/core"
    django_folders = {"migrations", "management", "templatetags"}  # Django wants them there under these names
    return [path.parent for path in core.glob("*/__init__.py") if path.parent.name not in django_folders]


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_imports_run_downwards(path):
    here = room_of(module_of(path))
    rooms = {name: room_of(name) for name in imported_by(ast.parse(path.read_text()))}
    assert [name for name, room in rooms.items() if room is not None and room < here] == []


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_no_import_hides_in_a_function(path):
    functions = [
        n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    hidden = [node.lineno for f in functions for node in ast.walk(f) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert hidden == []


def test_every_room_of_core_stands_in_the_list():
    assert {f"twinning.core.{path.name}" for path in core_packages()} <= set(ROOMS)


@pytest.mark.parametrize("path", core_packages(), ids=lambda path: path.name)
def test_room_says_what_it_is_for_and_is_not_crowded(path):
    assert ast.get_docstring(ast.parse((path / "__init__.py").read_text()))
    assert len(list(path.glob("*.py"))) - 1 <= MOST_FILES_IN_A_ROOM
