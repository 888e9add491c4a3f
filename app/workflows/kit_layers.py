"""What the hazard layers of two kits say at their buildings, and either of them at any buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.workflows.kit_facts import rows_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.workflows.kit_facts import Facts, Key

Measured = tuple[NDArray[np.float64], NDArray[np.int8]]


def _read(facts: Facts) -> dict[str, Measured]:
    """Return value and level of each layer at the places of a kit."""
    count, found = len(facts.places), {}
    for code in sorted(facts.kit.canonical["layers"]):
        body = facts.kit.files[f"layers/{code}.bin"]
        found[code] = np.frombuffer(body, "<f8", count).astype(float), np.frombuffer(body, np.int8, count, 8 * count)
    return found


class LayerPair:
    """The layers of the former and of the later kit."""

    def __init__(self, old: Facts, new: Facts) -> None:
        self._facts = old, new
        self._layers = _read(old), _read(new)
        places = sorted({*old.places} & {*new.places})
        self.differ = self.mixed(places, is_new=False) != self.mixed(places, is_new=True)
        """Whether the layers are others, or say something else of a place that both kits hold."""

    def mixed(self, places: Sequence[Key], is_new: bool) -> tuple[list[str], dict[str, Any], dict[str, bytes]]:
        """Return codes, manifests and measuring of one kit's layers; a place that it lacks is told by the other kit."""
        chosen, other = (1, 0) if is_new else (0, 1)
        rows, spare = rows_of(places, self._facts[chosen].places), rows_of(places, self._facts[other].places)
        bodies = {}
        for code, (value, level) in self._layers[chosen].items():
            found_value = np.where(rows < 0, np.nan, value[rows])
            found_level = np.where(rows < 0, 0, level[rows]).astype(np.int8)
            if code in self._layers[other]:
                fill = (rows < 0) & (spare >= 0)
                found_value[fill] = self._layers[other][code][0][spare[fill]]
                found_level[fill] = self._layers[other][code][1][spare[fill]]
            bodies[code] = found_value.astype("<f8").tobytes() + found_level.tobytes()
        told = {code: self._facts[chosen].kit.manifest["layers"][code] for code in bodies}
        return list(bodies), told, bodies
