"""Reading only: a switch for maintenance, thrown by hand, and by itself when the disk is nearly full."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from app.i18n.marks import N_
from app.workflows.disk_space import has_space

SWITCH = "read-only"
Reason = Literal["switch", "disk"]

READ_ONLY_JOB = N_(
    "At the moment the data can be read but not changed. Nothing was changed; start the work again later."
)


def reason(var_dir: Path) -> Reason | None:
    """Return why the data may be read only: the switch in ``var_dir``, less than 5 % of its disk free, or None."""
    if (var_dir / SWITCH).exists():
        return "switch"
    return None if has_space(var_dir) else "disk"


def throw(var_dir: Path, *, on: bool) -> None:
    """Throw the switch; every process of this machine sees it within seconds."""
    switch = var_dir / SWITCH
    if on:
        var_dir.mkdir(parents=True, exist_ok=True)
        switch.touch()
    else:
        switch.unlink(missing_ok=True)
