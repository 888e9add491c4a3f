"""Campaigns: opened with their schools, handed out, reminded of, closed; what was counted stays as it is."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.workflows.campaigns import (
    CampaignFieldError,
    ClosedCampaignError,
    EmptyCampaignError,
    NotManagingError,
    Plan,
    UnknownCampaignError,
    close,
    give_reason,
    hand_out,
    open_campaign,
    remind,
)
from geodata.queries import campaigns, import_compare
from tests.factories.officers import become, become_everybody, make_officer, make_two_rayons
from tests.factories.visits import make_edition, make_visit

START, END = date(2026, 4, 1), date(2026, 5, 31)
ANSWERS = {"STR-01": "meets", "SEC-01": "fails"}


@pytest.fixture
def place(session):
    return make_two_rayons(session)


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own),
        "department": make_officer(session, "department", area=place.rayon),
        "foreign": make_officer(session, "department", area=place.foreign_rayon),
        "planner": make_officer(session, "planner"),
        "assessor": make_officer(session, "assessor", area=place.rayon),
        "far": make_officer(session, "assessor", area=place.foreign_rayon),
    }


@pytest.fixture
def edition(session):
    return make_edition(session)


def plan(**changes):
    return Plan(
        **({"title": "Spring", "kind": "self", "area_code": None, "starts_on": START, "ends_on": END} | changes)
    )


def states(session, number):
    return {one.school_code: one.state for one in campaigns.visits(session, number, None, None, 100)}


def test_a_department_opens_a_campaign_for_its_own_schools_only(session, place, staff, edition):
    become(session, staff["department"])
    number = open_campaign(session, plan(), None)
    become(session, staff["planner"])
    country = open_campaign(session, plan(), None)

    assert states(session, number).keys() == {place.own.code}
    assert states(session, country).keys() == {place.own.code, place.foreign.code}
    become(session, staff["foreign"])
    assert campaigns.find_campaign(session, number) is None
    assert states(session, country).keys() == {place.foreign.code}
    become(session, None)
    assert campaigns.find_campaign(session, country) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": "baseline"}, "kind"),
        ({"starts_on": None}, "starts_on"),
        ({"ends_on": date(2026, 3, 1)}, "ends_on"),
        ({"sample_size": 0}, "sample_size"),
        ({"sample_size": 5, "seed": -1}, "seed"),
    ],
)
def test_what_cannot_be_a_campaign_is_refused_by_its_field(session, staff, edition, changes, field):
    become(session, staff["department"])
    with pytest.raises(CampaignFieldError) as refused:
        open_campaign(session, plan(**changes), None)

    assert refused.value.field == field


def test_without_a_school_that_fits_there_is_no_campaign(session, place, staff, edition):
    become(session, staff["department"])
    with pytest.raises(EmptyCampaignError):
        open_campaign(session, plan(area_code=place.foreign_rayon.code), None)
    with pytest.raises(EmptyCampaignError):  # nobody has assessed itself: a second rater has nothing to compare
        open_campaign(session, plan(kind="verification", sample_size=5), None)


def test_a_sample_for_a_second_rater_is_stored_with_its_seed(session, place, staff, edition):
    make_visit(session, place.foreign, edition, ANSWERS)
    become(session, staff["planner"])
    number = open_campaign(session, plan(kind="verification", sample_size=5, seed=11), None)
    found = campaigns.find_campaign(session, number)

    assert states(session, number).keys() == {place.foreign.code}
    assert (found.sample_seed, found.sample_size) == (11, 5)


def test_a_visit_goes_from_waiting_to_done_with_its_assessment(session, place, staff, edition):
    become(session, staff["department"])
    number = open_campaign(session, plan(), None)
    before = states(session, number)
    make_visit(session, place.own, edition, ANSWERS, by=staff["school"], status="submitted", on=date(2026, 4, 9))
    become(session, staff["department"])
    sent = states(session, number)
    make_visit(session, place.own, edition, ANSWERS, on=date(2026, 4, 8))
    make_visit(session, place.foreign, edition, ANSWERS, on=date(2026, 4, 8))
    become(session, staff["department"])

    assert (before, sent) == ({place.own.code: "waiting"}, {place.own.code: "sent"})
    found = campaigns.find_campaign(session, number)
    assert (found.visits, found.done) == (1, 1)
    assert [(one.visits, one.done) for one in campaigns.coverage(session, number, 3)] == [(1, 1)]


def test_an_assessment_of_other_days_or_of_another_kind_does_not_count(session, place, staff, edition):
    become(session, staff["department"])
    number = open_campaign(session, plan(), None)
    make_visit(session, place.own, edition, ANSWERS, on=date(2026, 6, 1))
    make_visit(session, place.own, edition, ANSWERS, kind="survey", on=date(2026, 4, 2))

    become(session, staff["department"])
    assert states(session, number) == {place.own.code: "waiting"}


def test_who_is_sent_finds_the_visit_in_the_tasks_and_the_school_itself_where_nobody_is(session, place, staff, edition):
    become(session, staff["department"])
    number = open_campaign(session, plan(), None)
    become(session, staff["school"])
    assert campaigns.count_own_visits(session) == 1

    become(session, staff["department"])
    assert {one.name for one in campaigns.assignees(session)} >= {staff["assessor"].name, staff["department"].name}
    assert staff["far"].name not in {one.name for one in campaigns.assignees(session)}
    assert hand_out(session, number, None, staff["assessor"].id, date(2026, 5, 1)) == 1
    assert remind(session, number) == 1
    become(session, staff["school"])
    assert campaigns.count_own_visits(session) == 0
    become(session, staff["assessor"])
    (visit,) = campaigns.own_visits(session, 5)
    assert (visit.code, visit.due_on, visit.is_late) == (place.own.code, date(2026, 5, 1), True)
    assert visit.reminded_at is not None
    assert campaigns.assignees(session) == []


def test_who_was_sent_says_why_a_visit_failed_and_nothing_else(session, place, staff, edition):
    become(session, staff["department"])
    number = open_campaign(session, plan(), None)
    hand_out(session, number, None, staff["assessor"].id, END)
    become(session, staff["assessor"])
    give_reason(session, number, place.own.code, "The road is closed.")

    become(session, staff["department"])
    assert [one.reason for one in campaigns.visits(session, number, "missing", None, 5)] == ["The road is closed."]
    become(session, staff["assessor"])
    with pytest.raises(NotManagingError):
        close(session, number)
    with pytest.raises(ProgrammingError, match="only says why"), session.begin_nested():
        session.execute(text("UPDATE campaign_visit SET due_on = '2030-01-01'"))
    become(session, staff["foreign"])
    with pytest.raises(UnknownCampaignError):
        give_reason(session, number, place.own.code, "no")


@pytest.mark.parametrize("who", ["far", "nobody"])
def test_somebody_from_elsewhere_or_a_day_outside_is_refused(session, staff, edition, who):
    become(session, staff["department"])
    number = open_campaign(session, plan(), None)

    with pytest.raises(CampaignFieldError):
        hand_out(session, number, None, staff["far"].id if who == "far" else 10**9, END)
    with pytest.raises(CampaignFieldError):
        hand_out(session, number, None, None, date(2026, 6, 1))


def closed(session, place, staff, edition):
    become(session, staff["department"])
    number = open_campaign(session, plan(), None)
    visit = make_visit(session, place.own, edition, ANSWERS, on=date(2026, 4, 8))
    become(session, staff["department"])
    assert close(session, number) == 1
    return number, visit


FROZEN = [
    "UPDATE answer SET state = 'fails' WHERE assessment_id = :id",
    "DELETE FROM answer WHERE assessment_id = :id",
    "INSERT INTO answer (assessment_id, criterion_id, state) "
    "SELECT :id, id, 'fails' FROM criterion WHERE code = 'WSH-01' AND edition_id = "
    "(SELECT edition_id FROM assessment WHERE id = :id)",
    "UPDATE restricted_answer SET state = 'meets' WHERE assessment_id = :id",
    "UPDATE assessment SET assessed_on = '2020-01-01' WHERE id = :id",
    "DELETE FROM assessment WHERE id = :id",
]


@pytest.mark.parametrize("statement", FROZEN)
def test_what_a_closed_campaign_counted_changes_for_nobody(session, place, staff, edition, statement):
    _, visit = closed(session, place, staff, edition)
    become_everybody(session)

    refused = "counted by a closed campaign|still referenced from table .campaign_visit"
    with pytest.raises(IntegrityError, match=refused), session.begin_nested():
        session.execute(text(statement), {"id": visit.id})


def test_the_check_of_a_file_leaves_out_what_a_closed_campaign_counted(session, place, staff, edition):
    _, visit = closed(session, place, staff, edition)
    become_everybody(session)
    kind = session.scalar(text("SELECT kind FROM assessment WHERE id = :id"), {"id": visit.id})
    session.execute(text("UPDATE standard_edition SET is_current = (id = :id)"), {"id": edition.id})
    batch = session.scalar(
        text("INSERT INTO import_batch (kind, status, file_name, file_sha256, file_bytes) "
             "VALUES ('answers', 'checking', 'x', '0', 1) RETURNING id")
    )  # fmt: skip
    keys = [f"{place.own.code}|WSH-01||{kind}|{day}" for day in ("2026-04-08", "2026-04-09")]
    import_compare.stage(session, [(at, 0, key, {"state": "fails"}) for at, key in enumerate(keys, 2)])
    import_compare.compare(session, batch, "answers")

    frozen = import_compare.leave_out_frozen(session, batch)

    assert frozen == [(2, keys[0])]
    assert import_compare.count(session, batch) == (1, 0, 0)  # the other day goes on


def test_a_closed_campaign_stays_as_it_is_while_other_assessments_go_on(session, place, staff, edition):
    number, _ = closed(session, place, staff, edition)
    other = make_visit(session, place.own, edition, ANSWERS, kind="survey", on=date(2026, 4, 8))
    session.execute(text("UPDATE answer SET state = 'fails' WHERE assessment_id = :id"), {"id": other.id})

    become(session, staff["department"])
    assert states(session, number) == {place.own.code: "done"}
    for act in (
        lambda: close(session, number),
        lambda: remind(session, number),
        lambda: hand_out(session, number, None, None, END),
        lambda: give_reason(session, number, place.own.code, "late"),
    ):
        with pytest.raises(ClosedCampaignError):
            act()
    with pytest.raises(ProgrammingError, match="stays as it is"), session.begin_nested():
        session.execute(text("UPDATE campaign SET title = 'x' WHERE id = :id"), {"id": number})
    with pytest.raises(ProgrammingError, match="stays as it is"), session.begin_nested():
        session.execute(text("DELETE FROM campaign_visit WHERE campaign_id = :id"), {"id": number})


def test_a_department_is_asked_for_its_visits_once_and_not_for_each(session, place, staff, edition):
    """Half a millisecond for each of 2,400 visits is more than a page may take."""
    become(session, staff["planner"])
    open_campaign(session, plan(), None)
    become(session, staff["department"])

    lines = "\n".join(session.scalars(text("EXPLAIN SELECT count(*) FROM campaign_visit")))
    assert "hashed SubPlan" in lines
    assert "app_in_territory" not in lines
