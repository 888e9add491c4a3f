import psycopg
import pytest
from sqlalchemy import text

from geodata.database import open_session, plain_address
from geodata.queries.visible_state import visible_state

CHANGE = text("UPDATE base_map_feature SET name_en = name_en")


@pytest.fixture
def state(engine):
    def read():
        with open_session(engine, "public") as session:
            return visible_state(session)

    return read


@pytest.fixture
def writing(engine):
    return lambda: open_session(engine, "national")


def test_state_stays_while_only_the_queue_writes(database, state):
    before = state()
    with psycopg.connect(plain_address(database.url("mektep_worker"))) as worker:
        worker.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
        assert worker.execute("SELECT pg_current_xact_id_if_assigned()").fetchone() != (None,)

    assert state() == before is not None


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("INSERT INTO school_area SELECT * FROM school_area WHERE false", id="insert"),
        pytest.param("UPDATE run SET is_published = is_published", id="update"),
        pytest.param("DELETE FROM school WHERE false", id="delete"),
    ],
)
def test_state_changes_with_every_kind_of_write(writing, state, statement):
    before = state()
    with writing() as session:
        session.execute(text(statement))

    assert state() != before


def test_states_never_come_back_however_transactions_overlap(writing, state):
    seen = [state()]
    with writing() as long:
        long.execute(CHANGE)
        for _ in range(3):
            with writing() as short:
                short.execute(CHANGE)
            seen.append(state())
        with writing() as other:
            other.execute(CHANGE)
            other.execute(CHANGE)
            seen.append(state())
            assert seen[-1] == seen[-2]
            seen.pop()
        seen.append(state())
    seen.append(state())

    assert len(set(seen)) == len(seen) == 6


def test_change_that_was_rolled_back_leaves_no_trace(writing, state):
    before = state()
    with writing() as session:
        session.execute(CHANGE)
        session.rollback()

    assert state() == before


def test_change_after_a_savepoint_that_was_rolled_back_is_noted(writing, state):
    before = state()
    with writing() as session:
        with session.begin_nested() as savepoint:
            session.execute(CHANGE)
            savepoint.rollback()
        session.execute(CHANGE)

    assert state() != before


def test_many_changes_leave_few_rows(writing):
    for _ in range(5):
        with writing() as one:
            one.execute(CHANGE)

    with writing() as reading:
        assert reading.scalar(text("SELECT count(*) FROM data_change")) == 1


def test_writer_that_sees_an_old_state_is_not_stopped(engine, writing, state):
    before = state()
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as frozen:
        frozen.execute(text("SELECT set_config('app.scope', 'national', false)"))
        frozen.execute(text("SELECT 1 FROM data_change"))
        with writing() as session:
            session.execute(CHANGE)
        between = state()
        frozen.execute(text("DELETE FROM school WHERE false"))
        frozen.commit()

    assert len({before, between, state()}) == 3


def test_state_of_a_transaction_that_has_written_cannot_be_told(engine):
    with open_session(engine, "public") as session:
        session.execute(text("SELECT pg_current_xact_id()"))
        assert visible_state(session) is None


UNSEEN = (
    "alembic_version", "spatial_ref_sys", "data_change", "procrastinate_%", "background_job", "audit_%", "account%",
    "role", "webauthn", "sign_in_try", "api_key", "submission%", "field_connection",
    "answer_change", "assessment_step",
)  # fmt: skip
"""No visitor's page shows them."""


def test_every_table_that_a_page_may_show_is_watched(session):
    """A new table takes the trigger ``note_data_change`` in its migration, or is named in ``UNSEEN``."""
    unwatched = session.scalars(
        text("""
            SELECT relname FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relname LIKE ANY (:unseen)
                AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND tgname = 'note_data_change')
        """),
        {"unseen": list(UNSEEN)},
    ).all()

    assert unwatched == []
