"""A full disk: how it is recognised, and what people are told."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from app.i18n.marks import N_
from geodata.database import sqlstate_of

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
FULL_DATABASE = "53100"
"""SQLSTATE: the database could not write."""

LEAST_FREE_SHARE = 0.05
LEAST_FREE_BYTES = 5 * 1024**3

NO_ROOM = N_("The server's disk is full")
NO_ROOM_REMEDY = N_(
    "Nothing was saved halfway, and what was saved before is safe. Tell the administrator, and try again when there "
    "is room."
)
NO_ROOM_FOR_JOB = N_("The server's disk is full. Nothing was changed halfway. Try again when there is room.")


def is_full(error: BaseException) -> bool:
    """Tell whether ``error`` means that a disk had no room, this machine's or the database's."""
    if isinstance(error, OSError):
        return error.errno in FULL
    return sqlstate_of(error) == FULL_DATABASE


def has_space(folder: Path) -> bool:
    """Tell whether the disk of ``folder`` has 5 % (at most 5 GB are asked for) left."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free >= min(LEAST_FREE_SHARE * usage.total, LEAST_FREE_BYTES)
