"""Answers are kept once, over what their sender saw, and only if they answer the question."""

from datetime import UTC, date, datetime, timedelta
from threading import Thread
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from app.workflows.assess import open_sheet, start, submit, take_back, today
from app.workflows.assess_answer import SentAnswer, save_answer
from app.workflows.assess_errors import (
    AnswerConflictError,
    NothingAnsweredError,
    NotOpenError,
    NotYoursError,
    RefusedAnswerError,
    UnknownVisitError,
)
from geodata.database import make_engine, set_scope
from geodata.queries import assessing, writes_assessing
from tests.factories.assessing import make_assessed_place
from tests.factories.officers import become, become_everybody, make_officer
from tests.support.rights import EVERYTHING


@pytest.fixture
def place(session):
    return make_assessed_place(session)


@pytest.fixture
def number(session, place):
    become(session, place.director)
    return start(session, place.rayons.own.code, "self", date(2026, 3, 1))


def send(session, number, criterion, **fields):
    return save_answer(session, number, SentAnswer.of({"criterion": criterion, **fields}))


def stored(session, number):
    codes = dict(session.execute(text("SELECT id, code FROM criterion")).all())
    return {(codes[one.criterion_id], one.building_id): one for one in assessing.answers(session, number).values()}


def test_it_begins_with_the_last_answers_which_keep_the_day_of_their_evidence(session, place, number):
    found = stored(session, number)

    assert {key: (one.state, one.evidence_on, one.answered_at) for key, one in found.items()} == {
        ("WSH-01", None): ("fails", date(2025, 9, 1), None),
        ("STR-01", place.blocks[0].id): ("meets", date(2024, 5, 1), None),
        ("SEC-01", None): ("fails", date(2025, 9, 1), None),
    }
    assert start(session, place.rayons.own.code, "self", date(2026, 3, 1)) == number


def test_whoever_looks_a_second_time_begins_with_nothing(session, place):
    become(session, place.department)

    assert stored(session, start(session, place.rayons.own.code, "verification", date(2026, 3, 2))) == {}


def test_still_so_gives_the_last_answer_a_new_day_and_nothing_else(session, number):
    kept = send(session, number, "WSH-01", is_confirmed="1", base_version=1)

    assert (kept.answer.state, kept.answer.note, kept.answer.evidence_on) == ("fails", "well is dry", today())
    assert kept.answer.answered_at is not None
    assert kept.answer.version == 2


def test_the_same_key_counts_once(session, number):
    key = str(uuid4())
    first = send(session, number, "WSH-02", state="meets", key=key)
    again = send(session, number, "WSH-02", state="meets", key=key)

    assert (first.answer.version, again.answer.version, again.is_repeated) == (1, 1, True)
    assert session.scalar(text("SELECT count(*) FROM answer_change WHERE key = :key"), {"key": key}) == 1
    with pytest.raises(RefusedAnswerError, match="key_used"):
        send(session, number, "WSH-01", state="meets", key=key, base_version=1)


def test_an_answer_over_another_version_is_a_conflict_with_both_values(session, number):
    send(session, number, "WSH-02", state="meets")

    with pytest.raises(AnswerConflictError) as told:
        send(session, number, "WSH-02", state="fails")  # its sender saw no answer

    assert told.value.now.state == "meets"
    assert stored(session, number)["WSH-02", None].state == "meets"
    assert send(session, number, "WSH-02", state="fails", base_version=told.value.now.version).answer.version == 2


def test_two_who_say_the_same_need_not_decide(session, number):
    send(session, number, "WSH-02", state="meets")

    assert send(session, number, "WSH-02", state="meets").answer.version == 2


def test_the_value_decides_and_a_contradiction_is_told(session, place, number):
    block = place.blocks[0].code
    wrong = send(session, number, "STR-02", building=block, state="meets", value="7,5", unit="years")
    right = send(session, number, "STR-02", building=place.blocks[1].code, value="5")

    assert (wrong.answer.state, wrong.answer.value, wrong.remarks) == ("fails", 7.5, ("value_decides",))
    assert (right.answer.state, right.remarks) == ("meets", ())


