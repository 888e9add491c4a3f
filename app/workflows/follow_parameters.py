"""Let this process use the parameter tables that are in force, and find the tables that a former run had."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from geodata.queries import parameter_decisions
from geodata.readers.parameter_tables import in_use_instead, put_in_use, read_parameter_tables, shipped_files

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.public_reader import PublicReader


def follow(session: Session | PublicReader, seen: dict[str, str] | None = None) -> None:
    """Let this process use the tables in force; asks for their bytes only where they are others than before.

    ``seen``: names and hashes in force, where they were asked already.
    """
    wanted = parameter_decisions.tables_instead(session) if seen is None else seen
    if wanted == in_use_instead():
        return
    held = parameter_decisions.contents(session, sorted(wanted.values())) if wanted else {}
    put_in_use({name: held[digest] for name, digest in wanted.items() if name in shipped_files()})


def files_of(session: Session, hashes: dict[str, str]) -> dict[str, bytes]:
    """Return the files of a run by name, from their hashes: in use, shipped, or of a former decision.

    A file that is nowhere is left as it is in use, so that who compares hashes sees it.
    """
    known = {hashlib.sha256(body).hexdigest(): body for body in shipped_files().values()}
    current = read_parameter_tables()
    known |= {digest: current.files[name] for name, digest in current.sha256.items()}
    missing = sorted(set(hashes.values()) - known.keys())
    if missing:
        known |= parameter_decisions.contents(session, missing)
    return {name: known.get(digest, current.files.get(name, b"")) for name, digest in hashes.items()}
