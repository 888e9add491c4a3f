"""One edition of the standard as arrays: weights, caps, domains and groups of its criteria."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.assessment.errors import InvalidStandardError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

PHYSICAL, PROTECTION, MANAGEMENT = "physical", "protection", "management"
PUBLIC_GROUPS = (PHYSICAL, MANAGEMENT)
BASIC_SERVICES = ("FIRE", "ENG", "WSH")
"""Domains of C5; blocks fire, wash and heating of small editions."""


@dataclass(frozen=True, slots=True, eq=False)
class Standard:
    """Criteria of one edition, one entry each, in the edition's order; protection criteria are not among them.

    ``weight`` is positive and need not sum to 1. ``cap`` is the greatest index (0..100) while the criterion is
    failed, NaN for one that is not critical.
    """

    codes: tuple[str, ...]
    weight: FloatArray
    cap: FloatArray
    domain: tuple[str, ...]
    group: tuple[str, ...]
    basic_services: tuple[str, ...] = BASIC_SERVICES

    def __post_init__(self) -> None:
        """Refuse what would make an index wrong."""
        if not self.codes or (self.weight <= 0).any():
            raise InvalidStandardError("an edition needs criteria of positive weight")
        if ((self.cap < 0) | (self.cap > 100)).any():
            raise InvalidStandardError("a cap lies outside 0..100")
        if PROTECTION in self.group:
            raise InvalidStandardError("criteria of group protection do not belong into public results")

    @property
    def domains(self) -> tuple[str, ...]:
        """Return the codes of the domains in the order of their first criterion."""
        return tuple(dict.fromkeys(self.domain))

    @property
    def is_physical(self) -> BoolArray:
        """Return which criteria count in index, grade, C4 and C5."""
        return np.array([group == PHYSICAL for group in self.group])

    @property
    def is_critical(self) -> BoolArray:
        """Return which physical criteria are red flags."""
        return ~np.isnan(self.cap) & self.is_physical

    @property
    def is_basic_service(self) -> BoolArray:
        """Return which physical criteria count in C5."""
        return np.array([code in self.basic_services for code in self.domain]) & self.is_physical
