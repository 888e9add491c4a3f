"""A change goes from draft to publication by people with the right in their territory, never by its author alone."""

import pytest
from sqlalchemy import select, text

from app.workflows.revise import Refused, Saved, SentForm, ToChoose, open_edit, save_draft
from app.workflows.revise_errors import (
    IncompleteDraftError,
    OutsideTerritoryError,
    OwnChangeError,
    ReasonNeededError,
    RecordChangedError,
    UnknownRevisionError,
    WrongStepError,
)
from app.workflows.revise_steps import open_steps, take_step
from geodata.database import DBAPIError
from geodata.models import AuditEvent, Building, ImportBatch, ImportRow, School
from geodata.queries import record_facts, revisions
from geodata.queries.import_obstacles import find_obstacles
from geodata.queries.standing import find_standing
from tests.factories.officers import become, become_everybody, make_officer, make_two_rayons


@pytest.fixture
def place(session):
    return make_two_rayons(session)


@pytest.fixture
def staff(session, place):
    """One of each role that touches changes, over the rayon of ``place.own`` or what contains it."""
    return {
        "school": make_officer(session, "school", school=place.own),
        "local_body": make_officer(session, "local_body", area=place.aimak),
        "department": make_officer(session, "department", area=place.rayon),
        "colleague": make_officer(session, "department", area=place.rayon),
        "oblast": make_officer(session, "oblast", area=place.oblast),
        "planner": make_officer(session, "planner"),
        "engineer": make_officer(session, "engineer", area=place.rayon),
        "council": make_officer(session, "council", area=place.rayon),
        "auditor": make_officer(session, "auditor"),
        "foreign department": make_officer(session, "department", area=place.foreign_rayon),
        "foreign school": make_officer(session, "school", school=place.foreign),
    }


def draft(session, school, changes=None, **more):
    """Save a draft as a form would and return its number."""
    record = record_facts.stored_school(session, school.code)
    state = open_edit(session, record, lock=True)
    texts = {**state.texts, **(changes or {"pupils": "640"})}
    sent = SentForm(texts, state.texts, state.stamp, "ISUO report", "2026-09-01", "counted in September", **more)
    outcome = save_draft(session, state, sent)
    assert isinstance(outcome, Saved), outcome
    session.flush()
    return outcome.number


def step(session, number, name, reason="checked against the register", **more):
    revision = revisions.find_revision(session, number)
    version = revision.version if revision else 1
    record = record_facts.stored_record(session, revision.kind, revision.school_id, revision.building_id)
    return take_step(session, number, name, version=version, record_version=record.version or 0, reason=reason, **more)


def bring(session, staff, school, status, author="local_body"):
    """Return the number of a revision of ``author`` that has come to ``status``."""
    become(session, staff[author])
    number = draft(session, school)
    if status == "draft":
        return number
    step(session, number, "submit")
    if status in ("verified", "published"):
        become(session, staff["department"])
        step(session, number, "verify")
    if status == "published":
        become(session, staff["oblast"])
        step(session, number, "publish")
    return number


def pupils(session, school):
    return session.scalar(select(School.pupils).where(School.id == school.id))


def test_a_change_goes_the_whole_way_and_is_public_only_at_its_end(session, place, staff):
    seen = {}
    number = bring(session, staff, place.own, "draft")
    for who, name in ((None, ""), ("local_body", "submit"), ("department", "verify"), ("oblast", "publish")):
        if who:
            become(session, staff[who])
            step(session, number, name)
        become(session, None)
        seen[name] = pupils(session, place.own)

    assert seen == {"": 400, "submit": 400, "verify": 400, "publish": 640}
    become(session, staff["local_body"])
    steps = [(one.from_status, one.to_status, one.account_name) for one in revisions.steps(session, number)]
    assert steps == [
        (None, "draft", staff["local_body"].name),
        ("draft", "submitted", staff["local_body"].name),
        ("submitted", "verified", staff["department"].name),
        ("verified", "published", staff["oblast"].name),
    ]


