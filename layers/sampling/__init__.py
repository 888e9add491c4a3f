"""Values at places, one module per kind of layer: it declares ``KINDS`` and ``sample``."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from layers.errors import UnknownKindError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from layers.manifest import HazardLayer


@dataclass(frozen=True, slots=True)
class LayerData:
    """What a layer version holds: features (EPSG:4326), or the path of a raster.

    ``levels`` (0 = unknown, 1..4) and ``values`` (NaN = unknown) have one entry per geometry.
    """

    geometries: NDArray[Any] | None = None
    levels: NDArray[np.int8] | None = None
    values: NDArray[np.float64] | None = None
    raster: Path | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """Per place: ``values`` (NaN = unknown), ``levels`` (0 = unknown, 1..4), ``touched`` (something was met)."""

    values: NDArray[np.float64]
    levels: NDArray[np.int8]
    touched: NDArray[np.bool_]


@lru_cache(maxsize=1)
def samplers() -> dict[str, Callable[[HazardLayer, LayerData, NDArray[Any]], Sample]]:
    """Return the sampler of each kind, from the modules of this package."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        made = import_module(f"{__name__}.{module.name}")
        found.update(dict.fromkeys(made.KINDS, made.sample))
    return found


def sampler_of(kind: str) -> Callable[[HazardLayer, LayerData, NDArray[Any]], Sample]:
    """Return the sampler of ``kind``; raises UnknownKindError."""
    try:
        return samplers()[kind]
    except KeyError:
        raise UnknownKindError(kind) from None
