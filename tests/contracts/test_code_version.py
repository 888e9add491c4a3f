"""The code version of a run covers all code that decides its numbers: whatever the ranking imports."""

import ast
from pathlib import Path

from app.workflows.rank_schools import RULES

ROOT = Path(__file__).resolve().parents[2]
DECIDES_NOTHING = (
    "app/funding/errors.py",
    "app/i18n",
    "app/workflows/__init__.py",
    "app/workflows/named_schemes.py",  # the scheme itself is in the run
    "app/workflows/save_scheme.py",
    "geodata/database.py",
    "geodata/errors.py",
    "geodata/models",
    "geodata/records",
    "geodata/queries/__init__.py",
    "geodata/queries/assessors.py",
    "geodata/queries/audit.py",
    "geodata/queries/audit_log.py",
    "geodata/queries/audit_records.py",
    "geodata/queries/official_lists.py",
    "geodata/queries/plans.py",  # how many schools the plan funds is in the run
    "geodata/queries/protection.py",
    "geodata/queries/provenance.py",  # on what a plan rests, worked out after it
    "geodata/queries/schemes.py",
    "geodata/queries/territory.py",
    "geodata/queries/tile_pyramid.py",  # made from the results
    "geodata/queries/workbench.py",
    "geodata/readers/aggregates.py",
    "geodata/readers/reference.py",
    "layers",  # the layers that were measured are in the run by the hash of their values
)
"""What the ranking imports without its numbers depending on it."""


def _path(module: str) -> Path | None:
    place = ROOT / module.replace(".", "/")
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.exists()), None)


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in for_types:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return {module for module in found if module.split(".")[0] in ("app", "geodata", "layers")}


def _reached(module: str) -> set[str]:
    seen: set[Path] = set()
    todo = [module]
    while todo:
        path = _path(todo.pop())
        if path is not None and path not in seen:
            seen.add(path)
            todo += _imports(path)
    return {path.relative_to(ROOT).as_posix() for path in seen}


def _is_below(path: str, places: tuple[str, ...]) -> bool:
    return any(path == place or path.startswith(f"{place}/") for place in places)


def test_every_module_that_decides_a_ranking_is_in_its_code_version():
    reached = _reached("app.workflows.rank_schools")

    assert {path for path in reached if not _is_below(path, (*RULES, *DECIDES_NOTHING))} == set()
    assert [place for place in RULES if not (ROOT / place).exists()] == []
    assert [place for place in DECIDES_NOTHING if not any(_is_below(path, (place,)) for path in reached)] == []