def test_publication_stamps_source_and_day_and_leaves_a_trace(session, place, staff):
    number = bring(session, staff, place.own, "published")

    become_everybody(session)
    school = session.get(School, place.own.id)
    assert school.provenance["pupils"]["source"] == "ISUO report"
    assert school.provenance["pupils"]["date"] == "2026-09-01"
    assert school.version == 2
    events = session.execute(
        select(AuditEvent.tag, AuditEvent.account_id, AuditEvent.details)
        .where(AuditEvent.subject == str(number))
        .order_by(AuditEvent.id)
    ).all()
    assert [event.tag for event in events] == ["revision:submitted", "revision:verified", "revision:published"]
    assert [event.account_id for event in events] == [staff[who].id for who in ("local_body", "department", "oblast")]
    assert events[-1].details["new"] == {"pupils": 640}
    assert events[-1].details["old"] == {"pupils": 400}
    assert events[-1].details["reason"]


MAY = {
    "submit": {"author"},
    "take_back": {"author"},
    "withdraw": {"author"},
    "verify": {"department", "colleague", "oblast", "planner"},
    "return submitted": {"department", "colleague", "oblast", "planner"},
    "publish": {"oblast", "planner"},
    "return verified": {"oblast", "planner"},
}
CASES = {
    "submit": ("draft", "submit"),
    "take_back": ("submitted", "take_back"),
    "withdraw": ("submitted", "withdraw"),
    "verify": ("submitted", "verify"),
    "return submitted": ("submitted", "return"),
    "publish": ("verified", "publish"),
    "return verified": ("verified", "return"),
}
PEOPLE = (
    "author", "school", "department", "colleague", "oblast", "planner", "engineer", "council", "auditor",
    "foreign department", "foreign school", "visitor",
)  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("who", PEOPLE)
def test_each_step_is_open_to_who_may_take_it_and_to_nobody_else(session, place, staff, case, who):
    status, name = CASES[case]
    number = bring(session, staff, place.own, status)
    version = session.execute(text("SELECT version FROM revision WHERE id = :id"), {"id": number}).scalar()
    become(session, None if who == "visitor" else staff["local_body" if who == "author" else who])

    def take():
        with session.begin_nested():
            return take_step(session, number, name, version=version or 0, record_version=1, reason="because")

    if who in MAY[case]:
        assert name in open_steps(session, revisions.find_revision(session, number))
        take()
    else:
        seen = revisions.find_revision(session, number)
        assert seen is None or name not in open_steps(session, seen)
        with pytest.raises((OutsideTerritoryError, OwnChangeError, UnknownRevisionError)):
            take()


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("who", PEOPLE)
def test_the_database_refuses_the_step_by_itself(session, place, staff, case, who):
    """What a page forgets to ask the database asks: the same table, by plain SQL."""
    status, name = CASES[case]
    goal = {"submit": "submitted", "take_back": "draft", "withdraw": "withdrawn", "verify": "verified"}.get(name)
    goal = goal or {"return": "returned", "publish": "published"}[name]
    number = bring(session, staff, place.own, status)
    become(session, None if who == "visitor" else staff["local_body" if who == "author" else who])
    change = text(
        "UPDATE revision SET status = :goal, published_at = CASE WHEN :goal = 'published' THEN now() END WHERE id = :id"
    )

    changed = 0
    try:
        with session.begin_nested():
            changed = session.execute(change, {"goal": goal, "id": number}).rowcount
    except DBAPIError as error:
        assert error.orig.sqlstate == "42501"  # noqa: PT017

    assert bool(changed) == (who in MAY[case])


