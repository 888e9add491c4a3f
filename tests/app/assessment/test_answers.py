"""Which answer counts at a place."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.answers import (
    FAILS,
    KINDS,
    MEETS,
    MISSING,
    NO_ROW,
    NOT_APPLICABLE,
    PARTLY,
    codes_at,
    codes_of_rooms,
    counted_rows,
    spread_rows,
    verified_at,
)


def winner(*answers):
    """Return the code and verification of one cell from (code, kind, day) in the given order."""
    codes, kinds, days = zip(*answers, strict=True)
    count = len(answers)
    codes, kinds = np.array(codes, dtype=np.int8), np.array([KINDS.index(kind) for kind in kinds])
    cell = np.zeros(count, dtype=np.int64)
    rows = counted_rows(cell, cell, codes, kinds, np.array(days), (1, 1))
    return codes_at(rows, codes)[0, 0], bool(verified_at(rows, kinds)[0, 0])


@pytest.mark.parametrize(
    ("answers", "code", "verified"),
    [
        pytest.param([(MEETS, "self", 10), (FAILS, "self", 20)], FAILS, False, id="the later one"),
        pytest.param([(FAILS, "verification", 10), (MEETS, "self", 20)], FAILS, True, id="verified beats later self"),
        pytest.param([(MEETS, "survey", 10), (FAILS, "verification", 20)], FAILS, True, id="later of two verified"),
        pytest.param([(FAILS, "self", 10), (MISSING, "verification", 20)], FAILS, False, id="unknown hides nothing"),
        pytest.param([(MEETS, "baseline", -9000), (PARTLY, "self", 20)], PARTLY, False, id="days before 1970"),
        pytest.param([(MISSING, "self", 1)], MISSING, False, id="only unknown"),
    ],
)
def test_the_answer_that_counts_does_not_depend_on_the_order_of_rows(answers, code, verified):
    assert winner(*answers) == (code, verified)
    assert winner(*reversed(answers)) == (code, verified)


def test_of_two_visits_with_the_same_evidence_the_later_one_counts():
    cell, days = np.zeros(2, dtype=np.int64), np.array([100, 100])
    kinds = np.array([KINDS.index("self")] * 2)
    codes = np.array([MEETS, FAILS], dtype=np.int8)

    assert counted_rows(cell, cell, codes, kinds, days, (1, 1), np.array([400, 300]))[0, 0] == 0
    assert counted_rows(cell, cell, codes, kinds, days, (1, 1), np.array([300, 400]))[0, 0] == 1


def test_newer_evidence_counts_whenever_it_was_written_down():
    cell, kinds = np.zeros(2, dtype=np.int64), np.array([KINDS.index("self")] * 2)
    codes = np.array([MEETS, FAILS], dtype=np.int8)

    rows = counted_rows(cell, cell, codes, kinds, np.array([200, 100]), (1, 1), np.array([200, 900]))
    assert rows[0, 0] == 0


@pytest.mark.parametrize(
    ("share", "code", "expected"),
    [
        pytest.param(1.0, MEETS, MEETS, id="all rooms pass"),
        pytest.param(0.999, MEETS, PARTLY, id="not quite all"),
        pytest.param(0.5, FAILS, PARTLY, id="exactly half"),
        pytest.param(0.49, MEETS, FAILS, id="fewer than half"),
        pytest.param(0.0, MEETS, FAILS, id="none"),
        pytest.param(np.nan, PARTLY, PARTLY, id="not by rooms"),
        pytest.param(0.2, NOT_APPLICABLE, NOT_APPLICABLE, id="not applicable stays"),
        pytest.param(0.2, MISSING, MISSING, id="unknown stays"),
    ],
)
def test_rooms(share, code, expected):
    assert codes_of_rooms(np.array([code], dtype=np.int8), np.array([share]))[0] == expected


def test_answers_of_the_school_count_in_buildings_without_their_own():
    own = np.array([[NO_ROW, 4], [7, NO_ROW]], dtype=np.int32)
    school = np.array([[2, 3]], dtype=np.int32)

    assert spread_rows(own, school, np.zeros(2, dtype=np.int64)).tolist() == [[2, 4], [7, 3]]


def test_where_nothing_counts_the_answer_is_missing_and_not_verified():
    nowhere = np.full((1, 1), NO_ROW, dtype=np.int32)
    codes, kinds = np.array([MEETS], dtype=np.int8), np.array([KINDS.index("survey")])

    assert codes_at(nowhere, codes)[0, 0] == MISSING
    assert not verified_at(nowhere, kinds)[0, 0]
