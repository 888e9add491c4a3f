"""How long an answer holds: it expires when the shelf life of its criterion has passed since its evidence (method 7).

Arithmetic of calendar months only: no clock here, the day is given.
"""

from __future__ import annotations

import calendar
from datetime import date

import numpy as np
from numpy.typing import NDArray

from app.assessment.standard import BoolArray, FloatArray

IntArray = NDArray[np.int64]

NEVER = 10**6
"""The day on which an answer expires whose criterion has no shelf life."""


def expires_on(evidence_on: date, months: int | None) -> date | None:
    """Return the first day on which the answer counts as expired; None = it never expires.

    Evidence of the 31st expires at the end of a month that has no 31st.
    """
    if months is None:
        return None
    count = evidence_on.year * 12 + evidence_on.month - 1 + months
    year, month = divmod(count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(evidence_on.day, last))


def expiry_days(day: IntArray, months: FloatArray) -> IntArray:
    """Return the day of expiry of each answer, ``NEVER`` without a shelf life.

    Args:
        day: Day of the evidence since 1970-01-01, any shape.
        months: Shelf life, of a shape that goes with ``day``; NaN = not stated.
    """
    whole = np.nan_to_num(months, nan=0.0).astype(np.int64)
    then = day.astype("datetime64[D]")
    month = then.astype("datetime64[M]")
    in_month = (then - month.astype("datetime64[D]")).astype(np.int64)
    end = month + whole
    length = ((end + 1).astype("datetime64[D]") - end.astype("datetime64[D]")).astype(np.int64)
    found = end.astype("datetime64[D]").astype(np.int64) + np.minimum(in_month, length - 1)
    return np.where(np.isnan(months), NEVER, found)


def share_of_weight(holds: BoolArray, weight: FloatArray, applicable: FloatArray) -> FloatArray:
    """Return the share (0..1) of the applicable weight for which ``holds``; NaN where nothing applies.

    Args:
        holds: Shape (places, criteria).
        weight: Shape (criteria,), 0 for a criterion that does not count.
        applicable: Weight that applies at each place, shape (places,).
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((holds @ weight) / applicable)
