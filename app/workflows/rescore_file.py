"""Every school at two moments as a file: CSV under keys, a workbook under words; unknown is an empty cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.exports.csvw import TableAbout
from app.exports.plain_table import table_file
from app.i18n.catalogue import translator
from app.i18n.marks import N_
from app.i18n.names import local_name
from app.workflows.rescore_table import KEYS, file_row, school_moves

if TYPE_CHECKING:
    from app.workflows.rescore import Comparison, Rescorer
    from geodata.database import Session

LABELS = {
    "code": N_("Code"),
    "name": N_("Name"),
    "oblast": N_("Oblast"),
    "grade_before": N_("Grade before"),
    "grade_after": N_("Grade after"),
    "index_before": N_("Index before"),
    "index_after": N_("Index after"),
    "index_after_lower": N_("Index after, lower bound"),
    "index_after_upper": N_("Index after, upper bound"),
    "completeness_before": N_("Completeness before"),
    "completeness_after": N_("Completeness after"),
    "points_rule": N_("Points moved by the rule"),
    "points_data": N_("Points moved by what we know"),
    "points_reality": N_("Points moved by reality"),
    "points_undivided": N_("Points that cannot be told apart"),
    "grade_moved_by": N_("What moved the grade"),
}


def rescored_file(
    session: Session,
    loaded: Rescorer,
    found: Comparison,
    extension: str,
    language: str,
    about: TableAbout | None = None,
) -> bytes:
    """Return all schools, whether their grade moved or not, in the order of their codes."""
    say = translator(language)
    rows = [
        file_row(move, local_name(move.school, language), local_name(move.oblast, language) if move.oblast else None)
        for move in school_moves(session, loaded, found, range(len(loaded.schools)))
    ]
    return table_file(extension, KEYS, [say(LABELS[key]) for key in KEYS], rows, say(N_("Re-score")), about)
