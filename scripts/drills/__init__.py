"""Drills: real faults on scratch data, one module a drill, each in a process of its own.

A drill yields one ``Finding`` a fault: what was done, what was expected, what happened. Chance is seeded, so that
a drill that failed fails again.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from scripts.drills.place import Place

SEED = 20_261_125
DRILLS = ("files", "fuzz", "kill", "web", "database", "disk", "restore", "locks", "clock", "matrix", "load")
Needs = Literal["nothing", "database", "country"]


@dataclass
class Finding:
    """One fault and how it was borne. ``passed`` None: this machine cannot make the fault, ``happened`` says why."""

    fault: str
    done: str
    expected: str
    happened: str
    passed: bool | None
    seconds: float = 0.0

    def line(self) -> str:
        """Return the finding as one JSON line."""
        return json.dumps(asdict(self), ensure_ascii=False)


Drill = Callable[["Place", int], Iterator[Finding]]


@dataclass(frozen=True)
class Subject:
    """A drill, what it works on, how often it makes each fault without ``--times``, and its limit in seconds.

    The limit is for the usual number of times and grows with it.
    """

    function: Drill
    needs: Needs
    times: int
    limit_s: float

    @property
    def title(self) -> str:
        """The first line of the function's description."""
        return (self.function.__doc__ or "").splitlines()[0]


_REGISTRY: dict[str, Subject] = {}


def drill(name: str, *, needs: Needs, times: int = 1, limit_s: float = 300) -> Callable[[Drill], Drill]:
    """Register a function that makes faults ``times`` times in a place and yields what it found.

    The place holds what ``needs`` names: nothing; an empty, migrated database; the ranked demonstration country.
    """

    def register(function: Drill) -> Drill:
        _REGISTRY[name] = Subject(function, needs, times, limit_s)
        return function

    return register


def all_drills() -> dict[str, Subject]:
    """Return every drill by name."""
    for name in DRILLS:
        import_module(f"scripts.drills.{name}")
    return {name: _REGISTRY[name] for name in DRILLS}


def main(arguments: list[str]) -> int:
    """Run one drill in this process: ``python -m scripts.drills NAME TIMES PLACE``; findings as JSON lines."""
    from scripts.drills.place import Place

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what the drill started is stopped by it
    name, times, place = arguments
    told, sys.stdout = sys.stdout, sys.stderr  # what servers say of themselves is no finding
    import_module(f"scripts.drills.{name}")
    begun = time.monotonic()
    for finding in _REGISTRY[name].function(Place.from_text(place), int(times)):
        finding.seconds = round(time.monotonic() - begun, 1)
        begun = time.monotonic()
        print(finding.line(), file=told, flush=True)
    return 0
