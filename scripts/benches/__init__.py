"""Benchmarks: one module a subject, one JSON line a figure, each subject in a process of its own."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from importlib import import_module

SIZES = (2_400, 150_000, 1_500_000)
"""Schools: the country, sixty times it, the largest national system of the world."""

TURNS = 5
"""How often what is short is measured, in turns with its peer."""

SUBJECTS = (
    "overlay",
    "scoring",
    "risk",
    "robustness",
    "tiles",
    "ogc",
    "files",
    "imports",
    "audit",
    "pages",
    "row_security",
    "kits",
    "submissions",
    "answers",
    "rescore",
    "allocate",
)


@dataclass
class Figure:
    """One measured figure. ``ratio`` is to ``peer``, measured in the same run on the same data; None = no peer."""

    name: str
    n: int
    seconds: float
    peer: str | None = None
    ratio: float | None = None
    goal: str | None = None
    peak_mb: float | None = None
    details: dict[str, float | str] = field(default_factory=dict)

    def line(self) -> str:
        """Return the figure as one JSON line; ``seconds`` to a microsecond, peak memory of this process so far."""
        self.seconds = round(self.seconds, 6)
        self.peak_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        return json.dumps(asdict(self), ensure_ascii=False)


Bench = Callable[[int], Iterator[Figure]]


@dataclass(frozen=True)
class Subject:
    """What is measured, at which sizes, and whether a database with the demonstration data is needed."""

    function: Bench
    sizes: tuple[int, ...]
    needs_database: bool

    @property
    def title(self) -> str:
        """The first line of the function's description."""
        return (self.function.__doc__ or "").splitlines()[0]


_REGISTRY: dict[str, Subject] = {}


def bench(name: str, sizes: tuple[int, ...] = SIZES, *, needs_database: bool = False) -> Callable[[Bench], Bench]:
    """Register a function that yields figures for one size, under ``name`` and the ``sizes`` it is meant for.

    One that needs a database finds it in the settings, with the demonstration data of that size, ranked.
    """

    def register(function: Bench) -> Bench:
        _REGISTRY[name] = Subject(function, sizes, needs_database)
        return function

    return register


def all_benches() -> dict[str, Subject]:
    """Return every bench by name."""
    for subject in SUBJECTS:
        import_module(f"scripts.benches.{subject}")
    return _REGISTRY


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Yield a list that holds the seconds of the block after it."""
    seconds: list[float] = []
    start = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - start)


def best_of(times: int, function: Callable[[], object]) -> float:
    """Return the shortest of several runs in seconds: what the machine can do undisturbed."""
    return best_in_turn(times, function)[0]


def best_in_turn(times: int, *functions: Callable[[], object]) -> list[float]:
    """Return the shortest of several runs of each in seconds; they take turns, so that each meets the same machine."""
    best = [float("inf")] * len(functions)
    for _ in range(times):
        for at, function in enumerate(functions):
            with stopwatch() as seconds:
                function()
            best[at] = min(best[at], seconds[0])
    return best


def main(arguments: list[str]) -> int:
    """Run one bench at one size in this process: ``python -m scripts.benches NAME SIZE``."""
    subject = all_benches()[arguments[0]]
    for figure in subject.function(int(arguments[1])):
        print(figure.line(), flush=True)
    return 0
