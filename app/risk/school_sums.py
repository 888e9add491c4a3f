"""From buildings to schools for many draws at once: the sums of ``assess_schools`` as sparse matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from app.risk.parameters import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix


class SchoolSums:
    """C1-C3 of schools from values of buildings, shape (buildings, draws) or (1, draws); unknown facts count 0.

    Where a central value is unknown the result means nothing: whoever calls leaves it out.
    """

    def __init__(
        self,
        school: IntArray,
        share: FloatArray,
        replacement_som: FloatArray,
        persons: FloatArray,
        presence: FloatArray,
        schools: int,
    ) -> None:
        """Take what ``app.risk.building_risk.assess_schools`` takes, and who is inside."""
        pupils = np.bincount(school, share, schools)
        weight = np.where((pupils > 0)[school], share, 1.0)
        known = ~np.isnan(replacement_som)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.bincount(school, np.where(known, replacement_som, 0.0), schools) / np.bincount(
                school, known.astype(float), schools
            )
        value = np.where(known, replacement_som, np.where(np.isnan(mean), 1.0, mean)[school])
        with np.errstate(invalid="ignore", divide="ignore"):
            self._risk = _matrix(school, weight * presence / np.bincount(school, weight, schools)[school], schools)
            self._loss = _matrix(school, value / np.bincount(school, value, schools)[school], schools)
        self._harm = _matrix(school, persons, schools)

    def individual_risk(self, deaths_per_person: Any) -> FloatArray:
        """Return C1, shape (schools, draws)."""
        return _product(self._risk, deaths_per_person)

    def equivalent_fatalities(self, per_person: Any) -> FloatArray:
        """Return C2."""
        return _product(self._harm, per_person)

    def loss_ratio(self, loss_ratio: Any) -> FloatArray:
        """Return C3."""
        return _product(self._loss, loss_ratio)


def _matrix(school: IntArray, values: FloatArray, schools: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    data = np.nan_to_num(values, nan=0.0).astype(np.float32)
    return csr_matrix((data, (school, np.arange(len(school)))), shape=(schools, len(school)))


def _product(matrix: csr_matrix, values: Any) -> FloatArray:
    wide = np.broadcast_to(values, (matrix.shape[1], values.shape[1]))
    return np.asarray(matrix @ wide, dtype=np.float64)
