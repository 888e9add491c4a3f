"""One box of a filter, a list of layers or a legend."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Choice:
    """Value, words, count (None: not counted), chosen or not."""

    value: str
    label: str
    count: int | None
    is_chosen: bool
