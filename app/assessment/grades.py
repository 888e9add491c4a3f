"""Classes and grades of buildings and schools (method 6). No grade is a value: nothing is known well enough."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.assessment.standard import BoolArray, FloatArray

CLASSES = (
    "conforming",
    "conforming_incomplete",
    "partly_conforming",
    "non_conforming",
    "critical",
    "insufficient_data",
)
CONFORMING, CONFORMING_INCOMPLETE, PARTLY, NON_CONFORMING, CRITICAL, INSUFFICIENT = range(6)
GRADES = ("A", "B", "C", None, "D", "E")
"""From the best to the worst label of a school: order E, D, none, C, B, A."""
GRADE_A, GRADE_B, GRADE_C, NO_GRADE, GRADE_D, GRADE_E = range(6)


@dataclass(frozen=True, slots=True)
class Cuts:
    """Bounds of the classes, from the method's constants."""

    completeness: float = 0.8
    critical: float = 40.0
    non_conforming: float = 60.0
    partly: float = 80.0


def classify(
    lower: FloatArray,
    central: FloatArray,
    upper: FloatArray,
    completeness: FloatArray,
    has_failed: BoolArray,
    cuts: Cuts,
) -> NDArray[np.int64]:
    """Return the class (index into ``CLASSES``) of each building, tested in the method's order.

    Where nothing applies or is assessed (NaN) the class is insufficient_data.
    """
    enough = completeness >= cuts.completeness - 1e-12
    return np.select(
        [
            np.isnan(central),
            has_failed | (upper < cuts.critical),
            ~enough & (lower < cuts.critical),
            central < cuts.critical,
            central < cuts.non_conforming,
            central < cuts.partly,
            enough,
        ],
        [INSUFFICIENT, CRITICAL, INSUFFICIENT, CRITICAL, NON_CONFORMING, PARTLY, CONFORMING],
        CONFORMING_INCOMPLETE,
    )


def grade(classes: NDArray[np.int64], has_failed: BoolArray) -> NDArray[np.int64]:
    """Return the grade (index into ``GRADES``): E = a red flag failed, D = critical without one, C, B, A, none."""
    of_class = np.array([GRADE_A, GRADE_B, GRADE_B, GRADE_C, GRADE_D, NO_GRADE])
    return np.where(has_failed, GRADE_E, of_class[classes])


def worst_building(school: NDArray[np.int64], grades: NDArray[np.int64], schools: int) -> NDArray[np.int64]:
    """Return the row of the building that gives each school its label: the worst grade, the first among equals.

    -1 for a school without buildings.
    """
    order = np.lexsort((-np.arange(len(school)), grades, school))
    worst = np.full(schools, -1, dtype=np.int64)
    worst[school[order]] = order  # the last of each school is its worst
    return worst
