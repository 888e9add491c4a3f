"""What a list says beside its scores: how firm each rank is, the three other methods, and who stays while weights move.

The same for a ranking, which loads it from the database, and for a kit, which holds it in tables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.risk.measures import effects_of
from app.workflows import ranking_methods, ranking_offers, ranking_scores, ranking_weights, robustness
from geodata.readers.parameter_tables import read_parameter_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.prioritisation.methods import Methods
    from app.prioritisation.scheme import Scheme
    from app.prioritisation.weight_steps import WeightMoves
    from app.risk.measures import Effect
    from app.risk.parameters import RiskParameters
    from app.workflows.draw_plan import DrawPlan
    from app.workflows.ranking_answers import AnswersOfBlocks
    from app.workflows.ranking_costs import WorksCosts
    from app.workflows.ranking_inputs import Buildings, Hazards, Schools
    from geodata.readers.parameter_tables import ParameterTables

Report = Callable[[float], None]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Everything that a list rests on, loaded and scored."""

    schools: Schools
    buildings: Buildings
    hazards: Hazards
    edition: ranking_scores.Edition
    assessed: ranking_scores.Assessed
    ranked: ranking_scores.Ranked
    scheme: Scheme
    parameters: RiskParameters
    tables: ParameterTables
    """The tables of ``parameters``."""
    answers: AnswersOfBlocks
    costs: WorksCosts
    condemned: Sequence[int]
    """Ids of buildings whose condition is an emergency."""


@dataclass(frozen=True, slots=True, eq=False)
class ListFigures:
    """``firm`` None: the list was not drawn. ``offers`` None: too many schools to evaluate bundles for."""

    firm: robustness.Robustness | None
    methods: Methods
    moves: WeightMoves
    offers: ranking_offers.Offers | None


def figures_of(ground: Ground, plan: DrawPlan | None, top: int, report: Report = lambda _done: None) -> ListFigures:
    """Return the figures; the draws' intervals and confidence take the place of the bounds in ``ground.ranked``.

    Args:
        plan: How the list is drawn, None: not at all. ``top``: N of "among the first N".
        report: Takes the share of the draws that is done.
    """
    firm = None if plan is None else _draw(ground, plan, report)
    offers = None
    if ranking_offers.are_evaluated(len(ground.schools)):
        offers = ranking_offers.evaluate_offers(
            ranking_offers.portfolio_of(
                ground.edition, ground.schools, ground.buildings, ground.hazards, ground.scheme, ground.parameters,
                ground.answers(), ground.costs, ground.condemned,
            ),
            ground.costs.catalogue, ground.parameters, _effects(ground.tables),
        )  # fmt: skip
        ratio = ranking_methods.benefit_of_offers(offers, ground.assessed)
    else:
        ratio = ranking_methods.benefit_of_works(
            ground.schools, ground.buildings, ground.hazards, ground.ranked, ground.scheme, ground.parameters,
            ground.costs, ground.tables, _effects(ground.tables),
        )  # fmt: skip
    methods = ranking_methods.methods_of(ground.schools, ground.assessed, ground.ranked, ratio)
    moves = ranking_weights.moves_of(ground.ranked, ground.scheme, ground.parameters, top, ground.tables)
    return ListFigures(firm, methods, moves, offers)


def _draw(ground: Ground, plan: DrawPlan, report: Report) -> robustness.Robustness:
    found = robustness.draw_ranks(
        ground.answers(), ground.edition, ground.schools, ground.buildings, ground.hazards, ground.ranked,
        ground.scheme, ground.parameters, plan, report, ground.tables,
    )  # fmt: skip
    ranked = ground.ranked
    ranked.low, ranked.high = found.low, found.high
    ranked.confidence = ranking_scores.confidence_of(ground.assessed, found.low, found.high, ground.parameters)
    return found


def _effects(tables: ParameterTables) -> Mapping[str, Effect] | None:
    """Return the effects of measures where they are others than those installed, of which the engine keeps caches."""
    rows = tables.rows["measure_effects"]
    return None if rows == read_parameter_tables().rows["measure_effects"] else effects_of(rows)
