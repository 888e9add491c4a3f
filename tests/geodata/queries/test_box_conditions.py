"""What lies in whose box, among changes, assessments and appeals of every status, writer and territory.

Asked without row security and triggers: each condition of the queries has to hold by itself.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select, text

from app.permissions import ROLES
from geodata.models import (
    Answer,
    Appeal,
    Assessment,
    AssessmentStep,
    Criterion,
    Revision,
    SchoolArea,
    StandardDomain,
    StandardEdition,
)
from geodata.queries import appeals, revisions, verification
from tests.factories.areas import make_area
from tests.factories.officers import become, make_officer, make_two_rayons
from tests.factories.visits import make_edition

NOW = datetime(2026, 5, 1, tzinfo=UTC)
REVISION_STATES = ("draft", "submitted", "verified", "published", "returned", "withdrawn")
VISIT_STATES = ("draft", "submitted", "verified", "published", "returned")
APPEAL_STATES = ("open", "accepted", "rejected", "withdrawn")
PEOPLE = {"department": ("rayon", "verify"), "oblast": ("far_oblast", "publish"), "school": (None, "edit")}


@pytest.fixture
def place(unguarded):
    """Two rayons; the foreign school lies in another oblast too; no trigger and no policy is at work."""
    made = make_two_rayons(unguarded)
    unguarded.execute(text("SET LOCAL session_replication_role = replica"))
    return made


@pytest.fixture
def people(unguarded, place):
    """Who verifies in the own rayon, who publishes in an oblast of its own school, the own school, somebody else."""
    oblast = make_area(unguarded, 1)
    unguarded.add(SchoolArea(school_id=place.own.id, area_id=oblast.id, level=1))
    unguarded.flush()
    return {
        "department": make_officer(unguarded, "department", area=place.rayon),
        "oblast": make_officer(unguarded, "oblast", area=oblast),
        "school": make_officer(unguarded, "school", school=place.own),
        "other": make_officer(unguarded, "department", area=place.rayon),
    }


def holds(role, right):
    return right in ROLES[role].rights


def add_revisions(session, place, me, other):
    """One change for each status, writer and school; kinds differ, since a writer has one open draft a record."""
    made = {}
    for status, writer, school in product(REVISION_STATES, (me, other), (place.own, place.foreign)):
        one = Revision(
            kind="building" if status == "returned" else "school", school_id=school.id, created_by=writer.id,
            status=status, published_at=NOW if status == "published" else None, base={}, changes={}, version=3,
        )  # fmt: skip
        session.add(one)
        session.flush()
        made[status, writer.id == me.id, school is place.own] = one.id
    return made


@pytest.mark.parametrize("role", PEOPLE)
def test_changes_lie_in_the_boxes_of_their_writer_and_of_who_works_there(unguarded, place, people, role):
    me = people[role]
    made = add_revisions(unguarded, place, me, people["other"])
    wanted = {
        "mine": {key for key in made if key[0] in ("draft", "returned") and key[1]},
        "to_verify": {("submitted", False, True)} if holds(role, "verify") else set(),
        "to_publish": {("verified", False, True)} if holds(role, "publish") else set(),
        "under_way": {key for key in made if key[0] in ("submitted", "verified") and key[1]},
        "ended": {key for key in made if key[0] in ("published", "withdrawn")},
    }
    become(unguarded, me)

    found = {box: {one.id for one in revisions.in_box(unguarded, box)} for box in wanted}

    assert found == {box: {made[key] for key in keys} for box, keys in wanted.items()}
    assert revisions.count_boxes(unguarded) == {box: len(keys) for box, keys in wanted.items()}


def test_a_draft_is_ones_own_and_a_change_under_way_is_of_others(unguarded, place, people):
    me = people["department"]
    made = add_revisions(unguarded, place, me, people["other"])
    become(unguarded, me)

    assert revisions.own_draft(unguarded, "school", place.own.id, None).id == made["draft", True, True]
    assert revisions.own_draft(unguarded, "building", place.own.id, None).id == made["returned", True, True]
    assert {one.id for one in revisions.others_under_way(unguarded, "school", place.own.id, None)} == {
        made["submitted", False, True],
        made["verified", False, True],
    }
    assert revisions.others_under_way(unguarded, "building", place.own.id, None) == []
    assert revisions.others_under_way(unguarded, "school", place.own.id, 1) == []
    assert revisions.own_draft(unguarded, "school", place.own.id, 1) is None


def test_a_change_is_saved_and_moved_only_from_its_version_and_status(unguarded, place, people):
    made = add_revisions(unguarded, place, people["department"], people["other"])
    number = made["submitted", False, True]
    facts = {"base_version": 1, "base": {}, "changes": {"pupils": 1}, "source": None, "source_date": None}

    assert not revisions.save_draft(unguarded, number, 2, **facts, reason=None)
    assert not revisions.take_step(unguarded, number, 2, "submitted", "verified", None)
    assert not revisions.take_step(unguarded, number, 3, "verified", "published", None)
    assert revisions.save_draft(unguarded, number, 3, **facts, reason=None)
    assert revisions.take_step(unguarded, number, 4, "submitted", "verified", None)

    changed = unguarded.execute(select(Revision.id, Revision.version).where(Revision.version != 3)).all()
    assert [tuple(row) for row in changed] == [(number, 5)]


@pytest.mark.parametrize(
    ("scope", "role", "wanted"),
    [
        ("area", "department", {"edit", "estimate", "verify"}),
        ("area", "school", {"edit"}),
        ("public", "department", set()),
    ],
)
def test_rights_at_a_school_are_those_held_there_in_a_scope_that_works(unguarded, place, people, scope, role, wanted):
    become(unguarded, people[role])
    unguarded.execute(text("SELECT set_config('app.scope', :scope, true)"), {"scope": scope})

    assert revisions.rights_at(unguarded, place.own.id) == wanted
    assert revisions.rights_at(unguarded, place.foreign.id) == set()


def add_visits(session, place, edition, me, other):
    made = {}
    days = (date(2026, 1, 1) + timedelta(days=number) for number in range(99))
    for status, writer, school in product(VISIT_STATES, (me, other), (place.own, place.foreign)):
        one = Assessment(school_id=school.id, edition_id=edition.id, kind="self", assessed_on=next(days), status=status)
        session.add(one)
        session.flush()
        session.add(AssessmentStep(assessment_id=one.id, account_id=writer.id, to_status="draft", at=NOW))
        made[status, writer.id == me.id, school is place.own] = one.id
    session.flush()
    return made


@pytest.mark.parametrize("role", PEOPLE)
def test_assessments_lie_in_the_boxes_of_who_works_there_and_did_not_write_them(unguarded, place, people, role):
    me = people[role]
    made = add_visits(unguarded, place, make_edition(unguarded), me, people["other"])
    returned = set()
    if holds(role, "edit"):  # what came back waits for its writer, and for the school itself
        returned = {("returned", True, True)} | ({("returned", False, True)} if role == "school" else set())
    wanted = {
        "returned": returned,
        "to_verify": {("submitted", False, True)} if holds(role, "verify") else set(),
        "to_publish": {("verified", False, True)} if holds(role, "publish") else set(),
    }
    become(unguarded, me)

    found = {box: {one.id for one in verification.in_box(unguarded, box, 99)} for box in wanted}

    assert found == {box: {made[key] for key in keys} for box, keys in wanted.items()}
    assert verification.count_boxes(unguarded) == {box: len(keys) for box, keys in wanted.items()}


def test_an_assessment_moves_only_from_its_status_and_no_other_moves(unguarded, place, people):
    made = add_visits(unguarded, place, make_edition(unguarded), people["department"], people["other"])
    number = made["submitted", False, True]

    assert not verification.take_step(unguarded, number, "verified", "published")
    assert verification.take_step(unguarded, number, "submitted", "verified")

    states = dict(unguarded.execute(select(Assessment.id, Assessment.status)).all())
    assert [key for key, one in made.items() if states[one] != key[0]] == [("submitted", False, True)]
    assert verification.find_assessment(unguarded, number).id == number
    assert verification.find_assessment(unguarded, number, lock=True).id == number
    assert verification.find_assessment(unguarded, 0, lock=True) is None


def add_answers(session, visit, edition, state):
    for criterion in session.scalars(select(Criterion).where(Criterion.edition_id == edition.id)).all():
        session.add(Answer(assessment_id=visit.id, criterion_id=criterion.id, state=state))
    session.flush()


def test_answers_stand_beside_published_ones_of_second_raters_of_the_edition_at_the_school(unguarded, place):
    edition = make_edition(unguarded)
    other = StandardEdition(
        code="other", status="draft", sha256="other", title_ky="С", title_ru="С.", title_en="S", is_current=False
    )
    unguarded.add(other)
    unguarded.flush()
    unguarded.add(StandardDomain(edition_id=other.id, code="STR", position=0, name_ky="б", name_ru="н", name_en="d"))
    rows = {
        "own": (place.own, edition, "self", "submitted", "meets"),
        "second": (place.own, edition, verification.SECOND_RATERS[0], "published", "fails"),
        "self": (place.own, edition, "self", "published", "fails"),
        "draft": (place.own, edition, verification.SECOND_RATERS[0], "draft", "fails"),
        "foreign": (place.foreign, edition, verification.SECOND_RATERS[0], "published", "fails"),
        "unknown": (place.own, edition, verification.SECOND_RATERS[0], "published", "unknown"),
        "other edition": (place.own, other, verification.SECOND_RATERS[0], "published", "fails"),
    }
    visits = {}
    for number, (name, (school, of, kind, status, state)) in enumerate(rows.items()):
        visits[name] = Assessment(
            school_id=school.id, edition_id=of.id, kind=kind, status=status, assessed_on=date(2026, 1, 1 + number)
        )
        unguarded.add(visits[name])
        unguarded.flush()
        add_answers(unguarded, visits[name], edition, state)

    compared = verification.compare_answers(unguarded, verification.find_assessment(unguarded, visits["own"].id))

    assert len(compared) == 5
    for criterion in compared:
        assert [given.state for given in criterion.answers] == ["meets"]
        assert [(given.state, given.day) for given in criterion.former] == [("fails", date(2026, 1, 2))]
    assert [row[0] for row in verification.domain_names(unguarded, other.id)] == ["STR"]


def add_appeals(session, place, me, other):
    made = {}
    for status, writer, school in product(APPEAL_STATES, (me, other), (place.own, place.foreign)):
        one = Appeal(
            school_id=school.id, fact="pupils" if writer.id == me.id else "seats", claimed="1", evidence="e",
            reason="r", status=status,
            created_by=writer.id, created_at=NOW, working_days=10, due_on=date(2026, 1, 1),
            decided_at=None if status == "open" else NOW, decision=None if status == "open" else "d",
        )  # fmt: skip
        session.add(one)
        session.flush()
        made[status, writer.id == me.id, school is place.own] = one.id
    return made


def test_appeals_wait_for_who_verifies_there_and_did_not_write_them(unguarded, place, people):
    me = people["department"]
    made = add_appeals(unguarded, place, me, people["other"])
    become(unguarded, me)

    to_decide, own = appeals.tasks(unguarded)

    assert [one.id for one in to_decide] == [made["open", False, True]]
    assert {one.id for one in own} == {made["open", True, True], made["open", True, False]}
    assert [number for number in made.values() if appeals.may_decide(unguarded, number)] == [made["open", False, True]]


def test_open_appeals_of_a_school_are_its_own_and_counts_are_by_status(unguarded, place, people):
    made = add_appeals(unguarded, place, people["department"], people["other"])
    opened = {made["open", True, True], made["open", False, True]}
    counts = appeals.count_appeals(unguarded, None)

    assert {one.id for one in appeals.open_at_school(unguarded, place.own.id)} == opened
    assert (counts.open, counts.overdue, counts.accepted, counts.rejected, counts.withdrawn) == (4, 4, 4, 4, 4)
    assert appeals.count_appeals(unguarded, NOW - timedelta(days=1)).since_run == 4
    assert appeals.count_appeals(unguarded, NOW + timedelta(days=1)).since_run == 0
    unguarded.execute(text("UPDATE appeal SET due_on = current_date + 1 WHERE school_id = :id"), {"id": place.own.id})
    unguarded.execute(
        text("UPDATE appeal SET status = 'withdrawn' WHERE id = :id"), {"id": made["rejected", True, True]}
    )
    counts = appeals.count_appeals(unguarded, None)
    assert (counts.open, counts.overdue, counts.rejected, counts.withdrawn) == (4, 2, 3, 5)
    assert appeals.find_appeal(unguarded, made["open", True, True]).id == made["open", True, True]


def test_a_decision_closes_the_named_open_appeal_alone(unguarded, place, people):
    made = add_appeals(unguarded, place, people["department"], people["other"])

    assert not appeals.decide(unguarded, made["withdrawn", True, True], "rejected", "late")
    assert appeals.decide(unguarded, made["open", True, True], "rejected", "no")

    states = dict(unguarded.execute(select(Appeal.id, Appeal.status)).all())
    assert [key for key, number in made.items() if states[number] != key[0]] == [("open", True, True)]


def test_a_fact_is_under_appeal_by_its_school_its_building_and_its_name(unguarded, place, people):
    add_appeals(unguarded, place, people["department"], people["other"])
    own, foreign = place.own.id, place.foreign.id

    assert appeals.is_open(unguarded, own, None, "pupils")
    assert not appeals.is_open(unguarded, own, None, "shifts")
    assert not appeals.is_open(unguarded, own, 1, "pupils")
    assert appeals.appealed(unguarded, [own]) == {own}
    closing = "UPDATE appeal SET status = 'rejected', decision = 'd', decided_at = now() WHERE school_id = :id"
    unguarded.execute(text(closing), {"id": foreign})
    assert not appeals.is_open(unguarded, foreign, None, "pupils")
    assert appeals.appealed(unguarded, [own, foreign]) == {own}
