"""What counted on a day, and which answers changed since: known, later, and first verified or not."""

from __future__ import annotations

import numpy as np
import pytest

from app.assessment.answers import FAILS, KINDS, MEETS, MISSING
from app.assessment.rescoring import NO_DAY, Counted, KnownAnswers, changed_later, counted_on, exchanged

SELF, SURVEY = KINDS.index("self"), KINDS.index("survey")
ONE_BUILDING = np.array([0])


def answers(*rows):
    """Rows of (place, code, kind, evidence, known) to one criterion; place 1 is the school of building 0."""
    place, code, kind, day, known = (np.array(column) for column in zip(*rows, strict=True))
    return KnownAnswers(place, np.zeros(len(rows), int), code.astype(np.int8), kind, day, day, known)


def one(code, verified, day):
    return Counted(np.array([[code]], np.int8), np.array([[verified]]), np.array([[day]]))


@pytest.mark.parametrize(
    ("day", "code", "evidence"),
    [
        pytest.param(9, MISSING, NO_DAY, id="before the evidence"),
        pytest.param(14, MISSING, NO_DAY, id="evidence is there and not yet public"),
        pytest.param(15, MEETS, 10, id="public"),
        pytest.param(30, FAILS, 30, id="later and verified"),
    ],
)
def test_an_answer_counts_from_its_evidence_and_its_publication(day, code, evidence):
    known = answers((0, MEETS, SELF, 10, 15), (0, FAILS, SURVEY, 30, 30))

    found = counted_on(known, day, ONE_BUILDING, 1, 1)

    assert (found.codes[0, 0], found.day[0, 0]) == (code, evidence)


def test_an_answer_of_the_school_counts_in_a_building_without_one():
    found = counted_on(answers((1, FAILS, SELF, 10, 10)), 10, ONE_BUILDING, 1, 1)

    assert found.codes[0, 0] == FAILS


@pytest.mark.parametrize(
    ("old", "new", "real", "undivided"),
    [
        pytest.param((MEETS, True, 5), (FAILS, True, 20), True, False, id="verified, then otherwise"),
        pytest.param((MEETS, False, 5), (FAILS, False, 20), True, False, id="said, then said otherwise"),
        pytest.param((MEETS, False, 5), (FAILS, True, 20), False, True, id="said, then found otherwise"),
        pytest.param((MISSING, False, NO_DAY), (FAILS, True, 20), False, False, id="known only now"),
        pytest.param((MEETS, True, 5), (FAILS, True, 8), False, False, id="corrected by evidence of before"),
        pytest.param((MEETS, False, 5), (MEETS, True, 20), False, False, id="merely verified"),
    ],
)
def test_what_changed_later_and_what_cannot_be_told_apart(old, new, real, undivided):
    found = changed_later(one(*old), one(*new), day=10)

    assert (found.real[0, 0], found.undivided[0, 0]) == (real, undivided)


def test_exchanging_takes_each_cause_from_its_own_answers():
    old, new = one(MEETS, True, 5), one(FAILS, True, 20)
    changed = changed_later(old, new, day=10)

    assert exchanged(new, old, old, changed).codes[0, 0] == MEETS
    assert exchanged(old, new, old, changed).codes[0, 0] == FAILS
    assert exchanged(old, old, new, changed).codes[0, 0] == MEETS
