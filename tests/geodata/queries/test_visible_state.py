from sqlalchemy import text

from geodata.database import open_session
from geodata.queries.visible_state import visible_state


def state_of(engine):
    with open_session(engine, "public") as session:
        return visible_state(session)


def test_state_stays_while_nothing_is_written(engine):
    assert state_of(engine) is not None
    assert state_of(engine) == state_of(engine)


def test_state_changes_with_a_commit_however_long_the_transaction_ran(engine):
    with open_session(engine, "public") as early:
        early.execute(text("SELECT pg_current_xact_id()"))
        with open_session(engine, "public") as late:
            late.execute(text("SELECT pg_current_xact_id()"))
        between = state_of(engine)
    assert state_of(engine) != between


def test_state_of_a_transaction_that_has_written_cannot_be_told(engine):
    with open_session(engine, "public") as session:
        session.execute(text("SELECT pg_current_xact_id()"))
        assert visible_state(session) is None
