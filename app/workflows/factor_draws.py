"""Values of the factors of a ranking, draw by draw: risk, answers, and what nobody knows (method 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.assessment.answer_draws import draw_answers
from app.assessment.schools import pupil_weights
from app.workflows.ranking_scores import prior_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.prioritisation.scheme import Scheme
    from app.risk.parameters import RiskParameters
    from app.risk.risk_draws import RiskDraws
    from app.workflows.ranking_answers import BlockAnswers
    from app.workflows.ranking_inputs import Buildings
    from app.workflows.ranking_scores import Edition, Ranked

FloatArray = NDArray[np.float64]


def drawn_answers(
    blocks: Iterable[BlockAnswers],
    edition: Edition,
    buildings: Buildings,
    parameters: RiskParameters,
    rng: np.random.Generator,
    draws: int,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return drawn indices and deficiencies, shape (schools, realisations): each draw of the list takes one of them."""
    realisations = min(draws, int(parameters["uncertainty.answer_realisations"]))
    parts = [
        draw_answers(
            codes,
            verified,
            edition.is_shared,
            block.school,
            pupil_weights(block.school, block.share, len(block.school_ids)),
            len(block.school_ids),
            edition.standard,
            prior_of(buildings, edition, parameters, rows),
            parameters["conformity.unverified_trust"],
            realisations,
            rng,
        )
        for block, rows, codes, verified in blocks
    ]
    index, deficiency = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return index, deficiency


class FactorDraws:
    """Values 0..1 of the factors, draw by draw; a factor without a value is anything between 0 and 1 in each school.

    What nobody assessed has one: its answers are drawn by the prior pass rate.
    """

    RISK = ("C1", "C2", "C3")

    def __init__(
        self,
        ranked: Ranked,
        scheme: Scheme,
        answers: tuple[NDArray[np.float32], NDArray[np.float32]],
        rng: np.random.Generator,
        risk: RiskDraws,
    ) -> None:
        """Prepare; ``answers``: drawn indices and deficiencies, see ``drawn_answers``."""
        self.scheme, self.rng, self.risk = scheme, rng, risk
        self.value = ranked.priorities.value
        functions = dict(zip(scheme.factors, scheme.functions, strict=True))
        self.by_answers = {
            code: np.ascontiguousarray(functions[code](x).T)
            for code, x in (("C4", 1 - answers[0].astype(float) / 100), ("C5", answers[1].astype(float)))
            if code in functions
        }
        self.realisations = answers[0].shape[1]

    def next_block(self, draws: int) -> FloatArray:
        """Return shape (factors, draws, schools)."""
        schools = len(self.value)
        found = np.empty((len(self.scheme.factors), draws, schools))
        risk = dict(zip(self.RISK, self.risk.next_block(draws), strict=True))
        chosen = self.rng.integers(0, self.realisations, (draws, schools))
        for number, (code, function) in enumerate(zip(self.scheme.factors, self.scheme.functions, strict=True)):
            if code in risk:
                found[number] = function(risk[code]).T
            elif code in self.by_answers:
                found[number] = self.by_answers[code][chosen, np.arange(schools)]
            else:
                found[number] = self.value[:, number]
            unknown = np.flatnonzero(np.isnan(self.value[:, number]))
            if len(unknown):
                found[number][:, unknown] = self.rng.random((draws, len(unknown)))
        return found
