"""Weights that people move: their sum, their bounds, and a list under them, here and in the browser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.prioritisation.errors import InvalidSchemeError
from app.prioritisation.index import weigh
from app.prioritisation.scheme import load_scheme
from app.prioritisation.weights import UNITS, Bounds, find_flaws, overlap, read_units, rebalance, score_under
from app.workflows.save_scheme import shipped_bounds
from tests.support.browser import NODE

START = (300, 150, 80, 200, 100, 70, 50, 50)
LIBRARY = Path(__file__).resolve().parents[3] / "app/web/static/js/lib/reranking.js"

weights = st.lists(st.integers(0, 500), min_size=8, max_size=8)


@given(weights, st.integers(0, 7))
def test_a_moved_weight_keeps_its_value_as_far_as_the_others_can_follow(units, kept):
    bounds = shipped_bounds()

    found = rebalance(units, bounds, kept)

    assert find_flaws(found, bounds) == []
    if found[kept] != units[kept]:
        others = [found[place] for place in range(8) if place != kept]
        lows, highs = ([limit[p] for p in range(8) if p != kept] for limit in (bounds.low, bounds.high))
        at_own_bound = found[kept] in (bounds.low[kept], bounds.high[kept])
        assert at_own_bound or others in (lows, highs)


@given(weights)
def test_scaling_all_weights_gives_a_scheme(units):
    assert find_flaws(rebalance(units, shipped_bounds()), shipped_bounds()) == []


def test_the_others_keep_their_proportions():
    wide = Bounds(tuple("abc"), (0, 0, 0), (1000, 1000, 1000))

    assert rebalance((500, 300, 300), wide, 0) == [500, 250, 250]
    assert rebalance((400, 100, 200), wide, 0) == [400, 200, 400]


def test_weights_that_are_a_scheme_stay_as_they_are():
    assert tuple(rebalance(START, shipped_bounds(), 3)) == START


def test_bounds_that_no_sum_of_one_fits_are_refused():
    with pytest.raises(InvalidSchemeError):
        rebalance((500, 500), Bounds(("a", "b"), (0, 0), (300, 300)))


def test_flaws_are_named_one_by_one():
    units = (500, 150, 10, *START[3:])

    assert [(flaw.kind, flaw.code, flaw.value) for flaw in find_flaws(units, shipped_bounds())] == [
        ("above", "C1", "0.500"),
        ("below", "C3", "0.010"),
        ("sum", "", "1.130"),
    ]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("0.3", 300),
        (" 0,125 ", 125),
        ("1", 1000),
        ("0.0004", 0),
        ("-0.1", None),
        ("1.1", None),
        ("nan", None),
        ("x", None),
    ],
)
def test_a_weight_is_read_with_point_or_comma(text, units):
    assert read_units(text) == units


def test_scores_are_those_of_the_run():
    rng = np.random.default_rng(7)
    scheme = load_scheme("default")
    x = np.repeat(rng.random((500, 8, 1)), 3, axis=2)
    x[rng.random((500, 8)) < 0.2] = np.nan
    run = weigh(x, scheme.weight_array, scheme.functions)

    assert score_under(run.value, START, 0.5).tolist() == run.central.tolist()


def test_overlap_leaves_out_who_has_no_place():
    assert overlap(np.array([1, 2, 3, 4]), np.array([2, 0, 1, 3]), 3) == 2


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_the_browser_computes_the_same(seed):
    rng = np.random.default_rng(seed)
    bounds, values = shipped_bounds(), rng.random((300, 8)).round(rng.integers(1, 17))
    values[rng.random((300, 8)) < 0.2] = np.nan
    moves = [([int(u) for u in rng.integers(0, 500, 8)], int(rng.integers(0, 8))) for _ in range(40)]
    program = (
        f"import {{ rebalance, scoresOf }} from {json.dumps(LIBRARY.as_uri())};"
        "let text = ''; for await (const part of process.stdin) text += part;"
        "const { values, units, low, high, moves } = JSON.parse(text);"
        "console.log(JSON.stringify({ scores: [...scoresOf(values, units, 0.5)],"
        "moved: moves.map(([wish, kept]) => rebalance(wish, low, high, kept)) }));"
    )
    sent = {"values": [[None if np.isnan(v) else v for v in row] for row in values.tolist()], "units": START}
    sent |= {"low": bounds.low, "high": bounds.high, "moves": moves}

    answer = subprocess.run(
        [NODE, "--input-type=module", "-e", program],
        input=json.dumps(sent),
        capture_output=True,
        text=True,
        check=True,
    )

    found = json.loads(answer.stdout)
    assert found["scores"] == score_under(values, START, 0.5).tolist()
    assert found["moved"] == [rebalance(wish, bounds, kept) for wish, kept in moves]
    assert all(sum(units) == UNITS for units in found["moved"])
