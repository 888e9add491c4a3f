"""The catalogue: every layer that has a TOML, by code."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from layers.errors import UnknownLayerError
from layers.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from layers.manifest import HazardLayer

CATALOGUE_DIR = Path(__file__).resolve().parent / "catalogue"


@lru_cache(maxsize=1)
def load_catalogue() -> Mapping[str, HazardLayer]:
    """Return every layer by code, in the order of codes; raises InvalidManifestError for a wrong one."""
    found = [read_manifest(path) for path in sorted(CATALOGUE_DIR.glob("*.toml"))]
    return MappingProxyType({layer.code: layer for layer in found})


def find_layer(code: str) -> HazardLayer:
    """Return the layer of ``code``; raises UnknownLayerError when the catalogue has none."""
    try:
        return load_catalogue()[code]
    except KeyError:
        raise UnknownLayerError(code) from None
