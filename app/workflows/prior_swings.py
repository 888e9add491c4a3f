"""How far a score rests on priors: unknown types at their best and worst, and pass rates at both ends of a range."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from app.risk.parameters import MODELS, RiskParameters
from app.risk.vulnerability import OUTPUTS, unit_outputs
from app.workflows.kit_format import Kit

if TYPE_CHECKING:
    from app.workflows.ranking_inputs import Buildings

PRIOR = "prior"
TYPES = "prior.building_type"
RATE = "conformity.prior_pass_rate"
RATES = "inputs/answer_priors.csv"


def with_types(buildings: Buildings, parameters: RiskParameters, *, worst: bool) -> Buildings:
    """Return the buildings with each unknown type at the most or the least deadly one that it may be."""
    types = len(parameters.types)
    unknown = np.flatnonzero(buildings.columns["type"] == types)
    weights = np.array([parameters[f"model_weight.{model}"] for model in MODELS])
    deaths = np.einsum("m,mt->t", weights, unit_outputs(parameters)[:, :, OUTPUTS.index("deaths_per_person")])
    possible = (
        np.ones((len(unknown), types), bool) if buildings.type_share is None else buildings.type_share[unknown] > 0
    )
    ranked = np.where(possible, deaths, -np.inf if worst else np.inf)
    kind = buildings.columns["type"].copy()
    kind[unknown] = ranked.argmax(axis=1) if worst else ranked.argmin(axis=1)
    return replace(buildings, columns=buildings.columns | {"type": kind})


def without_rates(kit: Kit) -> Kit:
    """Return a kit whose table of priors has no pass rates, so that the method's own rate stands for all of them."""
    if RATES not in kit.files:
        return kit
    heading = kit.files[RATES].split(b"\n", 1)[0] + b"\n"
    return Kit({**kit.files, RATES: heading}, kit.manifest, kit.canonical)
