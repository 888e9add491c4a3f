"""Decide which source of a hazard counts, everywhere or at one school; the next ranking follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from geodata.database import ACCOUNT_KEY
from geodata.queries import audit, hazard_conflicts, official_lists

if TYPE_CHECKING:
    from geodata.database import Session

LONGEST = 2000


class SettlementError(Exception):
    """Base of what is wrong with a resolution."""


class NotSettlingError(SettlementError):
    """Who asks does not rank the country."""


class SettlementIncompleteError(SettlementError):
    """Something is missing, or no such layer of the hazard is in force; ``fields`` names it."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Settlement:
    """``layer_code`` empty: the conflict is open again, and the precautionary source counts."""

    hazard: str
    layer_code: str
    reason: str
    document: str


def settle_hazard(session: Session, sent: Settlement, school_id: int | None = None) -> int:
    """Store a resolution, dated by the database, and return its number; the caller commits.

    Raises:
        NotSettlingError: The right to rank the whole country is missing; row security says the same.
        SettlementIncompleteError: A field is missing, or the layer is none of the hazard's.
    """
    if not hazard_conflicts.may_settle(session):
        raise NotSettlingError
    layers = hazard_conflicts.layers_of(session, sent.hazard)
    wrong = [] if len(layers) > 1 else ["hazard"]
    if sent.layer_code and sent.layer_code not in layers:
        wrong.append("layer_code")
    wrong += [name for name in ("reason", "document") if not 0 < len(getattr(sent, name).strip()) <= LONGEST]
    if wrong:
        raise SettlementIncompleteError(tuple(wrong))
    number = hazard_conflicts.add_resolution(
        session,
        {
            "hazard": sent.hazard,
            "school_id": school_id,
            "layer_code": sent.layer_code or None,
            "reason": sent.reason.strip(),
            "document": sent.document.strip(),
            "approver": official_lists.own_name(session),
            "account_id": session.info.get(ACCOUNT_KEY),
        },
    )
    audit.record(session, "hazard:settled", subject=sent.hazard, details={"layer": sent.layer_code})
    return number
