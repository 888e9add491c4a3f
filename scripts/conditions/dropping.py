"""Run tests once to see which conditions each of them asks, then drop one condition after another below those tests.

It is a plugin of pytest. A test that fails while a condition is dropped kills it; then it runs once more with the
condition in place: when it fails again, the dropping has damaged what tests share, and a fresh process has to tell.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from scripts.conditions.finding import Condition
from scripts.conditions.tagging import Switches

LIMIT_S = 60
DAMAGED = "damaged"


class TooLongError(Exception):
    """A test did not end in time."""


class _Parents:
    """The next test, as far as pytest asks for it: what is set up for the parents of a test stays for the next one."""

    def __init__(self, item: pytest.Item) -> None:
        self.chain = item.listchain()[:-1]

    def listchain(self) -> list[Any]:
        return self.chain


class Dropping:
    """Conditions, the switches in their statements, and the journal of what became of each."""

    def __init__(self, conditions: Sequence[Condition], switches: Switches, journal: Path, most_s: float) -> None:
        self.conditions, self.switches, self.journal, self.most_s = conditions, switches, journal, most_s
        self.chosen: list[int] = []
        self.took: dict[str, float] = {}
        self.asks: dict[str, set[int]] = {}
        self.failed: list[str] = []
        self.is_damaged = False

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests as they are, then drop the conditions in turn."""
        for number, item in enumerate(session.items):
            found = self._run(item)
            if found is None:
                self.asks[item.nodeid] = set(self.switches.asked)
            else:
                self.failed.append(f"{item.nodeid}: {found[:200]}")
            if number % 50 == 49:
                print(f"{number + 1} of {len(session.items)} tests", file=sys.stderr, flush=True)
        told = f"as they are, {len(self.failed)} fail or are skipped"
        print(told, *self.failed, sep="\n  ", file=sys.stderr, flush=True)
        items = {item.nodeid: item for item in session.items}
        for number in self.chosen:
            tests = self._tests_of(number)
            if tests and not self._drop(number, [items[name] for name in tests]):
                self.is_damaged = True
                return True
        return True

    def _tests_of(self, number: int) -> list[str]:
        """Return the tests that ask a condition: those that ask little else first, then the quick ones."""
        found = [name for name, asked in self.asks.items() if number in asked]
        return sorted(found, key=lambda name: (self.took[name] > 5, len(self.asks[name]) // 20, self.took[name]))

    def _drop(self, number: int, tests: Sequence[pytest.Item]) -> bool:
        """Drop one condition and write down what happened; False when what tests share was damaged."""
        begun, tried = time.monotonic(), 0
        killer, why = None, ""
        for item in tests:
            if tried and time.monotonic() - begun + self.took[item.nodeid] > self.most_s:
                break
            tried += 1
            self.switches.dropped = number
            try:
                found = self._run(item)
            finally:
                self.switches.dropped = None
            if found is not None:
                killer, why = item, found
                break
        outcome = "survived" if killer is None else "killed"
        if killer is not None and self._run(killer) is not None:
            outcome = DAMAGED
        one = self.conditions[number]
        entry = {
            "key": one.key,
            "outcome": outcome,
            "by": killer and killer.nodeid,
            "why": why[:300],
            "tried": tried,
            "asked_by": len(tests),
            "seconds": round(time.monotonic() - begun, 2),
        }
        with self.journal.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        return outcome != DAMAGED

    def _run(self, item: pytest.Item) -> str | None:
        """Run a test; None when it passed, otherwise how it ended."""
        begun = time.monotonic()
        self.switches.asked.clear()
        if item.nodeid in self.took:
            item._initrequest()  # type: ignore[attr-defined]  # as a plugin that repeats failed tests does
        kept: Any = _Parents(item)
        item.session._setupstate.teardown_exact(kept)
        with _ending_after(LIMIT_S):
            reports = runtestprotocol(item, log=False, nextitem=kept)
        self.took.setdefault(item.nodeid, time.monotonic() - begun)
        wrong = [report for report in reports if not report.passed]
        return _last_line(wrong[0]) if wrong else None


def _last_line(report: Any) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    return f"{report.when}: {' '.join(str(crash.message if crash else report.longrepr).split())}"


@contextmanager
def _ending_after(seconds: float) -> Iterator[None]:
    def end(*_: Any) -> None:
        raise TooLongError

    former = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def read_journal(journal: Path) -> dict[str, dict[str, Any]]:
    """Return the last entry of each condition; a kill stays one, and damage twice is one too."""
    found: dict[str, dict[str, Any]] = {}
    for line in journal.read_text(encoding="utf-8").splitlines() if journal.exists() else []:
        entry = json.loads(line)
        former = found.get(entry["key"], {}).get("outcome")
        if former == "killed":
            continue
        if former == DAMAGED and entry["outcome"] == DAMAGED:
            entry["outcome"] = "killed"
        found[entry["key"]] = entry
    return found


def still_open(conditions: Sequence[Condition], journal: Path, again: bool) -> Iterable[int]:
    """Return the numbers of conditions to drop, those that keep something from somebody first.

    ``again``: also those that survived before, below other tests.
    """
    ends = ("killed",) if again else ("killed", "survived")
    done = {key for key, entry in read_journal(journal).items() if entry["outcome"] in ends}
    chosen = [number for number, one in enumerate(conditions) if one.key not in done]
    return sorted(chosen, key=lambda number: (not conditions[number].is_guard, number))
