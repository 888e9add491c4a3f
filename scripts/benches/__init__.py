"""Benchmarks: one module a subject, one JSON line a figure, each figure in a process of its own."""

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

SUBJECTS = ("overlay",)


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
        """Return the figure as one JSON line."""
        self.peak_mb = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
        return json.dumps(asdict(self), ensure_ascii=False)


Bench = Callable[[int], Iterator[Figure]]
_REGISTRY: dict[str, tuple[Bench, tuple[int, ...]]] = {}


def bench(name: str, sizes: tuple[int, ...] = SIZES) -> Callable[[Bench], Bench]:
    """Register a function that yields figures for one size, under ``name`` and the ``sizes`` it is meant for."""

    def register(function: Bench) -> Bench:
        _REGISTRY[name] = (function, sizes)
        return function

    return register


def all_benches() -> dict[str, tuple[Bench, tuple[int, ...]]]:
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
    found = []
    for _ in range(times):
        with stopwatch() as seconds:
            function()
        found.append(seconds[0])
    return min(found)


def main(arguments: list[str]) -> int:
    """Run one bench at one size in this process: ``python -m scripts.benches NAME SIZE``."""
    function, _ = all_benches()[arguments[0]]
    for figure in function(int(arguments[1])):
        print(figure.line(), flush=True)
    return 0
