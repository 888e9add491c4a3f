"""A cost and a decision that are in force count with the next ranking; taken back, the ranking is the old one again."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from app.workflows.rank_schools import rank_schools
from app.workflows.record_works import SentChoice, SentFigure, record_choice, record_figure, take_back_figure
from geodata.models import BundleResult, School, SchoolWorks
from tests.factories.country import make_country

COST = SentFigure(
    measures="RET", cost="7654321", document="Report 5", documented_on="2025-09-01", priced_on="2025-08-01",
    stage="expertise",
)  # fmt: skip


@pytest.fixture(autouse=True)
def country(session):
    """Every building has a floor area, so that its works have a cost."""
    made = make_country(session)
    session.execute(text("UPDATE building SET area_m2 = 800"))
    return made


def offer_of(session, run, bundle, school_id):
    query = select(BundleResult).where(BundleResult.run_id == run.run_id, BundleResult.bundle == bundle)
    return session.scalars(query.where(BundleResult.school_id == school_id)).one_or_none()


def test_what_is_in_force_counts_and_what_is_taken_back_does_not(session):
    before = rank_schools(session)
    ids = select(BundleResult.school_id).where(BundleResult.run_id == before.run_id, BundleResult.bundle == "RET")
    school_id = session.scalars(ids.order_by(BundleResult.school_id)).first()
    estimate = offer_of(session, before, "RET", school_id)

    number = record_figure(session, school_id, COST, {})
    priced = rank_schools(session)
    found = offer_of(session, priced, "RET", school_id)
    choice = record_choice(session, school_id, SentChoice("replace", "Weak soil", "Order 3"))
    decided = rank_schools(session)

    assert not estimate.is_figure
    assert estimate.cost_low_som < estimate.cost_som < estimate.cost_high_som
    assert (found.cost_som, found.is_figure, found.estimate_som) == (7_654_321, True, estimate.cost_som)
    assert len({before.hash, priced.hash, decided.hash}) == 3
    assert offer_of(session, decided, "RET", school_id) is None
    assert offer_of(session, decided, "REP", school_id) is not None
    assert session.get(SchoolWorks, (decided.run_id, school_id)).choice == "replace"
    assert session.get(SchoolWorks, (decided.run_id, school_id)).retrofit_som == 7_654_321

    take_back_figure(session, school_id, number, "Letter 1")
    record_choice(session, school_id, SentChoice("", "Survey", "Report 6"), choice)
    assert rank_schools(session).hash == before.hash


def test_the_figure_of_a_closed_school_is_left_out(session):
    closed = session.scalars(select(School).order_by(School.id)).first()
    record_figure(session, closed.id, COST, {})
    session.execute(text("UPDATE school SET closed_on = '2020-01-01' WHERE id = :id"), {"id": closed.id})

    run = rank_schools(session)

    assert not session.scalars(select(BundleResult).where(BundleResult.is_figure)).all()
    assert offer_of(session, run, "RET", closed.id) is None


def test_a_measure_without_a_unit_cost_is_offered_where_an_engineer_stated_one(session, country):
    """M21 (places) is computed for nobody, M04 (roof) has no unit cost."""
    here, there = (country.schools[code].id for code in ("S1", "S2"))
    for code in ("M04", "M21"):
        record_figure(session, here, replace(COST, measures=code), {})
    run = rank_schools(session)

    for code in ("M04", "M21"):
        assert offer_of(session, run, code, here).cost_som == 7_654_321
        assert offer_of(session, run, code, there).cost_som is None
