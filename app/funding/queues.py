"""Three queues: build now, pay for design, low-cost this summer. Each school stands in one at most, with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from app.funding.errors import CatalogueError
from app.funding.portfolio import BoolArray, FloatArray, IntArray

TABLE = Path(__file__).resolve().parent / "queues.toml"
CONDITIONS = ("ready", "designing", "working", "dangerous", "works", "small")
NO_QUEUE = -1


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: every condition of ``needs`` holds and none of ``without``."""

    code: str
    needs: tuple[str, ...]
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueRule:
    """The table: what is dangerous, which stages are ready, which measures ask for a design; queues by precedence."""

    dangerous_grades: tuple[str, ...]
    dangerous_risk: str
    ready_figures: tuple[str, ...]
    ready_stages: tuple[str, ...]
    designing_stages: tuple[str, ...]
    working_stages: tuple[str, ...]
    works: tuple[str, ...]
    queues: tuple[Queue, ...]


@dataclass(frozen=True, slots=True, eq=False)
class QueueFacts:
    """What decides, one entry a school; None and NaN are unknown and are no danger, no document and no need.

    ``stage``: of the project that is furthest; ``figure``: stage of the engineer's cost in force.
    """

    grade: Sequence[str | None]
    risk: FloatArray
    stage: Sequence[str | None]
    figure: Sequence[str | None]
    has_works: BoolArray
    has_small: BoolArray


@cache
def load_rule() -> QueueRule:
    """Return the rule of the table.

    Raises:
        CatalogueError: A queue names a condition that nothing knows.
    """
    rows = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    queues = tuple(Queue(one["code"], tuple(one["needs"]), tuple(one["without"])) for one in rows.pop("queue"))
    for one in queues:
        for name in (*one.needs, *one.without):
            if name not in CONDITIONS:
                raise CatalogueError(one.code, name)
    names = ("dangerous_grades", "ready_figures", "ready_stages", "designing_stages", "working_stages", "works")
    lists: dict[str, tuple[str, ...]] = {name: tuple(rows[name]) for name in names}
    return QueueRule(**lists, dangerous_risk=str(rows["dangerous_risk"]), queues=queues)


def conditions(facts: QueueFacts, rule: QueueRule, risk_limit: float) -> dict[str, BoolArray]:
    """Return which conditions hold at each school; ``risk_limit``: individual risk a year that is danger."""
    with np.errstate(invalid="ignore"):
        risky = np.asarray(facts.risk > risk_limit)
    return {
        "ready": _in(facts.stage, rule.ready_stages) | _in(facts.figure, rule.ready_figures),
        "designing": _in(facts.stage, rule.designing_stages),
        "working": _in(facts.stage, rule.working_stages),
        "dangerous": _in(facts.grade, rule.dangerous_grades) | risky,
        "works": facts.has_works,
        "small": facts.has_small,
    }


def assign(found: dict[str, BoolArray], rule: QueueRule) -> IntArray:
    """Return the queue of each school, a position in ``rule.queues``; ``NO_QUEUE`` where it stands in none."""
    chosen = np.full(len(found["works"]), NO_QUEUE, dtype=np.int64)
    for place, queue in enumerate(rule.queues):
        fits = chosen == NO_QUEUE
        for name in queue.needs:
            fits &= found[name]
        for name in queue.without:
            fits &= ~found[name]
        chosen[fits] = place
    return chosen


def design_som(works_som: int, design: float, overhead: float) -> int:
    """Return what the design of works costs, rounded up once to whole som.

    Args:
        works_som: Cost of the works with everything. ``design``, ``overhead``: shares of the bare works.
    """
    return int(np.ceil(round(works_som * design / (1 + overhead), 4)))


def _in(values: Sequence[str | None], wanted: Sequence[str]) -> BoolArray:
    return np.array([value in wanted for value in values], dtype=bool)
