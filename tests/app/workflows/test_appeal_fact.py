"""Appeals: who may appeal and decide, what an appeal needs, how its days are counted, what an acceptance leaves."""

from datetime import date

import pytest
from sqlalchemy import select, text

from app.risk.parameters import default_parameters
from app.workflows.appeal_fact import (
    AlreadyAppealedError,
    AppealDecidedError,
    AppealIncompleteError,
    CorrectionRefusedError,
    NotDecidingHereError,
    SentAppeal,
    UnknownAppealError,
    accept_appeal,
    reject_appeal,
    submit_appeal,
    withdraw_appeal,
)
from app.workflows.revise_errors import OutsideTerritoryError
from geodata.database import DBAPIError
from geodata.models import Appeal, Revision, School
from geodata.queries import appeals, record_facts
from tests.factories.officers import become, make_officer, make_two_rayons

SENT = SentAppeal("pupils", "512", "order of enrolment No. 7 of 2026-09-01", "two classes were forgotten")


@pytest.fixture
def place(session):
    return make_two_rayons(session)


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own),
        "local_body": make_officer(session, "local_body", area=place.aimak),
        "department": make_officer(session, "department", area=place.rayon),
        "oblast": make_officer(session, "oblast", area=place.oblast),
        "foreign": make_officer(session, "department", area=place.foreign_rayon),
    }


def record(session, school):
    return record_facts.stored_school(session, school.code)


def appeal(session, place, staff, who="school", sent=SENT):
    become(session, staff[who])
    return submit_appeal(session, record(session, place.own), sent)


@pytest.mark.parametrize("who", ["school", "local_body", "department"])
def test_who_edits_at_the_school_may_appeal(session, place, staff, who):
    found = appeals.find_appeal(session, appeal(session, place, staff, who))

    assert (found.fact, found.claimed, found.status) == ("pupils", "512", "open")
    assert found.present == str(place.own.pupils)
    assert not found.is_overdue


@pytest.mark.parametrize("who", ["oblast", "foreign"])
def test_nobody_else_appeals_and_the_database_says_so_too(session, place, staff, who):
    with pytest.raises(OutsideTerritoryError):
        appeal(session, place, staff, who)
    values = {"school_id": place.own.id, "fact": "pupils", "claimed": "1", "evidence": "e", "reason": "r"}
    values |= {"created_by": staff[who].id, "working_days": 5}
    with pytest.raises(DBAPIError, match="row-level security"):
        appeals.add_appeal(session, values)


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"fact": "national_rank"}, ("fact",)),
        ({"evidence": " "}, ("evidence",)),
        ({"reason": ""}, ("reason",)),
        ({"claimed": "many"}, ("claimed",)),
        ({"claimed": "-3"}, ("claimed",)),
        ({"claimed": ""}, ("claimed",)),
        ({"evidence_url": "javascript:1"}, ("evidence_url",)),
    ],
)
def test_an_appeal_needs_a_fact_a_value_and_evidence(session, place, staff, changed, fields):
    sent = SentAppeal(**{name: changed.get(name, getattr(SENT, name)) for name in SentAppeal.__dataclass_fields__})
    with pytest.raises(AppealIncompleteError) as refused:
        appeal(session, place, staff, sent=sent)

    assert refused.value.fields == fields


def test_a_value_that_stands_already_is_no_appeal(session, place, staff):
    with pytest.raises(AppealIncompleteError):
        appeal(session, place, staff, sent=SentAppeal("pupils", str(place.own.pupils), "e", "r"))


def test_one_fact_is_under_one_appeal_at_a_time(session, place, staff):
    appeal(session, place, staff)
    with pytest.raises(AlreadyAppealedError):
        appeal(session, place, staff, "local_body")

    withdraw_appeal_of = session.scalar(select(Appeal.id))
    become(session, staff["school"])
    withdraw_appeal(session, withdraw_appeal_of)
    assert appeal(session, place, staff, "local_body")


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 11, 30), 5, date(2026, 12, 7)),
        (date(2026, 12, 4), 1, date(2026, 12, 7)),
        (date(2026, 12, 5), 1, date(2026, 12, 7)),
        (date(2026, 12, 1), 15, date(2026, 12, 22)),
        (date(2026, 12, 1), 90, date(2027, 4, 6)),
    ],
)
def test_saturdays_and_sundays_do_not_count(session, start, days, due):
    assert session.scalar(text("SELECT working_day(:start, :days)"), {"start": start, "days": days}) == due


