"""Which run is shown: the same one, whether it is read whole or by its number alone."""

from datetime import UTC, datetime

import pytest

from geodata.queries.runs import published_run, published_run_id
from tests.factories.runs import make_run

FIRST, SECOND, HIDDEN = "ab" * 32, "cd" * 32, "ef" * 32


@pytest.fixture
def runs(session):
    early, late = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    made = {
        FIRST: make_run(session, FIRST, published_at=late),
        SECOND: make_run(session, SECOND, published_at=early),
        HIDDEN: make_run(session, HIDDEN, published=False),
    }
    session.flush()
    return made


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        pytest.param(None, FIRST, id="the last published one"),
        pytest.param(SECOND, SECOND, id="a whole hash"),
        pytest.param("cd" * 4, SECOND, id="a beginning"),
        pytest.param("ab" * 3, None, id="a beginning that is too short"),
        pytest.param("%" * 8, None, id="no pattern is read into a hash"),
    ],
)
def test_run_is_found_whole_and_by_number(session, runs, asked, found):
    whole = published_run(session, asked)

    assert (whole and whole.hash) == found
    assert published_run_id(session, asked) == (whole and whole.id)


def test_official_run_stands_before_later_ones(session, runs):
    runs[SECOND].is_official = True
    session.flush()

    assert published_run_id(session) == published_run(session).id == runs[SECOND].id
