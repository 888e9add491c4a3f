"""Each role in each kind of territory against each protected table, and each policy taken down once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.permissions import AIMAK, COUNTRY, OBLAST, RAYON, ROLES, SCHOOL, Grant, rights_of, scope_of
from geodata.database import make_engine, set_scope
from geodata.records.rights import NO_RIGHTS
from tests.factories.canaries import (
    AUDITED,
    CANARY,
    FAR,
    NEAR,
    OF_OPEN_SCHOOL,
    OWN,
    STATE,
    UNPUBLISHED,
    mark,
    marks_in,
    plant,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geodata.records.rights import Rights
    from tests.factories.canaries import Country

PLACES = (OWN, NEAR, FAR)
COVERED = {COUNTRY: PLACES, OBLAST: (OWN, NEAR), RAYON: (OWN,), AIMAK: (OWN,), SCHOOL: (OWN,)}
OF_STATE = {
    mark(what, STATE)
    for what in (
        "layer",
        "feature",
        "exposure",
        "run",
        "result",
        "block",
        "domain",
        "file",
        "row",
        "problem",
        "unplaced",
        "scenario",
        "screen",
        "plan",
        "bundle",
        "road",
    )
}
READ = (
    "school", "school_code", "building", "assessment", "answer", "restricted_answer", "hazard_layer", "hazard_feature",
    "exposure_run", "exposure", "run", "school_result", "building_result", "domain_result", "area_result",
    "tile_pyramid", "import_batch", "import_row", "import_problem", "audit_event", "audit_transaction", "audit_change",
    "audit_link", "revision", "submission", "field_connection", "evidence", "answer_change", "assessment_step",
    "campaign", "campaign_visit", "building_survey", "assessor_level", "scenario", "weight_scheme", "plan",
    "protection_count", "protection_shown", "road", "school_contact",
)  # fmt: skip
"""Tables whose reading depends on the scope."""
FOR_EVERYBODY = ("prior_version", "type_prior", "answer_prior", "prior_decision", "parameter_decision")
"""Tables that every scope reads whole, and no scope not at all."""

CASES = [(role, level) for role in ROLES for level in ROLES[role].levels]


@pytest.fixture(scope="module")
def master(database) -> Iterator[Session]:
    """A session of the server's administrator with the canaries planted; rolled back at the end."""
    engine = make_engine(database.server.set(database=database.name).render_as_string(hide_password=False))
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()
    engine.dispose()


@pytest.fixture(scope="module")
def country(master) -> Country:
    return plant(master)


def grant(role: str, level: int, country: Country) -> Grant:
    own = country.places[OWN]
    ids = {OBLAST: own.oblast.id, RAYON: own.rayon.id, AIMAK: own.aimak.id}
    return Grant(role, ids.get(level), own.school.id if level == SCHOOL else None)


def expected(role: str, level: int) -> set[str]:
    """Return the canaries that the table of roles lets a role see in its territory."""
    rights, found = ROLES[role].rights, set()
    unpublished = OF_OPEN_SCHOOL if level == SCHOOL else UNPUBLISHED
    for where in COVERED[level]:
        if "see" in rights:
            found |= {mark(what, where) for what in unpublished}
        if "see_restricted" in rights:
            found |= {mark("protected", where), mark("picture_protected", where)}
            found |= (
                {mark(what, where) for what in ("sent_protected", "change_protected")} if "see" in rights else set()
            )
    if "import" in rights or "administer" in rights:
        found.add(mark("connection", STATE))
    if "rank" in rights:
        found |= OF_STATE
    if "audit" in rights:
        found |= {mark(what, where) for what in AUDITED for where in PLACES}
        found |= {mark(what, STATE) for what in ("audit", "layer", "run", "connection", "scenario", "weights", "plan")}
    return found


@contextmanager
def asked_as(session: Session, scope: str, rights: Rights, role: str = "mektep_web") -> Iterator[None]:
    """Ask as a role of the application within the block."""
    set_scope(session, scope, 1, rights)
    session.execute(text(f"SET LOCAL ROLE {role}"))
    try:
        yield
    finally:
        session.execute(text("RESET ROLE"))


def tables(session: Session) -> list[str]:
    return list(
        session.scalars(
            text("""
                SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity
                    AND relnamespace = 'public'::regnamespace AND has_table_privilege('mektep_web', oid, 'SELECT')
                ORDER BY relname
            """)
        )
    )


def seen(session: Session, scope: str, rights: Rights, role: str = "mektep_web") -> set[str]:
    """Return the canaries that a transaction finds in any table."""
    names = tables(session)
    with asked_as(session, scope, rights, role):
        lines = [
            line
            for name in names
            for line in session.scalars(text(f"SELECT t::text FROM {name} AS t WHERE t::text LIKE '%{CANARY}%'"))
        ]
    return marks_in("\n".join(lines))


