"""Every layer of the catalogue says what a reader must know, and its colours can be told apart."""

from itertools import pairwise

import pytest

from app.exports.words import HAZARD_LABELS
from layers.legend import legend_classes
from layers.manifest import HAZARDS
from layers.registry import load_catalogue
from layers.sampling import sampler_of

LAYERS = list(load_catalogue().values())
SAMPLE_ONLY = ("flood", "landslide", "avalanche", "rockfall")
"""Nobody has given a file of these yet; whose comes first names the layer."""


def luminance(colour):
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_the_catalogue_is_not_empty():
    assert len(LAYERS) >= 8


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.code)
def test_layer_is_complete(layer):
    assert layer.source.licence
    assert layer.source.publisher
    assert layer.unit or layer.quantity == "level"
    assert sampler_of(layer.kind)
    if layer.kind == "raster":
        assert layer.classes or layer.quantity in ("value", "recurrence")
    if layer.hazard in ("altitude", "fault"):
        assert layer.is_context


def test_each_kind_of_hazard_has_a_word_a_sample_and_a_layer_for_real_data():
    for hazard in HAZARDS:
        found = [layer for layer in LAYERS if layer.hazard == hazard]
        assert HAZARD_LABELS[hazard]
        assert any(not layer.is_synthetic for layer in found) or hazard in SAMPLE_ONLY, hazard
        assert any(layer.is_synthetic or layer.is_context for layer in found), hazard


@pytest.mark.parametrize("hazard", ["cold", "heat", "tailings", "road", "power_line"])
def test_bounds_that_no_norm_gives_are_said_to_be_a_proposal(hazard):
    for layer in (one for one in LAYERS if one.hazard == hazard):
        assert layer.basis is not None
        assert layer.basis.status == "proposal"
        assert "proposal" in layer.basis.text


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.code)
def test_legend_classes_differ(layer):
    rows = [row for row in legend_classes(layer) if row.level is not None]
    shades = [luminance(row.colour) for row in rows]

    assert len({row.colour for row in rows}) == len(rows)
    assert all(abs(a - b) >= 0.03 for a, b in pairwise(shades))
