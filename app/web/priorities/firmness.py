"""How firm the ranks of a run are, and the contested schools near the cut."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from app.exports.words import FACTOR_SHORT
from app.i18n.marks import N_
from app.web.priorities.run_inputs import read_canonical
from geodata.queries import robustness

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.models import Run
    from geodata.records.robustness import ContestedSchool

LABELS = {
    "robust": N_("firm"),
    "likely": N_("likely"),
    "contested": N_("contested"),
    "unlikely": N_("unlikely"),
}
"""Labels of the probability of being among the first N, as msgids, the firmest first."""
SHOWN = 20


@dataclass(frozen=True)
class RunFirmness:
    """How a run was drawn and what came out; ``counts`` in the order of ``LABELS``."""

    draws: int
    seed: int
    top: int
    plan: str | None
    """The plan that funds so many; None = a share of the list."""
    counts: list[tuple[str, int]]
    contested: list[ContestedSchool]
    factor_words: dict[str, str]
    label_words: dict[str, str]


def is_drawn(run: Run) -> bool:
    """Return whether the intervals of ranks come from draws; else they are bounds of what the unknown values allow."""
    return _is_drawn(run.canonical)


@lru_cache(maxsize=64)
def _is_drawn(canonical: str) -> bool:
    return bool((read_canonical(canonical).get("draws") or {}).get("count"))


def run_firmness(session: Session, run: Run) -> RunFirmness | None:
    """Return how firm the ranks of ``run`` are; None = it was not drawn, and its intervals are bounds."""
    drawn = robustness.find_draws(session, run.id)
    if drawn is None:
        return None
    counts = robustness.label_counts(session, run.id)
    return RunFirmness(
        draws=drawn.draws,
        seed=drawn.seed,
        top=drawn.top_count,
        plan=(read_canonical(run.canonical).get("draws") or {}).get("plan"),
        counts=[(word, counts.get(label, 0)) for label, word in LABELS.items()],
        contested=robustness.contested(session, run.id, drawn.top_count, list(FACTOR_SHORT), SHOWN),
        factor_words=FACTOR_SHORT,
        label_words=LABELS,
    )
