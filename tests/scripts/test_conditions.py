"""The tool that drops conditions of queries: it finds them, and a switch drops one and no other."""

import ast

import pytest

from scripts.conditions import tagging
from scripts.conditions.clauses import in_text
from scripts.conditions.finding import find_conditions


def conditions_of(text):
    return [text[start:end] for start, end in in_text(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT 1 FROM a WHERE b = 1 AND c BETWEEN 2 AND 3 ORDER BY d", ["b = 1", "c BETWEEN 2 AND 3"]),
        ("SELECT 1 FROM a WHERE (b = 1 OR c = 2) AND NOT d", ["(b = 1 OR c = 2)", "NOT d"]),
        (
            "SELECT count(*) FILTER (WHERE b = 1 AND c = 2) FROM a WHERE EXISTS (SELECT FROM e WHERE f = 1)",
            ["b = 1", "c = 2", "EXISTS (SELECT FROM e WHERE f = 1)", "f = 1"],
        ),
        ("SELECT 1 FROM a WHERE b = ' AND ' -- AND c\n AND d = 1 LIMIT 1", ["b = ' AND '", "d = 1"]),
        ("UPDATE a SET b = 1 WHERE c = :c RETURNING d", ["c = :c"]),
        ("r.status = 'draft' AND {_OWN}", ["r.status = 'draft'", "{_OWN}"]),
        (" WHERE {_TO_DECIDE}{_NEWEST}", ["{_TO_DECIDE}"]),
        ("SELECT a, b FROM c", []),
        ("jsonb_build_object('a', b IS NULL)", []),
        ("a plain sentence, of words", []),
    ],
)
def test_conditions_of_a_text(text, found):
    assert sorted(conditions_of(text)) == sorted(found)


SOURCE = '''
"""Where nothing stands: WHERE a = 1."""
from sqlalchemy import and_, select, text
_MINE = "a.writer = :me"
_ALL = text(f"SELECT 1 FROM a WHERE {_MINE} "
    "AND a.is_shown")
def rows(session, wanted: int) -> None:
    found = [A.kind == wanted]
    found.append(A.id > 0)
    return session.execute(select(A).where(A.is_shown, A.code.in_(wanted) & (A.level == 1)).where(and_(*found)))
'''


def test_conditions_of_a_module_with_their_owners():
    found = [(one.owner, one.text) for one in find_conditions("a.py", SOURCE)]

    assert found == [
        ("_MINE", "a.writer = :me"),
        ("_ALL", "{_MINE}"),
        ("_ALL", "a.is_shown"),
        ("rows", "A.kind == wanted"),
        ("rows", "A.is_shown"),
        ("rows", "A.code.in_(wanted)"),
        ("rows", "A.level == 1"),
    ]


def test_every_condition_of_our_queries_has_a_switch_and_the_sources_stay_whole():
    conditions = tagging.all_conditions()
    assert len(conditions) > 1_000
    of_path = {}
    for number, one in enumerate(conditions):
        of_path.setdefault(one.path, []).append((number, one))
    for path, numbered in of_path.items():
        changed = tagging.with_switches((tagging.ROOT / path).read_text(encoding="utf-8"), numbered)
        ast.parse(changed)
        assert {int(number) for number in tagging.TAG.findall(changed)} == {number for number, _ in numbered}, path


def test_a_switch_drops_its_condition_and_no_other():
    switches = tagging.Switches()
    words = "SELECT 1 WHERE (/*@7*/ false OR (a)) AND (/*@17*/ false OR (b))"
    as_it_is = switches._switched(words)
    switches.dropped = 7

    assert as_it_is == words
    assert switches._switched(words) == "SELECT 1 WHERE (/*@7*/ true  OR (a)) AND (/*@17*/ false OR (b))"
    assert switches.asked == {7, 17}
