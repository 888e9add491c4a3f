"""Telephone numbers of a school, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SAMPLE_PREFIX = "+9960"
"""No network of the country begins with 0, the prefix of calls inside it: these numbers cannot be called."""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """``phones`` are E.164, the first to call first; empty while ``is_seen``: no number is known."""

    is_seen: bool
    phones: tuple[str, ...]
    source: str | None
    source_date: date | None
    is_synthetic: bool
