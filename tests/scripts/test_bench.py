"""The bench command: what can be measured, figures as JSON lines beside a peer, a clear end without a server."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from scripts import bench
from scripts.benches import SIZES, SUBJECTS, all_benches
from scripts.benches.place import NoServerError, _named
from scripts.benches.served import Served


def run(*arguments):
    return CliRunner().invoke(bench.command, list(arguments), standalone_mode=False)


def test_every_subject_is_listed_with_its_sizes_and_what_it_measures():
    found = run("--list")

    lines = found.output.splitlines()
    assert {"overlay", "scoring", "tiles", "ogc", "files", "imports", "pages"} <= {line.split()[0] for line in lines}
    assert all(len(line) > 40 and ("2400" in line or "150000" in line) for line in lines)


def test_every_module_of_subjects_registers_something():
    modules = {subject.function.__module__.rpartition(".")[2] for subject in all_benches().values()}

    assert modules == set(SUBJECTS)
    assert all(set(subject.sizes) <= set(SIZES) for subject in all_benches().values())


def test_an_unknown_name_is_refused_and_the_list_named():
    found = run("typo")

    assert found.return_value == 2
    assert "--list" in found.output


def test_figures_are_json_lines_with_a_ratio_to_a_peer_of_the_same_run():
    done = subprocess.run(
        [sys.executable, "-m", "scripts.benches", "scoring", "2400"], capture_output=True, text=True, check=True
    )

    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert {figure["n"] for figure in figures} == {2400}
    first = figures[0]
    assert first["peer"]
    assert first["ratio"] == pytest.approx(first["seconds"] / first["details"]["peer_seconds"], rel=0.05)
    assert all(figure["seconds"] > 0 and figure["peak_mb"] > 10 for figure in figures)


def test_a_database_of_its_own_has_the_address_of_the_given_server():
    given = "postgresql+psycopg://mektep_owner@/mektep?host=%2Fsomewhere"

    assert _named(given, "mektep_bench_2400") == (
        "postgresql+psycopg://mektep_owner@/mektep_bench_2400?host=%2Fsomewhere"
    )


def test_without_a_server_the_reason_is_told():
    with pytest.raises(NoServerError, match="scripts/mektep"):
        _named("", "mektep_bench_2400")


def test_processor_time_of_a_server_counts_its_children(tmp_path):
    child = tmp_path / "child.py"
    child.write_text(
        "import sys, time\nwhile time.process_time() < 0.3:\n    pass\nprint(1, flush=True)\nsys.stdin.read()\n"
    )
    parent_code = f"import subprocess, sys; subprocess.run([sys.executable, {str(child)!r}])"
    parent = subprocess.Popen([sys.executable, "-c", parent_code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert parent.stdout is not None

    parent.stdout.readline()
    used = Served(0, parent.pid).cpu_seconds()
    parent.communicate(timeout=20)

    assert used >= 0.28