@pytest.mark.parametrize(("passed", "state"), [("4", "meets"), ("2", "partly"), ("1", "fails")])
def test_rooms_decide_by_their_share(session, place, number, passed, state):
    kept = send(session, number, "LRN-01", building=place.blocks[0].code, rooms="4", passed=passed)

    assert (kept.answer.state, kept.answer.room_share) == (state, int(passed) / 4)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"criterion": "WSH-02", "state": "meets", "edition": "other"}, "edition_wrong"),
        ({"criterion": "NONE-99", "state": "meets"}, "criterion_unknown"),
        ({"criterion": "WSH-02", "state": "splendid"}, "state_unknown"),
        ({"criterion": "WSH-02"}, "answer_missing"),
        ({"criterion": "WSH-02", "value": "3"}, "value_not_asked"),
        ({"criterion": "WSH-02", "state": "meets", "rooms": "3", "passed": "1"}, "rooms_not_asked"),
        ({"criterion": "STR-02", "state": "meets"}, "building_needed"),
        ({"criterion": "STR-02", "state": "meets", "building": "none"}, "building_unknown"),
        ({"criterion": "WSH-02", "state": "meets", "building": "none"}, "building_not_asked"),
        ({"criterion": "STR-02", "building": "1", "value": "three"}, "number_wrong"),
        ({"criterion": "STR-02", "building": "1", "value": "nan"}, "number_wrong"),
        ({"criterion": "STR-02", "building": "1", "value": "-1"}, "value_outside"),
        ({"criterion": "STR-02", "building": "1", "value": "3", "unit": "lux"}, "unit_wrong"),
        ({"criterion": "LRN-01", "building": "1", "rooms": "3", "passed": "4"}, "rooms_wrong"),
        ({"criterion": "WSH-02", "state": "meets", "evidence_on": "2999-01-01"}, "day_ahead"),
        ({"criterion": "WSH-02", "state": "meets", "evidence_on": "yesterday"}, "day_wrong"),
        ({"criterion": "WSH-02", "state": "meets", "key": "1"}, "key_wrong"),
        ({"criterion": "WSH-02", "state": "meets", "base_version": "-1"}, "number_wrong"),
        ({"criterion": "WSH-02", "is_confirmed": "1"}, "nothing_to_confirm"),
    ],
)
def test_what_is_no_answer_is_refused_with_its_reason_and_writes_nothing(session, place, number, fields, code):
    if fields.get("building") == "1":
        fields = {**fields, "building": place.blocks[0].code}
    before = stored(session, number)

    with pytest.raises(RefusedAnswerError) as told:
        save_answer(session, number, SentAnswer.of(fields))

    assert told.value.code == code
    assert stored(session, number) == before


def test_a_clock_that_runs_ahead_loses_nothing(session, number):
    ahead = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    kept = send(session, number, "WSH-02", state="meets", answered_at=ahead)

    assert kept.remarks == ("clock_ahead",)
    assert kept.answer.answered_at <= datetime.now(UTC)


def test_protected_answers_stand_apart_and_are_asked_of_those_who_may_see_them(session, place, number):
    send(session, number, "SEC-01", state="meets", base_version=1)
    assert (
        session.scalar(text("SELECT state FROM restricted_answer WHERE assessment_id = :id"), {"id": number}) == "meets"
    )

    become_everybody(session)
    local = make_officer(session, "local_body", area=place.rayons.aimak)
    become(session, local)
    with pytest.raises(RefusedAnswerError, match="criterion_unknown"):
        send(session, number, "SEC-01", state="fails", base_version=2)
    codes = {one.question.code for one in open_sheet(session, number, "ky").places}
    assert "SEC-01" not in codes
    assert "WSH-02" in codes


