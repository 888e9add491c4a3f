"""Rooms stay small and say what they are for."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("app", "geodata", "layers", "scripts")
MODULE_LINES, FUNCTION_LINES = 300, 50
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "misc", "manager"}
MODULES = sorted(
    path for room in ROOMS for path in (ROOT / room).rglob("*.py") if "migrations/versions" not in path.as_posix()
)


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_module_is_a_room_to_live_in(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)

    assert len(text.splitlines()) <= MODULE_LINES
    assert ast.get_docstring(tree), "a module says what it is for"
    assert not FORBIDDEN & set(path.relative_to(ROOT).with_suffix("").parts)
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > FUNCTION_LINES
    ]
    assert not long


@pytest.mark.parametrize("path", sorted((ROOT / "app/web/static/js").rglob("*.js")), ids=name)
def test_script_is_a_room_to_live_in(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES
