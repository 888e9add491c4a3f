"""Canonical JSON and its hash against the known answer."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from app.workflows.canonical import canonical_hash, canonical_json
from tests.support import golden

CASE = golden.load("M_hash")["cases"][0]


def test_text_and_hash_equal_the_known_answer():
    assert canonical_json(CASE["input"]) == CASE["expected"]["canonical"]
    assert canonical_hash(CASE["input"]) == CASE["expected"]["sha256"]


def test_order_of_keys_and_unicode_form_do_not_matter_but_any_value_does():
    mixed = dict(reversed(CASE["input"].items()))
    assert canonical_hash(mixed) == CASE["expected"]["sha256"]
    assert canonical_json({"a": "й"}) == canonical_json({"a": "и\u0306"})
    assert canonical_hash(CASE["input"] | {"seed": 1}) != CASE["expected"]["sha256"]


def test_non_integers_become_decimal_strings():
    text = canonical_json({"w": Decimal("0.30"), "x": 0.1, "y": 1e-7, "n": 3, "t": True})

    assert json.loads(text) == {"w": "0.30", "x": "0.1", "y": "0.0000001", "n": 3, "t": True}
    with pytest.raises(ValueError, match="finite"):
        canonical_json({"x": float("nan")})
