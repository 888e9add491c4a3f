"""The light reader: public rows only, nothing written, a lost connection replaced, a slow statement not repeated."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from geodata.database import is_lost, make_engine, open_session
from geodata.public_reader import PublicReader


@pytest.fixture
def reader(database):
    made = PublicReader(database.url("mektep_web"), pool_size=1)
    yield made
    made.dispose()


@pytest.fixture
def two_schools(database):
    """One school that is published and one that is not, saved; removed afterwards."""
    engine = make_engine(database.url("mektep_worker"))
    with open_session(engine, "national") as session:
        session.execute(
            text(
                "INSERT INTO school (code, name_ky, is_published) "
                "VALUES ('86000001', 'А', true), ('86000002', 'Б', false)"
            )
        )
    yield
    with open_session(engine, "national") as session:
        session.execute(text("DELETE FROM school WHERE code LIKE '8600000_'"))
    engine.dispose()


def test_only_published_rows_are_seen(reader, two_schools):
    found = reader.execute(text("SELECT code FROM school WHERE code LIKE :code"), {"code": "8600000_"})

    assert found == [("86000001",)]


def test_nothing_can_be_written(reader):
    with pytest.raises(Exception, match="read-only"):
        reader.execute(text("DELETE FROM school RETURNING id"))


def test_no_statement_leaves_a_transaction_open(reader, database):
    reader.execute(text("SELECT 1"))

    watcher = make_engine(database.url("mektep_web"))
    with watcher.connect() as connection:
        states = connection.scalars(
            text("SELECT state FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query = 'SELECT 1'")
        ).all()
    watcher.dispose()
    assert set(states) == {"idle"}


def test_a_lost_connection_is_replaced_within_the_same_question(reader):
    lost = reader.scalar(text("SELECT pg_backend_pid()"))
    with pytest.raises(OperationalError):  # ends its own connection, and the new one of the second try too
        reader.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert reader.scalar(text("SELECT pg_backend_pid()")) != lost


def test_a_connection_that_the_server_dropped_is_not_noticed_by_the_reader_of_a_tile(reader, database):
    pid = reader.scalar(text("SELECT pg_backend_pid()"))
    watcher = make_engine(database.url("mektep_web"))
    with watcher.connect() as connection:
        assert connection.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    watcher.dispose()

    assert reader.scalar(text("SELECT 7")) == 7


def test_a_statement_that_took_too_long_is_not_asked_again(database):
    reader = PublicReader(database.url("mektep_web"), limits="-c statement_timeout=50")

    with pytest.raises(OperationalError, match="statement timeout") as caught:
        reader.execute(text("SELECT pg_sleep(2)"))

    reader.dispose()
    assert not caught.value.connection_invalidated


def test_all_connections_that_the_server_dropped_are_not_noticed_either(database):
    reader = PublicReader(database.url("mektep_web"), pool_size=4)
    with ThreadPoolExecutor(4) as pool:
        pids = set(pool.map(lambda _: reader.execute(text("SELECT pg_backend_pid(), pg_sleep(0.3)"))[0][0], range(4)))
    watcher = make_engine(database.url("mektep_web"))
    with watcher.connect() as connection:
        for pid in pids:
            connection.scalar(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
    watcher.dispose()

    answer = reader.scalar(text("SELECT 7"))

    reader.dispose()
    assert len(pids) == 4
    assert answer == 7


def test_a_database_that_is_away_is_told_as_one_that_is_lost():
    reader = PublicReader("postgresql+psycopg://mektep_web@/mektep?host=/nowhere")

    with pytest.raises(OperationalError) as caught:
        reader.execute(text("SELECT 1"))

    assert is_lost(caught.value)
