"""A country of four schools that can be ranked: areas, an edition, buildings, answers and hazards."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from geodata.models import (
    Answer,
    Area,
    Assessment,
    Building,
    Criterion,
    Exposure,
    ExposureRun,
    HazardLayer,
    SchoolArea,
    StandardDomain,
    StandardEdition,
)
from tests.factories.schools import make_school

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

    from geodata.models import School

CRITERIA = (
    # code, domain, scope, weight, critical, group
    ("STR-01", "STR", "building", 4, True, "physical"),
    ("STR-02", "STR", "room", 3, False, "physical"),
    ("FIRE-01", "FIRE", "building", 5, True, "physical"),
    ("WSH-01", "WSH", "school", 3, False, "physical"),
    ("SEC-01", "SEC", "school", 5, True, "protection"),
    ("SEC-05", "SEC", "site", 2, False, "physical"),
    ("SOC-06", "SOC", "school", 2, False, "management"),
)
HAZARDS = ("earthquake", "flood", "landslide")


@dataclass
class Country:
    """What was made, by code."""

    edition: StandardEdition
    criteria: dict[str, Criterion]
    areas: dict[str, Area]
    schools: dict[str, School] = field(default_factory=dict)
    buildings: dict[str, Building] = field(default_factory=dict)
    exposure_runs: dict[str, ExposureRun] = field(default_factory=dict)
    layers: dict[str, HazardLayer] = field(default_factory=dict)


def make_country(
    session: Session,
    order: tuple[str, ...] = ("S1", "S2", "S3", "S4"),
    shelf_life_months: Mapping[str, int] | None = None,
    details: Mapping[str, dict[str, str]] | None = None,
) -> Country:
    """Add the country; ``order`` is the order in which schools are inserted, which must not matter.

    ``shelf_life_months`` and ``details``: of criteria by their codes.
    S1 has two buildings and a verified assessment; S2 fails a red flag; S3 has buildings and no answers; S4 has
    nothing but a place. S1 and S2 lie in rayon R1 (old aimaks too), S3 in R2, S4 in no known area.
    """
    country = _frame(session, shelf_life_months or {}, details or {})
    for hazard in HAZARDS:
        quantity = {"quantity": "pga_g", "return_period_years": 475} if hazard == "earthquake" else {}
        layer = HazardLayer(
            code=f"{hazard}_test", version=1, hazard=hazard, kind="raster",
            manifest={"code": f"{hazard}_test", "hazard": hazard, "kind": "raster"} | quantity,
            data_sha256="d", is_current=True,
        )  # fmt: skip
        session.add(layer)
        session.flush()
        run = ExposureRun(layer_id=layer.id, input_sha256="i", is_current=True)
        session.add(run)
        session.flush()
        country.layers[hazard], country.exposure_runs[hazard] = layer, run
    for code in order:
        _school(session, country, code)
    session.flush()
    return country


def _frame(session: Session, months: Mapping[str, int], details: Mapping[str, dict[str, str]]) -> Country:
    edition = StandardEdition(
        code="E1", title_ky="Стандарт", title_ru="Стандарт.", title_en="Standard", status="draft", sha256="e",
        is_current=True,
    )  # fmt: skip
    session.add(edition)
    session.flush()
    criteria = {}
    for position, (code, domain, scope, weight, critical, group) in enumerate(CRITERIA):
        criteria[code] = Criterion(
            edition_id=edition.id, code=code, domain_code=domain, position=position, text_ky="к", text_ru="к.",
            text_en="c", scope=scope, weight=weight, is_critical=critical, cap=None, grouping=group,
            field_class="public", shelf_life_months=months.get(code), details=details.get(code, {}),
        )  # fmt: skip
    for position, domain in enumerate(dict.fromkeys(row[1] for row in CRITERIA)):
        names = {"name_ky": domain, "name_ru": domain, "name_en": domain}
        session.add(StandardDomain(edition_id=edition.id, code=domain, position=position, **names))
    areas = {
        "KG": Area(code="KG", level=0, kind="country", name_ky="Кыргызстан"),
        "O1": Area(code="O1", level=1, kind="oblast", name_ky="Облус", poverty_index=0.5),
        "R1": Area(code="R1", level=2, kind="rayon", name_ky="Район 1", poverty_index=0.3),
        "R2": Area(code="R2", level=2, kind="rayon", name_ky="Район 2"),
        "OLD": Area(code="OLD", level=3, kind="aiyl_aimak", name_ky="Эски", valid_to=date(2024, 1, 1)),
        "NEW": Area(code="NEW", level=3, kind="aiyl_aimak", name_ky="Жаңы", valid_from=date(2024, 1, 1)),
    }
    session.add_all([*criteria.values(), *areas.values()])
    session.flush()
    return Country(edition, criteria, areas)


PLACES = {"S1": ("KG", "O1", "R1", "OLD", "NEW"), "S2": ("KG", "O1", "R1", "NEW"), "S3": ("KG", "O1", "R2"), "S4": ()}
FACTS: dict[str, dict[str, Any]] = {
    "S1": {
        "pupils": 600,
        "seats": 400,
        "shifts": 2,
        "shift_pupils": [400, 200],
        "shift_hours": [5.5, 4.0],
        "staff": 40,
    },
    "S2": {"pupils": 300, "seats": 300, "shifts": 1},
    "S3": {"pupils": 500, "seats": 200, "shifts": 2},
    "S4": {"pupils": None},
}
BUILDINGS: dict[str, tuple[dict[str, object], ...]] = {
    "S1": (
        {"building_type": "KG-URM-C", "pupil_share": 0.75, "area_m2": 2000.0, "condition": "poor"},
        {"building_type": "KG-CM", "pupil_share": 0.25, "area_m2": 1000.0},
    ),
    "S2": ({"building_type": "KG-ADB", "pupil_share": 1.0, "area_m2": 800.0, "soil_class": "I"},),
    "S3": ({"building_type": "KG-UNK", "area_m2": 900.0},),
    "S4": (),
}
EXPOSURE: dict[str, dict[str, tuple[float | None, int | None]]] = {
    "S1": {"earthquake": (0.3, 3), "flood": (None, 2), "landslide": (None, 3)},
    "S2": {"earthquake": (0.2, 2), "flood": (None, 1), "landslide": (None, None)},
    "S3": {"earthquake": (0.25, 3), "flood": (None, 1), "landslide": (None, 1)},
    "S4": {"earthquake": (None, None), "flood": (None, None), "landslide": (None, None)},
}
ANSWERS: dict[str, dict[str, str]] = {
    "S1": dict.fromkeys(("STR-01", "STR-02", "FIRE-01", "WSH-01", "SEC-05", "SOC-06"), "meets"),
    "S2": {"STR-01": "fails", "STR-02": "partly", "FIRE-01": "meets", "WSH-01": "fails", "SOC-06": "fails"},
    "S3": {},
    "S4": {},
}


def _school(session: Session, country: Country, code: str) -> None:
    school = make_school(session, lon=74.0 + 0.2 * int(code[1:]), lat=42.8, code=code, **FACTS[code])
    country.schools[code] = school
    for name in PLACES[code]:
        area = country.areas[name]
        session.add(SchoolArea(school_id=school.id, area_id=area.id, level=area.level))
    for number, facts in enumerate(BUILDINGS[code], start=1):
        building = Building(code=f"{code}-{number}", school_id=school.id, use="education", **facts)
        session.add(building)
        session.flush()
        country.buildings[building.code] = building
    for hazard, (value, level) in EXPOSURE[code].items():
        status = "measured" if value is not None or level is not None else "outside"
        session.add(
            Exposure(
                run_id=country.exposure_runs[hazard].id, school_id=school.id, value=value, level=level, status=status
            )
        )
    if ANSWERS[code]:
        kind = "verification" if code == "S1" else "self"
        add_answers(session, country, code, ANSWERS[code], kind=kind, on=date(2026, 5, 1))


def add_answers(
    session: Session,
    country: Country,
    code: str,
    answers: dict[str, str],
    *,
    kind: str,
    on: date,
    status: str = "published",
) -> Assessment:
    """Add an assessment of a school; a building's criterion is answered in each of its buildings."""
    school = country.schools[code]
    assessment = Assessment(
        school_id=school.id, edition_id=country.edition.id, kind=kind, assessed_on=on, status=status
    )
    session.add(assessment)
    session.flush()
    for criterion_code, state in answers.items():
        criterion = country.criteria[criterion_code]
        inside = criterion.scope in ("building", "room")
        own = [found.id for found in country.buildings.values() if found.school_id == school.id]
        for building_id in own if inside else [None]:
            session.add(
                Answer(assessment_id=assessment.id, criterion_id=criterion.id, building_id=building_id, state=state)
            )
    session.flush()
    return assessment
