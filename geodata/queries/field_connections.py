"""The servers that forms from the field are read from; row security says who may see and set them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from geodata.models import FieldConnection

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def list_connections(session: Session) -> list[FieldConnection]:
    """Return the connections by title."""
    return list(session.scalars(select(FieldConnection).order_by(FieldConnection.title, FieldConnection.id)))


def find_connection(session: Session, connection_id: int) -> FieldConnection | None:
    """Return one, or None for a foreign one too."""
    return session.scalars(select(FieldConnection).where(FieldConnection.id == connection_id)).first()


def same_form(session: Session, origin: str, form: str) -> FieldConnection | None:
    """Return the connection to a form, if there is one."""
    wanted = (FieldConnection.origin == origin, FieldConnection.form == form)
    return session.scalars(select(FieldConnection).where(*wanted)).first()


def add_connection(session: Session, **values: Any) -> FieldConnection:
    """Add one and return it."""
    made = FieldConnection(**values)
    session.add(made)
    session.flush()
    return made


def note_reading(session: Session, connection_id: int, outcome: dict[str, Any]) -> None:
    """Note when a server was read and what came of it."""
    session.execute(
        update(FieldConnection).where(FieldConnection.id == connection_id).values(read_at=func.now(), outcome=outcome)
    )


def remove_connection(session: Session, connection_id: int) -> None:
    """Remove one; the forms that came over it stay."""
    session.execute(delete(FieldConnection).where(FieldConnection.id == connection_id))
