"""The demonstration in a database: everything marked, calibrated once ranked, and never on top of other schools."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from app.workflows.load_demonstration import NotEmptyError, load_demonstration
from app.workflows.load_reference import load_reference
from geodata.database import make_engine, open_session
from geodata.models import (
    Answer,
    Area,
    AreaSuccession,
    Assessment,
    BaseMapFeature,
    Building,
    Criterion,
    Exposure,
    HazardLayer,
    RestrictedAnswer,
    School,
    SchoolResult,
    StandardEdition,
)
from tests.factories.schools import make_school

SCHOOLS = 2394
FEW = 120


def count(session, *conditions, of):
    return session.scalar(select(func.count()).select_from(of).where(*conditions))


@pytest.fixture
def loaded(demonstration):
    engine = make_engine(demonstration.url("mektep_worker"))
    with open_session(engine, "national") as session:
        yield session
    engine.dispose()


def test_as_many_schools_as_asked_are_loaded(session, tmp_path):
    assert load_demonstration(session, geodata_dir=tmp_path, schools=FEW) == FEW
    assert count(session, of=School) == FEW


def test_reference_is_loaded_once(session):
    load_reference(session)
    before = [count(session, of=table) for table in (Area, StandardEdition, Criterion, BaseMapFeature)]

    load_reference(session)

    assert [count(session, of=table) for table in (Area, StandardEdition, Criterion, BaseMapFeature)] == before
    assert before[:3] == [86, 1, 119]


def test_everything_invented_is_marked(loaded):
    for table in (School, Building, Assessment):
        assert count(loaded, of=table) > 0
        assert count(loaded, ~table.is_synthetic, of=table) == 0
        assert count(loaded, table.source != "synthetic demonstration data", of=table) == 0
    assert count(loaded, ~Area.is_synthetic, Area.code.startswith("DEMO-"), of=Area) == 0
    invented = loaded.scalars(select(HazardLayer.code).where(HazardLayer.is_synthetic)).all()
    assert {code for code in invented if not code.startswith("demo_")} == set()
    assert len(invented) == 13


def test_both_maps_of_aimaks_are_there(loaded):
    assert count(loaded, Area.level == 3, Area.kind == "aiyl_aimak", Area.valid_to.is_(None), of=Area) == 230
    ended = count(loaded, Area.valid_to.is_not(None), of=Area)
    assert count(loaded, of=AreaSuccession) == ended > 200


def test_protection_answers_are_kept_apart(loaded):
    protection = select(Criterion.id).where(Criterion.grouping == "protection")

    assert count(loaded, Answer.criterion_id.in_(protection), of=Answer) == 0
    assert count(loaded, of=RestrictedAnswer) > 0
    assert count(loaded, RestrictedAnswer.criterion_id.not_in(protection), of=RestrictedAnswer) == 0


def test_no_school_is_doubtful_but_for_doubles(loaded):
    flags = {flag for row in loaded.scalars(select(School.location_flags)) for flag in row}
    assert flags <= {"duplicate_point"}


def test_84_percent_of_assessed_schools_are_unsafe_and_some_are_unknown(loaded):
    grades = loaded.scalars(select(SchoolResult.grade)).all()
    graded = [grade for grade in grades if grade is not None]
    assert len(grades) == SCHOOLS
    assert 0.15 < 1 - len(graded) / len(grades) < 0.45
    assert sum(grade in "CDE" for grade in graded) / len(graded) == pytest.approx(0.84, abs=0.02)
    assert set(graded) == set("ABCDE")


def test_some_hazards_are_unknown_and_some_are_high(loaded):
    assert count(loaded, Exposure.status == "outside", of=Exposure) > 0
    assert count(loaded, Exposure.level.is_(None), of=Exposure) > 0
    assert count(loaded, Exposure.level >= 3, of=Exposure) > SCHOOLS / 2


def test_other_schools_are_never_mixed_with_invented_ones(session, tmp_path):
    make_school(session)

    with pytest.raises(NotEmptyError):
        load_demonstration(session, geodata_dir=tmp_path, schools=FEW)
