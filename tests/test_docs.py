"""Documents name files, classes, functions, commands and settings of the project: each of them is there.

``path/to/file.py::Name`` is a class, a function or a constant of a file, ``file.py::Class.method`` a member of a class.
"""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).parent.parent
FOLDERS = (".ci", "benchmarks", "bin", "deploy", "docs", "news", "partners", "static", "templates", "tests", "twinning")
SOURCES = (".css", ".html", ".js", ".md", ".py", ".toml", ".conf", ".example")
DECISIONS = sorted(ROOT.glob("docs/adr/*.md"))
# A decision that was replaced tells of what was there then.
IN_FORCE = [path for path in DECISIONS if not path.read_text().startswith("Superseded by")]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/*.md")), *IN_FORCE]
DOCUMENTS += sorted(ROOT.glob("tests/*.md"))
# In these, everything in backticks is a name in the code. One without a file stands in a file that its paragraph named before.
GUIDES = [ROOT / "docs/glossary.md", ROOT / "docs/how-a-request-travels.md"]
FOREIGN = {"Image.open"}  # Pillow's
DJANGOS = {"migrations", "management", "templatetags"}
ROOMS = [path.parent.name for path in (ROOT / "twinning/core").glob("*/__init__.py") if path.parent.name not in DJANGOS]

