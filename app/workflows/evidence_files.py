"""Files of evidence, each under its SHA-256 in a folder outside the database; written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.workflows.pictures import Copy

NAME = re.compile(r"[0-9a-f]{64}")


def path_of(folder: Path, sha256: str) -> Path:
    """Return where a file lies; raises ``ValueError`` for what is no SHA-256."""
    if not NAME.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return folder / sha256[:2] / sha256


def keep(folder: Path, one: Copy) -> str:
    """Write a file under its hash, unless it is there, and return the hash; it is on the disk when this returns."""
    final = path_of(folder, one.sha256)
    if not final.is_file():
        final.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=final.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(one.data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(name, final)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    return one.sha256


def damaged(folder: Path, wanted: Iterable[str]) -> list[str]:
    """Return which files are missing or are not what their name says, in order."""
    found = []
    for sha256 in sorted(set(wanted)):
        path = path_of(folder, sha256)
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            found.append(sha256)
    return found
