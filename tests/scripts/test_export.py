"""``export priorities``: several formats at once, whole files or none, a clear word for what is not there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from geodata.database import make_engine, open_session
from tests.factories.listed_schools import make_listed_schools
from tests.support.command_line import CommandLine
from tests.support.list_files import READERS

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def run_hash(database) -> Iterator[str]:
    """A ranked list that other connections see; taken away at the end."""
    owner = make_engine(database.url("mektep_owner"))
    with open_session(owner, "national") as session:
        found = make_listed_schools(session).run.hash
    yield found
    with owner.begin() as connection:
        connection.exec_driver_sql("TRUNCATE school, area, run, standard_edition CASCADE")
    owner.dispose()


@pytest.fixture
def mektep(database, tmp_path, monkeypatch, capfd) -> Iterator[CommandLine]:
    made = CommandLine(database, tmp_path, monkeypatch, capfd)
    yield made
    made.engine.dispose()


def test_every_format_is_written_beside_the_others(mektep, run_hash, tmp_path):
    formats = "csv,xlsx,geojson,gpkg,parquet,html,pdf"

    done = mektep(
        "export", "priorities", "--run", run_hash[:12], "--format", formats, "--lang", "ru",
        "--output", tmp_path / "list.x", "--json",
    )  # fmt: skip

    assert done.code == 0, done.err
    assert done.json["run"] == run_hash
    assert {one["format"] for one in done.json["files"]} == set(formats.split(","))
    for key, read in READERS.items():
        assert len(read(tmp_path / f"list.{key}", "ru")) == 12
    written = {f"list.{key}" for key in formats.split(",")} | {"list.csv-metadata.json"}
    assert {path.name for path in tmp_path.glob("*list*")} == written
    told = json.loads((tmp_path / "list.csv-metadata.json").read_text(encoding="utf-8"))
    assert (told["url"], told["dc:language"], told["dc:identifier"]) == ("list.csv", "ru", run_hash)


def test_one_format_keeps_the_name_and_takes_an_area(mektep, run_hash, tmp_path):
    code = mektep.value("SELECT code FROM area WHERE level = 2")

    done = mektep("export", "priorities", "--area", code, "--format", "csv", "--output", tmp_path / "rayon.txt")

    assert done.code == 0, done.err
    assert "8 schools" in done.out
    assert len(READERS["csv"](tmp_path / "rayon.txt", "ky")) == 8


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--format", "docx"], "docx"),
        (["--format", "csv", "--area", "nowhere"], "nowhere"),
        (["--format", "csv", "--run", "0123456789ab"], "0123456789ab"),
    ],
)
def test_what_is_not_there_is_named_and_nothing_is_written(mektep, run_hash, tmp_path, arguments, word):
    done = mektep("export", "priorities", *arguments, "--output", tmp_path / "list.csv")

    assert done.code == 2
    assert word in done.err
    assert list(tmp_path.glob("*list*")) == []
