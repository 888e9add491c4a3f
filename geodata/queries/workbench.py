"""What a workbench weighs anew: the values of every factor of every school of one run, and saved schemes of weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import delete, insert, select
from sqlalchemy.orm import aliased

from geodata.models import Area, School, SchoolResult, WeightScheme

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from numpy.typing import NDArray
    from sqlalchemy.orm import Session

MOST_SCHEMES = 200


@dataclass(frozen=True, slots=True)
class RunValues:
    """One row a school, in the order of codes. ``values`` (schools, 8): v of each factor, NaN = unknown.

    ``risk`` (schools, 2): C1 and C2 in their units, which break ties. ``places``: lon and lat, NaN = unknown.
    """

    codes: list[str]
    names: list[tuple[str | None, str | None, str | None]]
    oblasts: list[str | None]
    grades: list[str | None]
    ranks: NDArray[np.int64]
    values: NDArray[np.float64]
    risk: NDArray[np.float64]
    places: NDArray[np.float64]
    methods: NDArray[np.int64]
    """(schools, 3): places by safety first, standard gap, benefit for the cost; 0 = unknown."""


def run_values(session: Session, run_id: int) -> RunValues:
    """Return the values of a run, in one statement."""
    oblast = aliased(Area)
    query = (
        select(
            School.code,
            School.name_ky,
            School.name_ru,
            School.name_en,
            oblast.code,
            SchoolResult.grade,
            SchoolResult.national_rank,
            SchoolResult.factor_value,
            SchoolResult.factor_raw,
            ST_X(School.location),
            ST_Y(School.location),
            SchoolResult.safety_rank,
            SchoolResult.gap_rank,
            SchoolResult.benefit_rank,
        )
        .join(School, School.id == SchoolResult.school_id)
        .outerjoin(oblast, oblast.id == SchoolResult.oblast_id)
        .where(SchoolResult.run_id == run_id)
        .order_by(School.code.collate("C"))
    )
    rows = session.execute(query).all()
    return RunValues(
        codes=[row[0] for row in rows],
        names=[(row[1], row[2], row[3]) for row in rows],
        oblasts=[row[4] for row in rows],
        grades=[row[5] for row in rows],
        ranks=np.array([row[6] for row in rows], dtype=np.int64),
        values=np.array([row[7] for row in rows], dtype=float).reshape(len(rows), -1),
        risk=np.array([row[8][:2] for row in rows], dtype=float).reshape(len(rows), 2),
        places=np.array([row[9:11] for row in rows], dtype=float).reshape(len(rows), 2),
        methods=np.array([[place or 0 for place in row[11:14]] for row in rows], dtype=np.int64).reshape(len(rows), 3),
    )


def list_schemes(session: Session) -> list[WeightScheme]:
    """Return the schemes that who asks may see: national ones first, the newest first."""
    query = select(WeightScheme).order_by(WeightScheme.is_national.desc(), WeightScheme.id.desc()).limit(MOST_SCHEMES)
    return list(session.scalars(query))


def find_schemes(session: Session, codes: Sequence[str]) -> dict[str, WeightScheme]:
    """Return the schemes of these codes that who asks may see, by code."""
    found = session.scalars(select(WeightScheme).where(WeightScheme.code.in_(codes)))
    return {scheme.code: scheme for scheme in found}


def add_scheme(
    session: Session,
    *,
    code: str,
    title: str,
    owner: str,
    note: str | None,
    weights: Sequence[Decimal],
    is_national: bool,
    account_id: int,
) -> None:
    """Save a scheme; row security refuses a national one to who may not rank for the whole country."""
    row = {"code": code, "title": title, "owner": owner, "note": note, "weights": list(weights)}
    session.execute(insert(WeightScheme).values(is_national=is_national, account_id=account_id, **row))


def remove_draft(session: Session, code: str) -> bool:
    """Remove a draft of who asks; False when there is none of that code. National schemes stay."""
    gone = session.execute(
        delete(WeightScheme)
        .where(WeightScheme.code == code, WeightScheme.is_national.is_(False))
        .returning(WeightScheme.id)
    )
    return gone.first() is not None
