"""Every condition with a switch: ``cond`` becomes ``/*@17*/ false OR cond``; ``true`` in its place drops it.

The sources of ``geodata`` are changed on import and no file is; the statement is changed where psycopg takes it. So
one process drops one condition after another without importing anything again.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import psycopg

from scripts.conditions.finding import Condition, find_conditions

ROOT = Path(__file__).resolve().parents[2]
TAG = re.compile(r"/\*@(\d+)\*/ false")
SWITCH = "__import__('sqlalchemy').literal_column('/*@{number}*/ false', __import__('sqlalchemy').Boolean)"


def all_conditions() -> list[Condition]:
    """Return the conditions of all queries; a condition's place in the list is its number."""
    paths = [*sorted(ROOT.glob("geodata/*.py")), *sorted(ROOT.glob("geodata/queries/*.py"))]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return [one for name in names for one in find_conditions(name, (ROOT / name).read_text(encoding="utf-8"))]


def with_switches(source: str, numbered: Sequence[tuple[int, Condition]]) -> str:
    """Return a source in which every condition has its switch; conditions may lie inside each other."""
    added = []
    for number, one in numbered:
        if one.kind == "text":
            before, after = f"(/*@{number}*/ false OR (", "))"
        else:
            before, after = f"__import__('sqlalchemy').or_({SWITCH.format(number=number)}, (", "))"
        size = one.end - one.start
        added += [(one.start, 1, -size, before), (one.end, 0, size, after)]
    for place, _, _, words in sorted(added, reverse=True):
        source = f"{source[:place]}{words}{source[place:]}"
    return source


class Switches:
    """Which condition is dropped, and which were in a statement since the last look."""

    def __init__(self) -> None:
        self.dropped: int | None = None
        self.asked: set[int] = set()

    def install(self, conditions: Sequence[Condition]) -> None:
        """Change what is imported from now on, and every statement."""
        of_module: dict[str, list[tuple[int, Condition]]] = {}
        for number, one in enumerate(conditions):
            of_module.setdefault(one.path.removesuffix(".py").replace("/", "."), []).append((number, one))
        assert not set(of_module) & set(sys.modules), "the queries are imported already"
        sys.meta_path.insert(0, _Finder(of_module))
        for kind, name in (
            (psycopg.Cursor, "execute"),
            (psycopg.Cursor, "executemany"),
            (psycopg.Cursor, "copy"),
            (psycopg.Cursor, "stream"),
            (psycopg.ServerCursor, "execute"),
        ):
            self._listen(kind, name)

    def _listen(self, kind: Any, name: str) -> None:
        former = getattr(kind, name)

        def changed(cursor: Any, query: Any, *more: Any, **named: Any) -> Any:
            return former(cursor, self._switched(query), *more, **named)

        setattr(kind, name, changed)

    def _switched(self, query: Any) -> Any:
        if not isinstance(query, str | bytes):
            return query
        words = query if isinstance(query, str) else query.decode()
        if "/*@" not in words:
            return query
        self.asked.update(int(number) for number in TAG.findall(words))
        if self.dropped is None:
            return query
        switched = words.replace(f"/*@{self.dropped}*/ false", f"/*@{self.dropped}*/ true ")
        return switched if isinstance(query, str) else switched.encode()


class _Switched(SourceFileLoader):
    """A module with switches."""

    numbered: Sequence[tuple[int, Condition]] = ()

    def get_code(self, fullname: str) -> CodeType:
        source = with_switches(Path(self.path).read_text(encoding="utf-8"), self.numbered)
        return compile(ast.parse(source), self.path, "exec", dont_inherit=True)


class _Finder:
    """Finds the modules that have conditions."""

    def __init__(self, of_module: dict[str, list[tuple[int, Condition]]]) -> None:
        self.of_module = of_module

    def find_spec(self, name: str, path: Any = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Return the module with switches; None for all others."""
        spec = PathFinder.find_spec(name, path) if name in self.of_module else None
        if spec is not None and spec.origin is not None:
            loader = _Switched(name, spec.origin)
            loader.numbered = self.of_module[name]
            spec.loader = loader
        return spec
