"""``export plan``: published plans only unless asked, whole files or none, sums to the som."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from geodata.database import make_engine, open_session
from tests.factories.listed_schools import make_listed_schools
from tests.factories.stored_plans import make_plan
from tests.support.command_line import CommandLine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def hashes(database) -> Iterator[tuple[str, str]]:
    """A published and a hidden plan that other connections see; taken away at the end."""
    owner = make_engine(database.url("mektep_owner"))
    with open_session(owner, "national") as session:
        listed = make_listed_schools(session)
        items = [(school, "RET", 1_000_000_007 + number, {}) for number, school in enumerate(listed.schools)]
        shown = make_plan(session, listed.run, items).hash
        hidden = make_plan(session, listed.run, items[:1], published=False).hash
    yield shown, hidden
    with owner.begin() as connection:
        connection.exec_driver_sql("TRUNCATE school, area, run, standard_edition CASCADE")
    owner.dispose()


@pytest.fixture
def mektep(database, tmp_path, monkeypatch, capfd) -> Iterator[CommandLine]:
    made = CommandLine(database, tmp_path, monkeypatch, capfd)
    yield made
    made.engine.dispose()


def test_a_plan_is_written_whole_and_its_sum_is_told(mektep, hashes, tmp_path):
    done = mektep(
        "export", "plan", "--plan", hashes[0][:12], "--format", "csv,geojson", "--output", tmp_path / "plan.x", "--json"
    )

    assert done.code == 0, done.err
    rows = list(csv.DictReader(io.StringIO((tmp_path / "plan.csv").read_text("utf-8-sig"))))
    total = sum(1_000_000_007 + number for number in range(12))
    assert sum(int(row["cost_som"]) for row in rows) == total
    assert [one["cost_som"] for one in done.json["files"]] == [total, total]
    assert sorted(path.name for path in tmp_path.glob("*plan*")) == [
        "plan.csv",
        "plan.csv-metadata.json",
        "plan.geojson",
    ]


def test_what_is_not_public_is_written_only_where_it_is_asked_for(mektep, hashes, tmp_path):
    arguments = ("export", "plan", "--plan", hashes[1], "--format", "csv", "--output", tmp_path / "plan.csv")

    refused, written = mektep(*arguments), mektep(*arguments, "--unpublished")

    assert (refused.code, written.code) == (2, 0)
    assert "no such plan" in refused.err
    assert "1 schools, 1000000007 som" in written.out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [(["--format", "html"], "html"), (["--format", "csv", "--area", "nowhere"], "nowhere")],
)
def test_what_is_not_there_is_named_and_nothing_is_written(mektep, hashes, tmp_path, arguments, word):
    done = mektep("export", "plan", "--plan", hashes[0], *arguments, "--output", tmp_path / "plan.csv")

    assert done.code == 2
    assert word in done.err
    assert not list(tmp_path.glob("*plan*"))