@pytest.mark.parametrize("role", ["department", "planner"])
def test_nobody_verifies_or_publishes_a_change_of_their_own(session, place, staff, role):
    become(session, staff[role])
    number = draft(session, place.own)
    step(session, number, "submit")

    with pytest.raises(OwnChangeError):
        step(session, number, "verify")
    become(session, staff["colleague"])
    step(session, number, "verify")
    become(session, staff[role])
    with pytest.raises((OwnChangeError, OutsideTerritoryError)):
        step(session, number, "publish")
    assert pupils(session, place.own) == 400


@pytest.mark.parametrize(
    ("status", "goal"), [("submitted", "verified"), ("submitted", "returned"), ("verified", "published")]
)
def test_the_database_itself_keeps_four_eyes(session, place, staff, status, goal):
    """A planner holds every right in the country, and may still not pass a change of their own."""
    number = bring(session, staff, place.own, status, author="planner")
    become(session, staff["planner"])
    change = text(
        "UPDATE revision SET status = :goal, published_at = CASE WHEN :goal = 'published' THEN now() END WHERE id = :id"
    )

    with pytest.raises(DBAPIError, match="not open to this account"), session.begin_nested():
        session.execute(change, {"goal": goal, "id": number})


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("school", True),
        ("local_body", True),
        ("department", True),
        ("engineer", True),
        ("planner", True),
        ("oblast", False),
        ("council", False),
        ("auditor", False),
        ("foreign department", False),
        ("foreign school", False),
        ("visitor", False),
    ],
)
def test_a_school_is_edited_by_those_in_charge_of_it(session, place, staff, who, may):
    become(session, None if who == "visitor" else staff[who])

    if may:
        assert draft(session, place.own)
        return
    with pytest.raises(OutsideTerritoryError):
        draft(session, place.own)
    with pytest.raises(DBAPIError), session.begin_nested():
        revisions.add_draft(session, "school", place.own.id, None)


@pytest.mark.parametrize("status", ["draft", "submitted", "verified", "published"])
@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("local_body", {"draft", "submitted", "verified", "published"}),
        ("school", {"submitted", "verified", "published"}),
        ("department", {"submitted", "verified", "published"}),
        ("planner", {"submitted", "verified", "published"}),
        ("council", set()),
        ("auditor", set()),
        ("foreign department", set()),
        ("visitor", set()),
    ],
)
def test_a_draft_is_its_authors_and_a_submitted_change_is_the_territorys(session, place, staff, status, who, sees):
    number = bring(session, staff, place.own, status)

    become(session, None if who == "visitor" else staff[who])

    assert (revisions.find_revision(session, number) is not None) == (status in sees)
    assert bool(revisions.steps(session, number)) == (status in sees)


def test_some_fields_are_for_the_department(session, place, staff):
    record = record_facts.stored_school(session, place.own.code)
    offered = {}
    for who in ("school", "department"):
        become(session, staff[who])
        offered[who] = {field.name for field in open_edit(session, record).fields}

    assert offered["department"] - offered["school"] == {"kind", "ownership", "opened_on", "closed_on"}
    become(session, staff["school"])
    number = draft(session, place.own, {"ownership": "private", "pupils": "500"})
    assert revisions.find_revision(session, number).changes == {"pupils": 500}


def test_a_step_that_needs_a_reason_gets_one(session, place, staff):
    number = bring(session, staff, place.own, "submitted")
    become(session, staff["department"])

    for name in ("verify", "return"):
        with pytest.raises(ReasonNeededError):
            step(session, number, name, reason="  ")
    step(session, number, "return", reason="the count is of last year")
    assert revisions.steps(session, number)[-1].reason == "the count is of last year"


def test_an_incomplete_draft_is_kept_but_not_submitted(session, place, staff):
    become(session, staff["local_body"])
    state = open_edit(session, record_facts.stored_school(session, place.own.code))
    saved = save_draft(session, state, SentForm({**state.texts, "pupils": "500"}, state.texts, state.stamp))

    with pytest.raises(IncompleteDraftError) as caught:
        step(session, saved.number, "submit")
    assert caught.value.fields == ("source", "dated", "reason")


