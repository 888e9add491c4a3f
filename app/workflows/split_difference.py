"""Why each school moved between two official lists, exactly: rank again with one cause exchanged at a time.

Both lists are made again from their kits: old facts by the new rule, new facts by the old rule, and every mixture of
facts by their causes. What each cause moved is the mean over all orders of exchange, so that the parts sum to the
whole movement of points and of places. The published approximation stays beside it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.prioritisation.difference import ORDER, REASONS, main_causes, split_evenly
from app.workflows import kit_format
from app.workflows.kit_facts import CRITERIA, Evidence
from app.workflows.kit_mixture import PRIORS, TwoKits, two_kits
from app.workflows.reproduce_kit import Rule, rank_kit, rule_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.workflows.kit_format import Kit

FloatArray = NDArray[np.float64]
RULE = "rule"
OTHERS = "others"
POINTS, PLACES = 0, 1
DECIMALS = 6
"""Of points: what a rank rests on is rounded to nine."""


@dataclass(frozen=True, slots=True)
class Published:
    """What the database keeps of one school in both lists."""

    school_id: int
    old_rank: int
    new_rank: int
    old_points: float
    new_points: float


def kit_of(content: bytes) -> Kit:
    """Read a kit from its bytes; raises as ``read_kit`` does."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kit.zip"
        path.write_bytes(content)
        return kit_format.read_kit(path)


def is_same_rule(old: Kit, new: Kit) -> bool:
    """Return whether weights, parameters, priors and the edition are the same; the program is not asked."""
    return all(old.files.get(name) == new.files.get(name) for name in (CRITERIA, *PRIORS)) and all(
        old.canonical[part] == new.canonical[part] for part in ("scheme", "parameters", "edition")
    )


def split_exactly(
    old: Kit,
    new: Kit,
    evidence: Evidence,
    published: Mapping[str, Published],
    report: Callable[[float], None] = lambda _done: None,
) -> list[dict[str, Any]]:
    """Return points and places by cause for each school that both lists hold, in the order of codes.

    Args:
        published: What both lists say of each school, by its code.
        report: Takes the share of the rankings that is done.

    What this program ranks otherwise than the one that published a list is of the rule.

    Raises:
        KitRefusedError, KeyError, ValueError: A kit cannot be read. Errors of ``rule_of``.
    """
    mixture = two_kits(old, new, evidence)
    mixture.schools = [code for code in mixture.schools if code in published]
    rows = [published[code] for code in mixture.schools]
    rules = rule_of(old), rule_of(new)
    causes = [*([] if is_same_rule(old, new) else [RULE]), *mixture.causes]
    done = 0

    def score(exchanged: frozenset[str]) -> FloatArray:
        nonlocal done
        found = _rank(mixture, rules, exchanged)
        done += 1
        report(done / 2 ** len(causes))
        ends[exchanged] = found
        return found

    ends: dict[frozenset[str], FloatArray] = {}
    parts = split_evenly(score, causes)
    stated = _published(rows)
    program = (stated[1] - ends[frozenset(causes)]) - (stated[0] - ends[frozenset()])
    parts[RULE] = parts.get(RULE, np.zeros_like(program)) + program
    return _rows(rows, parts, stated[1] - stated[0])


def _rank(mixture: TwoKits, rules: tuple[Rule, Rule], exchanged: frozenset[str]) -> FloatArray:
    """Return points and ranks among the common schools, shape (2, schools)."""
    rule = rules[RULE in exchanged]
    _, _, ranked = rank_kit(mixture.mixed(exchanged, rule.kit), rule.scheme, rule.parameters)
    return np.stack([ranked.priorities.central, ranked.national.astype(float)])


def _published(rows: list[Published]) -> tuple[FloatArray, FloatArray]:
    """Return points and ranks among the common schools of both lists as they were published."""
    points = [(row.old_points, row.new_points) for row in rows]
    ranks = np.array([(row.old_rank, row.new_rank) for row in rows], dtype=float).reshape(-1, 2)
    among = ranks.argsort(axis=0).argsort(axis=0) + 1.0
    stated = np.array(points, dtype=float).reshape(-1, 2)
    return np.stack([stated[:, 0], among[:, 0]]), np.stack([stated[:, 1], among[:, 1]])


def _rows(rows: list[Published], parts: Mapping[str, FloatArray], whole: FloatArray) -> list[dict[str, Any]]:
    nothing = np.zeros_like(whole)
    by_cause = {cause: parts.get(cause, nothing) for cause in ORDER}
    old, new = (np.array([getattr(row, name) for row in rows], dtype=np.int64) for name in ("old_rank", "new_rank"))
    points = {cause: np.round(part[POINTS], DECIMALS) + 0.0 for cause, part in by_cause.items()}
    reasons = main_causes(points, old, new)
    others = (new - old) - whole[PLACES]
    return [
        {
            "school_id": row.school_id,
            **{f"points_{cause}": float(points[cause][number]) for cause in ORDER},
            **{f"places_{cause}": float(np.round(by_cause[cause][PLACES][number], 3) + 0.0) for cause in ORDER},
            f"places_{OTHERS}": float(others[number]),
            "reason": REASONS[int(reasons[number])],
        }
        for number, row in enumerate(rows)
    ]
