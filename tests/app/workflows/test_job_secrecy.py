"""Every role against every kind of background job: a job sees and does what its asker may, and nothing else."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.permissions import AIMAK, OBLAST, RAYON, ROLES, SCHOOL, Grant, rights_of, scope_of
from app.workflows import jobs, manage_accounts
from app.workflows.export_audit import filter_to_json as audit_filter_to_json
from app.workflows.export_list import filter_to_json
from app.workflows.field_connections import FieldConnectionError
from app.workflows.import_options import UnknownBatchError
from app.workflows.jobs import result_file, run_job, start_job
from app.workflows.plan_wish import Wish, wish_content
from geodata.database import DBAPIError, make_engine, open_session
from geodata.queries import accounts
from geodata.queries.jobs import find_job
from geodata.records.audit import AuditFilter
from geodata.records.priority import ListFilter
from tests.factories.canaries import OWN, Country, mark, marks_in, plant
from tests.geodata.test_row_security import expected
from tests.support import database as test_database
from tests.support.importing import PASSWORD
from tests.support.reading_files import all_text
from tests.support.web import make_settings

NATIONAL_KINDS = {
    "rank", "robustness", "kit", "split", "swings", "allocate", "sensitivity", "plan_draws", "field", "field_file",
    "priors", "ways",
}  # fmt: skip
FORMS = json.dumps(
    {"count": 1, "next": None, "results": [{"_id": 1, "_uuid": "a-1", "meta/instanceID": "uuid:a-1"}]}
).encode()
MADE_BY_JOBS = (
    "run", "run_kit", "plan", "plan_sensitivity", "plan_draws", "official_split", "submission", "assessment", "answer",
    "prior_version", "type_prior", "answer_prior", "prior_decision", "school_distance",
)  # fmt: skip
FORMATS = ("csv", "xlsx", "geojson", "html")


@pytest.fixture(scope="module")
def own_database():
    """A database of this module: what the jobs read must be saved."""
    made = test_database.create(f"mektep_jobs_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def settings(own_database, tmp_path_factory):
    return make_settings(own_database, tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="module")
def country(own_database) -> Country:
    engine = make_engine(own_database.server.set(database=own_database.name).render_as_string(hide_password=False))
    with Session(engine, expire_on_commit=False) as session:
        made = plant(session)
        session.commit()
    engine.dispose()
    return made


@pytest.fixture(scope="module")
def engines(own_database):
    made = {role: make_engine(own_database.url(f"mektep_{role}")) for role in ("web", "worker")}
    yield made
    for engine in made.values():
        engine.dispose()


@pytest.fixture(scope="module")
def account_of(engines, country):
    """Return the account of a role in its smallest territory, and its rights."""
    own, made = country.places[OWN], {}
    codes = {OBLAST: own.oblast.code, RAYON: own.rayon.code, AIMAK: own.aimak.code, SCHOOL: own.school.code}
    with open_session(engines["worker"], "national") as session:
        for role in ROLES:
            place = codes.get(max(ROLES[role].levels))
            number = manage_accounts.add_account(session, role, PASSWORD, role, place, is_synthetic=True)
            made[role] = number, rights_of(Grant(*one) for one in accounts.grants_of(session, number))
    return made


@pytest.fixture
def ask(engines, settings, account_of):
    """Start a job as a role and run it; return its record."""

    def run(role: str, kind: str, params: dict):
        number, rights = account_of[role]
        scope = scope_of(rights)
        with open_session(engines["web"], scope, number, rights) as session:
            token = start_job(session, kind, params, scope=scope, account_id=number)
        try:
            run_job(engines["worker"], settings, token)
        finally:
            with open_session(engines["worker"], "national") as session:
                record = find_job(session, token)
        return record

    return run


@pytest.fixture
def state(engines):
    """Return what a job must not have changed."""

    def read() -> tuple:
        with open_session(engines["worker"], "national") as session:
            made = [session.scalar(text(f"SELECT count(*) FROM {table}")) for table in MADE_BY_JOBS]
            return made, session.execute(text("SELECT id, status FROM import_batch ORDER BY id")).all()

    return read


@pytest.fixture
def national_jobs(country, engines, settings):
    """Jobs for who works on the data of the whole country, with parameters that would make something."""
    run_hash, sha256 = country.ranked.run.hash, hashlib.sha256(FORMS).hexdigest()
    settings.upload_dir.mkdir(parents=True, exist_ok=True)
    (settings.upload_dir / sha256).write_bytes(FORMS)
    with open_session(engines["worker"], "national") as session:
        connection = session.scalar(text("SELECT id FROM field_connection"))
    made = {
        "rank": {},
        "robustness": {},
        "kit": {"run_hash": run_hash},
        "split": {"run_hash": run_hash},
        "swings": {"run_hash": run_hash},
        "allocate": {"run_hash": run_hash, "wish": wish_content(Wish(10**9, 0.0))},
        "sensitivity": {"plan_hash": "0" * 64},
        "plan_draws": {"plan_hash": "0" * 64},
        "field": {"connection_id": connection},
        "field_file": {"sha256": sha256, "name": "forms.json"},
        "priors": {},
        "ways": {"batch_id": country.batch.id},
    }
    assert set(made) == NATIONAL_KINDS
    return made


def export_params(country: Country, key: str) -> dict:
    wanted = filter_to_json(ListFilter())
    return {"key": key, "language": "ky", "run_hash": country.ranked.run.hash, "wanted": wanted, "address": None}


@pytest.mark.parametrize("role", ROLES)
def test_a_file_made_by_a_job_holds_what_its_asker_may_see(ask, settings, country, role):
    allowed = expected(role, max(ROLES[role].levels))
    for key in FORMATS:
        record = ask(role, "export", export_params(country, key))

        assert record.status == "done", record
        text_of_file = all_text(result_file(settings, record).read_bytes())
        assert "Чолпон" in text_of_file or json.dumps("Чолпон")[1:-1] in text_of_file
        assert marks_in(text_of_file) - allowed == set()
        if "see" in ROLES[role].rights and max(ROLES[role].levels) != SCHOOL:
            assert mark("school", OWN) in text_of_file


@pytest.mark.parametrize("role", ROLES)
def test_a_file_of_the_audit_holds_what_its_asker_may_see(ask, settings, country, role):
    params = {"wanted": audit_filter_to_json(AuditFilter()), "extension": "csv", "language": "ky"}
    record = ask(role, "audit", params)

    assert record.status == "done", record
    found = marks_in(all_text(result_file(settings, record).read_bytes()))
    assert found - expected(role, max(ROLES[role].levels)) == set()
    assert bool(found) == ("audit" in ROLES[role].rights)


@pytest.mark.parametrize("role", [name for name in ROLES if "rank" not in ROLES[name].rights])
def test_a_job_that_its_asker_may_not_do_changes_nothing(ask, state, country, national_jobs, role):
    before = state()
    commit = {"batch_id": country.batch.id, "step": "commit", "accept_good_rows": True}

    with pytest.raises(UnknownBatchError):
        ask(role, "import", commit)
    for kind, params in national_jobs.items():
        with suppress(DBAPIError, FieldConnectionError, KeyError):  # a planted ranking has no inputs for a kit
            ends = "done" if kind == "ways" else "failed"  # who sees no road file has no way to work out
            assert ask(role, kind, params).status == ends, kind

    assert state() == before


def test_every_kind_of_job_is_asked_for_above():
    for module in jobs.HANDLER_MODULES:
        __import__(module)

    assert {kind for kind in jobs.HANDLERS if not kind.startswith("test-")} == {
        "export",
        "audit",
        "import",
        *NATIONAL_KINDS,
    }
