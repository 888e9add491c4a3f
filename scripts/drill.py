"""``drill``: make real faults on scratch data and tell, fault by fault, whether the promise was kept."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterable, Iterator, Sequence

import click

from scripts.drills import Finding, Subject, all_drills
from scripts.machine.postgres import Cluster

OUTCOMES = {True: "pass", False: "FAIL", None: "not run"}
COLUMNS = ("fault", "what was done", "expected", "what happened", "")
SHARES = (0.17, 0.22, 0.25, 0.28)
NARROWEST = 100
OUTCOME_WIDTH = 8
GRACE_S = 30.0


@click.command()
@click.argument("names", nargs=-1)
@click.option("--times", type=click.IntRange(1, 1000), help="How often each fault is made; each drill has its own.")
@click.option("--list", "only_list", is_flag=True, help="List the drills and end.")
@click.option("--keep", is_flag=True, help="Keep the scratch server and its country for the next time.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a fault in place of the table.")
def command(names: tuple[str, ...], times: int | None, only_list: bool, keep: bool, as_json: bool) -> int:
    """Make faults and tell how they were borne; without names every drill. Exit code 1 when one was not borne.

    Drills work on a scratch PostGIS of their own, filled with the synthetic country, and remove it at the end; they
    know no address of the installation's database. With --times 100 the full counts of the reliability goals run.
    """
    drills = all_drills()
    if only_list:
        for name, subject in drills.items():
            print(f"{name:<10} {subject.title}")
        return 0
    unknown = sorted(set(names) - set(drills))
    if unknown:
        print(f"no such drill: {', '.join(unknown)}; see scripts/mektep drill --list", file=sys.stderr)
        return 2
    chosen = {name: drills[name] for name in names or drills}
    return run_drills(chosen, times, keep=keep, as_json=as_json)


def run_drills(chosen: dict[str, Subject], times: int | None, *, keep: bool, as_json: bool) -> int:
    """Run drills one after another and print what they found; 1 when a fault was not borne, 2 when none could run."""
    from scripts.drills import place as places

    findings: list[Finding] = []
    try:
        needs_server = any(subject.needs != "nothing" for subject in chosen.values())
        with places.scratch(keep, with_server=needs_server) as cluster:
            for name, subject in chosen.items():
                print(f"drill {name}: {subject.title}", file=sys.stderr, flush=True)
                findings += _run(cluster, name, subject, times, as_json=as_json)
    except places.DrillsRunError as error:
        print(str(error), file=sys.stderr)
        return 2
    failed = sum(finding.passed is False for finding in findings)
    passed = sum(finding.passed is True for finding in findings)
    print(f"{passed} passed, {failed} failed, {len(findings) - passed - failed} not run", file=sys.stderr)
    return 1 if failed else 0


def _run(cluster: Cluster, name: str, subject: Subject, times: int | None, *, as_json: bool) -> list[Finding]:
    """Run one drill in a place of its own and print what it found."""
    from scripts.drills import place as places

    place = places.make(cluster, name, subject.needs)
    often = times or subject.times
    call = [sys.executable, "-m", "scripts.drills", name, str(often), place.text()]
    limit_s = subject.limit_s * max(1.0, often / subject.times)
    found = list(_told(run_one(name, call, place.environment(), limit_s), as_json))
    logs = places.keep_logs(place, name)
    if subject.needs != "nothing":
        places.postgres.start(cluster)  # a drill that was ended in the middle may have stopped it
        places.drop(place)
    if not as_json:
        print_table(name, found)
    if any(one.passed is False for one in found) and logs.is_dir():
        print(f"the servers' logs of this drill: {logs}", file=sys.stderr)
    return found


def run_one(name: str, call: Sequence[str], environment: dict[str, str], limit_s: float) -> Iterator[Finding]:
    """Run a drill's process and yield its findings; an end that is not one is a finding that failed.

    The process is its own session: past its limit it is ended with everything that it started.
    """
    begun = time.monotonic()
    process = subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True)
    too_late = threading.Event()

    def stop() -> None:
        too_late.set()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(limit_s, stop)
    timer.start()
    try:
        assert process.stdout is not None
        for line in process.stdout:
            yield Finding(**json.loads(line))
        code = process.wait()
    finally:
        timer.cancel()
        if process.poll() is None:
            process.terminate()
            process.wait()
    if code != 0:
        happened = f"stopped after {limit_s:.0f} s" if too_late.is_set() else f"it ended with exit code {code}"
        yield Finding(
            "the drill itself", f"drill {name}", "it runs to its end", happened, False, time.monotonic() - begun
        )


def _told(findings: Iterable[Finding], as_json: bool) -> Iterator[Finding]:
    """Pass findings on and tell each as it comes, so that a long drill is not silent."""
    for finding in findings:
        if as_json:
            print(finding.line(), flush=True)
        else:
            print(f"  {OUTCOMES[finding.passed]}: {finding.fault}", file=sys.stderr, flush=True)
        yield finding


def print_table(name: str, findings: Sequence[Finding]) -> None:
    """Print a drill's findings as a table as wide as the terminal."""
    space = max(NARROWEST, shutil.get_terminal_size((140, 40)).columns) - OUTCOME_WIDTH - 2 * len(SHARES)
    widths = [*(int(share * space / sum(SHARES)) for share in SHARES), OUTCOME_WIDTH]
    print(f"\n{name}")
    _print_row(COLUMNS, widths)
    print("  ".join("-" * width for width in widths))
    for one in findings:
        outcome = f"{OUTCOMES[one.passed]}\n{one.seconds:.1f} s"
        _print_row((one.fault, one.done, one.expected, one.happened, outcome), widths)
    print(flush=True)


def _print_row(cells: Sequence[str], widths: Sequence[int]) -> None:
    wrapped = [
        [part for line in cell.splitlines() or [""] for part in textwrap.wrap(line, width) or [""]]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for number in range(max(map(len, wrapped))):
        parts = [cell[number] if number < len(cell) else "" for cell in wrapped]
        print("  ".join(f"{part:<{width}}" for part, width in zip(parts, widths, strict=True)).rstrip())
