"""Which schools a second rater visits: a sample by strata (rayon and grade), drawn from a stored seed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from math import floor

from app.assessment.errors import InvalidSampleError


@dataclass(frozen=True, slots=True)
class Candidate:
    """A school that can be drawn: its code, and what makes its stratum (None is a value too)."""

    code: str
    stratum: tuple[Hashable, ...]


def draw_sample(candidates: Iterable[Candidate], size: int, seed: int) -> list[str]:
    """Return ``size`` codes in order: each stratum in proportion to its schools, and as far as it goes one of each.

    Places are shared out by largest remainders; within a stratum the order is that of a hash of seed and code. So the
    same seed draws the same schools whatever the order of the list, and a school more or less in one stratum
    draws no other schools in the next.

    Raises:
        InvalidSampleError: ``size`` is below 1.
    """
    if size < 1:
        raise InvalidSampleError(f"a sample needs a school at least, got {size}")
    strata: dict[tuple[Hashable, ...], list[str]] = defaultdict(list)
    for found in candidates:
        strata[found.stratum].append(found.code)
    total = sum(map(len, strata.values()))
    wanted = min(size, total)
    places = _share_out({key: len(codes) for key, codes in strata.items()}, wanted)
    drawn: list[str] = []
    for key, codes in strata.items():
        drawn += sorted(codes, key=lambda code: _luck(seed, code))[: places[key]]
    return sorted(drawn)


def _luck(seed: int, code: str) -> tuple[bytes, str]:
    return hashlib.sha256(f"{seed}:{code}".encode()).digest(), code


def _share_out(sizes: dict[tuple[Hashable, ...], int], wanted: int) -> dict[tuple[Hashable, ...], int]:
    """Return places per stratum: one each while there are enough, the rest by largest remainders."""
    order = sorted(sizes, key=lambda key: (-sizes[key], str(key)))
    places = {key: int(number < wanted) for number, key in enumerate(order)}
    left, total = wanted - sum(places.values()), sum(sizes.values()) - len(sizes)
    if left <= 0 or total <= 0:
        return places
    exact = {key: left * (sizes[key] - 1) / total for key in order}
    for key in order:
        places[key] += floor(exact[key])
    left = wanted - sum(places.values())
    for key in sorted(order, key=lambda key: (floor(exact[key]) - exact[key], str(key)))[:left]:
        places[key] += 1
    return places
