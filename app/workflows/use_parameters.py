"""Put a parameter table in use, or the shipped one again: by a person with the right, with owner and reason."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.workflows.check_parameters import ParametersError, check_table
from app.workflows.follow_parameters import follow
from geodata.database import ACCOUNT_KEY, set_scope
from geodata.queries import audit, official_lists, parameter_decisions
from geodata.readers.parameter_tables import read_parameter_tables, shipped_files

if TYPE_CHECKING:
    from geodata.database import Session
    from geodata.records.rights import Rights

LONGEST = 2000


class SameTableError(ParametersError):
    """The table in use has the same bytes."""


class NoOwnerError(ParametersError):
    """Owner or reason is missing or too long."""


@dataclass(frozen=True, slots=True)
class TableFacts:
    """Who answers for the values of a table, and why it is put in use; source and licence where they are others."""

    owner: str
    reason: str
    source: str | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class UsedTable:
    """What was put in use: number of the table's decisions, and the hash that the next ranking names."""

    name: str
    number: int
    sha256: str


def use_table(
    session: Session, approver: tuple[int, Rights], name: str, content: bytes | None, facts: TableFacts
) -> UsedTable:
    """Put ``content`` in use as the table ``name`` from the next ranking on; None = the shipped table again.

    The caller commits, and lets its process ``follow``. Former runs keep the hashes of theirs, their kits the bytes.

    Args:
        approver: Account and rights of who decides (``app.workflows.make_official.approver_of``), recorded with it.

    Raises:
        TableRefusedError: See ``check_table``. SameTableError, NoOwnerError: See there.
    """
    follow(session)
    body = shipped_files()[name] if content is None else content
    words = (facts.owner.strip(), facts.reason.strip())
    if not all(0 < len(word) <= LONGEST for word in words):
        raise NoOwnerError("name who answers for the values, and say why they change")
    check_table(name, body)
    digest = hashlib.sha256(body).hexdigest()
    if digest == read_parameter_tables().sha256[name]:
        raise SameTableError(f"{name} of these bytes is in use already")
    is_shipped = digest == hashlib.sha256(shipped_files()[name]).hexdigest()
    set_scope(session, "national", *approver)
    number = parameter_decisions.add_decision(
        session,
        {
            "file_name": name,
            "content": None if is_shipped else body,
            "sha256": digest,
            "owner": words[0],
            "reason": words[1],
            "source": facts.source or None,
            "licence": facts.licence or None,
            "account_id": session.info.get(ACCOUNT_KEY),
            "approver": official_lists.own_name(session),
        },
    )
    audit.record(session, "parameters:used", subject=name, details={"sha256": digest, "owner": words[0]})
    return UsedTable(name, number, digest)
