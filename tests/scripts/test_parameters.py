"""``parameters``: a table of one's own is checked by row and value, and used by the next ranking, never by a former."""

from __future__ import annotations

import json
import os

import pytest

from app.risk.parameters import default_parameters
from app.workflows.check_parameters import OPEN, TableRefusedError, changes_of, check_table
from app.workflows.make_kit import NoKitError, make_kit
from app.workflows.reproduce_kit import reproduce
from geodata.database import open_session
from geodata.models import Run
from geodata.readers.parameter_tables import put_in_use, read_parameter_tables, shipped_files
from tests.factories.country import make_country
from tests.factories.officers import make_officer
from tests.support import database as test_database
from tests.support.command_line import CommandLine
from tests.support.web import make_app, make_settings

WHY = ("--owner", "Institute of Seismology", "--reason", "measured in 2026")
DECIDED = "SELECT file_name, number, owner, reason, approver, content IS NULL FROM parameter_decision ORDER BY id"


@pytest.fixture
def mektep(tmp_path, monkeypatch, capfd):
    """The command line on a country of four schools; afterwards the shipped tables are in use again."""
    made = test_database.create(f"mektep_parameters_{os.getpid()}")
    line = CommandLine(made, tmp_path / "var", monkeypatch, capfd)
    line.database = made
    with open_session(line.engine, "national") as session:
        country = make_country(session)
        for layer in country.layers.values():
            layer.is_public = True
    yield line
    put_in_use({})
    line.engine.dispose()
    test_database.drop(made)


@pytest.fixture
def planner(mektep):
    with open_session(mektep.engine, "national") as session:
        return make_officer(session, "planner").name


def table(tmp_path, name, *changes):
    text = shipped_files()[f"{name}.csv"].decode("utf-8-sig")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path = tmp_path / f"{name}.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


HOURS = ("occupancy.hours_secondary,5.5,5.0,6.5,", "occupancy.hours_secondary,6.0,5.0,6.5,")


def test_a_table_is_used_by_the_next_ranking_which_names_it_and_a_former_kit_keeps_its_own(mektep, planner, tmp_path):
    path = table(tmp_path, "method_constants", HOURS)
    former = mektep("rank", "--draws", "0", "--json").json["run"]
    checked = mektep("parameters", "check", path)
    assert mektep("rank", "--draws", "0", "--json").json["run"] == former, "a check changes nothing"
    used = mektep("parameters", "use", path, *WHY, "--approver", planner)
    new = mektep("rank", "--draws", "0", "--json").json["run"]

    assert (checked.code, used.code) == (0, 0), used.err
    assert "rows 1 changed, 0 new; 0 of the rows of now are gone" in checked.out
    assert new != former
    assert default_parameters()["occupancy.hours_secondary"] == 6.0
    told = dict(mektep.rows("SELECT hash, canonical FROM run"))
    old_hash, new_hash = (json.loads(told[run])["parameters"]["method_constants.csv"] for run in (former, new))
    assert new_hash != old_hash
    assert new_hash in used.out
    assert mektep.rows(DECIDED) == [
        ("method_constants.csv", 1, "Institute of Seismology", "measured in 2026", planner, False)
    ]
    assert mektep.rows("SELECT count(*) FROM audit_event WHERE tag = 'parameters:used'") == [(1,)]
    for run in (former, new):
        kit = tmp_path / f"{run[:8]}.zip"
        with open_session(mektep.engine, "national") as session:
            kit.write_bytes(make_kit(session, session.query(Run).filter_by(hash=run).one(), lambda *_: None))
        assert reproduce(kit).difference is None
    assert "method_constants.csv  table 1" in mektep("parameters", "list").out


