"""Save a scheme of weights under a name: for the country by who may rank, else as a draft of one's own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.prioritisation.scheme import load_scheme, weight_bounds
from app.prioritisation.weights import UNITS, Bounds, find_flaws
from geodata.queries import audit, workbench

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geodata.database import Session
    from geodata.records.rights import Rights

LONGEST_TITLE, LONGEST_NOTE = 200, 2000


class SchemesError(Exception):
    """Base of every refusal to keep a scheme."""


class SchemeFieldsError(SchemesError):
    """Fields are empty, too long or no scheme; ``fields`` names them."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


class NotForTheCountryError(SchemesError):
    """A scheme of the country takes the right to rank for the whole country."""


@dataclass(frozen=True, slots=True)
class NewScheme:
    """What is to be saved; ``units`` are thousandths in the order of the factors."""

    title: str
    owner: str
    note: str
    units: Sequence[int]
    is_national: bool = False


def shipped_bounds() -> Bounds:
    """Return the factors and the bounds of their weights by the method's table."""
    scheme = load_scheme("default")
    low, high = weight_bounds(scheme)
    return Bounds(scheme.factors, tuple(round(UNITS * v) for v in low), tuple(round(UNITS * v) for v in high))


def save_scheme(session: Session, wanted: NewScheme, account_id: int, rights: Rights) -> str:
    """Save a scheme and return its code; the caller commits.

    Raises:
        SchemeFieldsError: No title or owner, a text too long, weights out of bounds or not of sum 1.
        NotForTheCountryError: National, without the right ``rank`` for the whole country.
    """
    wrong = [name for name in ("title", "owner") if not 0 < len(getattr(wanted, name).strip()) <= LONGEST_TITLE]
    if len(wanted.note) > LONGEST_NOTE:
        wrong.append("note")
    if find_flaws(wanted.units, shipped_bounds()):
        wrong.append("weights")
    if wrong:
        raise SchemeFieldsError(tuple(wrong))
    if wanted.is_national and not rights.where("rank").everywhere:
        raise NotForTheCountryError
    code = secrets.token_hex(6)
    workbench.add_scheme(
        session,
        code=code,
        title=wanted.title.strip(),
        owner=wanted.owner.strip(),
        note=wanted.note.strip() or None,
        weights=[Decimal(value) / UNITS for value in wanted.units],
        is_national=wanted.is_national,
        account_id=account_id,
    )
    audit.record(session, "scheme:saved", subject=code, details={"national": wanted.is_national})
    return code
