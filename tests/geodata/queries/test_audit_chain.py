"""The chain: one link a transaction in the order of commits, and whatever is changed in it afterwards is found."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import text

from app.settings import Settings
from geodata.database import make_engine, open_session, plain_address
from geodata.queries.audit_chain import verify_chain
from scripts import audit as audit_command
from tests.support import database as test_database

SEALED_LINKS = 4


@pytest.fixture
def chained():
    """A database with four links: an area, two schools, a change of one, an event."""
    made = test_database.create(f"mektep_test_{os.getpid()}_chain")
    worker = make_engine(made.url("mektep_worker"))
    for statement in (
        "INSERT INTO area (code, level, kind, name_ky) VALUES ('41700000000000', 0, 'country', 'Кыргызстан')",
        "INSERT INTO school (code, name_ky, pupils) VALUES ('0001', 'Биринчи', 100), ('0002', 'Экинчи', NULL)",
        "UPDATE school SET pupils = 120 WHERE code = '0001'",
        "INSERT INTO audit_event (tag, subject) VALUES ('import:committed', '7')",
    ):
        write(worker, statement)
    yield made, worker
    worker.dispose()
    test_database.drop(made)


def write(engine, statement, **values):
    with open_session(engine, "national") as session:
        session.execute(text(statement), values)


def verdict(engine, expected=()):
    with open_session(engine, "national") as session:
        return verify_chain(session, expected)


def tamper(database, *statements):
    """Do what only the administrator of the server can: triggers off, rows changed."""
    address = database.server.set(drivername="postgresql", database=database.name).render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement


def test_a_whole_chain_holds_and_tells_its_newest_hash(chained):
    _database, worker = chained

    found = verdict(worker)

    assert (found.holds, found.links) == (True, SEALED_LINKS)
    with open_session(worker, "national") as session:
        assert found.head == session.scalar(text("SELECT sha256 FROM audit_link ORDER BY position DESC LIMIT 1"))
    assert verdict(worker, {found.head}).holds


COPY = (
    "INSERT INTO audit_{0} OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::audit_{0}, "
    "to_jsonb(one) || '{1}')).* FROM audit_{0} AS one WHERE {2}"
)


@pytest.mark.parametrize(
    ("statements", "fault", "position"),
    [
        pytest.param(
            ["UPDATE audit_change SET differences = replace(differences::text, '120', '121')::json WHERE id = 3"],
            "changed content", 3, id="a value is changed",
        ),
        pytest.param(["UPDATE audit_transaction SET account_id = 9 WHERE id = 2"], "changed content", 2, id="who"),
        pytest.param(["UPDATE audit_transaction SET account_name = 'x' WHERE id = 2"], "changed content", 2, id="name"),
        pytest.param(["UPDATE audit_transaction SET reason = 'x' WHERE id = 2"], "changed content", 2, id="why"),
        pytest.param(
            ["UPDATE audit_transaction SET begun_at = begun_at - interval '1 microsecond' WHERE id = 2"],
            "changed content", 2, id="when it began",
        ),
        pytest.param(
            ["UPDATE audit_link SET sealed_at = sealed_at + interval '1 microsecond' WHERE position = 2"],
            "changed content", 2, id="when it was sealed",
        ),
        pytest.param(["UPDATE audit_link SET summary = '{}' WHERE position = 2"], "changed content", 2, id="counts"),
        pytest.param(["UPDATE audit_event SET subject = '8'"], "changed content", 4, id="an event"),
        pytest.param(["DELETE FROM audit_change WHERE id = 2"], "changed content", 2, id="a change is removed"),
        pytest.param(["DELETE FROM audit_event"], "changed content", 4, id="an event is removed"),
        pytest.param(["DELETE FROM audit_link WHERE position = 2"], "missing link", 2, id="a link is removed"),
        pytest.param(
            [
                "DELETE FROM audit_link WHERE position = 2",
                "UPDATE audit_link SET position = position - 1 WHERE position > 2",
            ],
            "changed content", 2, id="a link is removed and the gap closed",
        ),
        pytest.param(
            [
                "UPDATE audit_link SET position = 9 WHERE position = 2",
                "UPDATE audit_link SET position = 2 WHERE position = 3",
                "UPDATE audit_link SET position = 3 WHERE position = 9",
            ],
            "changed content", 2, id="two links change places",
        ),
        pytest.param(
            [COPY.format("change", '{"id": 90}', "id = 3")], "changed content", 3, id="a change is put in",
        ),
        pytest.param(
            [COPY.format("transaction", '{"id": 90}', "id = 1")], "outside the chain", None,
            id="a transaction is put in",
        ),
        pytest.param(
            [COPY.format("event", '{"id": 90, "transaction_id": 77}', "true")], "outside the chain", None,
            id="an event is put in",
        ),
        pytest.param(
            [
                COPY.format("link", '{"position": 5, "transaction_id": 90}', "position = 4"),
                COPY.format("transaction", '{"id": 90}', "id = 1"),
            ],
            "changed content", 5, id="a link is put at the end",
        ),
    ],
)  # fmt: skip
def test_what_is_changed_afterwards_is_found(chained, statements, fault, position):
    database, worker = chained
    tamper(database, *statements)

    found = verdict(worker)

    assert (found.fault, found.position) == (fault, position)


def test_a_tail_that_was_cut_off_is_found_by_a_hash_noted_before(chained):
    database, worker = chained
    noted = verdict(worker).head
    tamper(database, "DELETE FROM audit_event", "DELETE FROM audit_link WHERE position = 4",
           "DELETE FROM audit_transaction WHERE id = 4")  # fmt: skip

    alone, against = verdict(worker), verdict(worker, {noted})

    assert (alone.holds, alone.links) == (True, SEALED_LINKS - 1)
    assert (against.fault, against.record) == ("expected hash not found", noted)


def test_nobody_of_the_application_and_not_even_the_owner_changes_the_log(chained):
    database, worker = chained

    for role in ("mektep_web", "mektep_worker", "mektep_owner"):
        for statement in ("UPDATE audit_change SET table_name = 'x'", "DELETE FROM audit_link", "TRUNCATE audit_event"):
            with (
                psycopg.connect(plain_address(database.url(role))) as connection,
                pytest.raises(psycopg.errors.InsufficientPrivilege),
            ):
                connection.execute(statement)

    assert verdict(worker).links == SEALED_LINKS


def test_parallel_commits_chain_one_after_another(chained):
    _database, worker = chained
    rounds, writers = 5, 4

    def work(number):
        for turn in range(rounds):
            write(worker, "INSERT INTO school (code, name_ky) VALUES (:code, 'x')", code=f"P{number}-{turn}")

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(work, range(writers)))

    found = verdict(worker)
    assert (found.holds, found.links) == (True, SEALED_LINKS + rounds * writers)


def test_a_rolled_back_change_leaves_nothing_and_a_kept_one_after_a_savepoint_is_chained(chained):
    _database, worker = chained
    with open_session(worker, "national") as session:
        savepoint = session.begin_nested()
        session.execute(text("UPDATE school SET pupils = 1"))
        savepoint.rollback()
        session.execute(text("UPDATE school SET pupils = 2 WHERE code = '0002'"))

    with open_session(worker, "national") as session:
        kept = session.execute(
            text("SELECT differences FROM audit_change JOIN audit_link USING (transaction_id) WHERE position = 5")
        ).scalars()
        assert [one["new"] for block in kept for one in block] == [{"pupils": 2}]
    assert verdict(worker).links == SEALED_LINKS + 1


def test_changes_after_an_early_seal_in_one_transaction_get_a_link_of_their_own(chained):
    _database, worker = chained
    with open_session(worker, "national") as session:
        session.execute(text("UPDATE school SET pupils = 3 WHERE code = '0001'"))
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        session.execute(text("UPDATE school SET pupils = 4 WHERE code = '0001'"))

    assert (verdict(worker).holds, verdict(worker).links) == (True, SEALED_LINKS + 2)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_command_says_whether_the_chain_holds(chained, monkeypatch, capsys, as_json):
    database, worker = chained
    monkeypatch.setattr("scripts.connection.Settings", lambda: Settings(worker_url=database.url("mektep_worker")))
    choices = ["verify", *(["--json"] if as_json else [])]
    head = verdict(worker).head

    good = audit_command.command(choices, standalone_mode=False)
    said = capsys.readouterr().out
    tamper(database, "UPDATE audit_event SET subject = '8'")
    bad = audit_command.command(choices, standalone_mode=False)
    said_bad = capsys.readouterr().out

    assert (good, bad) == (0, 1)
    assert head in said
    if as_json:
        assert json.loads(said) == {
            "links": 4, "head": head, "fault": None, "position": None, "record": None, "holds": True,
        }  # fmt: skip
        assert json.loads(said_bad)["position"] == 4
    else:
        assert "BROKEN: link 4" in said_bad