@pytest.mark.parametrize(("role", "level"), CASES)
def test_a_role_sees_what_its_table_says_where_it_holds_it_and_nothing_else(master, country, role, level):
    rights = rights_of([grant(role, level, country)])

    assert seen(master, scope_of(rights), rights) == expected(role, level)


def test_nobody_and_no_scope_see_none_of_it_and_the_system_flag_is_no_use_to_the_web(master, country):
    assert seen(master, "public", NO_RIGHTS) == set()
    assert seen(master, "none", NO_RIGHTS) == set()
    everything = rights_of([Grant("planner"), Grant("analyst"), Grant("auditor")])
    assert seen(master, "public", everything) == set()
    assert seen(master, "none", everything) == set()
    forged = rights_of([Grant("auditor")])
    object.__setattr__(forged, "is_system", True)
    assert seen(master, "area", forged) == expected("auditor", COUNTRY)


def test_two_grants_add_up_and_a_former_map_holds_too(master, country):
    both = rights_of([grant("local_body", AIMAK, country), Grant("analyst", country.places[FAR].rayon.id)])

    assert seen(master, "area", both) == expected("local_body", AIMAK) | {
        mark(what, FAR) for what in ("protected", "picture_protected")
    }


def counts(session: Session, scope: str, rights: Rights) -> dict[str, int]:
    """Return how many rows of each table a transaction sees."""
    names = tables(session)
    with asked_as(session, scope, rights):
        return {name: session.scalar(text(f"SELECT count(*) FROM {name}")) for name in names}


@pytest.mark.parametrize("table", READ)
def test_taking_one_policy_down_is_noticed(master, country, table):
    """Open and shut: each reading policy alone makes a difference that the matrix sees."""
    nobody, everybody = NO_RIGHTS, rights_of([Grant("planner"), Grant("analyst"), Grant("auditor")])
    usual = counts(master, "public", nobody)[table], counts(master, "national", everybody)[table]
    nested = master.begin_nested()
    try:
        master.execute(text(f"ALTER POLICY {table}_read ON {table} USING (true)"))
        opened = counts(master, "public", nobody)[table]
        master.execute(text(f"ALTER POLICY {table}_read ON {table} USING (false)"))
        shut = counts(master, "national", everybody)[table]
    finally:
        nested.rollback()

    assert usual[0] < opened
    assert shut == 0 < usual[1]


def test_every_reading_policy_by_scope_is_taken_down_above(master):
    """A new table whose reading the scope rules needs canaries and a line in ``READ``; jobs have their own test."""
    found = master.scalars(
        text("""
            SELECT tablename FROM pg_policies
            WHERE policyname = tablename || '_read' AND qual LIKE '%app_scope%' AND tablename <> 'background_job'
        """)
    )

    assert set(found) == {*READ, *FOR_EVERYBODY}


@pytest.fixture
def public_rows(master, country):
    """A row in each table of ``FOR_EVERYBODY``."""
    version = {"edition": master.scalar(text("SELECT min(id) FROM standard_edition"))}
    nested = master.begin_nested()
    version["version"] = master.scalar(
        text("""
            INSERT INTO prior_version (number, data_date, edition_id, buildings, answers)
            VALUES (7351, '2026-09-01', :edition, 30, 30) RETURNING id
        """),
        version,
    )
    for statement in (
        """
            INSERT INTO type_prior (version_id, area, decade, building_type, basis, surveyed, counted, weight)
            VALUES (:version, '', 1970, 'KG-ADB', 'country', 30, 3, 0.1)
        """,
        """
            INSERT INTO answer_prior
                (version_id, area, decade, building_type, criterion, basis, surveyed, met, rate)
            VALUES (:version, '', 1970, 'KG-ADB', 'STR-01', 'country', 30, 3, 0.1)
        """,
        "INSERT INTO prior_decision (version_id) VALUES (:version)",
        """
            INSERT INTO parameter_decision (file_name, number, sha256, owner, reason)
            VALUES ('fragility.csv', 7351, '0', 'o', 'r')
        """,
    ):
        master.execute(text(statement), version)
    yield
    nested.rollback()


@pytest.mark.parametrize("table", FOR_EVERYBODY)
def test_a_table_for_everybody_is_read_in_every_scope_and_in_none_without(master, public_rows, table):
    seen_by = {scope: counts(master, scope, NO_RIGHTS)[table] for scope in ("none", "public", "area", "national")}
    assert seen_by["none"] == 0 < seen_by["public"] == seen_by["area"] == seen_by["national"]
    master.execute(text(f"ALTER POLICY {table}_read ON {table} USING (true)"))

    assert counts(master, "none", NO_RIGHTS)[table] > 0, "without the policy the table would be open"
