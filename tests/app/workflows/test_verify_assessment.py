"""From submitted to published: who may take which step, with which reason, and what others see of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.workflows.revise_errors import (
    OutsideTerritoryError,
    OwnChangeError,
    ReasonNeededError,
    UnknownRevisionError,
    WrongStepError,
)
from app.workflows.verify_assessment import open_steps, take_step
from geodata.models import Answer, AuditEvent
from geodata.queries import verification
from tests.factories.officers import become, become_everybody, make_officer, make_two_rayons
from tests.factories.visits import make_edition, make_visit

ALL_MET = dict.fromkeys(("STR-01", "FIRE-01", "WSH-01", "SEC-01"), "meets")


@pytest.fixture
def place(session):
    return make_two_rayons(session)


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own),
        "department": make_officer(session, "department", area=place.rayon),
        "foreign": make_officer(session, "department", area=place.foreign_rayon),
        "oblast": make_officer(session, "oblast", area=place.oblast),
        "assessor": make_officer(session, "assessor", area=place.rayon),
    }


@pytest.fixture
def edition(session):
    return make_edition(session)


@pytest.fixture
def sent(session, place, staff, edition):
    return make_visit(session, place.own, edition, ALL_MET, by=staff["school"], status="submitted")


def seen(session, visit):
    return verification.find_assessment(session, visit.id).step_id


def go(session, who, visit, name, reason="Looked at on the spot."):
    become(session, who)
    return take_step(session, visit.id, name, seen=seen(session, visit), reason=reason)


def test_the_department_verifies_and_the_oblast_publishes(session, staff, sent):
    assert go(session, staff["department"], sent, "verify").status == "verified"
    assert go(session, staff["oblast"], sent, "publish").status == "published"

    become(session, None)
    assert session.query(Answer).filter_by(assessment_id=sent.id).count() == 3
    become_everybody(session)
    steps = verification.steps(session, sent.id)
    assert [step.to_status for step in steps] == ["draft", "submitted", "verified", "published"]
    assert steps[2].reason == "Looked at on the spot."
    tags = [event.tag for event in session.query(AuditEvent).filter_by(subject=str(sent.id)).order_by(AuditEvent.id)]
    assert tags == ["assessment:verified", "assessment:published"]


def test_until_it_is_published_nobody_outside_sees_any_of_it(session, staff, sent):
    for name, who in ((None, None), ("verify", "department")):
        if name:
            go(session, staff[who], sent, name)
        for stranger in (None, staff["foreign"]):
            become(session, stranger)
            assert session.query(Answer).filter_by(assessment_id=sent.id).count() == 0


def test_answers_of_the_protection_group_are_beside_the_others_for_those_who_may_see_them_only(session, staff, sent):
    def codes(who):
        become(session, who)
        found = verification.find_assessment(session, sent.id)
        return {one.code for one in verification.compare_answers(session, found)}

    assert codes(staff["department"]) == {"STR-01", "FIRE-01", "WSH-01", "SEC-01"}
    assert codes(staff["oblast"]) == {"STR-01", "FIRE-01", "WSH-01"}


def test_nobody_verifies_what_they_answered_themselves(session, place, staff, edition):
    own = make_visit(session, place.own, edition, ALL_MET, by=staff["department"], status="submitted")
    become(session, staff["department"])

    assert open_steps(session, verification.find_assessment(session, own.id)) == []
    assert verification.count_boxes(session) == {"returned": 0, "to_verify": 0, "to_publish": 0}
    with pytest.raises(OwnChangeError):
        go(session, staff["department"], own, "verify")
    with pytest.raises(ProgrammingError, match="not open to this account"), session.begin_nested():
        session.execute(text("UPDATE assessment SET status = 'verified' WHERE id = :id"), {"id": own.id})


def test_a_step_outside_the_territory_or_without_the_right_is_refused_twice(session, staff, sent):
    with pytest.raises(OutsideTerritoryError):
        go(session, staff["assessor"], sent, "verify")
    become(session, staff["foreign"])
    with pytest.raises(UnknownRevisionError):
        take_step(session, sent.id, "verify", seen=1, reason="no")
    become(session, staff["assessor"])
    with pytest.raises(ProgrammingError, match="not open to this account"), session.begin_nested():
        session.execute(text("UPDATE assessment SET status = 'verified' WHERE id = :id"), {"id": sent.id})


@pytest.mark.parametrize("name", ["verify", "return"])
def test_a_step_without_its_reason_is_refused(session, staff, sent, name):
    with pytest.raises(ReasonNeededError):
        go(session, staff["department"], sent, name, reason="  ")


def test_what_moved_on_since_it_was_looked_at_is_not_touched(session, staff, sent):
    become(session, staff["department"])
    old = seen(session, sent)
    go(session, staff["department"], sent, "return", "The photo of the fire exit is missing.")
    with pytest.raises(WrongStepError):
        take_step(session, sent.id, "verify", seen=old, reason="late")

    become(session, staff["school"])
    found = verification.find_assessment(session, sent.id)
    assert (found.status, found.step_reason) == ("returned", "The photo of the fire exit is missing.")


def test_answers_stand_beside_the_last_second_rater_and_differences_are_marked(session, place, staff, edition):
    make_visit(
        session, place.own, edition, {"STR-01": "meets", "WSH-01": "fails"}, kind="verification", on=date(2024, 3, 1)
    )
    make_visit(
        session, place.own, edition, {"STR-01": "fails", "FIRE-01": "unknown"}, kind="survey", on=date(2025, 3, 1)
    )
    make_visit(session, place.own, edition, {"FIRE-01": "fails"}, kind="self", on=date(2025, 3, 1))
    make_visit(session, place.foreign, edition, {"FIRE-01": "fails"}, kind="verification", on=date(2025, 3, 1))
    sent = make_visit(session, place.own, edition, ALL_MET, by=staff["school"], status="submitted")

    become(session, staff["department"])
    found = {
        one.code: one for one in verification.compare_answers(session, verification.find_assessment(session, sent.id))
    }
    assert {code for code, one in found.items() if one.differs} == {"STR-01", "WSH-01"}
    assert [(one.state, one.kind, one.day) for one in found["STR-01"].former] == [("fails", "survey", date(2025, 3, 1))]
    assert found["FIRE-01"].former == []
