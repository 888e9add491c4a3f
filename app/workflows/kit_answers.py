"""The answers of two kits side by side, by building and criterion, and any mixture of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.assessment.answers import MISSING
from app.workflows import kit_format, ranking_scores
from app.workflows.kit_facts import CAUSES, CRITERIA, DATA, REALITY, UNDIVIDED, rows_in, rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.workflows.kit_facts import Facts, Key
    from app.workflows.kit_format import Kit

BoolArray = NDArray[np.bool_]
SAME = -1
EPOCH = date(1970, 1, 1)


class Answers(NamedTuple):
    """What counts, shape (places, criteria); ``day``: of the evidence, since 1970-01-01."""

    codes: NDArray[np.int8]
    verified: NDArray[np.bool_]
    day: NDArray[np.int32]


def criteria_of(kit: Kit) -> list[str]:
    """Return the codes of a kit's criteria in the order of its answers."""
    rows = sorted(rows_in(kit, CRITERIA), key=lambda row: (int(row["position"]), row["code"]))
    return [row["code"] for row in rows]


def _read(facts: Facts, criteria: int) -> Answers:
    """Read the answers of a kit, which lie in blocks of schools; see ``ranking_scores.assess``."""
    body, place, parts = facts.kit.files[kit_format.ANSWERS], 0, []
    for size in block_sizes(facts.places):
        shape, count = (size, criteria), size * criteria
        codes = np.frombuffer(body, np.uint8, count, place).astype(np.int8).reshape(shape) - ord("0")
        verified = np.frombuffer(body, np.uint8, count, place + count).reshape(shape) == ord("1")
        day = np.frombuffer(body, "<i4", count, place + 2 * count).astype(np.int32).reshape(shape)
        parts.append((codes.astype(np.int8), verified, day))
        place += 6 * count
    return Answers(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def block_sizes(places: Sequence[Key]) -> list[int]:
    """Return how many places lie in each block of schools."""
    sizes, seen, last = [0], 0, None
    for school, _ in places:
        if school != last:
            last, seen = school, seen + 1
            if seen > ranking_scores.BLOCK:
                sizes.append(0)
                seen = 1
        sizes[-1] += 1
    return sizes


def _chosen(where: NDArray[np.bool_], new: Answers, old: Answers) -> Answers:
    return Answers(
        np.where(where, new.codes, old.codes),
        np.where(where, new.verified, old.verified),
        np.where(where, new.day, old.day),
    )


class AnswerPair:
    """The answers of the former and of the later kit."""

    def __init__(self, old: Facts, new: Facts, former_day: date) -> None:
        self._facts = old, new
        self._criteria = criteria_of(old.kit), criteria_of(new.kit)
        self._answers = tuple(
            _read(facts, len(criteria)) for facts, criteria in zip(self._facts, self._criteria, strict=True)
        )
        self._former_day = (former_day - EPOCH).days
        places = sorted({*old.places} & {*new.places})
        cause = self._compare(places, list(dict.fromkeys([*self._criteria[0], *self._criteria[1]])))[2]
        self.causes = {CAUSES[number] for number in np.unique(cause) if number != SAME}
        """Causes of which there is an answer in a place that both kits hold."""

    def _at(self, which: int, places: Sequence[Key], criteria: Sequence[str]) -> tuple[Answers, BoolArray, BoolArray]:
        """Return the answers of one kit, and which places and criteria it lacks."""
        rows, columns = rows_of(places, self._facts[which].places), rows_of(criteria, self._criteria[which])
        held, at, asked = self._answers[which], rows[:, None], columns[None, :]
        absent = (at < 0) | (asked < 0)
        codes = np.where(absent, MISSING, held.codes[at, asked]).astype(np.int8)
        return Answers(codes, held.verified[at, asked] & ~absent, held.day[at, asked]), rows < 0, columns < 0

    def _compare(self, places: Sequence[Key], criteria: Sequence[str]) -> tuple[Answers, Answers, NDArray[np.int8]]:
        """Return old and new answers and the cause of each that differs (index into ``CAUSES``; ``SAME``).

        What only one kit can know (a building, a criterion that the later edition dropped) is the same in both.
        """
        old, old_gone, _ = self._at(0, places, criteria)
        new, new_gone, dropped = self._at(1, places, criteria)
        first = _chosen(np.broadcast_to(old_gone[:, None], old.codes.shape), new, old)
        later = _chosen(new_gone[:, None] | dropped[None, :], first, new)
        other = first.codes != later.codes
        is_known = (first.codes != MISSING) & (later.codes != MISSING)
        is_real = other & is_known & (later.day > self._former_day)
        cause = np.full(other.shape, SAME, dtype=np.int8)
        cause[other | (first.verified != later.verified)] = CAUSES.index(DATA)
        cause[is_real] = CAUSES.index(REALITY)
        cause[is_real & ~first.verified & later.verified] = CAUSES.index(UNDIVIDED)
        return first, later, cause

    def mixed(self, places: Sequence[Key], exchanged: frozenset[str], rule: Kit) -> bytes:
        """Return the answers of ``places`` to the criteria of ``rule`` as a kit holds them."""
        old, new, cause = self._compare(places, criteria_of(rule))
        wanted = np.isin(cause, [CAUSES.index(name) for name in exchanged if name in CAUSES])
        codes, verified, day = _chosen(wanted, new, old)
        parts, start = [], 0
        for size in block_sizes(places):
            rows = slice(start, start + size)
            parts.append((codes[rows] + ord("0")).astype(np.uint8).tobytes())
            parts.append((verified[rows].astype(np.uint8) + ord("0")).astype(np.uint8).tobytes())
            parts.append(day[rows].astype("<i4").tobytes())
            start += size
        return b"".join(parts)