def test_what_was_looked_at_is_what_is_verified(session, place, staff):
    number = bring(session, staff, place.own, "submitted")
    become(session, staff["department"])
    seen = revisions.find_revision(session, number).version
    become(session, staff["local_body"])
    step(session, number, "take_back")
    draft(session, place.own, {"pupils": "9000"})
    step(session, number, "submit")

    become(session, staff["department"])
    with pytest.raises(WrongStepError):
        take_step(session, number, "verify", version=seen, reason="looked at the old one")


def test_what_was_looked_at_is_what_is_published(session, place, staff):
    number = bring(session, staff, place.own, "verified")
    become(session, staff["oblast"])
    seen = revisions.find_revision(session, number).version
    step(session, number, "return")
    become(session, staff["local_body"])
    draft(session, place.own, {"pupils": "9000"})
    step(session, number, "submit")
    become(session, staff["department"])
    step(session, number, "verify")

    become(session, staff["oblast"])
    with pytest.raises(WrongStepError):
        take_step(session, number, "publish", version=seen, record_version=1, reason="looked at the old one")
    assert pupils(session, place.own) == 400


def test_the_second_of_two_drafts_decides_field_by_field(session, place, staff):
    become(session, staff["school"])
    second = draft(session, place.own, {"pupils": "700", "staff": "40"})
    bring(session, staff, place.own, "published")

    become(session, staff["school"])
    with pytest.raises(RecordChangedError) as caught:
        step(session, second, "submit")
    conflict = caught.value.conflicts[0]
    assert (conflict.name, conflict.then, conflict.now, conflict.mine) == ("pupils", "400", "640", "700")

    state = open_edit(session, record_facts.stored_school(session, place.own.code))
    again = save_draft(session, state, SentForm(state.texts, state.texts, state.stamp))
    assert isinstance(again, ToChoose)
    shown = {**state.texts, "pupils": "640"}
    unanswered = SentForm(state.texts, shown, state.stamp, choices={"pupils": ""})
    assert isinstance(save_draft(session, state, unanswered), ToChoose)
    assert revisions.find_revision(session, second).changes == {"pupils": 700, "staff": 40}

    chosen = SentForm(state.texts, shown, state.stamp, "s", "2026-09-01", "r", choices={"pupils": "now"})
    assert isinstance(save_draft(session, state, chosen), Saved)
    assert revisions.find_revision(session, second).changes == {"staff": 40}


def test_two_tabs_of_one_person_do_not_overwrite_each_other(session, place, staff):
    become(session, staff["local_body"])
    record = record_facts.stored_school(session, place.own.code)
    both = open_edit(session, record)
    first = SentForm({**both.texts, "pupils": "500"}, both.texts, both.stamp)
    second = SentForm({**both.texts, "pupils": "510", "seats": "320"}, both.texts, both.stamp)
    assert isinstance(save_draft(session, both, first), Saved)

    asked = save_draft(session, open_edit(session, record), second)

    assert isinstance(asked, ToChoose)
    assert [(one.name, one.now, one.mine) for one in asked.conflicts] == [("pupils", "500", "510")]
    assert revisions.own_draft(session, "school", record.id, None).changes == {"pupils": 500}


def test_a_verified_change_is_not_published_over_a_newer_value(session, place, staff):
    number = bring(session, staff, place.own, "verified")
    become_everybody(session)
    session.execute(text("UPDATE school SET pupils = 777, version = version + 1 WHERE id = :id"), {"id": place.own.id})

    become(session, staff["oblast"])
    with pytest.raises(RecordChangedError):
        step(session, number, "publish")
    assert pupils(session, place.own) == 777