PATH = re.compile(rf"(?<![\w./-])(?:{'|'.join(map(re.escape, FOLDERS))})/(?:[\w./*-]*[\w/*])?")
NAME_IN_A_FILE = re.compile(r"([\w./-]+\.py)::([\w.]+)")
DOTTED = re.compile(rf"`((?:{'|'.join(['twinning', 'partners', 'news', 'tests', *ROOMS])})(?:\.\w+)+)(?:\(\))?`")
FILE = re.compile(r"`([\w/-]+\.(?:py|toml|txt|css|js|html|md))`")
CLASS = re.compile(r"`([A-Z][a-z]\w*(?:\.\w+)*)(?:\([^`]*\))?`")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
DECISION = re.compile(r"(?:\bADR |\badr/)0*(\d+)\b")
DOCUMENT = re.compile(r"\bdocs/[\w/*-]+\.\w+")
SETTING = re.compile(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`")


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def files() -> list[Path]:
    """The files of the project, without those that tools put beside them."""
    own = [path for path in ROOT.iterdir() if path.is_file()]
    found = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [path for path in own + found if "__pycache__" not in path.parts]


@cache
def names(path: Path) -> set[str]:
    """The names that a Python file declares: “function”, “CONSTANT”, “Class”, “Class.method”, “Class.Inner.field”."""
    return set(declared(ast.parse(path.read_text(encoding="utf-8")).body, ""))


def declared(body: list[ast.stmt], before: str):
    for node in body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield before + node.name
        if isinstance(node, ast.ClassDef):
            yield from declared(node.body, f"{before}{node.name}.")
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", ast.Pass())]
        yield from (
            f"{before}{part.id}" for target in targets for part in ast.walk(target) if isinstance(part, ast.Name)
        )


def is_there(path: str) -> bool:
    return bool(list(ROOT.glob(path))) if "*" in path else (ROOT / path).exists()


def is_declared(path: str, name: str) -> bool:
    return is_there(path) and name in names(ROOT / path)


def is_importable(dotted: str) -> bool:
    """Whether a dotted name is a module, a package or a name in a module."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        folder = ROOT.joinpath(*parts[:end])
        module = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
        if module.exists():
            return end == len(parts) or ".".join(parts[end:]) in names(module)
    return False


def gone(text: str) -> list[str]:
    """The paths and names in a text that lead to nothing."""
    return [
        *(path for path in PATH.findall(text) if not is_there(path)),
        *(f"{path}::{name}" for path, name in NAME_IN_A_FILE.findall(text) if not is_declared(path, name)),
        *(dotted for dotted in DOTTED.findall(text) if not is_importable(dotted)),
        *(file for file in FILE.findall(text) if not is_there(file) and file not in {path.name for path in files()}),
    ]


def paragraphs(text: str) -> list[str]:
    """The paragraphs and the points of the lists in a text."""
    return re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )", text)


def unknown_in_guide(text: str) -> list[str]:
    """The words in backticks that are neither a path nor a name in a file that their paragraph has named before."""
    found = []
    for paragraph in paragraphs(text):
        named = set()
        for words in re.findall(r"`([^`]+)`", paragraph):
            path, _separator, name = words.partition("::")
            if PATH.fullmatch(path) and is_there(path):
                named.add(path)
                known = is_declared(path, name) if name else True
            else:
                known = any(is_declared(path, words) for path in named if path.endswith(".py"))
            found += [] if known else [words]
    return found


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "docs/components.html"], ids=relative)
def test_everything_that_a_document_names_is_there(document):
    assert gone(document.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("document", GUIDES, ids=relative)
def test_guide_names_nothing_else(document):
    text = document.read_text(encoding="utf-8")
    assert NAME_IN_A_FILE.search(text)
    assert unknown_in_guide(text) == []


def test_each_word_of_the_glossary_says_where_it_lives():
    entries = [text for text in paragraphs(GUIDES[0].read_text(encoding="utf-8")) if text.startswith("- **")]
    words = [re.match(r"- \*\*(.+?)\*\*: ", entry)[1] for entry in entries]
    assert len(set(words)) == len(words) >= 25
    assert [entry for entry in entries if not NAME_IN_A_FILE.search(entry)] == []


@pytest.mark.parametrize("decision", IN_FORCE, ids=relative)
def test_classes_that_a_decision_names_are_there(decision):
    everywhere = set().union(*(names(path) for path in files() if path.suffix == ".py"))
    named = set(CLASS.findall(decision.read_text(encoding="utf-8")))
    assert named - everywhere - FOREIGN == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_links_of_a_document_lead_to_files(document):
    links = [link for link in LINK.findall(document.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=relative)
def test_commands_and_settings_that_a_document_names_are_there(document):
    text = document.read_text(encoding="utf-8")
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set(re.findall(r"manage\.py (\w+)", text)) - set(get_commands()) == set()
    assert set(re.findall(r"(?:`|^    )make (\w+)", text, re.MULTILINE)) - set(targets) == set()
    settings = (ROOT / "twinning/settings.py").read_text() + (ROOT / "tests/settings.py").read_text()
    assert document in GUIDES or [name for name in SETTING.findall(text) if name not in settings] == []


def test_decisions_and_documents_that_the_code_names_are_there():
    there = {int(path.name[:4]) for path in DECISIONS}
    texts = {path: path.read_text(encoding="utf-8") for path in files() if path.suffix in SOURCES}
    assert {path for path, text in texts.items() if {int(number) for number in DECISION.findall(text)} - there} == set()
    assert [name for text in texts.values() for name in DOCUMENT.findall(text) if not is_there(name)] == []


def test_map_of_the_readme_has_every_folder_and_room():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [room for room in ROOMS if f"`{room}`" not in readme] == []
    assert [folder for folder in FOLDERS if f"`{folder}/" not in readme] == []


@pytest.mark.parametrize(
    "wrong",
    [
        "twinning/core/publishing/gates.py",
        "static/core/sharing/*.gif",
        "`twinning/core/publishing/gate.py::Publishable.is_publishd`",
        "`tests/test_docs.py::test_nothing`",
        "`twinning.core.publishing.gate.Publisher`",
        "`gates.py`",
        "`publishing/gate.py`",
        "`publishing.gate`",
    ],
)
def test_wrong_reference_is_found(wrong):
    assert gone(f"See {wrong}.") != []


@pytest.mark.parametrize(
    "wrong",
    [
        "`Publishable`",
        "`twinning/core/publishing/gate.py` has `Publishable.is_publishd`",
        "`Publishable` stands in `twinning/core/publishing/gate.py`",
        "`twinning/core/publishing/gate.py`\n\nhas `Publishable`",
        "`Cache-Control`",
    ],
)
def test_wrong_name_in_a_guide_is_found(wrong):
    assert unknown_in_guide(wrong) != []


def test_right_references_are_not_reported():
    right = "`twinning/core/publishing/gate.py::Publishable` has `Publishable.is_published`, see `docs/adr/`."
    assert gone(right) == unknown_in_guide(right) == []
