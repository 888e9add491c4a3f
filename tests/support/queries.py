"""Which questions a page asks the database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

AROUND = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def questions_of(session: Session) -> Iterator[list[str]]:
    """Yield the list that fills with the statements of the test's connection, as the page alone asks them.

    The visible state of the data and the scope that its stand-in sets are left out: the light way asks them.
    """
    asked: list[str] = []
    noted: list[str] = []
    connection = session.connection()

    def note(*parts: object) -> None:
        noted.append(str(parts[2]))

    session.expire_all()
    event.listen(connection, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection, "before_cursor_execute", note)
        questions = [text for text in noted if not text.startswith(AROUND)]
        for number in reversed([n for n, text in enumerate(questions) if "FROM data_change" in text]):
            del questions[max(number - 1, 0) : number + 1]
        asked.extend(questions)