def test_the_database_sets_the_day_whatever_is_sent(session, place, staff):
    number = appeal(session, place, staff)
    found = appeals.find_appeal(session, number)
    days = int(default_parameters()["appeal.working_days"])
    today = session.scalar(text("SELECT (clock_timestamp() AT TIME ZONE 'Asia/Bishkek')::date"))

    assert found.due_on == session.scalar(text("SELECT working_day(:day, :days)"), {"day": today, "days": days})


def test_an_accepted_appeal_becomes_a_draft_of_who_decided(session, place, staff):
    number = appeal(session, place, staff)
    before = place.own.pupils
    become(session, staff["department"])
    revision = session.get(Revision, accept_appeal(session, number, "the order was seen"))

    assert (revision.changes, revision.status, revision.created_by) == (
        {"pupils": 512},
        "draft",
        staff["department"].id,
    )
    assert str(number) in revision.reason
    assert session.get(School, place.own.id).pupils == before, "the record changes by publication only"
    found = appeals.find_appeal(session, number)
    assert (found.status, found.revision_id, found.decision) == ("accepted", revision.id, "the order was seen")


def test_a_value_that_contradicts_an_accepted_one_is_not_accepted_without_its_draft(session, place, staff):
    place.own.pupils = 731
    session.flush()
    boarding = appeal(session, place, staff, sent=SentAppeal("boarding_pupils", "731", "a list", "all board"))
    fewer = appeal(session, place, staff, sent=SentAppeal("pupils", "700", "an order", "31 have left"))
    become(session, staff["department"])
    accept_appeal(session, fewer, "seen")

    with pytest.raises(CorrectionRefusedError):
        accept_appeal(session, boarding, "seen")
    assert appeals.find_appeal(session, boarding).status == "open"


def test_who_verifies_without_editing_accepts_without_a_draft(session, place, staff):
    number = appeal(session, place, staff)
    become(session, staff["oblast"])

    assert accept_appeal(session, number, "seen") is None


def test_a_rejection_needs_words_and_leaves_the_fact(session, place, staff):
    number = appeal(session, place, staff)
    become(session, staff["department"])
    with pytest.raises(AppealIncompleteError):
        reject_appeal(session, number, "  ")
    reject_appeal(session, number, "the order is of another school")

    assert appeals.find_appeal(session, number).status == "rejected"
    with pytest.raises(AppealDecidedError):
        accept_appeal(session, number, "after all")


@pytest.mark.parametrize("who", ["school", "local_body"])
def test_nobody_without_the_right_decides(session, place, staff, who):
    number = appeal(session, place, staff)
    become(session, staff[who])
    with pytest.raises(NotDecidingHereError):
        accept_appeal(session, number, "yes")
    with pytest.raises(DBAPIError, match=r"not open to this account|row-level"), session.begin_nested():
        appeals.decide(session, number, "accepted", "yes") or _fail()


def _fail():
    raise DBAPIError("UPDATE", {}, Exception("row-level security let nothing through"))


def test_nobody_decides_an_appeal_of_their_own(session, place, staff):
    number = appeal(session, place, staff, "department")

    with pytest.raises(NotDecidingHereError):
        accept_appeal(session, number, "mine")
    with pytest.raises(DBAPIError, match="not open to this account"), session.begin_nested():
        appeals.decide(session, number, "accepted", "mine")


def test_another_territory_decides_nothing(session, place, staff):
    number = appeal(session, place, staff)
    become(session, staff["foreign"])

    with pytest.raises(NotDecidingHereError):
        reject_appeal(session, number, "no")
    with pytest.raises(UnknownAppealError):
        reject_appeal(session, 10**9, "no")


def test_an_appeal_stays_as_it_was_written(session, place, staff):
    number = appeal(session, place, staff)
    for column in ("claimed", "due_on", "evidence"):
        with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
            session.execute(text(f"UPDATE appeal SET {column} = {column} WHERE id = :id"), {"id": number})


def test_tasks_are_of_who_decides_and_of_who_wrote(session, place, staff):
    number = appeal(session, place, staff)
    own = appeals.tasks(session)
    become(session, staff["department"])
    to_decide = appeals.tasks(session)
    become(session, staff["foreign"])

    assert [[one.id for one in box] for box in own] == [[], [number]]
    assert [[one.id for one in box] for box in to_decide] == [[number], []]
    assert appeals.tasks(session) == ([], [])


def test_visitors_see_that_a_fact_is_under_appeal(session, place, staff):
    appeal(session, place, staff)
    become(session, None)

    assert appeals.appealed(session, [place.own.id, place.foreign.id]) == {place.own.id}
    assert appeals.count_appeals(session, None).open == 1
