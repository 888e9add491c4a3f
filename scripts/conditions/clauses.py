"""Where conditions stand in a text of SQL: between WHERE, the ANDs of its level, and the end of the clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

ENDS = re.compile(
    r"\b(GROUP BY|ORDER BY|LIMIT|OFFSET|RETURNING|UNION|EXCEPT|INTERSECT|HAVING|WINDOW|FOR UPDATE|FOR SHARE|FOR NO KEY|"
    r"ON CONFLICT|WHERE|SELECT)\b|;"
)
WORD = re.compile(r"\b(WHERE|AND|BETWEEN|CASE|END)\b|[()]|;")
BOOLEAN = re.compile(r"[\w)}] (=|<>|<=|>=|<|>|IS|IN|NOT|BETWEEN) |\bEXISTS \(|\bapp_\w+\(")
COMPARES = re.compile(r"[\w)}\]'] (=|<>|<=|>=|<|>|IS|IN|BETWEEN) ")
HOLDS = r"(NOT )?(EXISTS |app_\w+)?\[\]"
STATEMENT = re.compile(r"\b(SELECT|WHERE|UPDATE|INSERT|DELETE|CREATE|GRANT|COPY|SET|FROM|JOIN|CASE|ORDER BY|WITH)\b")


def in_text(content: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the conditions of a text of SQL, or of a piece of one that holds nothing but conditions."""
    plain = re.sub(r"--[^\n]*", lambda found: " " * len(found[0]), content)
    plain = re.sub(r"'[^'\n]*'", lambda found: "'" + "x" * (len(found[0]) - 2) + "'", plain)
    wheres = [found.end() for found in re.finditer(r"\bWHERE\b", plain)]
    if _holds_conditions_only(plain):
        led = re.match(r"\s*(AND\b)?", plain)
        wheres.insert(0, led.end() if led else 0)
    for begin in wheres:
        yield from _clause(plain, begin)


def _holds_conditions_only(plain: str) -> bool:
    """Whether a text is a piece of a WHERE: outside its brackets it compares, and has no word of a statement."""
    outside, inner = plain, ""
    while inner != outside:
        inner, outside = outside, re.sub(r"\([^()]*\)", "[]", outside)
    if STATEMENT.search(outside) or re.search(r",|;|\bAS\b", outside):
        return False
    if re.match(r"\s*\(\s*(WITH\b|SELECT (?!app_))", plain):
        return False
    held = any(re.fullmatch(HOLDS, part.strip()) for part in re.split(r"\bAND\b", outside))
    return bool(COMPARES.search(outside)) or (held and bool(BOOLEAN.search(plain)))


def _clause(plain: str, begin: int) -> Iterator[tuple[int, int]]:
    """Yield the conditions of one clause, which ends with its bracket, with the next clause or with the text."""
    depth, between, cases, start = 0, 0, 0, begin
    position = begin
    while position < len(plain):
        end = ENDS.match(plain, position)
        if end and depth == 0 and end[0] not in ("SELECT",):
            break
        word = WORD.match(plain, position)
        if word is None:
            position += 1
            continue
        position = word.end()
        if word[0] == "(":
            depth += 1
        elif word[0] == ")":
            depth -= 1
            if depth < 0:
                position = word.start()
                break
        elif depth == 0 and word[0] in ("CASE", "END"):
            cases += 1 if word[0] == "CASE" else -1
        elif depth == 0 and word[0] == "BETWEEN":
            between += 1
        elif depth == 0 and cases == 0 and word[0] == "AND":
            if between:
                between -= 1
                continue
            yield from _trimmed(plain, start, word.start())
            start = position
    yield from _trimmed(plain, start, position)


def _trimmed(plain: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the place without blanks, and without what a hole behind it puts in (an order, a limit)."""
    glued = re.search(r"(?<=[\w')}\]])\{", plain[start:end])
    if glued:
        end = start + glued.start()
    inner = plain[start:end]
    start += len(inner) - len(inner.lstrip())
    end = start + len(inner.strip())
    if start < end and plain[start:end] not in ("true", "TRUE"):
        yield start, end
