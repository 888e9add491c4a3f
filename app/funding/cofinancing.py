"""The own share of local budgets: what is declared, and what they can carry (``cofinancing.csv``; proposals)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.funding.envelopes import PERMILLE
from app.funding.errors import EnvelopeError
from app.funding.portfolio import IntArray


@dataclass(frozen=True, slots=True)
class OwnShare:
    """What local budgets of an area declare of a work's cost and what share of that they can carry, in thousandths."""

    declared: int
    capacity: int
    status: str
    source: str

    def __post_init__(self) -> None:
        """Refuse shares outside 0 to 1.

        Raises:
            EnvelopeError: See there.
        """
        for value in (self.declared, self.capacity):
            if not 0 <= value <= PERMILLE:
                raise EnvelopeError("share", str(value))

    @property
    def permille(self) -> int:
        """Return the usable share, rounded down: the declared one adjusted to the capacity."""
        return self.declared * self.capacity // PERMILLE


def shares_of(rows: Sequence[Mapping[str, str]]) -> dict[str, OwnShare]:
    """Return the own share of each area code; the empty code stands for every other area."""
    return {
        row["area_code"]: OwnShare(
            int(row["declared_permille"]), int(row["capacity_permille"]), row["status"], row["source"]
        )
        for row in rows
    }


def permille_of(shares: Mapping[str, OwnShare], chains: Sequence[Sequence[str]]) -> IntArray:
    """Return the usable share of each chain of area codes, the smallest area first: the first that is named counts."""
    return np.array([_share(shares, chain).permille for chain in chains], dtype=np.int64)


def _share(shares: Mapping[str, OwnShare], chain: Sequence[str]) -> OwnShare:
    for code in chain:
        if code in shares:
            return shares[code]
    return shares[""]
