"""An engineer with a certificate, and surveys of buildings."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from geodata.models import AssessorLevel, BuildingSurvey, Revision
from tests.factories.officers import Officer, become, become_everybody, make_officer

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.models import Building
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


def make_published_survey(session: Session, building: Building, facts: dict[str, Any], method: str = "full") -> None:
    """Add a survey that is published, by the steps of the change that it became."""
    author, other = make_officer(session, "engineer"), make_officer(session, "planner")
    make_level(session, author, "certified", date(2099, 1, 1))
    become(session, author)
    made = BuildingSurvey(
        school_id=building.school_id, building_id=building.id, method=method, facts=facts, created_by=author.id,
        surveyed_on=date(2026, 3, 1),
    )  # fmt: skip
    change = Revision(kind="building", school_id=building.school_id, building_id=building.id, created_by=author.id)
    session.add_all([made, change])
    session.flush()
    made.revision_id = change.id
    session.flush()
    number = change.id
    for officer, status in ((author, "submitted"), (other, "verified"), (other, "published")):
        become(session, officer)
        published = ", published_at = now()" if status == "published" else ""
        session.execute(
            text(f"UPDATE revision SET status = :to{published} WHERE id = :id"), {"to": status, "id": number}
        )
    become_everybody(session)
