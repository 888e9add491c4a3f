"""One line of the table of problems."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """How one kind of error is answered: status, stable name, and msgids of what happened and what to do."""

    status: int
    name: str
    title: str
    remedy: str
