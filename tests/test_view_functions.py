"""Views have at most 20 lines."""

import ast
import inspect
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

ROOT = Path(__file__).parent.parent
DECORATORS = {
    "require_safe",
    "require_POST",
    "require_http_methods",
    "public_record",
    "link_required",
    "machine_readable",
}
MOST_LINES = 20


def addressed(patterns=None):
    """The view functions in the URLs outside the back office, without their decorators; feeds and pages of allauth are classes."""
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from () if pattern.namespace == "admin" else addressed(pattern.url_patterns)
        elif inspect.isfunction(view := inspect.unwrap(pattern.callback)) and not hasattr(
            pattern.callback, "view_class"
        ):
            yield view.__module__, view.__name__


def decorated():
    """The functions with a decorator for views."""
    for path in (path for top in ("twinning", "partners", "news") for path in (ROOT / top).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text())):
            names = {
                name.id
                for d in getattr(node, "decorator_list", ())
                for name in ast.walk(d)
                if isinstance(name, ast.Name)
            }
            if names & DECORATORS and isinstance(node, ast.FunctionDef):
                yield module, node.name


def lines_of(module: str, name: str) -> int:
    tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text())
    [function] = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    return function.end_lineno - function.body[0].lineno + 1


VIEWS = sorted({*addressed(), *decorated()})


def test_views_are_found_by_address_and_by_decorator():
    assert set(decorated()) - set(addressed())  # such as the inner function of a decorator
    assert ("news.views", "releases") in set(addressed()) & set(decorated())
    assert len(VIEWS) > 25


@pytest.mark.parametrize(("module", "name"), VIEWS, ids=".".join)
def test_view_is_short(module, name):
    assert lines_of(module, name) <= MOST_LINES