def test_what_others_changed_elsewhere_in_the_record_stays(session, place, staff):
    number = bring(session, staff, place.own, "verified")
    become_everybody(session)
    session.execute(text("UPDATE school SET seats = 333, version = version + 1 WHERE id = :id"), {"id": place.own.id})
    become(session, staff["oblast"])

    with pytest.raises(RecordChangedError):  # the page that the publisher looked at was of the version before
        take_step(
            session, number, "publish", version=revisions.find_revision(session, number).version, record_version=1
        )
    step(session, number, "publish")
    row = session.execute(text("SELECT pupils, seats FROM school WHERE id = :id"), {"id": place.own.id}).one()
    assert tuple(row) == (640, 333)


def test_a_building_is_added_only_by_publication(session, place, staff):
    become(session, staff["engineer"])
    school = record_facts.stored_school(session, place.own.code)
    state = open_edit(session, record_facts.new_building(school))
    texts = {**state.texts, "name": "Block B", "year_built": "1974", "building_type": "KG-URM-W", "pounding": "no"}
    texts["pupil_share"] = "45"
    saved = save_draft(session, state, SentForm(texts, state.texts, state.stamp, "survey", "2026-10-01", "new block"))
    assert isinstance(saved, Saved), saved
    step(session, saved.number, "submit")
    become(session, staff["department"])
    step(session, saved.number, "verify")
    count = text("SELECT count(*) FROM building WHERE school_id = :id")
    assert session.execute(count, {"id": place.own.id}).scalar() == 0

    become(session, staff["oblast"])
    step(session, saved.number, "publish")

    become(session, None)
    made = session.scalars(select(Building).where(Building.school_id == place.own.id)).one()
    assert (made.code, made.name, made.year_built, made.pounding) == (f"{place.own.code}-1", "Block B", 1974, False)
    assert made.pupil_share == pytest.approx(0.45)
    assert made.condition == "unknown"


def test_publishing_a_place_moves_the_school_and_checks_it(session, place, staff):
    become(session, staff["local_body"])
    number = draft(session, place.own, {"location": "42.9, 74.5", "location_quality": "surveyed"})
    step(session, number, "submit")
    become(session, staff["department"])
    step(session, number, "verify")
    become(session, staff["oblast"])
    step(session, number, "publish")

    become_everybody(session)
    row = session.execute(
        text("SELECT ST_X(location), ST_Y(location), location_quality FROM school WHERE id = :id"),
        {"id": place.own.id},
    ).one()
    areas = session.scalars(text("SELECT area_id FROM school_area WHERE school_id = :id"), {"id": place.own.id}).all()
    assert tuple(row) == (74.5, 42.9, "surveyed")
    assert {place.oblast.id, place.rayon.id, place.aimak.id} <= set(areas)


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("pupils", "-5", "number_negative"),
        ("pupils", "12.5", "number_not_whole"),
        ("pupils", "many", "number_invalid"),
        ("pupils", "25000", "number_out_of_range"),
        ("shifts", "7", "number_out_of_range"),
        ("location", "74.5, 42.9", "coordinates_swapped"),
        ("location", "51.5, 0.1", "coordinates_abroad"),
        ("location", "here", "coordinates_unreadable"),
        ("languages", "ky, fr", "choice_unknown"),
        ("location_quality", "certain", "choice_unknown"),
        ("name_ky", "x" * 400, "text_too_long"),
    ],
)
def test_bad_values_are_refused_by_the_importers_rules(session, place, staff, field, typed, code):
    become(session, staff["local_body"])
    state = open_edit(session, record_facts.stored_school(session, place.own.code))

    outcome = save_draft(session, state, SentForm({**state.texts, field: typed}, state.texts, state.stamp))

    assert isinstance(outcome, Refused)
    assert [problem.code for problem in outcome.errors[field]] == [code]


def test_unknown_is_a_value_that_can_be_published(session, place, staff):
    become(session, staff["local_body"])
    number = draft(session, place.own, {"pupils": "", "location": "", "location_quality": "", "languages": ""})
    revision = revisions.find_revision(session, number)

    assert revision.changes == {"pupils": None, "location": None}


