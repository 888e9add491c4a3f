"""What a health check asks of the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True)
class RoleRights:
    """What the login role of this connection could do past row security."""

    name: str
    is_superuser: bool
    bypasses_row_security: bool
    owns_tables: bool


def role_rights(session: Session) -> RoleRights:
    """Return the rights of this connection's role, those of roles that it belongs to included."""
    row = session.execute(
        text("""
            SELECT
                current_user AS name,
                bool_or(role.rolsuper) AS is_superuser,
                bool_or(role.rolbypassrls) AS bypasses_row_security,
                EXISTS (
                    SELECT FROM pg_class
                    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
                        AND pg_has_role(current_user, relowner, 'MEMBER')
                ) AS owns_tables
            FROM pg_roles AS role
            WHERE pg_has_role(current_user, role.oid, 'MEMBER')
        """)
    ).one()
    return RoleRights(row.name, row.is_superuser, row.bypasses_row_security, row.owns_tables)


def worker_silence_s(session: Session) -> float | None:
    """Return the seconds since the freshest worker's sign of life; None when no worker is known."""
    silence = session.execute(
        text("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
    ).scalar_one()
    return None if silence is None else float(silence)


def is_empty(session: Session) -> bool:
    """Tell whether the database holds no school and no area (as national scope)."""
    return bool(
        session.execute(text("SELECT NOT EXISTS (SELECT FROM school) AND NOT EXISTS (SELECT FROM area)")).scalar_one()
    )


def has_run(session: Session) -> bool:
    """Tell whether a published run exists."""
    return bool(session.execute(text("SELECT EXISTS (SELECT FROM run WHERE is_published)")).scalar_one())


def holds_data(session: Session) -> bool:
    """Tell whether there is anything that a restore would destroy; areas and standards come with the program."""
    return bool(
        session.execute(
            text("""
                SELECT EXISTS (SELECT FROM school) OR EXISTS (SELECT FROM import_batch) OR EXISTS (SELECT FROM run)
                    OR EXISTS (SELECT FROM account) OR EXISTS (SELECT FROM assessment)
            """)
        ).scalar_one()
    )
