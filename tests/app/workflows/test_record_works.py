"""Costs and decisions are recorded in one's own territory only; the database holds that too, and nothing is changed."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.workflows.record_works import SentFigure, is_for_building, measure_of, record_figure
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.queries import works
from tests.factories.officers import become, make_officer, make_two_rayons

COST = SentFigure(
    measures="WASH", cost="100", document="d", documented_on="2025-01-01", priced_on="2025-01-01", stage="design"
)


@pytest.fixture
def place(session):
    return make_two_rayons(session)


def refused(session, statement):
    with pytest.raises(ProgrammingError), session.begin_nested():
        statement()
    return True


def test_an_engineer_records_in_the_own_rayon_and_everybody_reads_it(session, place):
    become(session, make_officer(session, "engineer", area=place.rayon))
    record_figure(session, place.own.id, COST, {})
    with pytest.raises(OutsideTerritoryError):
        record_figure(session, place.foreign.id, COST, {})
    values = {"school_id": place.foreign.id, "measures": "WASH", "cost_som": 5, "document": "d", "stage": "design"}
    days = {"documented_on": "2025-01-01", "priced_on": "2025-01-01"}
    assert refused(session, lambda: works.add_figure(session, values | days))

    become(session, None)
    assert [one.cost_som for one in works.figures_at(session, place.own.id)] == [100]


@pytest.mark.parametrize("role", ["school", "local_body", "assessor"])
def test_who_runs_or_assesses_a_school_does_not_price_its_works(session, place, role):
    where = (
        {"school": place.own} if role == "school" else {"area": place.rayon if role != "local_body" else place.aimak}
    )
    become(session, make_officer(session, role, **where))

    with pytest.raises(OutsideTerritoryError):
        record_figure(session, place.own.id, COST, {})


def test_a_record_is_neither_changed_nor_removed(session, place):
    become(session, make_officer(session, "engineer", area=place.rayon))
    record_figure(session, place.own.id, COST, {})

    for statement in ("UPDATE works_figure SET cost_som = 1", "DELETE FROM works_figure"):
        assert refused(session, lambda text_of=statement: session.execute(text(text_of)))


def test_both_kinds_of_retrofit_are_one_measure_and_a_site_is_never_one_building():
    assert measure_of("ret-s+WASH") == "RET+WASH"
    assert is_for_building("RET")
    assert not any(is_for_building(code) for code in ("REL", "WASH", "MIT-FL", "RET+WASH"))
