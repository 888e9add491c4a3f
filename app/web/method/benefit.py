"""By which rule a run counts benefit for the cost: said beside the ranks, and as a formula on the method page."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from app.i18n.marks import N_
from app.risk.parameters import default_parameters
from app.web.priorities.run_inputs import read_canonical
from app.workflows.ranking_methods import OF_OFFERS

if TYPE_CHECKING:
    from geodata.models import Run

BY_OFFERS = N_(
    "Benefit for the cost is that of the best of the measures offered: the share of the country's danger, loss and "
    "need that it takes away, for each som."
)
BY_WORKS = N_(
    "Benefit for the cost is that of the better of retrofit and replacement in this ranking, made before measures were "
    "weighed or for more schools than they are weighed for: lives and loss saved in a year, for each som."
)


def benefit_rule(run: Run) -> str:
    """Return, as a msgid, by which rule the run counts benefit for the cost."""
    return BY_OFFERS if _is_by_offers(run.canonical) else BY_WORKS


@lru_cache(maxsize=64)
def _is_by_offers(canonical: str) -> bool:
    return read_canonical(canonical).get("benefit_cost") == OF_OFFERS


def objective_weights() -> dict[str, float]:
    """Return the weights of the parts of the benefit: life, loss, conformity."""
    constants = default_parameters()
    return {part: constants[f"objective.{part}"] for part in ("life", "loss", "conformity")}
