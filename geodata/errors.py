"""Errors of the data room, one line each; status codes are the web's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geodata.records.table import RowProblem


class GeodataError(Exception):
    """Base of every error this room raises."""


class DatabaseUnreachableError(GeodataError):
    """The database did not answer."""


class MigrationsPendingError(GeodataError):
    """The database is behind the code; run the migrations."""


class FileRefusedError(GeodataError):
    """A file cannot be taken as a whole; ``problem`` says why, in the user's terms (row None)."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class FootprintRefusedError(GeodataError):
    """A file of shaking cannot be taken: another CRS, a wrong unit, damaged, or no values. The message says which.

    ``template`` is its msgid and ``params`` what fills the placeholders, so that a page says it in its language.
    """

    def __init__(self, template: str, **params: object) -> None:
        super().__init__(template % params if params else template)
        self.template = template
        self.params = params
