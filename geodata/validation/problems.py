"""What a problem says to people: one message and one remedy per code."""

from __future__ import annotations

from collections.abc import Callable

from geodata.records.table import RowProblem

Translate = Callable[..., str]


def describe(problem: RowProblem, translate: Translate) -> tuple[str, str]:
    """Return what is wrong and what to do, in the language of ``translate``."""
    raise NotImplementedError
