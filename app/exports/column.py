"""What a column of the list is: key, words, kind, unit and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "choice", "integer", "money", "decimal", "share", "degrees", "date", "boolean"]
"""``money``: whole som, which outgrow 32 bits."""
Value = str | int | float | bool | None
Places = Mapping[str, str]
"""Area code -> name in the language of the file."""


@dataclass(frozen=True)
class Column:
    """One column. ``label``, ``description`` and ``unit`` are msgids; ``choices`` maps codes to msgids.

    ``get`` returns the value from a row (of the list, or of a plan) and the names of areas; None is unknown. Dates
    are ISO text.
    """

    key: str
    label: str
    description: str
    kind: Kind
    get: Callable[[Any, Places], Value]
    unit: str = ""
    choices: Mapping[str, str] | None = None
    in_brief: bool = False
    """Shown in the printed list, which has room for few columns."""
