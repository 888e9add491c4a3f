"""An engineer with a certificate, and surveys of buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geodata.models import AssessorLevel
from tests.factories.officers import Officer, make_officer

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy.orm import Session

    from tests.factories.assessing import AssessedPlace


def make_level(session: Session, officer: Officer, level: str, valid_until: date) -> None:
    """Give somebody a level."""
    given = {"account_id": officer.id, "account_name": officer.name, "basis": "certificate 7"}
    session.add(AssessorLevel(level=level, valid_until=valid_until, **given))
    session.flush()


def make_engineer(
    session: Session, place: AssessedPlace, valid_until: date | None, *, password: str | None = None
) -> Officer:
    """Add an engineer of the rayon, certified until a day (None: never)."""
    made = make_officer(session, "engineer", area=place.rayons.rayon, password=password)
    if valid_until is not None:
        make_level(session, made, "certified", valid_until)
    return made
