"""The legal life of editions: the order of steps, who takes them, what stays; in the workflow and in the database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.permissions import Grant, rights_of
from app.workflows import manage_edition
from app.workflows.manage_edition import (
    EditionIncompleteError,
    EditionRightError,
    UnknownEditionError,
    WrongEditionStepError,
)
from geodata.database import set_scope
from geodata.models import Assessment, Criterion, StandardEdition
from geodata.queries import edition_life
from tests.factories.schools import make_school
from tests.factories.standard import edition_rows, make_edition
from tests.support.rights import EVERYTHING

DAY = date(2026, 6, 1)
ACT = {"act_title_ky": "Буйрук", "act_title_ru": "Приказ", "act_number": "12/1", "act_on": DAY, "act_url": None}
BODY = {"body_ky": "Саламаттык сактоо министрлиги", "body_ru": "Министерство здравоохранения", "body_en": None,
        "agreed_on": DAY, "document": "№ 7", "url": None}  # fmt: skip


def move(session, code, seen, to, on=DAY, reason="because"):
    manage_edition.move_edition(session, code, seen, to, on, reason)


def adopt(session, code):
    manage_edition.add_agreement(session, code, BODY)
    move(session, code, "draft", "agreed")
    manage_edition.set_act(session, code, ACT)
    move(session, code, "agreed", "adopted")


def statuses(session):
    found = session.execute(text("SELECT code, status, is_current FROM standard_edition ORDER BY code")).all()
    return {row.code: (row.status, row.is_current) for row in found}


def test_an_edition_comes_into_force_and_the_one_before_is_superseded(session):
    make_edition(session, "2026", is_current=True)
    made = make_edition(session, "2027")
    adopt(session, "2027")
    move(session, "2027", "adopted", "in_force", reason="Published")

    assert statuses(session) == {"2026": ("superseded", False), "2027": ("in_force", True)}
    told = [(one.from_status, one.to_status, one.on_date, one.reason) for one in edition_life.steps(session, made.id)]
    assert told == [
        ("adopted", "in_force", DAY, "Published"),
        ("agreed", "adopted", DAY, "because"),
        ("draft", "agreed", DAY, "because"),
        (None, "draft", None, None),
    ]


@pytest.mark.parametrize(
    ("seen", "to", "on", "reason", "missing"),
    [
        ("draft", "agreed", DAY, " ", "reason"),
        ("draft", "agreed", None, "why", "on"),
        ("draft", "agreed", date(2999, 1, 1), "why", "future"),
        ("draft", "agreed", DAY, "why", "body"),
    ],
)
def test_a_step_says_what_it_lacks(session, seen, to, on, reason, missing):
    make_edition(session, "2027")

    with pytest.raises(EditionIncompleteError) as refused:
        manage_edition.move_edition(session, "2027", seen, to, on, reason)

    assert refused.value.missing == missing
    assert statuses(session) == {"2027": ("draft", False)}


def test_an_edition_is_adopted_by_an_act_only(session):
    make_edition(session, "2027")
    manage_edition.add_agreement(session, "2027", BODY)
    with pytest.raises(EditionIncompleteError, match="twice"):
        manage_edition.add_agreement(session, "2027", BODY)
    move(session, "2027", "draft", "agreed")
    with pytest.raises(EditionIncompleteError, match="act"):
        move(session, "2027", "agreed", "adopted")
    with pytest.raises(EditionIncompleteError, match="act"):
        manage_edition.set_act(session, "2027", ACT | {"act_number": ""})
    with pytest.raises(WrongEditionStepError):
        manage_edition.remove_agreement(session, "2027", 1)


@pytest.mark.parametrize(("seen", "to"), [("draft", "in_force"), ("agreed", "adopted"), ("draft", "nonsense")])
def test_there_are_no_other_steps(session, seen, to):
    make_edition(session, "2027")

    with pytest.raises(WrongEditionStepError):
        move(session, "2027", seen, to)
    with pytest.raises(UnknownEditionError):
        move(session, "2028", seen, to)


@pytest.mark.parametrize("grant", [Grant("department", area_id=1), Grant("oblast", area_id=1), Grant("auditor")])
def test_only_who_publishes_for_the_whole_country_moves_an_edition(session, grant):
    made = make_edition(session, "2027")
    set_scope(session, "area", 7, rights_of([grant]))

    with pytest.raises(EditionRightError):
        move(session, "2027", "draft", "superseded")
    with pytest.raises(ProgrammingError, match="for the whole country"):
        session.execute(text("UPDATE standard_edition SET status = 'superseded' WHERE id = :id"), {"id": made.id})


def test_the_database_holds_the_right_and_the_order_by_itself(session):
    made = make_edition(session, "2027")
    wanted = {"id": made.id}
    for change, scope, rights, message in (
        ("status = 'in_force', is_current = true", "national", EVERYTHING, "no such step"),
        ("status = 'agreed'", "national", rights_of([]), "publishes for the whole country"),
        ("is_current = true", "national", rights_of([]), "publishes for the whole country"),
        ("act_number = '1'", "national", rights_of([]), "publishes for the whole country"),
    ):
        nested = session.begin_nested()
        set_scope(session, scope, 7, rights)
        with pytest.raises(ProgrammingError, match=message):
            session.execute(text(f"UPDATE standard_edition SET {change} WHERE id = :id"), wanted)
        nested.rollback()
    set_scope(session, "national", rights=EVERYTHING)
    session.execute(text("UPDATE standard_edition SET status = 'agreed' WHERE id = :id"), wanted)
    with pytest.raises(ProgrammingError, match="names its act"):
        session.execute(text("UPDATE standard_edition SET status = 'adopted' WHERE id = :id"), wanted)


def test_no_two_editions_are_current_and_none_begins_in_force(session):
    make_edition(session, "2026", is_current=True)
    nested = session.begin_nested()
    with pytest.raises(IntegrityError, match="uq_standard_edition_current"):
        make_edition(session, "2027", is_current=True)
    nested.rollback()
    with pytest.raises(ProgrammingError, match="begins as a draft"):
        make_edition(session, "2028", status="in_force", is_current=True)


CHANGES = (
    "UPDATE criterion SET weight = 1 WHERE edition_id = :id",
    "UPDATE criterion SET cap = 50 WHERE edition_id = :id AND code = 'STR-01'",
    "UPDATE criterion SET owing_budget = 'republican' WHERE edition_id = :id",
    "UPDATE criterion SET shelf_life_months = NULL WHERE edition_id = :id",
    "DELETE FROM criterion WHERE edition_id = :id AND code = 'STR-02'",
    "UPDATE standard_domain SET name_ky = 'x' WHERE edition_id = :id",
    "DELETE FROM standard_domain WHERE edition_id = :id AND code = 'SEC'",
    "UPDATE standard_edition SET title_ky = 'x' WHERE id = :id",
    "UPDATE standard_edition SET sha256 = 'x' WHERE id = :id",
    "INSERT INTO standard_domain (edition_id, code, position, name_ky, name_ru, name_en) "
    "VALUES (:id, 'X', 9, 'x', 'x', 'x')",
)


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_used_edition_says_cannot_be_changed(session, change):
    made = make_edition(session, "2027")
    nested = session.begin_nested()
    session.execute(text(change), {"id": made.id})
    nested.rollback()
    school = make_school(session)
    session.add(Assessment(school_id=school.id, edition_id=made.id, kind="self", assessed_on=DAY))
    session.flush()

    with pytest.raises(ProgrammingError, match="in use"):
        session.execute(text(change), {"id": made.id})


def test_what_was_not_stated_may_be_filled_in_once(session):
    rows = edition_rows()
    for row in rows:
        row |= dict.fromkeys(("responsible_body", "co_owner", "owing_budget"))
    made = make_edition(session, "2027", rows)
    school = make_school(session)
    session.add(Assessment(school_id=school.id, edition_id=made.id, kind="self", assessed_on=DAY))
    session.flush()
    fill = text("UPDATE criterion SET responsible_body = :body WHERE edition_id = :id")

    session.execute(fill, {"id": made.id, "body": "school"})
    with pytest.raises(ProgrammingError, match="in use"):
        session.execute(fill, {"id": made.id, "body": "police"})


def test_who_took_a_step_is_shown_to_those_who_publish_or_audit_only(session):
    made = make_edition(session, "2027")
    move(session, "2027", "draft", "superseded")
    session.execute(text("SELECT 1"))
    names = text("SELECT count(*) FROM edition_step_names(:id)")

    seen = {}
    for who, scope, rights in (
        ("planner", "national", rights_of([Grant("planner")])),
        ("auditor", "area", rights_of([Grant("auditor")])),
        ("school", "area", rights_of([Grant("school", school_id=1)])),
        ("nobody", "public", rights_of([])),
    ):
        set_scope(session, scope, 7, rights)
        seen[who] = session.scalar(names, {"id": made.id})

    assert seen == {"planner": 2, "auditor": 2, "school": 0, "nobody": 0}
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("SELECT account_name FROM standard_edition_step"))


def test_nobody_writes_the_history_by_hand(session):
    made = make_edition(session, "2027")
    for statement in (
        "INSERT INTO standard_edition_step (edition_id, to_status) VALUES (:id, 'draft')",
        "UPDATE standard_edition_step SET reason = 'x' WHERE edition_id = :id",
        "DELETE FROM standard_edition_step WHERE edition_id = :id",
    ):
        nested = session.begin_nested()
        with pytest.raises(ProgrammingError, match="permission denied"):
            session.execute(text(statement), {"id": made.id})
        nested.rollback()


def test_coverage_counts_open_schools_with_a_published_assessment(session):
    made = make_edition(session, "2027")
    schools = [make_school(session, code=f"S{number}") for number in range(4)]
    schools[3].closed_on = DAY
    for school, kind, status in (
        (schools[0], "self", "published"), (schools[0], "survey", "published"), (schools[1], "self", "published"),
        (schools[2], "self", "draft"), (schools[3], "self", "published"),
    ):  # fmt: skip
        on = DAY + timedelta(days=1 if kind == "survey" else 0)
        session.add(Assessment(school_id=school.id, edition_id=made.id, kind=kind, status=status, assessed_on=on))
    session.flush()

    (country,) = edition_life.coverage(session, made.id)

    assert (country.schools, country.assessed, country.verified) == (3, 2, 1)
    assert country.last_on == DAY + timedelta(days=1)
    assert session.scalars(select(StandardEdition.code)).all() == ["2027"]
    assert session.scalar(select(Criterion.shelf_life_months).where(Criterion.code == "STR-01")) == 60
