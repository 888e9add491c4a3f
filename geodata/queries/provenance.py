"""On what the benefit and the cost of a plan rest: stored once, read with the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from sqlalchemy import func, insert, select

from geodata.models import Plan, PlanItemProvenance, PlanProvenance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

PROPOSAL = "proposal"


class ProvenanceRow(NamedTuple):
    """Share 0..1 of a plan's benefit or cost that depends on an input; ``place`` 0: on all of its status."""

    value: str
    place: int
    name: str
    status: str
    share: float


def add_provenance(
    session: Session, plan_id: int, rows: Sequence[Mapping[str, Any]], items: Sequence[Mapping[str, Any]]
) -> None:
    """Store the provenance of a plan; there is one."""
    if rows:
        session.execute(insert(PlanProvenance), [{"plan_id": plan_id, **row} for row in rows])
    if items:
        session.execute(insert(PlanItemProvenance), [{"plan_id": plan_id, **row} for row in items])


def provenance_of(session: Session, plan_id: int) -> list[ProvenanceRow]:
    """Return the provenance of a plan: the sums by status first, then the inputs that matter most."""
    one = PlanProvenance
    query = select(one.value, one.place, one.name, one.status, one.share).where(one.plan_id == plan_id)
    found = session.execute(query.order_by(one.value, one.place, one.share.desc(), one.name))
    return [ProvenanceRow(*cast("Any", row)) for row in found]


def proposal_share() -> ColumnElement[float]:
    """Return the share of a plan's benefit on proposals: as worked out, else as its measures are marked."""
    one = PlanProvenance
    worked_out = select(one.share).where(
        one.plan_id == Plan.id, one.value == "benefit", one.place == 0, one.status == PROPOSAL
    )
    return func.coalesce(worked_out.scalar_subquery(), Plan.proposal_share)
