"""A small standard and a school with two blocks, for those who assess."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geodata.models import Answer, Assessment, Building, Criterion, RestrictedAnswer, StandardDomain, StandardEdition
from tests.factories.officers import Officer, TwoRayons, make_officer, make_two_rayons

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

CRITERIA = (
    # code, domain, scope, weight, critical, grouping, details
    ("STR-01", "STR", "building", 5, True, "physical", {"value_type": "bool", "unit": "yes/no"}),
    ("STR-02", "STR", "building", 4, False, "physical", {"value_type": "num", "threshold_max": "5", "unit": "years"}),
    ("LRN-01", "LRN", "room", 3, False, "physical", {"value_type": "num", "threshold_min": "300", "unit": "lux"}),
    ("WSH-01", "WSH", "school", 4, False, "physical", {"value_type": "bool", "unit": "yes/no"}),
    ("WSH-02", "WSH", "school", 2, False, "physical", {"value_type": "bool", "unit": "yes/no"}),
    ("SOC-06", "SOC", "school", 2, False, "management", {"value_type": "bool", "unit": "yes/no"}),
    ("SEC-01", "SEC", "school", 3, False, "protection", {"value_type": "bool", "unit": "yes/no"}),
)


@dataclass(frozen=True)
class AssessedPlace:
    """Two rayons, the edition in use, and who works at the own school: its director and the department."""

    rayons: TwoRayons
    edition: StandardEdition
    criteria: dict[str, Criterion]
    blocks: tuple[Building, Building]
    director: Officer
    department: Officer


def make_assessed_place(
    session: Session, *, password: str | None = None, more: int = 0, engineering: str = ""
) -> AssessedPlace:
    """Add them; the school has a published assessment of 2025 with two public answers and a protected one.

    ``more``: so many criteria of the school besides, in the domain MORE. ``engineering``: the criterion that takes a
    survey by an engineer.
    """
    rayons = make_two_rayons(session)
    code = f"assess-{rayons.own.id}"
    session.query(StandardEdition).filter_by(is_current=True).update({"is_current": False})
    edition = StandardEdition(
        code=code, title_ky="Стандарт", title_ru="Стандарт ru", title_en="Standard", status="draft", sha256=code,
        is_current=True,
    )  # fmt: skip
    session.add(edition)
    session.flush()
    criteria = {}
    yes_or_no = {"value_type": "bool", "unit": "yes/no"}
    others = [(f"MORE-{at:02d}", "MORE", "school", 1, False, "physical", yes_or_no) for at in range(1, more + 1)]
    for position, (code, domain, scope, weight, critical, grouping, details) in enumerate((*CRITERIA, *others)):
        if domain not in {one.domain_code for one in criteria.values()}:
            names = {"name_ky": f"Бөлүм {domain}", "name_ru": f"Раздел {domain}", "name_en": f"Domain {domain}"}
            session.add(StandardDomain(edition_id=edition.id, code=domain, position=position, **names))
        criteria[code] = Criterion(
            edition_id=edition.id, code=code, domain_code=domain, position=position, text_ky=f"Талап {code}",
            text_ru=f"Требование {code}", text_en=f"Requirement {code}", scope=scope, weight=weight,
            is_critical=critical, cap=25 if critical else None, grouping=grouping,
            field_class="restricted" if grouping == "protection" else "public",
            details={"requirement": "norm", **details, **({"evidence_type": "survey"} if code == engineering else {})},
        )  # fmt: skip
        session.add(criteria[code])
    blocks = tuple(
        Building(code=f"{rayons.own.code}-{name}", school_id=rayons.own.id, name=name, pupil_share=0.5) for name in "12"
    )
    session.add_all(blocks)
    session.flush()
    past = Assessment(school_id=rayons.own.id, edition_id=edition.id, kind="self", assessed_on=date(2025, 9, 1))
    session.add(past)
    session.flush()
    session.add_all(
        [
            Answer(assessment_id=past.id, criterion_id=criteria["WSH-01"].id, state="fails", note="well is dry"),
            Answer(
                assessment_id=past.id, criterion_id=criteria["STR-01"].id, building_id=blocks[0].id, state="meets",
                evidence_on=date(2024, 5, 1),
            ),
            RestrictedAnswer(assessment_id=past.id, criterion_id=criteria["SEC-01"].id, state="fails"),
        ]
    )  # fmt: skip
    session.flush()
    return AssessedPlace(
        rayons,
        edition,
        criteria,
        blocks,  # type: ignore[arg-type]
        make_officer(session, "school", school=rayons.own, password=password),
        make_officer(session, "department", area=rayons.rayon, password=password),
    )
