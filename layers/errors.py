"""Errors of the layers room, one line each."""

from __future__ import annotations


class LayersError(Exception):
    """Base of every error this room raises."""


class InvalidManifestError(LayersError):
    """A layer's TOML does not say what it must, or says it wrongly; the message names file and field."""


class UnknownLayerError(LayersError):
    """No layer of this code is in the catalogue."""


class UnreadableRasterError(LayersError):
    """The file of a raster layer is missing or no GeoTIFF; the message names it."""


class UnknownKindError(LayersError):
    """No sampling module exists for this kind of layer."""
