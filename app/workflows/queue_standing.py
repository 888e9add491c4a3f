"""In which of the three queues each school of a run stands: read the facts, ask the rule; nothing is stored.

Documents come on any day, so that a queue is asked anew: the page of queues and the filter ``queue`` of every list,
map and file ask here. What who asks may not see counts as unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from app.funding.queues import NO_QUEUE, QueueFacts, assign, conditions, load_rule
from app.risk.parameters import default_parameters
from geodata.queries import quick_wins

if TYPE_CHECKING:
    from app.funding.portfolio import IntArray
    from geodata.database import Session
    from geodata.records.priority import ListFilter
    from geodata.records.queue import QueueRow


@dataclass(frozen=True)
class QueueStanding:
    """All schools of a run by rank with their queues (positions in ``load_rule().queues``, or ``NO_QUEUE``)."""

    rows: list[QueueRow]
    queue: IntArray
    outside: list[str | None]
    """Why a school stands in no queue: working, designing, unknown, none; None where it stands in one."""

    def schools_in(self, code: str) -> tuple[int, ...]:
        """Return the ids of the schools of a queue, ascending; raises ValueError for a code that is none."""
        place = queue_codes().index(code)
        return tuple(sorted(row.school_id for at, row in enumerate(self.rows) if self.queue[at] == place))


def queue_codes() -> tuple[str, ...]:
    """Return the codes of the queues, by precedence."""
    return tuple(one.code for one in load_rule().queues)


def stand(session: Session, run_id: int) -> QueueStanding:
    """Return the queues of a run as they are now, for who asks."""
    rule = load_rule()
    rows = quick_wins.queue_facts(session, run_id, rule.works)
    facts = QueueFacts(
        grade=[row.grade for row in rows],
        risk=np.array([math.nan if row.risk is None else row.risk for row in rows], dtype=float),
        stage=[row.stage for row in rows],
        figure=[row.figure for row in rows],
        has_works=np.array([row.works is not None for row in rows], dtype=bool),
        has_small=np.array([bool(row.small) for row in rows], dtype=bool),
    )
    held = conditions(facts, rule, default_parameters()[rule.dangerous_risk])
    queue = assign(held, rule)
    outside: list[str | None] = []
    for at, row in enumerate(rows):
        if queue[at] != NO_QUEUE:
            outside.append(None)
        elif held["working"][at] or held["designing"][at]:
            outside.append("working" if held["working"][at] else "designing")
        else:
            outside.append("unknown" if row.grade is None and np.isnan(facts.risk[at]) else "none")
    return QueueStanding(rows, queue, outside)


def ask_queue(session: Session, run_id: int, wanted: ListFilter) -> ListFilter:
    """Return the filter with the schools of its queue; without a queue, or with them already, as it is."""
    if wanted.queue is None or wanted.queue_schools is not None:
        return wanted
    return replace(wanted, queue_schools=stand(session, run_id).schools_in(wanted.queue))
