"""A ranked list with everything that can go wrong in a file: formulas, quotes, markup, gaps, edges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from geodata.models import AreaResult, DomainResult, School, SchoolArea, StandardDomain
from tests.factories.areas import make_area
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.models import Area, Run

BOX = (74.0, 41.0, 77.0, 43.0)
HOSTILE_NAMES = (
    '=HYPERLINK("http://evil.example","мектеп")',
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\u00a0=1+1",
    "\t=1+1",
    "＝1+1",
    '№ 5 "Ак-Өргө", ;мектеп\nэкинчи сап',
    "<img src=x onerror=alert(1)> ${alert(1)} `x` {{7*7}}",
    '#panic("x") *калын* $y$ \\ [a](b) <lab> @ref',
    "№ 1 Түштүк-Ысык-Көл ҢӨҮ ңөү",
    "-12,5",
)
GRADES = ("E", "D", "C", "B", "A", None)
OWNERSHIP = ("state", "municipal", "private", "unknown")
COUNTED = {"schools": 12, "assessed": 6, "covered": 6, "is_rankable": True, "pupils": 4000, "pupils_at_risk": 1500}


@dataclass
class ListedSchools:
    """What was made."""

    run: Run
    country: Area
    oblast: Area
    rayon: Area
    schools: list[School]


def make_listed_schools(session: Session) -> ListedSchools:
    """Add twelve schools in one rayon; every third one is also outside of it, one has no place and no names."""
    run = make_run(session, "f" * 40 + "0" * 24, is_synthetic=True, school_count=12, ranked_count=12)
    country = make_area(session, 0, box=BOX, name_ky="Кыргыз Республикасы", name_ru="Кыргызская Республика")
    oblast = make_area(session, 1, parent=country, box=BOX, name_ky="Нарын облусу", name_ru="Нарынская область")
    rayon = make_area(session, 2, parent=oblast, box=(75.0, 41.0, 76.0, 42.0), name_ky="=Ат-Башы району")
    session.add(StandardDomain(edition_id=run.edition_id, code="STR", position=1, **_names("Имараттар")))
    schools = [_school(session, run, number, oblast, rayon) for number in range(len(HOSTILE_NAMES))]
    for area in (country, oblast, rayon):
        counts = {"E": 2, "D": 2, "C": 2, "B": 2, "A": 2, "unknown": 2}
        session.add(AreaResult(run_id=run.id, area_id=area.id, level=area.level, grade_counts=counts, **COUNTED))
    session.flush()
    for school, *_rest in schools:
        for area in (country, oblast):
            session.add(SchoolArea(school_id=school.id, area_id=area.id, level=area.level))
    for number, (school, is_inside) in enumerate(schools):
        if is_inside:
            session.add(SchoolArea(school_id=school.id, area_id=rayon.id, level=2))
        if number % 2:
            failed = ["STR-02"] if number % 4 == 1 else []
            bounds = {"index_lower": 10, "index_central": 20, "index_upper": 30, "completeness": 0.5}
            session.add(DomainResult(run_id=run.id, school_id=school.id, domain_code="STR", failed=failed, **bounds))
    session.flush()
    return ListedSchools(run, country, oblast, rayon, [school for school, _is_inside in schools])


def _names(text: str) -> dict[str, str]:
    return {"name_ky": text, "name_ru": f"{text} ru", "name_en": f"{text} en"}


def _school(session: Session, run: Run, number: int, oblast: Area, rayon: Area) -> tuple[School, bool]:
    is_inside = number % 3 != 0
    name = HOSTILE_NAMES[number]
    facts: dict[str, Any] = {
        "code": f"00{number:06d}",
        "name_ky": name,
        "name_ru": None if number % 4 == 3 else f"{name} ru",
        "name_en": "" if number % 5 == 4 else f"{name} en",
        "lon": 74.5 + number / 10,
        "lat": 41.123456789 + number / 100,
        "ownership": OWNERSHIP[number % 4],
        "kind": "secondary" if number % 2 else "unknown",
        "is_synthetic": number % 2 == 0,
    }
    if number == 7:
        facts |= {"lon": None}
    school = make_school(session, **facts)
    grade = GRADES[number % 6]
    results: dict[str, Any] = {
        "grade": grade,
        "conformity_class": "insufficient_data" if grade is None else "critical",
        "index_central": 100 / (number + 3),
        "completeness": number / 13,
        "priority_central": 90.1 - number,
        "confidence": 1 + number % 4,
        "pupils": None if number == 2 else 100 * number,
        "shifts": 1 + number % 3,
        "factor_raw": [10.0 ** -(number + 1), None, 0.0, -0.25, 1 / 3, 1.5, None, 1e-12],
        "known": [True, False, number % 2 == 0, True, True, True, False, True],
        "red_flags": ["STR-02", "FIRE-03"][: number % 3],
        "hazard_levels": {"flood": 1 + number % 4, "mudflow": None, "landslide": 4 if number == 5 else 2},
        "assessed_on": None if grade is None else date(2025, 1, 1 + number),
        "oblast_id": oblast.id,
        "rayon_id": rayon.id if is_inside else None,
        "oblast_rank": number + 1,
    }
    make_result(session, run, school, number + 1, **results)
    return school, is_inside
