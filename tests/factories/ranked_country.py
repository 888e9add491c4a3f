"""A small ranked country as pages show it: oblast, rayon, aimak, former aimak, two schools, domains, hazards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from geodata.models import (
    Answer,
    Area,
    AreaResult,
    Assessment,
    Building,
    BuildingResult,
    Criterion,
    DomainResult,
    Exposure,
    ExposureRun,
    HazardLayer,
    Run,
    School,
    SchoolArea,
    StandardDomain,
)
from tests.factories.areas import make_area, make_succession
from tests.factories.runs import make_result, make_run
from tests.factories.schools import make_school

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

BOX = (74.0, 42.0, 76.0, 43.0)


@dataclass
class RankedCountry:
    """What was made."""

    run: Run
    country: Area
    oblast: Area
    rayon: Area
    aimak: Area
    former: Area
    worst: School
    unknown: School


def make_ranked_country(session: Session) -> RankedCountry:
    """Add the country; ``worst`` has grade E and all there is to show, ``unknown`` has no grade and no pupils."""
    run = make_run(session, "c" * 64, is_synthetic=True, school_count=2, ranked_count=2)
    country = make_area(session, 0, box=BOX, name_ky="Кыргыз Республикасы", name_ru="Кыргызская Республика")
    oblast = make_area(session, 1, parent=country, box=BOX, name_ky="Нарын облусу", name_ru="Нарынская область")
    rayon = make_area(session, 2, parent=oblast, box=BOX, name_ky="Кочкор району", name_ru="Кочкорский район")
    aimak = make_area(session, 3, parent=rayon, box=BOX, name_ky="Чолпон айыл аймагы", former_names=["Чолпон"])
    former = make_area(session, 3, parent=rayon, box=BOX, name_ky="Эски айыл аймагы", valid_to=date(2025, 1, 1))
    make_succession(session, former, aimak)
    worst = make_school(
        session,
        code="0000777001",
        name_ky="№ 1 Чолпон орто мектеби",
        area_id=aimak.id,
        location_flags=["in_lake"],
        provenance={"pupils": {"source": "EMIS 2025", "date": "2025-09-15", "quality": "measured"}},
    )
    unknown = make_school(session, code="0000777002", pupils=None, name_ky="№ 2 Сары-Булак мектеби", name_ru=None)
    areas = {"oblast_id": oblast.id, "rayon_id": rayon.id, "aimak_id": aimak.id}
    make_result(session, run, worst, 1, grade="E", red_flags=["STR-02"], pupils=812, **areas)
    little = {"grade": None, "conformity_class": "insufficient_data", "completeness": 0.1, "confidence": 1}
    make_result(session, run, unknown, 2, **little, **areas)
    for area in (country, oblast, rayon, aimak, former):
        session.add(AreaResult(run_id=run.id, area_id=area.id, level=area.level, **FIGURES))
        for school in (worst, unknown):
            session.add(SchoolArea(school_id=school.id, area_id=area.id, level=area.level))
    _standard(session, run, worst)
    _hazard(session, worst)
    session.flush()
    return RankedCountry(run, country, oblast, rayon, aimak, former, worst, unknown)


FIGURES = {
    "schools": 2, "assessed": 1, "covered": 1, "is_rankable": False, "pupils": 812, "pupils_at_risk": 812,
    "grade_counts": {"E": 1, "unknown": 1}, "mean_priority": 60.0, "mean_index": 30.0, "mean_index_lower": 20.0,
    "mean_index_upper": 40.0, "worst_rank": 1, "median_altitude_m": 1800.0,
}  # fmt: skip


def _standard(session: Session, run: Run, school: School) -> None:
    domain = {"name_ky": "Имараттар", "name_ru": "Здания", "name_en": "Buildings"}
    session.add(StandardDomain(edition_id=run.edition_id, code="STR", position=1, **domain))
    texts = {
        "STR-02": ("physical", "public", "Имараттын туруктуулугу төмөн эмес"),
        "SEC-01": ("protection", "restricted", "Кайтаруу жашыруун"),
    }
    for position, (code, (grouping, field_class, words)) in enumerate(texts.items()):
        criterion = Criterion(
            edition_id=run.edition_id, code=code, domain_code="STR", position=position, text_ky=words,
            text_ru=f"ru {code}", text_en=f"en {code}", scope="building", weight=5, is_critical=True,
            grouping=grouping, field_class=field_class, value_status="C",
            details={"unit": "years", "requirement": "≤ 5 years", "legal_source": "СН КР 20-02"},
        )  # fmt: skip
        session.add(criterion)
    session.add(
        DomainResult(
            run_id=run.id, school_id=school.id, domain_code="STR", index_lower=10, index_central=20, index_upper=30,
            completeness=0.8, failed=["STR-02", "SEC-01"],
        )
    )  # fmt: skip
    building = Building(
        code=f"{school.code}-1", school_id=school.id, name="1-корпус", use="education", building_type="KG-ADB"
    )
    session.add(building)
    session.flush()
    session.add(BuildingResult(run_id=run.id, building_id=building.id, school_id=school.id, red_flags=["STR-02"]))
    visit = Assessment(school_id=school.id, edition_id=run.edition_id, kind="self", assessed_on=date(2025, 10, 5))
    session.add(visit)
    session.flush()
    public = session.query(Criterion).filter_by(edition_id=run.edition_id, code="STR-02").one()
    session.add(Answer(assessment_id=visit.id, criterion_id=public.id, state="fails", building_id=building.id))


def _hazard(session: Session, school: School) -> None:
    layer = HazardLayer(
        code="flood_test", version=3, hazard="flood", kind="polygon", data_sha256="e" * 64, is_current=True,
        is_public=True, manifest={
            "code": "flood_test", "title": "Flood, test", "fitness": "screening",
            "source": {"publisher": "Test office", "licence": "CC BY 4.0", "published": "2020-01-01"},
        },
    )  # fmt: skip
    session.add(layer)
    session.flush()
    run = ExposureRun(layer_id=layer.id, input_sha256="f", is_current=True)
    session.add(run)
    session.flush()
    session.add(Exposure(run_id=run.id, school_id=school.id, level=None, status="outside"))
