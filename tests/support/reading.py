"""The light reader of public data inside a test's own transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from geodata.database import SCOPE_KEY, set_scope
from geodata.public_reader import Rows

if TYPE_CHECKING:
    from sqlalchemy import Connection, TextClause


class ReaderInside:
    """Answers as ``PublicReader`` does, on the connection of the test, so that it sees what the test added."""

    def __init__(self, connection: Connection) -> None:
        self.info = {SCOPE_KEY: "public"}
        self._connection = connection

    def execute(self, statement: TextClause, parameters: dict[str, Any] | None = None) -> Rows:
        with Session(self._connection, join_transaction_mode="create_savepoint") as session:
            set_scope(session, "public")
            return Rows(tuple(row) for row in session.execute(statement, parameters))

    def scalar(self, statement: TextClause, parameters: dict[str, Any] | None = None) -> Any:
        return self.execute(statement, parameters).scalar()
