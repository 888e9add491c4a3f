"""The eight parts of the priority of a run's scheme: weight, anchors and unit from the program's own tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exports.words import FACTOR_MEANINGS, FACTOR_SHORT, FACTOR_UNITS
from app.prioritisation.scheme import load_scheme
from app.web.priorities.run_inputs import read_canonical
from geodata.readers.parameter_tables import read_parameter_tables

if TYPE_CHECKING:
    from geodata.models import Run

DEFAULT_SCHEME = "default"


@dataclass(frozen=True)
class Factor:
    """One part of the priority. ``label``, ``meaning`` and ``unit`` are msgids; ``weight`` is 0..1."""

    code: str
    label: str
    meaning: str
    unit: str
    function: str
    anchor_0: float
    anchor_1: float
    weight: float
    weight_min: float
    weight_max: float
    is_proposal: bool

    @property
    def most_points(self) -> float:
        """Points that this part can add at most."""
        return 100.0 * self.weight


def weights_of(run: Run) -> dict[str, str]:
    """Return the weights that a run states, by factor, as decimal text; empty where its text states none."""
    stated = read_canonical(run.canonical).get("scheme")
    return dict(stated.get("weights", {})) if isinstance(stated, dict) else {}


def factors(run: Run | None = None) -> list[Factor]:
    """Return the parts with the weights of the run's scheme, or of the default scheme without a run."""
    scheme = load_scheme(DEFAULT_SCHEME)
    used = weights_of(run) if run is not None else {}
    rows = {row["id"]: row for row in read_parameter_tables().rows["criteria_weights"]}
    return [
        Factor(
            code,
            FACTOR_SHORT[code],
            FACTOR_MEANINGS[code],
            FACTOR_UNITS[code],
            rows[code]["value_function"],
            float(rows[code]["anchor_v0"]),
            float(rows[code]["anchor_v1"]),
            float(used.get(code, weight)),
            float(rows[code]["weight_min"]),
            float(rows[code]["weight_max"]),
            rows[code]["status"].startswith("proposal"),
        )
        for code, weight in zip(scheme.factors, scheme.weights, strict=True)
    ]