def test_only_the_school_and_its_offices_answer_and_only_while_it_is_open(session, place, number):
    send(session, number, "WSH-02", state="meets")
    submit(session, number)
    with pytest.raises(NotOpenError):
        send(session, number, "WSH-02", state="fails", base_version=1)
    take_back(session, number)
    assert send(session, number, "WSH-02", state="fails", base_version=1).answer.state == "fails"

    become_everybody(session)
    oblast = make_officer(session, "oblast", area=place.rayons.oblast)
    stranger = make_officer(session, "school", school=place.rayons.foreign)
    become(session, oblast)
    with pytest.raises(NotYoursError):
        send(session, number, "WSH-01", state="meets", base_version=1)
    become(session, stranger)
    with pytest.raises(UnknownVisitError):
        send(session, number, "WSH-01", state="meets", base_version=1)
    with pytest.raises((NotYoursError, UnknownVisitError)):
        start(session, place.rayons.own.code, "self", date(2026, 3, 3))


def test_nothing_is_submitted_without_an_answer(session, place):
    become(session, place.director)
    number = start(session, place.rayons.own.code, "survey", date(2026, 3, 1))

    with pytest.raises(NothingAnsweredError):
        submit(session, number)


def step(session, number, status, to):
    nested = session.begin_nested()
    try:
        writes_assessing.take_step(session, number, status, to)
    except ProgrammingError as error:
        nested.rollback()
        return "refused" if "not open to this account" in str(error) or "row-level" in str(error) else str(error)
    nested.commit()
    return session.scalar(text("SELECT status FROM assessment WHERE id = :id"), {"id": number})


def test_the_database_holds_the_steps_and_the_four_eyes(session, place, number):
    send(session, number, "WSH-02", state="meets")
    assert step(session, number, "draft", "published") == "refused"
    submit(session, number)
    assert step(session, number, "submitted", "verified") == "refused"  # the school has no such right

    become(session, place.department)
    own = start(session, place.rayons.own.code, "self", date(2026, 3, 5))
    send(session, own, "WSH-02", state="meets")
    submit(session, own)
    assert step(session, own, "submitted", "verified") == "refused"  # nobody verifies their own
    assert step(session, number, "submitted", "verified") == "verified"
    assert step(session, number, "verified", "published") == "refused"

    become_everybody(session)
    become(session, make_officer(session, "oblast", area=place.rayons.oblast))
    assert step(session, number, "verified", "published") == "published"
    assert step(session, number, "published", "draft") in ("refused", "published")
    assert session.scalar(text("SELECT status FROM assessment WHERE id = :id"), {"id": number}) == "published"


def test_the_public_reads_published_answers_only_and_never_who_gave_them(session, place, number):
    send(session, number, "WSH-02", state="meets")
    set_scope(session, "public")

    for table in ("answer", "restricted_answer", "answer_change", "assessment_step", "evidence"):
        assert session.scalar(text(f"SELECT count(*) FROM {table} WHERE assessment_id = :id"), {"id": number}) == 0
    past = text(
        "SELECT count(*) FROM answer JOIN assessment AS visit ON visit.id = assessment_id WHERE school_id = :id"
    )
    assert session.scalar(past, {"id": place.rayons.own.id}) == 2


def test_row_security_alone_keeps_a_protected_answer_out_of_the_public_table(session, place, number):
    with pytest.raises(ProgrammingError, match="row-level security"):
        writes_assessing.keep_answer(
            session, number, place.criteria["SEC-01"].id, None,
            {"state": "meets", "value": None, "room_share": None, "note": None, "evidence_on": None},
            key=str(uuid4()), is_protected=False, base_version=0, answered_at=datetime.now(UTC),
        )  # fmt: skip


def test_the_same_answer_sent_twice_at_once_counts_once(database):
    """Two connections with one key: the second waits for the first and finds its answer there."""
    engine = make_engine(database.url("mektep_web"))
    with Session(engine, expire_on_commit=False) as setting_up:
        set_scope(setting_up, "national", rights=EVERYTHING)
        made = make_assessed_place(setting_up)
        become(setting_up, made.director)
        visit = start(setting_up, made.rayons.own.code, "self", date(2026, 3, 1))
        setting_up.commit()
    key, found = str(uuid4()), []

    def work():
        with Session(engine, expire_on_commit=False) as session:
            become(session, made.director)
            kept = send(session, visit, "WSH-02", state="meets", key=key)
            session.commit()
            found.append((kept.answer.version, kept.is_repeated))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()

    assert sorted(found) == [(1, False), (1, True), (1, True), (1, True)]
