"""Answers to codes: which answer counts, and what a place has for each criterion (method 6).

A code is one small number a criterion and place: 0 missing, 1 fails, 2 partly, 3 meets, 4 not applicable.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

CodeArray = NDArray[np.int8]
IntArray = NDArray[np.int64]
RowArray = NDArray[np.int32]

MISSING, FAILS, PARTLY, MEETS, NOT_APPLICABLE = range(5)
STATE_CODES = {"unknown": MISSING, "fails": FAILS, "partly": PARTLY, "meets": MEETS, "not_applicable": NOT_APPLICABLE}
SCORE_OF_CODE = np.array([np.nan, 0.0, 0.5, 1.0, np.nan])

KINDS = ("baseline", "self", "survey", "instrument", "verification")
"""Kinds of assessment, the more trusted later. From ``survey`` on an answer counts as verified."""
FIRST_VERIFIED = KINDS.index("survey")
TOLERANCE = 1e-9
NO_ROW = -1
OFFSET = 1 << 20
"""Makes every day of history positive."""


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


def counted_rows(
    place: IntArray,
    criterion: IntArray,
    codes: CodeArray,
    kind: IntArray,
    day: IntArray,
    shape: tuple[int, int],
    visit_day: IntArray | None = None,
) -> RowArray:
    """Return which answer counts for each place and criterion, as the row of the answer; -1 = none.

    A verified answer (survey, instrument, verification) beats a school's own; among equals the later evidence, then the
    later visit, then the more trusted kind. An answer "unknown" says nothing and replaces nothing. The order of rows is
    irrelevant.

    Args:
        place: Row of the result; ``criterion``: its column; ``kind``: index into ``KINDS``.
        day: Day of the evidence, any count of days; ``visit_day``: of the visit that says so, None = the same.
        shape: (places, criteria).
    """
    says = np.flatnonzero(codes != MISSING)
    verified = (kind[says] >= FIRST_VERIFIED).astype(np.int64)
    when = day[says].astype(np.int64) + OFFSET
    seen = when if visit_day is None else visit_day[says].astype(np.int64) + OFFSET
    weight = (verified << 50) + (when << 26) + (seen << 4) + kind[says]
    order = says[np.argsort(weight, kind="stable")]
    found = np.full(shape, NO_ROW, dtype=np.int32)
    found.reshape(-1)[place[order] * shape[1] + criterion[order]] = order  # the last of a repeated cell stays
    return found


def codes_at(rows: RowArray, codes: CodeArray) -> CodeArray:
    """Return the codes of counted answers; missing where none counts."""
    return np.append(codes, np.int8(MISSING))[rows].astype(np.int8)


def verified_at(rows: RowArray, kind: IntArray) -> NDArray[np.bool_]:
    """Return which counted answers are verified."""
    return np.asarray(np.append(kind >= FIRST_VERIFIED, False)[rows])


def spread_rows(own: RowArray, school: RowArray, school_of_building: IntArray) -> RowArray:
    """Return the answers that count in each building: its own, else its school's (``counted_rows``)."""
    return np.where(own == NO_ROW, school[school_of_building], own)
