"""Assessments on their way: an edition of five criteria, and visits that people began, answered and submitted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geodata.models import Answer, Assessment, Criterion, RestrictedAnswer, StandardDomain, StandardEdition
from tests.factories.officers import become, become_everybody

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from geodata.models import School
    from tests.factories.officers import Officer

CRITERIA = (
    ("STR-01", "STR", True, "physical"),
    ("FIRE-01", "FIRE", False, "physical"),
    ("WSH-01", "WSH", False, "physical"),
    ("SOC-06", "SOC", False, "management"),
    ("SEC-01", "SEC", False, "protection"),
)


@dataclass(frozen=True)
class MadeVisit:
    """A visit by its number: who asks next may not see the row."""

    id: int


def make_edition(session: Session, code: str = "visits-1") -> StandardEdition:
    """Add the edition that schools are assessed with."""
    titles = {"title_ky": "Стандарт", "title_ru": "Свод стандартов", "title_en": "Standard"}
    edition = StandardEdition(code=code, status="draft", sha256=code, is_current=True, **titles)
    session.add(edition)
    session.flush()
    for position, (criterion, domain, critical, group) in enumerate(CRITERIA):
        names = {"name_ky": f"{domain} багыты", "name_ru": f"Направление {domain}", "name_en": f"Domain {domain}"}
        session.add(StandardDomain(edition_id=edition.id, code=domain, position=position, **names))
        session.add(
            Criterion(
                edition_id=edition.id, code=criterion, domain_code=domain, position=position, scope="school", weight=3,
                text_ky=f"{criterion} талабы", text_ru=f"Требование {criterion}", text_en=f"Requirement {criterion}",
                is_critical=critical, grouping=group, field_class="public", shelf_life_months=12,
            )
        )  # fmt: skip
    session.flush()
    return edition


def make_visit(
    session: Session,
    school: School,
    edition: StandardEdition,
    answers: Mapping[str, str],
    *,
    kind: str = "self",
    on: date = date(2026, 5, 1),
    by: Officer | None = None,
    status: str = "published",
) -> MadeVisit:
    """Add a visit as ``by`` (None: with everybody's rights), up to ``submitted``; ``published`` as a file does it."""
    become(session, by) if by else become_everybody(session)
    visit = Assessment(
        school_id=school.id, edition_id=edition.id, kind=kind, assessed_on=on,
        status="published" if status == "published" else "draft",
    )  # fmt: skip
    session.add(visit)
    session.flush()
    criteria = {one.code: one for one in session.query(Criterion).filter_by(edition_id=edition.id)}
    for code, state in answers.items():
        kept = RestrictedAnswer if criteria[code].grouping == "protection" else Answer
        session.add(kept(assessment_id=visit.id, criterion_id=criteria[code].id, state=state))
    session.flush()
    if status == "submitted":
        visit.status = "submitted"
        session.flush()
    made = MadeVisit(visit.id)
    become_everybody(session)
    return made
