"""Where the conditions of queries stand in a source: what follows WHERE and AND, and the arguments of ``where``.

It knows neither the database nor the tests. Strings are read as the tokenizer joins them; one condition is what stands
between two ANDs of the same level, so that a bracket with an OR is one condition.
"""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from scripts.conditions.clauses import in_text

GUARD = re.compile(
    r"app_|scope|territor|publi|'withdrawn'|status|class|is_current|account|owner|creat|rater|restrict|protect|"
    r"MAY_|_MINE|_OWN|_theirs|_held|inside\(|STANDS|IS_OPEN|IS_LIVE|right|secret|token|expire|revoked|active|valid_|"
    r"REVISIT|BOXES|user|pending|confirmed|role|grant|visible|shown|hidden|edition|version",
    re.IGNORECASE,
)
"""Words of conditions that keep something from somebody; they are tried first."""


CONSTANT = ("true()", "false()", "literal(True)", "literal(False)")


@dataclass(frozen=True)
class Condition:
    """One condition: its file, the name of the function or constant it stands in, its place, its text.

    ``start`` and ``end`` are its place in the source, ``kind`` is whether it is SQL (text) or Python (call).
    """

    path: str
    owner: str
    line: int
    text: str
    start: int
    end: int
    kind: str

    @property
    def key(self) -> str:
        """What it is known by in the journal: stable while neither its text nor its owner changes."""
        return f"{self.path}:{self.owner}:{self.line}:{' '.join(self.text.split())}"

    @property
    def is_guard(self) -> bool:
        """Whether it looks as if it kept something from somebody."""
        return bool(GUARD.search(self.text))

    def dropped(self, source: str) -> str:
        """Return the source without the condition: it is still there, so that its values are, but always holds."""
        inner = source[self.start : self.end]
        if self.kind == "text":
            return f"{source[: self.start]}(TRUE OR ({inner})){source[self.end :]}"
        always = "__import__('sqlalchemy').true()"
        return f"{source[: self.start]}__import__('sqlalchemy').or_({always}, {inner}){source[self.end :]}"


def find_conditions(path: str, source: str) -> list[Condition]:
    """Return every condition of a module's queries, in order; docstrings hold none."""
    tree = ast.parse(source)
    lines = _Lines(source)
    owners = _owners(tree)
    documents = _documents(tree)
    found = {}
    for start, end, kind in (*_in_strings(source, lines, documents), *_in_calls(tree, lines)):
        line = lines.line_of(start)
        owner = next((name for name, first, last in owners if first <= line <= last), "")
        found[start, end] = Condition(path, owner, line, source[start:end], start, end, kind)
    return [found[place] for place in sorted(found)]


class _Lines:
    """Offsets of a source's lines; columns of the syntax tree count bytes."""

    def __init__(self, source: str) -> None:
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))

    def offset(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def of_node(self, line: int, byte: int) -> int:
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:byte].decode())

    def span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.of_node(node.lineno, node.col_offset), self.of_node(node.end_lineno, node.end_col_offset)

    def line_of(self, offset: int) -> int:
        return next(number for number, start in enumerate(self.starts) if start > offset)


def _owners(tree: ast.Module) -> list[tuple[str, int, int]]:
    """Return the top-level names with their lines."""
    found = []
    for node in tree.body:
        name = getattr(node, "name", None)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            name = node.target.id
        if name:
            found.append((name, node.lineno, node.end_lineno or node.lineno))
    return found


def _documents(tree: ast.Module) -> set[int]:
    """Return the first lines of strings that are statements: documentation."""
    return {
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    }


def _in_strings(source: str, lines: _Lines, documents: set[int]) -> Iterator[tuple[int, int, str]]:
    for content, places in _strings(source, lines, documents):
        for start, end in in_text(content):
            yield places[start], places[end - 1] + 1, "text"


def _strings(source: str, lines: _Lines, documents: set[int]) -> Iterator[tuple[str, list[int]]]:
    """Yield each text, joined as Python joins neighbouring strings, with the place in the source of each character."""
    content: str = ""
    places: list[int] = []
    for token in tokenize.generate_tokens(StringIO(source).readline):
        if token.type == tokenize.STRING:
            if token.start[0] in documents:
                continue
            body = re.fullmatch(r"(?s)[A-Za-z]*('''|\"\"\"|'|\")(.*)\1", token.string)
            assert body is not None
            first = lines.offset(*token.start) + body.start(2)
            content += body[2]
            places += range(first, first + len(body[2]))
        elif token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT) and content:
            yield content, places
            content, places = "", []


def _in_calls(tree: ast.Module, lines: _Lines) -> Iterator[tuple[int, int, str]]:
    for node in _condition_nodes(tree):
        for part in _conjuncts(node):
            yield (*lines.span(part), "call")


def _conjuncts(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what a conjunction is made of."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "and_":
        for one in node.args:
            if not isinstance(one, ast.Starred):
                yield from _conjuncts(one)
    elif isinstance(node, ast.IfExp):
        yield from _conjuncts(node.body)
        yield from _conjuncts(node.orelse)
    elif not isinstance(node, ast.Starred) and ast.unparse(node) not in CONSTANT:
        yield node


def _condition_nodes(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield arguments of ``where`` and ``filter``, of functions that pass them on, and what is listed for them."""
    passing = {
        node.name: len(node.args.args)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.args.vararg and _of_conditions(node.args.vararg.annotation)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in ("where", "filter", "having"):
                yield from node.args
            elif isinstance(node.func, ast.Name) and node.func.id in passing:
                yield from node.args[passing[node.func.id] :]
        elif isinstance(node, ast.FunctionDef):
            yield from _listed(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
            yield from [node.value] if isinstance(node.value.op, ast.BitAnd) else []


def _of_conditions(annotation: ast.expr | None) -> bool:
    return annotation is not None and "ColumnElement[bool]" in ast.unparse(annotation)


def _listed(function: ast.FunctionDef) -> Iterator[ast.expr]:
    """Yield conditions that a function collects in a list or a mapping, or returns."""
    starred = {
        one.value.id
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and _name_of(call.func) in ("where", "filter", "and_", "or_")
        for one in call.args
        if isinstance(one, ast.Starred) and isinstance(one.value, ast.Name)
    }
    gives = _of_conditions(function.returns)
    for node in ast.walk(function):
        target, value = _assignment(node)
        if isinstance(target, ast.Name) and target.id in starred and isinstance(value, ast.List | ast.Tuple):
            if any(isinstance(one, ast.Compare | ast.Call | ast.BinOp) for one in value.elts):
                yield from value.elts
        elif gives and isinstance(target, ast.Subscript) and value is not None:
            yield value
        elif gives and isinstance(node, ast.Return) and node.value is not None:
            given = node.value.elts if isinstance(node.value, ast.List | ast.Tuple) else [node.value]
            yield from (one for one in given if not isinstance(one, ast.Name))
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "append"
            and isinstance(node.func.value, ast.Name)
            and (node.func.value.id in starred)
            and isinstance(node.args[0], ast.Compare | ast.Call)
            and gives
        ):
            yield node.args[0]


def _name_of(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _assignment(node: ast.AST) -> tuple[ast.expr | None, ast.expr | None]:
    if isinstance(node, ast.Assign):
        return node.targets[0], node.value
    if isinstance(node, ast.AnnAssign):
        return node.target, node.value
    return None, None
