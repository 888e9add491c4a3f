"""``priors`` through the command line: count, put in force, list, and what is refused."""

from __future__ import annotations

import os

import pytest

from geodata.database import open_session
from tests.factories.country import make_country
from tests.support import database as test_database
from tests.support.command_line import CommandLine


@pytest.fixture(scope="module")
def made():
    """A country of four schools: too few for shares of their own."""
    database = test_database.create(f"mektep_priors_{os.getpid()}")
    yield database
    test_database.drop(database)


def test_tables_are_counted_put_in_force_and_listed(made, tmp_path, monkeypatch, capfd):
    line = CommandLine(made, tmp_path / "var", monkeypatch, capfd)
    empty = line("priors", "make")
    with open_session(line.engine, "national") as session:
        make_country(session)

    before = line("rank", "--draws", "0", "--json")
    first = line("priors", "make", "--json")
    second = line("priors", "make")
    listed = line("priors", "list")
    after = line("rank", "--draws", "0", "--json")
    none = line("priors", "use", "none")
    back = line("rank", "--draws", "0", "--json")
    wrong = [line("priors", "use", number) for number in ("7", "x")]
    line.engine.dispose()

    assert (empty.code, first.code, none.code) == (2, 0, 0)
    assert "Nothing was counted" in empty.err
    assert (first.json["number"], first.json["buildings"], first.json["is_new"]) == (1, 3, True)
    assert "nothing that is counted has changed" in second.out
    assert listed.out.startswith("* 1  ")
    assert before.json["run"] == back.json["run"] != after.json["run"]
    assert [one.code for one in wrong] == [2, 2]
