"""What every offer of a ranking costs while unit costs are uncertain (method 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.workflows.cost_bundles import cost_parts
from app.workflows.evaluate_bundles import retrofits_of
from app.workflows.ranking_offers import overhead_of

if TYPE_CHECKING:
    from app.workflows.sensitivity_inputs import Inputs

FloatArray = NDArray[np.float64]


class DrawnCosts:
    """Costs of offers under other unit costs: one factor a measure, the same for the whole country.

    What engineers have stated is no unit cost and stays.
    """

    def __init__(self, inputs: Inputs) -> None:
        """Split the cost of each offer into what was stated and what each measure's unit cost makes of it."""
        portfolio, catalogue, parameters = inputs.portfolio, inputs.catalogue, inputs.parameters
        retrofit = retrofits_of(portfolio, catalogue, parameters)
        found = cost_parts(portfolio, inputs.bundles, retrofit, catalogue, parameters, overhead_of(parameters))
        self.measures = tuple(sorted(found.unit_som))
        self.stated = found.stated_som[inputs.row, inputs.column]
        self.by_unit = np.stack([found.unit_som[code][inputs.row, inputs.column] for code in self.measures], axis=1)
        """Shape (offers, measures)."""

    def costs(self, factor: FloatArray) -> NDArray[np.int64]:
        """Return whole som, rounded up, one som at least; ``factor``: on the unit cost of each of ``measures``."""
        return np.maximum(np.ceil(np.round(self.stated + self.by_unit @ factor, 4)), 1.0).astype(np.int64)
