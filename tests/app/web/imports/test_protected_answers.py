"""Answers of the protection group in files: taken from whom they are for, shown to nobody else."""

from __future__ import annotations

import os
from base64 import b64encode

import pytest
from sqlalchemy import text

from app.permissions import Grant, rights_of
from app.workflows import manage_accounts
from app.workflows.import_file import undo_batch
from app.workflows.import_options import Folders, UnknownBatchError
from app.workflows.load_reference import load_reference
from geodata.database import make_engine, open_session
from tests.factories.schools import make_school
from tests.support import database as test_database
from tests.support.importing import BASIC, PASSWORD, make_import_app, send

ANALYST = "analyst-of-tests"
BOTH = {"Authorization": "Basic " + b64encode(f"{ANALYST}:{PASSWORD}".encode()).decode()}
MEASURED = "4711.5"
LONG = f"""school_code,criterion_code,state,value,assessed_on
P-1,SEC-01,meets,{MEASURED},2026-01-10
P-1,SOC-06,meets,,2026-01-10
""".encode()
WIDE = b"school_code,assessed_on,SEC-01,SOC-06\nP-1,2026-02-10,nonsense,meets\nP-2,2026-02-10,,meets\n"


@pytest.fixture(scope="module")
def own_database():
    made = test_database.create(f"mektep_protected_{os.getpid()}")
    yield made
    test_database.drop(made)


@pytest.fixture(scope="module")
def app(own_database, tmp_path_factory):
    made = make_import_app(own_database, tmp_path_factory.mktemp("var"))
    worker = make_engine(own_database.url("mektep_worker"))
    with open_session(worker, "national") as session:
        load_reference(session)
        make_school(session, code="P-1")
        make_school(session, code="P-2", lon=74.7)
        manage_accounts.add_account(session, ANALYST, PASSWORD, is_synthetic=True)
        manage_accounts.grant_role(session, ANALYST, "analyst")
    worker.dispose()
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def restricted(own_database):
    """Count protected answers as the owner of the tables."""
    owner = make_engine(own_database.url("mektep_owner"))

    def count() -> int:
        with open_session(owner, "national") as session:
            return session.scalar(text("SELECT count(*) FROM restricted_answer"))

    yield count
    owner.dispose()


def test_a_planner_cannot_send_them_and_reads_nothing_of_the_row_but_its_code(app, restricted):
    for content in (LONG, WIDE):
        sent = send(app, content, "answers.csv", kind="answers", mode="commit", accept_good_rows="true")
        assert sent.status_code == 201, sent.json
        assert (sent.json["added"], sent.json["refused"]) == (1, 1)
        (problem,) = [one for one in sent.json["problems"] if one["severity"] == "error"]
        assert (problem["code"], problem["value"]) == ("answer_protected", "SEC-01")
        assert MEASURED not in sent.text
        assert "nonsense" not in sent.text
    assert restricted() == 0


def test_a_named_analyst_may_and_others_do_not_even_see_the_import(app, restricted):
    sent = send(app, LONG, "protected.csv", kind="answers", mode="commit", headers=BOTH)
    assert (sent.status_code, sent.json["refused"]) == (201, 0), sent.json
    assert restricted() == 1
    address = f"/api/v1/imports/{sent.json['id']}"

    assert app.test_client().get(address, headers=BOTH).status_code == 200
    assert app.test_client().get(address, headers=BASIC).status_code == 404

    engine, settings = app.extensions["engine"], app.extensions["settings"]
    folders = Folders(settings.upload_dir, settings.geodata_dir)
    planner, analyst = Grant("planner"), Grant("analyst")
    with (
        pytest.raises(UnknownBatchError),
        open_session(engine, "national", 1, rights_of([planner])) as session,
    ):
        undo_batch(session, sent.json["id"], folders)
    assert restricted() == 1
    with open_session(engine, "national", 2, rights_of([planner, analyst])) as session:
        undo_batch(session, sent.json["id"], folders)
    assert restricted() == 0