def test_tasks_show_to_whom_it_falls(session, place, staff):
    bring(session, staff, place.own, "submitted")
    waiting = {}
    for who in ("local_body", "department", "oblast", "foreign department", "planner", "council"):
        become(session, staff[who])
        waiting[who] = find_standing(session).waiting

    assert waiting == {
        "local_body": 0, "department": 1, "oblast": 1, "foreign department": 0, "planner": 1, "council": 0,
    }  # fmt: skip


def test_one_stands_in_ones_own_territory(session, place, staff):
    become(session, staff["department"])
    department = find_standing(session)
    become(session, staff["school"])
    school = find_standing(session)
    become(session, staff["planner"])

    assert (department.own_schools, department.places[0].name_ky) == (1, place.rayon.name_ky)
    assert (school.own_schools, school.places[0].name_ky) == (1, place.own.name_ky)
    assert find_standing(session).own_schools is None


def test_steps_are_written_by_the_database_alone(session, place, staff):
    number = bring(session, staff, place.own, "submitted")
    become(session, staff["department"])

    for statement in (
        "INSERT INTO revision_step (revision_id, to_status) VALUES (:id, 'verified')",
        "UPDATE revision_step SET reason = 'other' WHERE revision_id = :id",
        "DELETE FROM revision_step WHERE revision_id = :id",
        "DELETE FROM revision WHERE id = :id",
    ):
        with pytest.raises(DBAPIError), session.begin_nested():
            session.execute(text(statement), {"id": number})


@pytest.mark.parametrize("status", ["draft", "published"])
def test_an_import_is_not_taken_back_over_the_work_of_people(session, place, staff, status):
    """Undo would remove a draft that who undoes cannot even see, or overwrite what was published since."""
    batch = ImportBatch(kind="schools", file_name="f", file_sha256="0" * 64, file_bytes=1, status="committed")
    session.add(batch)
    session.flush()
    session.add(
        ImportRow(batch_id=batch.id, row_number=2, action="added", key=place.own.code, record_id=place.own.id, new={})
    )
    session.execute(text("UPDATE school SET batch_id = :batch WHERE id = :id"), {"batch": batch.id, "id": place.own.id})
    session.flush()
    assert find_obstacles(session, batch.id, "schools") == []

    bring(session, staff, place.own, status)

    become(session, staff["planner"])
    found = {(one.kind, one.reference) for one in find_obstacles(session, batch.id, "schools")}
    assert found == {("change", place.own.code)}


def test_a_telephone_goes_the_whole_way_to_who_may_see_it_and_into_no_open_record(session, place, staff):
    written = {"phones": "0312 62-12-34; +996 555 010203"}
    become(session, staff["school"])
    number = draft(session, place.own, written)
    step(session, number, "submit")
    for who, name in (("department", "verify"), ("oblast", "publish")):
        become(session, staff[who])
        step(session, number, name)
    become(session, staff["school"])
    stored = record_facts.stored_school(session, place.own.code).facts["phones"]
    become(session, None)
    seen = record_facts.stored_school(session, place.own.code).facts["phones"]
    become_everybody(session)
    events = [str(one.details) for one in session.scalars(select(AuditEvent))]
    provenance = session.scalar(select(School.provenance).where(School.id == place.own.id))

    assert stored == ["+996312621234", "+996555010203"]
    assert seen is None
    assert any("phones" in one for one in events)
    assert not any("312621234" in one for one in events)
    assert "phones" not in provenance


def test_a_telephone_that_is_none_is_refused_in_the_form(session, place, staff):
    become(session, staff["school"])
    record = record_facts.stored_school(session, place.own.code)
    state = open_edit(session, record, lock=True)
    sent = SentForm(
        {**state.texts, "phones": "Асанова 0555 010203"}, state.texts, state.stamp, "list", "2026-09-01", "x"
    )

    outcome = save_draft(session, state, sent)

    assert isinstance(outcome, Refused)
    assert [one.code for one in outcome.errors["phones"]] == ["phone_words"]
