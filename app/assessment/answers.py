"""Answers to codes: which answer counts, and what a place has for each criterion (method 6).

A code is one small number a criterion and place: 0 missing, 1 fails, 2 partly, 3 meets, 4 not applicable.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CodeArray = NDArray[np.int8]
IntArray = NDArray[np.int64]

MISSING, FAILS, PARTLY, MEETS, NOT_APPLICABLE = range(5)
STATE_CODES = {"unknown": MISSING, "fails": FAILS, "partly": PARTLY, "meets": MEETS, "not_applicable": NOT_APPLICABLE}
SCORE_OF_CODE = np.array([np.nan, 0.0, 0.5, 1.0, np.nan])

KINDS = ("baseline", "self", "survey", "instrument", "verification")
"""Kinds of assessment, the more trusted later. From ``survey`` on an answer counts as verified."""
FIRST_VERIFIED = KINDS.index("survey")
TOLERANCE = 1e-9


def codes_of_rooms(codes: CodeArray, room_share: NDArray[np.float64], share_for_partly: float = 0.5) -> CodeArray:
    """Apply the room rule: meets when all inspected rooms pass, partly from half of them, else fails.

    ``room_share``: 0..1 of the inspected rooms that pass, NaN = the answer is not by rooms. An answer that is
    missing or not applicable stays so.
    """
    share = np.nan_to_num(room_share, nan=-1.0)
    by_share = np.where(share >= 1 - TOLERANCE, MEETS, np.where(share >= share_for_partly - TOLERANCE, PARTLY, FAILS))
    is_by_room = (share >= 0) & (codes != MISSING) & (codes != NOT_APPLICABLE)
    return np.where(is_by_room, by_share, codes).astype(np.int8)


def codes_of_scores(scores: NDArray[np.float64]) -> CodeArray:
    """Return the codes of scores 0, 0.5 and 1; NaN is missing."""
    found = np.where(scores >= 1, MEETS, np.where(scores >= 0.5, PARTLY, FAILS))
    return np.where(np.isnan(scores), MISSING, found).astype(np.int8)


def place_answers(
    place: IntArray, criterion: IntArray, codes: CodeArray, kind: IntArray, day: IntArray, shape: tuple[int, int]
) -> tuple[CodeArray, NDArray[np.bool_]]:
    """Keep the answer that counts for each place and criterion.

    A verified answer (survey, instrument, verification) beats a school's own; among equals the later one, then
    the more trusted kind. An answer "unknown" says nothing and replaces nothing. The order of rows is irrelevant.

    Args:
        place: Row of the result; ``criterion``: its column; ``kind``: index into ``KINDS``; ``day``: any count of days.
        shape: (places, criteria).

    Returns:
        Codes, and whether they are verified; both of ``shape``.
    """
    says = codes != MISSING
    place, criterion, codes, kind, day = (array[says] for array in (place, criterion, codes, kind, day))
    verified = kind >= FIRST_VERIFIED
    weight = (verified.astype(np.int64) << 40) + ((day.astype(np.int64) + (1 << 30)) << 4) + kind
    order = np.argsort(weight, kind="stable")
    found, is_verified = np.zeros(shape, dtype=np.int8), np.zeros(shape, dtype=bool)
    cells = (place * shape[1] + criterion)[order]
    found.reshape(-1)[cells] = codes[order]  # the last assignment of a repeated cell stays
    is_verified.reshape(-1)[cells] = verified[order]
    return found, is_verified


def spread_to_buildings(
    own: CodeArray,
    own_verified: NDArray[np.bool_],
    school: CodeArray,
    school_verified: NDArray[np.bool_],
    school_of_building: IntArray,
) -> tuple[CodeArray, NDArray[np.bool_]]:
    """Let the answers of school and site count in every building that has none of its own."""
    inherited = own == MISSING
    return (
        np.where(inherited, school[school_of_building], own),
        np.where(inherited, school_verified[school_of_building], own_verified),
    )
