"""SECURITY.md's list of the verification standard is whole, and what it names is there."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| (?:`([^`|]+)`)? ?\|$", re.M)
NOT_APPLYING = re.compile(r"^- ((?:\d+\.\d+\.\d+(?:, )?)+): (.+)$", re.M)
STATES = {"met", "with HTTPS", "partly", "not met", "by the installer"}
SHOWN = {"met", "with HTTPS", "partly"}

LAST = {
    1: (2, 9, 11, 3, 2), 2: (3, 3, 4, 1), 3: (0, 2, 4, 6, 5, 0, 2), 4: (3, 1, 2, 4), 5: (1, 3, 2, 3),
    6: (3, 12, 4, 4, 5, 3, 0, 4), 7: (3, 4, 2, 5, 2, 2), 8: (2, 3, 1, 1), 9: (3, 4), 10: (2, 2, 4, 11, 5, 2, 3),
    11: (2, 3, 3, 4, 1, 1), 12: (3, 2, 4), 13: (1, 5, 2, 5), 14: (2, 4, 3), 15: (3, 3, 7), 16: (1, 5, 4, 3, 3),
    17: (1, 4, 2),
}  # fmt: skip
"""Chapter -> the last requirement of levels 1 and 2 in each section; those of level 3 come after them."""


@lru_cache(maxsize=1)
def document() -> str:
    return (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def requirements() -> list[str]:
    return [
        f"{chapter}.{section}.{number}"
        for chapter, sections in LAST.items()
        for section, last in enumerate(sections, start=1)
        for number in range(1, last + 1)
    ]


def rows() -> list[tuple[str, str, str, str]]:
    return ROW.findall(document())


def test_every_requirement_of_levels_1_and_2_stands_in_the_list_once():
    listed = [row[0] for row in rows()]
    left_out = [number for match in NOT_APPLYING.findall(document()) for number in match[0].split(", ")]

    assert len(requirements()) == 253, "as many as ASVS 5.0.0 has"
    assert sorted(listed + left_out) == sorted(requirements())


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_a_requirement_has_a_state_and_what_is_met_a_test(row):
    number, what, state, test = row

    assert state in STATES, number
    assert len(what) >= 8, number
    if state in SHOWN:
        path, _, name = test.partition("::")
        tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, test
