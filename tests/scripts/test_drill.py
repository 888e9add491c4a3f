"""The drill command: what there is, a drill that passes, one that fails, and that it cannot reach real data."""

import json
import sys

import pytest
from click.testing import CliRunner

from scripts import __main__ as command_line
from scripts import drill
from scripts.drills import DRILLS, Finding, all_drills
from scripts.drills import place as places
from scripts.machine import command as machine_command

GOOD = Finding("a fault", "it was made", "nothing breaks", "nothing broke", True, 1.0)
BAD = Finding("a fault", "it was made", "nothing breaks", "half was lost", False, 1.0)
IMPOSSIBLE = Finding("a fault", "nothing", "nothing breaks", "this machine cannot make it", None)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """Drills of this test work below a folder of its own."""
    monkeypatch.setattr(places, "FOLDER", tmp_path)
    monkeypatch.setattr(places, "LOGS", tmp_path / "logs")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(drill.command, list(arguments), standalone_mode=False)


def found_by(monkeypatch, *findings):
    """Let every drill's process find the same."""
    monkeypatch.setattr(drill, "run_one", lambda *_arguments: iter(findings))


def test_every_drill_is_listed_with_what_it_does():
    found = run("--list")

    assert [line.split()[0] for line in found.output.splitlines()] == list(DRILLS)
    assert all(len(line) > 40 for line in found.output.splitlines())
    modules = {subject.function.__module__.rpartition(".")[2] for subject in all_drills().values()}
    assert modules == set(DRILLS)
    assert command_line.VERBS["drill"][0] == "scripts.drill"


def test_an_unknown_name_is_refused_and_the_list_named():
    found = run("typo")

    assert found.return_value == 2
    assert "--list" in found.output


def test_a_quick_drill_runs_and_passes(folder):
    found = run("files", "--times", "2", "--json")

    findings = [json.loads(line) for line in found.output.splitlines() if line.startswith("{")]
    assert found.return_value == 0
    assert [one["fault"].split()[1] for one in findings] == ["CSV", "XLSX", "GEOJSON", "GPKG", "ZIP"]
    assert all(one["passed"] and one["seconds"] >= 0 for one in findings)
    assert [path.name for path in folder.iterdir()] == ["lock"]


def test_one_fault_that_was_not_borne_makes_the_exit_code(folder, monkeypatch):
    found_by(monkeypatch, GOOD, BAD, IMPOSSIBLE)

    found = run("files")

    assert found.return_value == 1
    assert "half was lost" in found.output
    assert "FAIL" in found.output
    assert "1 passed, 1 failed, 1 not run" in found.output


def test_what_a_machine_cannot_do_fails_nothing(folder, monkeypatch):
    found_by(monkeypatch, GOOD, IMPOSSIBLE)

    assert run("files").return_value == 0


def test_a_drill_that_ends_in_the_middle_is_a_failure_beside_what_it_found():
    program = f"print({GOOD.line()!r}, flush=True); raise SystemExit(3)"

    findings = list(drill.run_one("x", [sys.executable, "-c", program], {}, 60))

    assert findings[0] == GOOD
    assert (findings[1].passed, findings[1].happened) == (False, "it ended with exit code 3")


def test_a_drill_that_never_ends_is_stopped_at_its_limit():
    findings = list(drill.run_one("x", [sys.executable, "-c", "import time; time.sleep(60)"], {}, 0.5))

    assert [(one.passed, one.happened) for one in findings] == [(False, "stopped after 0 s")]


def test_no_drill_is_given_an_address_of_the_installation(monkeypatch, tmp_path):
    for name in ("MEKTEP_OWNER_URL", "MEKTEP_WEB_URL", "MEKTEP_WORKER_URL", "DATABASE_URL"):
        monkeypatch.setenv(name, "postgresql+psycopg://real@real/real")
    monkeypatch.setenv("MEKTEP_SECRET_KEY", "real")

    place = places.on_cluster(places.scratch_cluster(), "x", tmp_path)

    assert "drill" in machine_command.WITHOUT_DATABASE
    assert "real" not in " ".join(place.environment().values()).split("/")
    assert all(f"/{place.database}?" in place.environment()[f"MEKTEP_{role}_URL"] for role in places.ROLES)
    assert place.cluster.data.parent != places.postgres.locate().base


def test_two_runs_do_not_meet(folder):
    with places.scratch(keep=False, with_server=False):
        found = run("files")

    assert found.return_value == 2
    assert "other drills run" in found.output
