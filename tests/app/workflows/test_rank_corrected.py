"""A published correction of an accepted appeal starts the system's ranking, and nobody may rank by it otherwise."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app.workflows.appeal_fact import SentAppeal, accept_appeal, reject_appeal, submit_appeal
from app.workflows.jobs import start_job
from app.workflows.revise import SentForm, open_edit, save_draft
from app.workflows.revise_steps import take_step
from geodata.database import DBAPIError
from geodata.models import AuditEvent, OfficialList, Revision
from geodata.models.job import BackgroundJob
from geodata.queries import appeal_rankings, record_facts, revisions
from tests.factories.officers import become, become_everybody, make_officer, make_two_rayons
from tests.factories.runs import make_run

SENT = SentAppeal("pupils", "512", "order of enrolment No. 7 of 2026-09-01", "two classes were forgotten")


@pytest.fixture
def place(session):
    return make_two_rayons(session)


@pytest.fixture
def staff(session, place):
    return {
        "school": make_officer(session, "school", school=place.own),
        "department": make_officer(session, "department", area=place.rayon),
        "colleague": make_officer(session, "department", area=place.rayon),
        "oblast": make_officer(session, "oblast", area=place.oblast),
    }


def appealed(session, place, staff, decide=accept_appeal, who="department"):
    """Return the number of a decided appeal, and of the draft that carries its value."""
    become(session, staff["school"])
    number = submit_appeal(session, record_facts.stored_school(session, place.own.code), SENT)
    become(session, staff[who])
    return number, decide(session, number, "the order was seen")


def step(session, staff, who, revision_id, name):
    become(session, staff[who])
    found = revisions.find_revision(session, revision_id)
    record = record_facts.stored_record(session, found.kind, found.school_id, found.building_id)
    take_step(session, revision_id, name, version=found.version, record_version=record.version, reason="checked")


def publish(session, staff, revision_id, author="department"):
    step(session, staff, author, revision_id, "submit")
    step(session, staff, "colleague", revision_id, "verify")
    step(session, staff, "oblast", revision_id, "publish")


def drafted(session, place, staff, texts, who="department"):
    become(session, staff[who])
    state = open_edit(session, record_facts.stored_school(session, place.own.code), lock=True)
    sent = SentForm({**state.texts, **texts}, state.texts, state.stamp, "report", "2026-09-01", "counted again")
    return save_draft(session, state, sent).number


def rankings(session):
    become_everybody(session)
    return session.scalars(select(BackgroundJob).order_by(BackgroundJob.id)).all()


def test_the_published_correction_starts_one_ranking_of_the_system(session, place, staff):
    number, revision_id = appealed(session, place, staff)
    step(session, staff, "department", revision_id, "submit")
    step(session, staff, "colleague", revision_id, "verify")
    assert rankings(session) == [], "nothing is ranked before the record has changed"
    step(session, staff, "oblast", revision_id, "publish")

    become(session, staff["school"])
    assert appeal_rankings.reranking(session, number).status == "waiting"
    (job,) = rankings(session)
    assert (job.kind, job.scope, job.account_id, job.lock_key, job.params) == ("rank", "national", None, "rank", {})
    queued = session.scalar(text("SELECT args->>'token' FROM procrastinate_jobs WHERE id = :id"), {"id": job.queue_id})
    assert queued == job.token
    assert session.scalars(select(OfficialList)).all() == []


def test_the_audit_says_who_caused_it(session, place, staff):
    number, revision_id = appealed(session, place, staff)
    publish(session, staff, revision_id)

    become_everybody(session)
    event = session.scalars(select(AuditEvent).where(AuditEvent.tag == "run:asked")).one()
    assert event.account_id == staff["oblast"].id
    assert event.details == {"appeals": [number], "revision": revision_id, "ranking": "started"}


def test_a_correction_that_somebody_else_drafts_counts_too_and_only_the_first(session, place, staff):
    number, draft = appealed(session, place, staff, who="oblast")
    assert draft is None, "who verifies without editing leaves no draft"
    other = drafted(session, place, staff, {"seats": "301"})
    publish(session, staff, other)
    assert rankings(session) == [], "another fact of the school is no correction"
    first = drafted(session, place, staff, {"pupils": "512"})
    publish(session, staff, first)

    become(session, staff["school"])
    assert appeal_rankings.reranking(session, number).revision_id == first
    assert len(rankings(session)) == 1
    second = drafted(session, place, staff, {"pupils": "513"})
    publish(session, staff, second)
    assert len(rankings(session)) == 1
    assert appeal_rankings.corrected_appeals(session, second) == []


def test_a_rejected_appeal_ranks_nothing(session, place, staff):
    appealed(session, place, staff, reject_appeal)
    publish(session, staff, drafted(session, place, staff, {"pupils": "512"}))

    assert rankings(session) == []


@pytest.mark.parametrize(
    ("status", "asked", "locks"),
    [("waiting", "waiting", ["rank"]), ("running", "started", ["rank", "rank:appeal"])],
)
def test_a_ranking_that_waits_will_do_one_that_runs_may_have_read_the_old_value(
    session, place, staff, status, asked, locks
):
    started = None if status == "waiting" else datetime.now(UTC)
    values = {"kind": "rank", "params": {}, "error_params": {}, "scope": "national", "lock_key": "rank"}
    session.add(BackgroundJob(token="theirs", status=status, started_at=started, **values))
    session.flush()
    _, revision_id = appealed(session, place, staff)
    publish(session, staff, revision_id)

    assert [job.lock_key for job in rankings(session)] == locks
    event = session.scalars(select(AuditEvent).where(AuditEvent.tag == "run:asked")).one()
    assert event.details["ranking"] == asked


@pytest.mark.parametrize("who", ["school", "colleague", "oblast"])
def test_nobody_starts_a_ranking_of_the_system_for_something_else(session, place, staff, who):
    _, revision_id = appealed(session, place, staff)
    unpublished = "no correction of an accepted appeal is published here"
    become(session, staff[who])
    with pytest.raises(DBAPIError, match=unpublished), session.begin_nested():
        appeal_rankings.ask_ranking(session, revision_id, "token")
    publish(session, staff, revision_id)
    become(session, staff[who])
    if who != "oblast":
        with pytest.raises(DBAPIError, match=unpublished), session.begin_nested():
            appeal_rankings.ask_ranking(session, revision_id, "token")
    with pytest.raises(DBAPIError, match="row-level security"), session.begin_nested():
        start_job(session, "rank", {}, scope="national", lock="rank-2")
    assert len(rankings(session)) == 1


def test_the_ranking_that_began_after_the_correction_is_named(session, place, staff):
    number, revision_id = appealed(session, place, staff)
    publish(session, staff, revision_id)
    become_everybody(session)
    moment = session.get(Revision, revision_id).published_at
    make_run(session, "a" * 64, created_at=moment - timedelta(seconds=1))
    become(session, staff["school"])
    assert appeal_rankings.reranking(session, number).run_hash is None
    become_everybody(session)
    make_run(session, "b" * 64, created_at=moment + timedelta(seconds=1))
    make_run(session, "c" * 64, created_at=moment + timedelta(seconds=2))

    become(session, staff["school"])
    found = appeal_rankings.reranking(session, number)
    assert (found.run_hash, found.is_new) == ("b" * 64, True)
