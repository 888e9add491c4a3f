"""Canonical JSON and its hash: the name under which a frozen result can be checked years later (method 14)."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any


def canonical_json(value: Any) -> str:
    """Return ``value`` with keys sorted by code point, no spaces, NFC; non-integers as decimal strings."""
    return json.dumps(_plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_hash(value: Any) -> str:
    """Return the SHA-256 of the canonical JSON in UTF-8."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a canonical number is finite")
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {unicodedata.normalize("NFC", str(key)): _plain(found) for key, found in value.items()}
    if isinstance(value, Sequence):
        return [_plain(found) for found in value]
    raise TypeError(f"{type(value).__name__} has no canonical form")