def test_the_shipped_table_again_gives_the_former_list_again(mektep, planner, tmp_path):
    former = mektep("rank", "--draws", "0", "--json").json["run"]
    mektep("parameters", "use", table(tmp_path, "method_constants", HOURS), *WHY, "--approver", planner)
    back = mektep("parameters", "shipped", "method_constants", *WHY, "--approver", planner)
    again = mektep("rank", "--draws", "0", "--json").json

    assert back.code == 0, back.err
    assert (again["run"], again["is_new"]) == (former, False)
    assert [row[1:2] + row[5:] for row in mektep.rows(DECIDED)] == [(1, False), (2, True)]


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        pytest.param(
            "method_constants", ("attendance,0.93,0.85,0.97", "attendance,93,0.85,0.97"),
            "method_constants.csv, row occupancy.attendance: 93 is no share", id="percent",
        ),
        pytest.param(
            "method_constants", ("attendance,0.93,0.85,0.97", "attendance,often,0.85,0.97"),
            "row occupancy.attendance: default 'often' is no number", id="a word",
        ),
        pytest.param(
            "method_constants", ("\noccupancy.attendance,", "\noccupancy.present,"),
            "no row occupancy.attendance", id="a row is missing",
        ),
        pytest.param(
            "hazard_other_levels", ("flood,3,", "flood,three,"), "no row flood 3", id="a level that is none",
        ),
        pytest.param(
            "economic", ("discount rate,0.06,", 'discount rate,"0,05",'),
            "economic.csv, row discount rate: default '0,05' is no number; state one, with a decimal point",
            id="a decimal comma",
        ),
        pytest.param(
            "economic", ("discount rate,0.06,0.03,0.1,", "discount rate,6,3,10,"),
            "row discount rate: 6 is no share", id="interest in percent",
        ),
        pytest.param(
            "economic", ("horizon structural,50,30,50,", "horizon structural,30.5,30,50,"),
            "row horizon structural: 30.5 is no number of years", id="half a year",
        ),
        pytest.param(
            "occupancy", ("grade 1\",33,33,33,", "grade 1\",33,nan,33,"), "low 'nan' is no number", id="not a number",
        ),
        pytest.param(
            "casualty_rates_gem", ("\nGEM,URM / MCF-low,", "\nGEM,URM / none,"),
            "no row GEM URM / MCF-low complete", id="another group in its place",
        ),
        pytest.param(
            "hazard_flood_depth_damage", ("\n0.5,0.33,0.38,", "\n0.5,0.33,38,"), "row 0.5: 38 is no share", id="damage",
        ),
        pytest.param(
            "criteria_weights", ("anchor_v0", "least"), "the columns are", id="other columns",
        ),
    ],
)  # fmt: skip
def test_a_table_that_says_what_cannot_be_is_refused_by_table_row_and_value(
    mektep, planner, tmp_path, name, change, words
):
    path = table(tmp_path, name, change)
    checked, used = mektep("parameters", "check", path), mektep("parameters", "use", path, *WHY, "--approver", planner)

    assert (checked.code, used.code) == (2, 2)
    assert words in checked.err
    assert mektep.rows(DECIDED) == []


def test_who_may_not_decide_and_what_is_no_table_change_nothing(mektep, planner, tmp_path):
    path = table(tmp_path, "method_constants", HOURS)
    with open_session(mektep.engine, "national") as session:
        auditor = make_officer(session, "auditor").name
    foreign = mektep("parameters", "use", path, *WHY, "--approver", auditor)
    unknown = mektep("parameters", "check", path, "--table", "nobody")
    same = mektep("parameters", "use", table(tmp_path, "fragility"), *WHY, "--approver", planner)
    alone = mektep("parameters", "use", path, "--approver", planner)

    assert (foreign.code, unknown.code, same.code, alone.code) == (2, 2, 2, 2)
    assert "ranks and publishes" in foreign.err
    assert "there is no table 'nobody'" in unknown.err
    assert "in use already" in same.err
    assert "fragility.csv: is in use already" in mektep("parameters", "check", table(tmp_path, "fragility")).out
    assert mektep.rows(DECIDED) == []


def test_another_process_takes_up_what_was_decided_and_a_missing_table_is_no_kit(mektep, planner, tmp_path):
    mektep("parameters", "use", table(tmp_path, "method_constants", HOURS), *WHY, "--approver", planner)
    put_in_use({})  # as a process that has just started
    assert default_parameters()["occupancy.hours_secondary"] == 5.5

    page = make_app(make_settings(mektep.database, mektep.var_dir)).test_client().get("/en/method/parameters")
    assert default_parameters()["occupancy.hours_secondary"] == 6.0, "a visitor's page tells the web"
    assert "by Institute of Seismology" in page.text
    put_in_use({})
    run = mektep("rank", "--draws", "0", "--json").json["run"]

    assert default_parameters()["occupancy.hours_secondary"] == 6.0
    assert read_parameter_tables().files["method_constants.csv"] != shipped_files()["method_constants.csv"]
    with open_session(mektep.engine, "national") as session:
        found = session.query(Run).filter_by(hash=run).one()
        session.expunge(found)
        told = json.loads(found.canonical)
        told["parameters"]["method_constants.csv"] = "0" * 64
        found.canonical = json.dumps(told)
        with pytest.raises(NoKitError):
            make_kit(session, found, lambda *_: None)


@pytest.mark.parametrize("name", sorted(shipped_files()))
def test_each_shipped_table_can_be_used_and_may_not_lose_a_row_that_the_rules_read(name):
    body = shipped_files()[name]
    check_table(name, body)
    short = b"".join(body.splitlines(keepends=True)[:-1])

    if name.removesuffix(".csv") in OPEN:
        check_table(name, short)
    else:
        with pytest.raises(TableRefusedError, match="no row"):
            check_table(name, short)


def test_a_row_that_is_another_is_told_as_new_and_gone():
    now = shipped_files()["cofinancing.csv"]
    then = now.replace(b"\n41711000000000,200,", b"\n41703000000000,200,").replace(b"\n,200,500,", b"\n,200,600,")

    assert changes_of("cofinancing.csv", now, then) == (1, 1, 1)
