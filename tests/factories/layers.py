"""Manifests with sensible defaults."""

from __future__ import annotations

from layers.manifest import HazardLayer

LEVELS = [
    {"level": 1, "upper": 0.1, "colour": "#deebf7", "label": "low"},
    {"level": 3, "upper": 0.3, "colour": "#6baed6", "label": "high"},
    {"level": 4, "colour": "#08519c", "label": "very high"},
]


def make_layer(**values: object) -> HazardLayer:
    """Return a public polygon layer of mudflow levels."""
    facts: dict[str, object] = {
        "code": "test_layer",
        "hazard": "mudflow",
        "kind": "polygon",
        "title": "Test layer",
        "fitness": "screening",
        "source": {"publisher": "Test", "licence": "CC0-1.0"},
    } | values
    return HazardLayer.model_validate(facts)
