"""What the first start leaves to the job worker: how firm the demonstration's plan is, and what it rests on."""

from __future__ import annotations

import os

import pytest
from sqlalchemy import select, text

from app.workflows.jobs import run_job
from app.workflows.rank_schools import rank_schools
from geodata.database import make_engine, open_session
from geodata.models import Plan, PlanDraws
from scripts.machine.filling import publish_plan
from tests.factories.country import make_country
from tests.support import database as test_database
from tests.support.web import make_settings

ASKED = "SELECT token FROM background_job WHERE kind = 'plan_draws' AND status = 'waiting'"


@pytest.fixture
def own_database(monkeypatch):
    made = test_database.create(f"mektep_filling_{os.getpid()}")
    monkeypatch.setenv("MEKTEP_WORKER_URL", made.url("mektep_worker"))
    yield made
    test_database.drop(made)


@pytest.fixture
def worker(own_database):
    made = make_engine(own_database.url("mektep_worker"))
    with open_session(made, "national") as session:
        make_country(session)
        session.execute(text("UPDATE building SET area_m2 = 800 WHERE area_m2 IS NULL"))
        rank_schools(session, publish=True)
    yield made
    made.dispose()


def test_the_plan_is_there_at_the_first_start_and_its_draws_follow_in_the_worker(worker, own_database, tmp_path):
    publish_plan()
    publish_plan()  # a first start that was interrupted goes on

    with open_session(worker, "national") as session:
        plan = session.scalars(select(Plan)).one()
        waiting = session.execute(text(ASKED)).scalars().all()
        drawn_before = session.scalars(select(PlanDraws)).all()
    run_job(worker, make_settings(own_database, tmp_path), waiting[0])

    assert plan.is_published
    assert len(waiting) == 1
    assert drawn_before == []
    with open_session(worker, "national") as session:
        assert session.scalars(select(PlanDraws)).one().plan_id == plan.id
